"""One application at a time: microseconds, and the whole trace."""
