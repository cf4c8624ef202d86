"""A change of law or of policy before it comes: what it forbids, whom it shuts out, what it costs,
and which strategies would break it.

`change` says what changes, `lawful` which treatments that leaves to whom, `breaches` holds a
strategy's own answers against it. Nothing here reads or writes a file.
"""
