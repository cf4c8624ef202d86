"""What others may know of cases: whether a person's answer holds against the strategy's."""

from __future__ import annotations

from equipoise.service.contexts.cases.models import Override


def overriding(decision: str) -> str:
    """The answer of a person that holds in place of the decision's; empty where none does."""
    rows = Override.objects.filter(decision=decision, complete=True)
    return rows.values_list("answer", flat=True).first() or ""
