"""Arrivals: how long applicants wait for an answer, from the lender's own record, so that the next
ones are told honestly.

A wait begins where an application enters a stage (a check is owed, a person has it, a person looks
again) and ends with the answer; those that have not ended count as having lasted so long, and those
of people who left first as having lasted until they left, without an answer. The rows
are made from the record by a subscription, and can be made anew by forgetting them and its cursor.
A job sums the waits up; pages ask for that sum alone.

Rooms: `services` (follow the record, sum up), `reading` (when the answer arrives), `stages` (which
stage a decision leaves an application in). No events of its own.
"""
