"""Warnings of single borrowers, held against the first time each was late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.numeric.intervals import wilson


@dataclass(frozen=True, slots=True)
class Months:
    """(R,) months of borrowers, by borrower and then by month: `who` counts borrowers from 0,
    `month` periods from 0, `event` says whether the borrower is late in that month.

    Only months before a borrower's first event can be warned of; what comes after is left out.
    """

    who: IntArray
    month: IntArray
    event: BoolArray

    def at_risk(self) -> BoolArray:
        """(R,) the months before the first event."""
        return np.asarray(self.month < self.first_event()[self.who])

    def first_event(self) -> IntArray:
        """(B,) the month of each borrower's first event; beyond all months where there is none."""
        first = np.full(int(self.who.max(initial=-1)) + 1, np.iinfo(np.int64).max)
        np.minimum.at(first, self.who[self.event], self.month[self.event])
        return first


@dataclass(frozen=True, slots=True)
class Worth:
    """What a warning would have been worth.

    An alert is a borrower's first warning while at risk. `hits` are those whose event came 1 to
    `horizon` months later; alerts whose horizon is not over yet are `open` and count in nothing
    else. `caught` of `events` were warned of in time. `lead` are the quartiles of the months from
    warning to event. `per_thousand` are alerts of a thousand months at risk, `gain` money: what
    hits save less what alerts cost.
    """

    alerts: int
    open: int
    hits: int
    events: int
    caught: int
    lead: tuple[float, float, float] | None
    per_thousand: float
    gain: float

    @property
    def precision(self) -> tuple[float, float, float]:
        """Of closed alerts those that were right, with a 95 % interval."""
        return _share(self.hits, self.alerts - self.open)

    @property
    def recall(self) -> tuple[float, float, float]:
        """Of events those that were warned of, with a 95 % interval."""
        return _share(self.caught, self.events)

    @property
    def false_alarms(self) -> float:
        """Alerts that were wrong, of a thousand months at risk."""
        closed = self.alerts - self.open
        return self.per_thousand * (closed - self.hits) / closed if closed else 0.0

    @property
    def warned_ahead(self) -> float:
        """Months of warning that an event gets on average; none where it is not warned of."""
        if self.lead is None or not self.events:
            return 0.0
        return self.lead[1] * self.caught / self.events


def worth_of(
    months: Months, warned: BoolArray, *, horizon: int, least: int = 1, costs: tuple[float, float]
) -> Worth:
    """Hold warnings (R,) against events. A warning counts where the event comes `least` to
    `horizon` months later; `costs` are those of an alert, and what a hit saves."""
    first, risk = months.first_event(), months.at_risk()
    never = np.iinfo(np.int64).max
    begun = np.full(first.size, never)
    rows = warned & risk
    np.minimum.at(begun, months.who[rows], months.month[rows])
    alerted = begun < never
    lead = np.where(alerted & (first < never), first - np.where(alerted, begun, 0), -1)
    hit = (lead >= least) & (lead <= horizon)
    last = int(months.month.max(initial=0))
    is_open = alerted & ~hit & (first == never) & (begun + horizon > last)
    events, caught = _caught(months, rows, first, least, horizon)
    alerts, hits = int(alerted.sum()), int(hit.sum())
    at_risk = int(risk.sum())
    return Worth(
        alerts=alerts,
        open=int(is_open.sum()),
        hits=hits,
        events=events,
        caught=caught,
        lead=_quartiles(lead[hit].astype(np.float64)),
        per_thousand=1000 * alerts / at_risk if at_risk else 0.0,
        gain=hits * costs[1] - alerts * costs[0],
    )


def _caught(
    months: Months, rows: BoolArray, first: IntArray, least: int, horizon: int
) -> tuple[int, int]:
    """Events of borrowers who were seen at risk for long enough to be warned, and those warned
    within the horizon, by any warning of theirs."""
    ahead = first[months.who] - months.month
    reach = (ahead >= least) & (ahead <= horizon)
    could = np.zeros(first.size, dtype=bool)
    could[months.who[reach]] = True
    was = np.zeros(first.size, dtype=bool)
    was[months.who[reach & rows]] = True
    return int(could.sum()), int(was.sum())


def _quartiles(lead: FloatArray) -> tuple[float, float, float] | None:
    if lead.size == 0:
        return None
    low, middle, high = np.quantile(lead, [0.25, 0.5, 0.75])
    return float(low), float(middle), float(high)


def _share(k: int, n: int) -> tuple[float, float, float]:
    low, high = wilson(np.array([float(k)]), np.array([float(n)]))
    return (k / n if n else float("nan")), float(low[0]), float(high[0])
