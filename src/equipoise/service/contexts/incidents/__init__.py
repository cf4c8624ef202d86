"""Incidents: who leads each, what happened when, what is to be done, and what is learned of it.

An incident is a chain `incident-<id>`: `incident.reported`, then `.noted`, `.regraded`,
`.role_taken`, `.role_given_back`, `.task_added`, `.task_done`, `.linked`, `.notice_given`,
`.stabilised`, `.chased`, `.closed`, and of its post-mortem `post_mortem.written`, `.replayed`,
`.returned`, `.accepted`, `.action_done`. What an incident is follows from these alone;
`watch.incidents` folds them. What people write stands sealed in `words`, under a key of the
incident's own.

Rooms: `services` (the face for what is done), `reading` (the face), `leading` (an incident from its
report to its end), `learning` (post-mortems), `folding` (the one fold), `following` (an incident
from the record, and what is added to it), `chasing` (who is told that something of theirs is late),
`tasks` (chasing, and replaying proposed thresholds).
"""
