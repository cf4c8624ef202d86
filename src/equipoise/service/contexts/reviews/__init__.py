"""Reviews: a person looks again at a decision, because its applicant asked for that.

An applicant asks once for each decision, with words of their own if they like, and is told by which
day a person answers. Whoever has authority over cases keeps the answer, or overrides it first
(`cases`) and settles the review then.

Rooms: `services` (ask, settle), `reading` (the review of a decision, those that wait), `clock` (by
which day). Events: `review.asked`, `review.settled` in the application's chain.
"""
