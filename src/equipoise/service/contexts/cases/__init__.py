"""Cases that people decide: their decisions beside the strategy's, and what waits for them.

`overrides` (a person's decision where the strategy approved or declined), `deciding` (a person's
answer where it left the decision to one), `conditions` (the checks still owed that a yes waits
for), `reversing` (another person's answer in place of that, as its applicant asked), `terms` (how
far a yes may go, and what it is worth), `signing` (what any of them needs), `at_hand` (how a case
may be decided now), `said` (what people said about it). The rules are
`equipoise.authority`'s, who has authority is `officers`'; this room keeps what was signed. Events:
`override.signed`, `override.made`, `case.passed`, `case.signed`, `case.returned`, `case.decided`,
`reversal.signed` and `reversal.dropped`, in the application's chain.

Work waits for people as the record tells it (`reactions`, `arriving`); they take it (`claims`),
give it to another or put it off (`handing_on`), and hold its clock while the customer has the ball
(`holds`, `returning`); `asking` asks them, and `repeated` refuses words for colleagues in that.
`ordering` sets which is worth the next minute, `conflicts` says for whom it is not.
Events: `work.*`, in the application's chain.
"""
