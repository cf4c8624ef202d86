"""Answers about hindsight."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from ninja import Schema

from equipoise.service.contexts.hindsight.reading import Seen


class BetweenOut(Schema):
    """A figure and its interval."""

    value: float
    low: float
    high: float


class AdviceOut(Schema):
    """What to do next."""

    action: str
    cases: int | None
    pd_up_to: float | None


class SideOut(Schema):
    """What came of loans granted against the strategy (`observed`), or what is inferred of those
    who were turned away (`inferred`); null where nothing is reckoned."""

    basis: str
    n: int
    answer: str
    known: int
    bad: int
    expected_rate: float | None
    expected_bad: float | None
    bad_rate: BetweenOut | None
    money: BetweenOut | None
    inferred_rate: BetweenOut | None
    inferred: BetweenOut | None
    breaks_even_at: float | None
    next: AdviceOut | None


class OverridesOut(Schema):
    """Overrides of one reason, person or level, or all of them."""

    by: str
    name: str
    decisions: int
    overrides: int
    people: int
    approved: SideOut
    declined: SideOut


class HindsightOut(Schema):
    """What came of people's decisions against the strategy, as far as it is for whoever asks."""

    until: date | None
    horizon: int
    withheld: int
    groups: list[OverridesOut]
    notes: list[str]

    @classmethod
    def of(cls, seen: Seen | None) -> HindsightOut:
        """As it is answered; with no groups where nothing was judged."""
        if seen is None:
            return cls(until=None, horizon=0, withheld=0, groups=[], notes=[])
        review: dict[str, Any] = msgspec.to_builtins(seen.review)
        return cls.model_validate(review)
