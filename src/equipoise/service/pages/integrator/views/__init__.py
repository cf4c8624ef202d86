"""One file for each thing that an integrator does."""
