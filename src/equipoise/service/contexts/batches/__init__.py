"""Files of applications: taken in over HTTP, decided in the background, answered as a file.

The record of a batch is one chain of the record, named after it: `batch.begun` (who, by which
strategy, as of which day, and the SHA-256 of the file), one `batch.piece` for each piece (its rows,
what came out, and the SHA-256 of its answers as JSON lines) and `batch.done` (the SHA-256 of the
answers' file). A million events for a million rows would cost more than to decide them; this way
any row can be shown to have been decided as it was: the file and the strategy are those of the
digests, the answers follow from them, and `replay` makes them again. What a file holds about people
stands in no event: the files lie in a folder closed to others, and are removed when their time is
over or an administrator says so.

Others come by `services` (begin, cancel, find, remove) and `reading` (what is kept, and whether it
is as recorded). Inside: `files` (the folder), `uploads` (a request's body), `running` (the job),
`replaying` (made again), `retention` (expiry).
"""
