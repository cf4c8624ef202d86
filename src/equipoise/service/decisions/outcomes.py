"""What became of a decision: events that follow it in its application's chain."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from equipoise.errors import BadInput
from equipoise.service.accounts.permissions import Principal
from equipoise.service.decisions.models import Decision
from equipoise.service.ledger import services as ledger
from equipoise.service.ledger.models import ChainHead

RECORDED = "outcome.recorded"


class Outcome(StrEnum):
    """What can become of a decision."""

    ACCEPTED = "accepted"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REPAID = "repaid"
    DEFAULTED = "defaulted"
    COMPLAINED = "complained"


def record(
    row: Decision, outcome: Outcome, on: date, by: Principal, amount: float | None = None
) -> dict[str, Any]:
    """Record it; said again of the same day, it is there once. Raises BadInput where it would
    have happened before the decision, or was told with another amount."""
    if on < row.made_at.date():
        raise BadInput("this is before the decision was made", field="on")
    if on > timezone.now().date():
        raise BadInput("this day is still to come", field="on")
    told = {"decision": row.id, "outcome": outcome.value, "on": on.isoformat(), "amount": amount}
    with transaction.atomic():
        # Whoever holds the chain's head is alone with the chain until the commit.
        ChainHead.objects.select_for_update().get(chain=row.application)
        for entry in ledger.history(row.application):
            data = entry.data
            if entry.kind == RECORDED and all(data[k] == told[k] for k in told if k != "amount"):
                if data["amount"] != amount:
                    raise BadInput("this was recorded with another amount", field="amount")
                return told
        ledger.append(ledger.event(row.application, RECORDED, {**told, "by": by.id}))
    return told


def outcomes(row: Decision) -> list[dict[str, Any]]:
    """What became of the decision so far, in order."""
    names = ("outcome", "on", "amount")
    return [
        {name: entry.data[name] for name in names}
        for entry in ledger.history(row.application)
        if entry.kind == RECORDED and entry.data["decision"] == row.id
    ]
