"""Notices: the letters that applicants are owed, by law or by the lender's wish, when they are
declined or offered something else than they asked for.

A notice falls due with the decision, by the last day of the law that the service heeds. A job sets
the letter, keeps it as it was sent, sealed under the applicant's key, and writes to the applicant
that it is there. A letter that lacks what the law asks for is not made: whoever runs the service is
told what is missing, and the job tries again. Decisions that programs ask for are told by those.

Rooms: `services` (owe, make, note that one was opened), `reading` (the notice of a decision, its
letter, those within reach), `contents` (what a letter says), `copies` (of what was
signed), `lender` (who writes it: the file `lender.yaml`). Events: `notice.due`, `notice.lacking`,
`notice.made`, `notice.sent`, `notice.opened`, `notice.gone`, in the application's chain.
"""
