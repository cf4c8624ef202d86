"""Watch borrowers: learn what came before trouble, say how well that would have done, list those
who show it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from equipoise.errors import BadInput, Span
from equipoise.numeric.intervals import wilson
from equipoise.progress import Progress, Silent
from equipoise.watch.borrowers.listing import Listed, found_ahead, watch_list
from equipoise.watch.borrowers.months import panel
from equipoise.watch.borrowers.scoring import BehaviourScore, fit_behaviour
from equipoise.watch.borrowers.signs import signs_of
from equipoise.watch.measuring.sources import PERIOD, Source
from equipoise.watch.watching import WATCH, Watch

AHEAD = 2  # periods before trouble at which a borrower has to be on the list
SHARES = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
LEARNT_ON = 2 / 3  # of the periods; the rest shows how well it does


@dataclass(frozen=True, slots=True)
class Point:
    """A list of that share of borrowers: of so many `events` it `found` so many two periods ahead,
    and days late alone would have found `by_days`."""

    share: float
    found: int
    by_days: int
    events: int

    def as_dict(self) -> dict[str, Any]:
        """The point, with a 95 % interval of the share found."""
        low, high = wilson(np.array([float(self.found)]), np.array([float(self.events)]))
        return {
            "share": self.share,
            "events": self.events,
            "found": self.found,
            "by_days_late": self.by_days,
            "low": float(low[0]),
            "high": float(high[0]),
        }


@dataclass(frozen=True, slots=True)
class BorrowersWatched:
    """The score, its curve on periods that it did not learn from, and the list of the last one.

    `expected` and `observed` are the mean chance and the share that became late, in those periods.
    """

    score: BehaviourScore
    since: date
    curve: tuple[Point, ...]
    expected: float
    observed: float
    listed: tuple[Listed, ...]

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "horizon": self.score.horizon,
            "learnt_from": self.score.events,
            "measured_since": self.since.isoformat(),
            "curve": [each.as_dict() for each in self.curve],
            "expected": self.expected,
            "observed": self.observed,
            "weights": dict(self.score.weights),
            "listed": [
                {
                    "who": each.who,
                    "chance": each.chance,
                    "times": each.times,
                    "reasons": list(each.reasons),
                    "action": each.action,
                }
                for each in self.listed
            ],
        }


def watch_borrowers(
    watch: Watch, sources: Mapping[str, Source], progress: Progress | None = None
) -> BorrowersWatched:
    """Raises BadInput where watch.yaml does not say who is watched, or too little is known."""
    of, steps = watch.document.borrowers, progress or Silent()
    if of is None:
        raise BadInput(
            f"{WATCH} does not say which borrowers are watched",
            where=Span(WATCH),
            field="borrowers",
            mend="add `borrowers: {table: .., days: ..}`",
        )
    table, source = watch.document.table(of.table), sources[of.table]
    with steps.step("Reading borrowers' months"):
        rows = source.rows(list(source.periods()))
        months = panel(rows, PERIOD, table.entity or table.period, of.signs, table.data)
    with steps.step("Learning what came before"):
        signs = signs_of(months)
        until = int(len(months.periods) * LEARNT_ON)
        score = fit_behaviour(signs, horizon=of.horizon, until=until)
    with steps.step("Measuring it on later months"):
        value, days = score.rank(signs), signs.values["days_late"] * 10
        days = days + signs.values["days_late_in_6"]
        curve = []
        for share in SHARES:
            caught, events = found_ahead(months, value, ahead=AHEAD, share=share, since=until)
            by_days, _ = found_ahead(months, days, ahead=AHEAD, share=share, since=until)
            curve.append(Point(share, caught, by_days, events))
        late, chance = months.late_within(of.horizon), score.chance(signs)
        known = np.isfinite(late)
        known[:until] = False
    return BorrowersWatched(
        score=score,
        since=months.periods[until],
        curve=tuple(curve),
        expected=float(chance[known].mean()) if known.any() else float("nan"),
        observed=float(late[known].mean()) if known.any() else float("nan"),
        listed=tuple(watch_list(signs, score, len(months.periods) - 1, of.listed)),
    )
