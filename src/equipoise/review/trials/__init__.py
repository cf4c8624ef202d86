"""A challenger beside the champion: planned by size and days, watched by intervals."""
