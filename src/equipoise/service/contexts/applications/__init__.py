"""Applications: whose each is, what is known so far, which strategy decides it, where it stands.

An application is one chain of the record, under whose key its applicant's facts are sealed. It is
begun by its first step and taken further by each later one (`events.Step`; a decision is one, of
the room above). What stands in its row follows from those steps.

Rooms: `subject` (whose it is), `shape` and `facts` (what may stand in it, what it knows so far),
`assignment` (the strategy that it is pinned to), `in_flight` (finding it again), `services` (begin
it, take it further), `derived` (its rows against the record).
"""
