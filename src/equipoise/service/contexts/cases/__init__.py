"""People who decide cases: what authority they have, and their decisions beside the strategy's.

`officers` (asked for, confirmed by a second person, ended), `overrides` (a person's decision where
the strategy approved or declined). The rules are `equipoise.authority`'s; this room keeps who the
officers are and what was signed. Events: `officer.asked`, `officer.confirmed`, `officer.refused`,
`officer.ended` in the person's chain; `override.signed`, `override.made` in the application's.
"""
