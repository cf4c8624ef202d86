"""Back-test a watch on its own history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.errors import BadInput, Span
from equipoise.progress import Progress, Silent
from equipoise.watch.backtest.borrowers import BorrowerTest, borrower_tests
from equipoise.watch.backtest.episodes import SeriesTest, series_test
from equipoise.watch.backtest.thresholds import Candidate
from equipoise.watch.backtest.worth import Worth
from equipoise.watch.judging.budget import levels
from equipoise.watch.measurement import Measured
from equipoise.watch.measuring.sources import Source
from equipoise.watch.watching import WATCH, Watch


@dataclass(frozen=True, slots=True)
class Backtested:
    """What every indicator would have been worth: those of single customers, those of the book."""

    borrowers: tuple[BorrowerTest, ...]
    series: tuple[SeriesTest, ...]

    def as_dict(self) -> dict[str, Any]:
        """The tests as plain data."""
        return {
            "borrowers": [
                {
                    "indicator": each.indicator,
                    "as_it_is": None
                    if each.worth is None
                    else {"threshold": each.bound, **_worth(each.worth)},
                    "frontier": [_candidate(one) for one in each.frontier],
                    "proposed": None if each.proposed is None else _candidate(each.proposed),
                }
                for each in self.borrowers
            ],
            "book": [
                {
                    "indicator": each.indicator,
                    "at_chance": [
                        {name: getattr(one, name) for name in one.__slots__} for one in each.at
                    ],
                }
                for each in self.series
            ],
        }


def backtest(
    watch: Watch,
    sources: Mapping[str, Source],
    measured: Measured,
    progress: Progress | None = None,
) -> Backtested:
    """Hold customers' indicators against loans' first events, and the book's against the outcome's
    reds. Raises BadInput where watch.yaml does not say against what."""
    of, steps = watch.document.backtest, progress or Silent()
    if of is None:
        raise BadInput(
            f"{WATCH} does not say what warnings are held against",
            where=Span(WATCH),
            field="backtest",
            mend="add `backtest: {table: .., event: .., alert_cost: .., saved: ..}`",
        )
    source = sources[of.table]
    with steps.step("Holding warnings against events"):
        borrowers = borrower_tests(watch, source.rows(list(source.periods())), of)
    series: list[SeriesTest] = []
    if of.outcome is not None:
        outcome, allowed = measured.of(of.outcome), levels(watch.document)
        series = [
            series_test(
                measured.of(each.indicator.name),
                outcome,
                horizon=of.horizon,
                periods_a_year=watch.document.periods_a_year,
                in_force=allowed[each.indicator.name].red,
            )
            for each in watch.indicators
            if each.indicator.name != of.outcome and each.indicator.level != "customer"
        ]
    return Backtested(tuple(borrowers), tuple(series))


def _worth(worth: Worth) -> dict[str, Any]:
    values = {name: getattr(worth, name) for name in worth.__slots__}
    values |= {
        "false_alarms_per_thousand": worth.false_alarms,
        "warned_ahead": worth.warned_ahead,
    }
    for name, (share, low, high) in (("precision", worth.precision), ("recall", worth.recall)):
        known = share == share  # noqa: PLR0124 - nothing is a share of nothing
        values[name] = {"value": share, "low": low, "high": high} if known else None
    return values


def _candidate(of: Candidate) -> dict[str, Any]:
    return {"threshold": of.threshold, **_worth(of.worth)}
