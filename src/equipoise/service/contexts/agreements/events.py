"""What becomes of an offer, in its application's chain. What was shown is sealed; by its digest
anybody who was given the text can tell that it is that one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event


class AgreementEvent(Signed, frozen=True, kw_only=True):
    """Something done about an agreement on a decision's offer, over a `channel`, at a moment."""

    agreement: str
    decision: str
    channel: str
    at: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """As others' systems are told it."""
        return {"id": self.agreement, "application": chain, "decision": self.decision}


class Showing(AgreementEvent, frozen=True, kw_only=True):
    """What was shown before it was done: in which language, and sealed as `shown` the texts with
    their versions and the numbers; `digest` is the SHA-256 of that as canonical JSON."""

    language: str
    digest: str
    shown: Mapping[str, Any]


@event("offer.accepted", 1)
class OfferAccepted(Showing, frozen=True, kw_only=True):
    """The person took the decision's offer, to be read again and signed."""


@event("agreement.signed", 1)
class AgreementSigned(Showing, frozen=True, kw_only=True):
    """The person signed it; the name that they typed is sealed with what was shown. Until
    `withdraw_until`, a day of the lender's, they may withdraw."""

    withdraw_until: str | None


@event("agreement.withdrawn", 1)
class AgreementWithdrawn(AgreementEvent, frozen=True, kw_only=True):
    """The person withdrew from what they had signed."""
