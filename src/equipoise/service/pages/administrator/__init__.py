"""For who runs the service: people and what they may, and erasures."""
