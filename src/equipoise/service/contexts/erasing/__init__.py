"""Erasing a person: told first, done completely, proved, and done again after a restore.

A person is found by the blind index, over every field that any contract is found by. Their
applications' keys are destroyed, and with them whatever is sealed, wherever it was copied; what
stands unsealed (files of batches) is removed. It goes on, across restarts, until none of our files
holds what was to go, and only then is it called done.
"""
