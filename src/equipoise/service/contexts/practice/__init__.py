"""Practice: people answer past cases blind, see what came of them, and do drills of procedures.

What somebody answers is theirs: no role sees it, and nothing of it stands in the record, which
nobody could erase and risk officers and auditors read; not even that they practised, but where they
saw facts of cases that were decided here. There are no events of its own, and it decides nothing.
People may share their results, and take that back; they may forget all of it; what is two years old
is forgotten (`tasks`).

Rooms: `sources` (where cases come from), `drawing` (having them drawn), `history` (from the
lender's history file), `decided` (of what was decided here: nothing is kept of it but decisions'
names), `services` (answer, share, forget, drill), `reading` (what is next, results, drills due),
`measured` (a person's answers, as they are measured), `exercises` (drills, ours and the lender's).
Jobs: drawing cases; forgetting what is old, and whoever was erased.
"""
