"""Concerns: what is unclear in an application that was sent by the pages, for its applicant, who
can settle it, and for the desk, which is warned.

A decision that refers an application by one of the strategy's rules, or because a fact is missing
or unusual, raises a concern for each such reason. The applicant is told what is unclear and how to
settle it, and answers in words or with papers; a person of the lender's reads that and closes it.
What follows for the loan is decided as always: by results of checks, or by an override (`cases`).

Rooms: `services` (raise, answer, close), `raising` (which concerns a decision raises), `reading`
(those of a decision, those that wait), `clock` (by which day an answer is read). Events, in the
application's chain: `concern.raised`, `concern.answered`, `concern.closed`. Jobs: concerns are
raised wherever an application was decided, and their applicants written to.
"""
