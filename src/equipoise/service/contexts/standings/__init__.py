"""Standings: how far today's policy is from the frontier, measured again and again, and what moved.

A measurement (`review.continuous`) is a job with a chain of its own, `standing.<number>`:
`standing.due` or `standing.asked`, then `standing.measured` with every figure, what moved it by
factor and the digests of all that it was read from, or `standing.failed` or `.cancelled`. Where the
policy is further from the frontier than the appetite's `keep_within` says, `standing.beyond` tells
so, with the digest of a draft strategy at today's risk; `standing.sent` once a person sent that to
the registry, where another one publishes it.

Applicants are those that were decided in the last 30 days, once there are enough of them, else the
workspace's history. Of the first only the decisions' ids are kept, to measure the same people again
beside the next ones: their facts stay in the record, where a person can be erased.

Rooms: `services` (ask, cancel, send: the face), `reading` (the face), `applicants` (who they are),
`running` (the job), `files` (the folder). Jobs: measuring when it is due, giving up what no worker
could do.
"""
