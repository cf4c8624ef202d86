"""Decisions: made by the strategy in force, recorded, read again, replayed, and their outcomes."""
