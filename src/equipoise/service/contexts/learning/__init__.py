"""Learning: what would teach most about the balance, planned as trials, and what was measured.

A ranking (`review.learning`) is a job with a chain of its own, `learning.<number>`:
`learning.asked`, `learning.ranked` or `learning.failed`, and `learning.planned` for each experiment
of it that somebody plans. What an experiment found is proposed for experience.yaml, in a chain
`assumption.<number>`: `assumption.proposed`, then `assumption.accepted` by somebody else, upon
which it is written, or `assumption.refused`. It is read from the arms of the trial that bears the
experiment's name, or said to be measured elsewhere.

Rooms: `services` (ask, plan, propose, accept, refuse: the face), `reading` (the face), `running`
(the job), `measuring` (what a trial's arms say), `document` (experience.yaml as it
lies in the workspace).
"""
