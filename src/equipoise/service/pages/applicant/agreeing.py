"""What of an application can be taken and signed, by whose hands, and what is read before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.service.contexts.agreements.reading import (
    AgreementView,
    Shown,
    shown_agreement,
    withdraw_until,
)
from equipoise.service.contexts.agreements.services import Hands
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.decisions.services import decide_again
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.pages.applicant.standing import Standing, standing
from equipoise.service.platform import clock


def offering(draft: DraftView) -> Standing | None:
    """The application where it has offers that can be taken."""
    if draft.state != DraftState.SENT:
        return None
    where = standing(draft)
    return where if where.offering and not where.signed else None


def taken(draft: DraftView) -> Standing | None:
    """The application where an offer of its last decision was taken, or a loan signed."""
    if draft.state != DraftState.SENT:
        return None
    where = standing(draft)
    if where.agreement is None or not (where.signed or _is_last(where, where.agreement)):
        return None
    return where


def offer_in(where: Standing, decision: DecisionView) -> Mapping[str, Any]:
    """The offer of a decision: where it stands, or after other terms were taken."""
    if decision.row.id == where.decision.row.id:
        return where.offers[0]
    offer: Mapping[str, Any] = decision.seen_by(FOR_APPLICANTS).answer()["offers"][0]
    return offer


def hands_of(draft: DraftView) -> Hands:
    """For whom it is taken and signed, and by whom."""
    return Hands(FOR_APPLICANTS, draft.hands.by, draft.channel)


def to_sign(where: Standing) -> Shown:
    """What is read before it is signed."""
    today = lender_day(where.decision.row.digest, clock.now())
    currency = where.draft.product.contract.currency
    return shown_agreement(where.offers[0], currency, withdraw_until(today))


def decide_anew(where: Standing) -> None:
    """Have an application decided by what is so now whose offer does not stand any more, unless it
    was meanwhile. What a person decided is not decided anew."""
    if where.ruled is None and standing(where.draft).decision.row.id == where.decision.row.id:
        decide_again(where.decision, FOR_APPLICANTS, {})


def _is_last(where: Standing, agreement: AgreementView) -> bool:
    return where.offering and agreement.decision == where.decision.row.id
