"""What the risk pages show, made of figures that were kept."""
