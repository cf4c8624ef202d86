"""One thing more that an applicant is asked: a fact, a document, or a question in words; and the
checks that a person's yes waits for.

A person of the lender's asks while the application waits for one; the applicant answers, and the
answer goes back to whoever decides. Nothing is decided by it: what is answered is a fact beside
those that the strategy decided by, shown with its source.

Rooms: `services` (ask, answer, withdraw, end), `wording` (what words may hold that an applicant
reads), `askable` (what can be asked, and the field by which an answer is read), `reading`. Events,
in the application's chain: `case.asked`, `case.answered`, `case.ask_withdrawn`, `case.ask_lapsed`,
`case.ask_met`.
Jobs: asks end that nobody answered in time, or that were overtaken.
"""
