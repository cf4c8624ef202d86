"""The append-only record: hash-chained events, signed checkpoints, erasable personal fields.

Pure parts, free of Django: `chain`, `verifying`, `checkpoint`, `personal`. Parts with a database:
`services` (append, read, verify), `writer` (group commit), `subjects` (keys and erasure).
"""
