"""One file for each thing that an administrator does."""
