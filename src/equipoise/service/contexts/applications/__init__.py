"""Applications: whose each is, what is known so far, which strategy decides it, where it stands.

An application is one chain of the record, under whose key its applicant's facts are sealed. It is
begun by its first step and taken further by each later one (`events.Step`; a decision is one, of
the room above). What stands in its row follows from those steps.

Rooms: `services` is the way from a request to the next step, of `shape` (what may stand in it),
`subject` and `searchable` (whose it is), `assignment` (the strategy that it is pinned to),
`in_flight` and `facts` (finding it again with what it holds) and `standing` (its row); `derived`
holds the rows against the record. It appends no events and runs no jobs.
"""

CHECKS = "checks"
"""Under which name of an application the results of checks stand, by check."""
