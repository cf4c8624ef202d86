"""What others may know of cases: whether a person's answer holds against the strategy's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from equipoise.service.contexts.cases.models import Override


@dataclass(frozen=True, slots=True)
class Overridden:
    """A person's answer that holds in place of a decision's, by which declared reason, and since
    when."""

    answer: str
    reason: str
    at: datetime


def overridden(decision: str) -> Overridden | None:
    """What a person decided in place of the decision, if one did."""
    row = Override.objects.filter(decision=decision, complete=True).first()
    return None if row is None else Overridden(row.answer, row.reason, row.signed_at)


def overriding(decision: str) -> str:
    """The answer of a person that holds in place of the decision's; empty where none does."""
    rows = Override.objects.filter(decision=decision, complete=True)
    return rows.values_list("answer", flat=True).first() or ""
