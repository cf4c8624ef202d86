"""One file for each thing that an analyst does."""
