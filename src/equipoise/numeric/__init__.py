"""Arrays, compiled loops and intervals: arithmetic that knows nothing of credit."""
