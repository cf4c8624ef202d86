"""Observed this month: what the strategies' decisions come to, as they expected it when they were
made, worked out from the record off the request path."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from equipoise.service.contexts.balances.models import Month
from equipoise.service.contexts.decisions.reading import expected_of
from equipoise.service.contexts.registry.reading import champions, lender_day
from equipoise.service.platform import clock

MOST = 20_000  # decisions of a month that are opened, the newest
_QUANTILE = 1.96  # of the normal distribution: intervals are of 95 %


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the month, with its interval of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Observed:
    """A month of a strategy: `people` were decided, of `unread` more the facts are gone."""

    strategy: str
    first: date
    people: int
    unread: int
    made_at: datetime
    _sums: Mapping[str, float]
    _products: Mapping[str, float]

    def rate(self, top: str, bottom: str) -> Figure | None:
        """A ratio of two measures' sums, by the delta method; None where there is nothing below."""
        if not self._sums.get(bottom) or self.people < 2:
            return None
        value = self._sums[top] / self._sums[bottom]
        spread = (
            self._product(top, top)
            - 2 * value * self._product(top, bottom)
            + value**2 * self._product(bottom, bottom)
        )  # of top - value * bottom, whose mean is 0
        half = _QUANTILE * math.sqrt(max(spread, 0.0)) / self._sums[bottom]
        return Figure(value, value - half, value + half)

    def mean(self, measure: str) -> Figure | None:
        """A measure of one applicant."""
        if self.people < 2:
            return None
        value = self._sums.get(measure, 0.0) / self.people
        spread = self._product(measure, measure) / self.people - value**2
        half = _QUANTILE * math.sqrt(max(spread, 0.0) / (self.people - 1))
        return Figure(value, value - half, value + half)

    def _product(self, one: str, other: str) -> float:
        return self._products.get(f"{min(one, other)} {max(one, other)}", 0.0)


def observed() -> list[Observed]:
    """This month of each strategy in force, as it was last worked out."""
    now = clock.now()
    months = []
    for champion in champions():
        first = lender_day(champion.digest, now).replace(day=1)
        row = Month.objects.filter(strategy=champion.strategy, first=first).first()
        if row is not None:
            months.append(
                Observed(row.strategy, row.first, row.people, row.unread, row.made_at,
                         row.sums, row.products)
            )  # fmt: skip
    return months


def observe() -> int:
    """Work this month out anew for each strategy that has decided since; how many there were."""
    now, count = clock.now(), 0
    for champion in champions():
        first = lender_day(champion.digest, now).replace(day=1)
        known = Month.objects.filter(strategy=champion.strategy, first=first).first()
        expected = expected_of(champion.strategy, first, MOST, known.until if known else "")
        if expected is None:
            continue
        sums: dict[str, float] = {}
        products: dict[str, float] = {}
        for measures in expected.measures:
            _add(sums, products, measures)
        Month.objects.update_or_create(
            strategy=champion.strategy,
            first=first,
            defaults={
                "people": len(expected.measures),
                "unread": expected.unread,
                "sums": sums,
                "products": products,
                "until": expected.until,
                "made_at": now,
            },
        )
        count += 1
    return count


def _add(sums: dict[str, float], products: dict[str, float], measures: Mapping[str, float]) -> None:
    names = sorted(measures)
    for at, one in enumerate(names):
        sums[one] = sums.get(one, 0.0) + measures[one]
        for other in names[at:]:
            key = f"{one} {other}"
            products[key] = products.get(key, 0.0) + measures[one] * measures[other]
