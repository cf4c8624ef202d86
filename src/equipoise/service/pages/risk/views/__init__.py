"""One file for each thing shown."""
