"""Whether what a plan counts on is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from equipoise.watch.plans import Checked, Readiness, Resource, readiness

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CASH = Resource.model_validate(
    {"name": "cash", "kind": "cash", "needed": 5e6, "unit": "CNY", "role": "risk",
     "check_every_days": 30}
)  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "days", "stands"),
    [
        (5e6, 0, Readiness.THERE),
        (5e6, 30, Readiness.THERE),
        (6e6, 31, Readiness.OVERDUE),
        (4.9e6, 0, Readiness.SHORT),
        (4.9e6, 31, Readiness.SHORT),
    ],
)
def test_a_resource_is_there_while_its_last_check_is_young_and_found_enough(
    amount: float, days: int, stands: Readiness
) -> None:
    checked = Checked(amount, NOON - timedelta(days=days), "rita")
    assert readiness(CASH, checked, NOON) is stands


def test_what_nobody_looked_at_is_not_there() -> None:
    assert readiness(CASH, None, NOON) is Readiness.UNCHECKED
