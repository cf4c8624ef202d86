"""People who decide cases: what authority they have, their decisions beside the strategy's, and
what waits for them.

`officers` (asked for, confirmed by a second person, ended), `overrides` (a person's decision where
the strategy approved or declined), `deciding` (a person's answer where it left the decision to
one), `terms` (how far a yes may go, and what it is worth), `signing` (what either needs), `at_hand`
(how a case may be decided now), `said` (what people said about it). The rules are
`equipoise.authority`'s; this room keeps who the officers are and what was signed. Events:
`officer.asked`, `officer.confirmed`, `officer.refused`, `officer.ended` in the person's chain;
`override.signed`, `override.made`, `case.passed`, `case.signed`, `case.returned` and `case.decided`
in the application's.

Work waits for people as the record tells it (`reactions`, `arriving`); they take it (`claims`),
give it to another or put it off (`handing_on`), and hold its clock while the customer has the ball
(`holds`). `ordering` sets which is worth the next minute, `conflicts` says for whom it is not.
Events: `work.*`, in the application's chain.
"""
