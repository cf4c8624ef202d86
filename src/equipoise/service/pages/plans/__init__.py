"""The pages of emergency plans: which are in force and how ready, and the room of each run."""
