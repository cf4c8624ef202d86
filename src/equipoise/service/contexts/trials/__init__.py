"""Trials: which approved versions serve a share of applicants, and which are only watched.

A trial stands against one champion. It is in force while the strategy's pointer names it, so that
whatever moves the pointer, a publication or a way back, ends it at once. Challengers serve by a
stable hash of the applicant; shadows are computed off the hot path and serve nobody.

Rooms: `services` (begun, changed, ended), `events` and `telling` (what the record is told),
`assigning` (who decides), `shadows` (what a shadow would have said), `marks` (how far one has
come), `tasks`, `api`.
"""
