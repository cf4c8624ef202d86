"""What others may know of agreements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from equipoise.service.contexts.agreements.events import AgreementSigned, OfferAccepted, Showing
from equipoise.service.contexts.agreements.models import Agreement, AgreementState
from equipoise.service.contexts.agreements.shown import (
    Shown,
    digest_of,
    shown_agreement,
    shown_offer,
)
from equipoise.service.contexts.agreements.withdrawing import withdraw_until
from equipoise.service.contexts.decisions.reading import opened_for_us
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record import services as record

__all__ = [
    "AgreementState",
    "AgreementView",
    "Shown",
    "agreement_of",
    "all_that_was_shown",
    "digest_of",
    "shown_agreement",
    "shown_offer",
    "what_was_shown",
    "withdraw_until",
]


@dataclass(frozen=True, slots=True)
class AgreementView:
    """Where an agreement stands; `digest` is that of what was shown last, and in which
    `language`."""

    id: str
    application: str
    decision: str
    state: AgreementState
    language: str
    channel: str
    digest: str
    accepted_at: datetime
    signed_at: datetime | None
    withdraw_until: date | None
    withdrawn_at: datetime | None


def agreement_of(application: str, by: Principal, over: Reach) -> AgreementView | None:
    """The application's agreement, if there is one that the reader may see."""
    row = Agreement.objects.filter(rows_for(by, over)).filter(application=application).first()
    if row is None:
        return None
    last = _last(application)
    return AgreementView(
        row.id,
        row.application,
        row.decision,
        AgreementState(row.state),
        last.language,
        last.channel,
        last.digest,
        row.accepted_at,
        row.signed_at,
        row.withdraw_until,
        row.withdrawn_at,
    )


def what_was_shown(application: str) -> Mapping[str, Any]:
    """What was shown last, with the name where it was signed: for the service itself, to be told to
    nobody but the applicant. Raises Unreadable after an erasure."""
    return opened_for_us(_last(application).shown)


def all_that_was_shown(application: str) -> list[Mapping[str, Any]]:
    """The same each time that something was shown, the oldest first."""
    return [opened_for_us(each.shown) for each in _showings(application)]


def _last(application: str) -> Showing:
    return _showings(application)[-1]


def _showings(application: str) -> list[Showing]:
    return [each.event for each in record.history(application, OfferAccepted, AgreementSigned)]
