"""The book measured, and put under stress: jobs that somebody asks for, and what they found.

The book is the loan tape of the served workspace (tape.yaml). A measuring has a chain of its own,
`book.<number>`: `book.asked` (by whom, of what, with which scenarios and limits), then
`book.measured` (the SHA-256 of what was found) or `book.failed`. What was found is kept as it was
found, and names the tape that it rests on. Who opens rows that name loans is told by
`book.rows_seen`.

Rooms: `services` (ask: the face), `reading` (the face), `running` (the job), `numbers` (from
a number to its query and rows), `answering` (the
strategy in force answers new business under stress). Jobs: measuring; the
ones that no worker could do are given up each minute.
"""
