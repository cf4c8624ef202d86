"""Those at the desk decide otherwise than a strategy where they may, and say what holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from equipoise.rehearsal.desk import Colleague, Desk, rule_of

OVERRIDE, SETTLE = "/v1/decisions/decision-1/override", "/v1/reviews/{}/settle"


def matter(overturned: bool) -> str:
    """The id of a review that a rule has overturned, or kept."""
    ids = (f"review-{number}" for number in count())
    fits = ((rule_of(each).share < 0.35) == overturned for each in ids)
    at = next(place for place, fit in enumerate(fits) if fit and rule_of(f"review-{place}").days)
    return f"review-{at}"


@dataclass
class Service:
    """Answers one colleague; `status` is what it says of an override, or of a review settled so."""

    review: str
    status: Mapping[str, int]
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def ask(self, method: str, where: str, body: Any = None) -> tuple[int, Any]:
        if method == "GET":
            listed = where.startswith("/v1/reviews?")
            one = {"id": self.review, "decision": "decision-1", "asked_at": "2026-03-02T09:00Z"}
            items = [one] if listed else []
            return 200, {"items": items, "next": None, "strategy": "corner"}
        self.asked.append((where, body))
        return self.status[body.get("outcome", "override")], {}


def worked(review: str, reasons: Mapping[str, str], **status: int) -> list[tuple[str, str]]:
    """What somebody with these reasons asked of the service: where, and the answer or outcome."""
    service = Service(review, status)
    desk = Desk([Colleague("uma", "", "", reasons)], str, lambda: None, lambda: NOW, fast=False)
    desk._browsers["uma"] = service  # type: ignore[assignment]
    desk.work()
    return [(where, body.get("outcome", body.get("reason"))) for where, body in service.asked]


NOW = datetime(2026, 3, 20, tzinfo=UTC)
MAY = {"garden": "SUN", "corner": "PAPERS"}


@pytest.mark.parametrize("status", [201, 409])
def test_a_share_of_reviews_is_overturned_for_the_strategy_s_own_reason(status: int) -> None:
    """409 where it was signed before, and its answer lost."""
    review = matter(overturned=True)
    assert worked(review, MAY, override=status, overturned=200) == [
        (OVERRIDE, "PAPERS"),
        (SETTLE.format(review), "overturned"),
    ]


def test_where_there_is_nothing_to_override_the_answer_is_kept() -> None:
    review = matter(overturned=True)
    assert worked(review, MAY, override=409, overturned=409, kept=200) == [
        (OVERRIDE, "PAPERS"),
        (SETTLE.format(review), "overturned"),
        (SETTLE.format(review), "kept"),
    ]


@pytest.mark.parametrize("reasons", [{}, {"garden": "SUN"}])
def test_who_may_not_keeps_the_answer(reasons: Mapping[str, str]) -> None:
    review = matter(overturned=True)
    assert worked(review, reasons, kept=200) == [(SETTLE.format(review), "kept")]


def test_beyond_their_authority_the_answer_is_kept() -> None:
    review = matter(overturned=True)
    assert worked(review, MAY, override=403, kept=200)[-1] == (SETTLE.format(review), "kept")


def test_other_reviews_are_kept_without_a_look_at_authority() -> None:
    review = matter(overturned=False)
    assert worked(review, MAY, kept=200) == [(SETTLE.format(review), "kept")]
