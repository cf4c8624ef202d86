"""The append-only record as it is stored: hash-chained events, signed checkpoints, sealed facts.

`services` (append, read, keys), `reading` (the one way in), `subscriptions` (what follows from
events elsewhere), `writer` (group commit), `subjects` (keys and erasure), `proving` (verify all of
it), `signing` and `witness` (checkpoints). What needs no database is in `equipoise.record`.
"""
