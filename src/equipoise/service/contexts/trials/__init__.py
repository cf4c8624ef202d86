"""Trials: which approved versions serve a share of applicants, and which are only watched.

A trial stands against one champion. It is in force while the strategy's pointer names it, so that
whatever moves the pointer, a publication or a way back, ends it at once. Challengers serve by a
stable hash of the applicant; shadows are computed off the hot path and serve nobody.

Guardrails are declared as a trial begins; a look that finds one broken stops its challenger, or
tells those who answer for it.

Rooms: `services` (begun, changed, ended), `guardrails` and `guarding` (what they are; declared and
heeded), `calling` (who is written to), `watching` (looks), `events` and `telling` (what the record
is told), `assigning` (who decides), `shadows` (what a shadow would have said), `marks` (how far
one has come), `tasks`, `api`.
"""
