"""A frame of applications at once: the same answers as one by one, to the bit."""
