"""How templates speak."""
