"""Papers: documents that an applicant brings, for whoever decides on what they show.

What is kept is made anew of what was brought (`platform.papers`), and lies in a file of its own,
encrypted under the key of the draft that it belongs to: once that is destroyed nobody can read it,
and the file goes soon after. Where a scanner is configured a paper is held until that says that it
is clean. Each time somebody of the lender's opens one stands in the record.

Rooms: `services` (bring, remove, open, forget), `reading` (the papers of an application, as the
applicant and as the desk sees them), `files` (where they lie), `contents` (what they show), `going`
(how they go), `judging` (what the scanner says).
Events, in the draft's chain: `paper.brought`, `paper.cleared`, `paper.refused`, `paper.read`,
`paper.removed`. Jobs: held papers are scanned; what belongs to nobody any more is removed.
"""
