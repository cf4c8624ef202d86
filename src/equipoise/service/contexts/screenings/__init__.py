"""Screening on schedule: the register's owners are asked, their answers kept, the late chased.

A round of a duty of watch.yaml is a chain `screening-<id>`: `screening.asked`, then `.answered` or
`.chased`. Answers stand sealed in `words`; the grade that an answer leaves a risk stands open, and
these make the history of what is left of each risk.

Rooms: `services` and `reading` (the faces), `tasks` (asking and chasing), `register` (watch.yaml as
it lies in the workspace).
"""
