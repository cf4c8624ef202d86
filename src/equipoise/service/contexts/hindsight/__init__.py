"""Hindsight: what came of people's decisions against the strategy, by reason and by person.

The record is followed into who decided what against which answer, and which loans ended how; once a
day a job holds them against what the strategy expected (`review.overrides`), and keeps the figures
for everybody who may see some: figures of a person are for them and for risk officers alone.

Rooms: `following`, `judging`, `services`, `reading`. It appends no events. Jobs: the record is
followed, and overrides are judged.
"""
