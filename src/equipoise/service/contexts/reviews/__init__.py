"""Reviews: a person looks again at a decision, because its applicant asked for that.

An applicant asks once for each decision, with words of their own if they like, and is told by which
day a person answers: at the strategy's no or other offer, and at a person's. Somebody who had no
part in it keeps the answer, or changes it: the strategy's by an override first (`cases`), a
person's with the terms of a yes, which more may have to sign before it stands in its place.

Rooms: `services` (ask, settle), `reading` (the review of a decision, those that wait), `clock` (by
which day). Events: `review.asked`, `review.settled` in the application's chain.
"""
