"""The journey as the record's own events tell it: funnel, process map, and whom it lost where.

Of every draft and application there is one way through it, and on it what happened when: which page
was answered, what was asked for, decided, offered, taken. No fact of a person is among that, and of
whoever is erased nothing is left by which they could be found. What it comes to is reckoned by a
job and kept, so that a page shows it at once.

Rooms: `happening` (an event as an activity), `following` (the record, with a cursor), `tiering` (of
which tier who is, by the record again where that is declared otherwise), `assembling` (what was
followed as an event log), `picturing` (what a log comes to, and whom it lost), `ledger` (what
friction costs), `working`, `services`, `reading`. It appends no events. Jobs: the record is
followed, the picture drawn anew, and friction reckoned where somebody asks.
"""
