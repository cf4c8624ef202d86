"""Who looked at whom: the events that tell of a look, found again by person, by application and by
day. It knows nothing of credit: each room says which of its events are looks, in its app's `ready`:

    looks.register(DecisionsSearched, lambda recorded: recorded.event.subjects)

The record holds them; `following` files them as they come, by a subscription, so that nobody reads
the whole record for them. The face is `reading`. It runs one job.
"""
