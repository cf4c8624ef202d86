"""The record without a database: chain of hashes, signed checkpoints, verifying, sealed facts.

What lays it down and reads it is handed in (`service.platform.record` has the tables); nothing here
knows Django, nor what is recorded.
"""
