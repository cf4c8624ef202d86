"""Balances: the workspace's history solved under an appetite that somebody tries at a desk.

A run has a chain of its own, `balance.<number>`: `balance.asked` (who, under which appetite by its
SHA-256), `balance.solved` (the SHA-256 of what was found), `balance.failed` or `balance.cancelled`,
and `balance.sent` for each of its points that went to the registry as a draft strategy. What was
found lies in a folder closed to others: the result, and arrays of what each place means for every
applicant of the history, from which the desk's questions are answered without solving again.

Rooms: `services` (ask, cancel, send: the face), `reading` (the face), `running` (the jobs), `files`
(the folder), `appetites` (as it is typed), `observing` (what this month's decisions come to).
"""
