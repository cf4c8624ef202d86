"""What became of a decision: events that follow it in its application's chain.

What happened and when stands open; the amount is the applicant's, and sealed under their key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.record.personal import Erased
from equipoise.service.contexts.decisions.events import OutcomeRecorded
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.opening import Withheld, opened_for, opened_for_us
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

_MEND = "give the day in the lender's time zone, or leave it out for today"


class Outcome(StrEnum):
    """What can become of a decision."""

    ACCEPTED = "accepted"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REPAID = "repaid"
    DEFAULTED = "defaulted"
    COMPLAINED = "complained"


def add_outcome(
    row: Decision,
    outcome: Outcome,
    by: Principal,
    on: date | None = None,
    amount: float | None = None,
) -> dict[str, Any]:
    """Record it, of the lender's today unless `on` says another of the lender's days; said again
    of the same day, it is there once. Raises BadInput where it would have happened before the
    decision, or was told with another amount; Unreadable where it comes with an amount and the
    applicant was erased."""
    on = _within(row, on, clock.now())
    shown = {"decision": row.id, "outcome": outcome.value, "on": on.isoformat()}
    with transaction.atomic():
        # Whoever holds the chain's head is alone with the chain until the commit.
        subject = subjects.held(row.application)
        for each in _recorded(row):
            if (each.outcome, each.on) == (outcome.value, on.isoformat()):
                if _amount(each) != amount:
                    raise BadInput("this was recorded with another amount", field="amount")
                return {**shown, "amount": amount}
        kept = None if amount is None else subjects.seal_for(subject, {"amount": amount}).body
        event = OutcomeRecorded(**shown, amount=kept, by=by.id, key=by.key or None)
        record.append(record.event(row.application, event))
    return {**shown, "amount": amount}


def _recorded(row: Decision) -> list[OutcomeRecorded]:
    """What became of the decision, in order."""
    events = (each.event for each in record.history(row.application, OutcomeRecorded))
    return [each for each in events if each.decision == row.id]


def _amount(recorded: OutcomeRecorded) -> float | None:
    """The amount that was told. Raises Unreadable where the applicant was erased."""
    kept = recorded.amount
    return None if kept is None else float(opened_for_us(kept)["amount"])


def _within(row: Decision, on: date | None, now: datetime) -> date:
    """The day, if it lies between the decision's and today, both the lender's."""
    first, last = (lender_day(row.digest, moment) for moment in (row.made_at, now))
    day = on or last
    if day < first:
        raise BadInput(f"this is before the decision was made, on {first}", field="on", mend=_MEND)
    if day > last:
        raise BadInput(f"this day is still to come: it is {last}", field="on", mend=_MEND)
    return day


def outcomes(row: Decision, by: Principal) -> list[dict[str, Any]]:
    """What became of the decision so far, in order; amounts to readers who may read them. Raises
    Unreadable where one cannot be read though nobody was erased."""
    return [
        {"outcome": each.outcome, "on": each.on, "amount": _shown(each.amount, row, by)}
        for each in _recorded(row)
    ]


def _shown(kept: Mapping[str, Any] | None, row: Decision, by: Principal) -> float | None:
    try:
        return None if kept is None else float(opened_for(by, row, kept)["amount"])
    except (Withheld, Erased):
        return None
