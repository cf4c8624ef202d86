"""Agreements: an offer that a person took, what exactly they were shown, their signature, and their
withdrawal.

An application has one agreement at most. It is of the application's last decision when it is taken
and when it is signed; what was shown lies sealed in the application's chain, under the applicant's
key.

Rooms: `services` (accept, sign, withdraw), `reading` (the agreement of an application), `shown`
(what a person reads before they take or sign), `withdrawing` (until when they may withdraw).
Events: `offer.accepted`, `agreement.signed`, `agreement.withdrawn`.
"""
