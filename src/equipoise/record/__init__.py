"""The record, without a database: its chain of hashes, signed checkpoints, verifying, personal facts.

What lays it down and reads it is handed in (`service.platform.record` has the tables); nothing here
knows Django, nor what is recorded.
"""
