"""Back-tests as they are kept, and what the last one says of an indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from equipoise.service.contexts.watch.events import WatchBacktested
from equipoise.service.contexts.watch.models import Backtest

Share = tuple[float, float, float]
"""A share with its 95 % interval."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a threshold lies: false alarms of a thousand months at risk, and the periods of warning
    that an event gets on average, none where it is not warned of."""

    threshold: float | None
    false_alarms: float
    warned_ahead: float


@dataclass(frozen=True, slots=True)
class WarningWorth:
    """What warnings of single customers would have been worth: at a `threshold` (None: as it is),
    so many `alerts`, of a thousand months at risk, right and in time by how many, with median and
    quartiles of the periods from warning to event, and the money won less what alerts cost."""

    threshold: float | None
    alerts: int
    per_thousand: float
    precision: Share | None
    recall: Share | None
    lead: Share | None
    gain: float
    place: Place | None


@dataclass(frozen=True, slots=True)
class RingingWorth:
    """What an indicator of the book would have foretold if it rang at that chance: alarms, false
    ones a year, episodes of the outcome, and the median periods of warning."""

    chance: float
    alarms: int
    false_a_year: float
    foretold: int
    episodes: int
    lead: float | None
    in_force: bool

    @property
    def warned_ahead(self) -> float:
        """Periods of warning that an episode gets on average; none where it is not foretold."""
        return (self.lead or 0.0) * self.foretold / self.episodes if self.episodes else 0.0


@dataclass(frozen=True, slots=True)
class BacktestView:
    """The last back-test, and what it says of one indicator: nothing where it `covers` it not, or
    could not be measured (`fault`). `digest` is the watch's, `snapshot` the history's."""

    measured_at: datetime
    asked_by: str
    digest: str
    data: str
    snapshot: str
    since: date | None
    until: date | None
    against: Mapping[str, Any]
    fault: str
    as_it_is: WarningWorth | None
    proposed: WarningWorth | None
    frontier: Sequence[Place]
    ringing: Sequence[RingingWorth]

    @property
    def covers(self) -> bool:
        """Whether it says anything of the indicator."""
        return bool(self.as_it_is or self.proposed or self.ringing)


def row_of(event: WatchBacktested, at: datetime) -> Backtest:
    """The row of a back-test as its event tells it."""
    return Backtest(
        digest=event.digest,
        asked_by=event.by,
        data=event.data,
        snapshot=event.snapshot,
        since=date.fromisoformat(event.since) if event.since else None,
        until=date.fromisoformat(event.until) if event.until else None,
        against=dict(event.against),
        tests=[dict(each) for each in event.tests],
        fault=event.fault,
        measured_at=at,
    )


def newest_of(indicator: str) -> BacktestView | None:
    """What the last back-test says of an indicator; None where there was none."""
    row = Backtest.objects.order_by("-pk").first()
    if row is None:
        return None
    of: Mapping[str, Any] = next((each for each in row.tests if each["indicator"] == indicator), {})
    return BacktestView(
        measured_at=row.measured_at,
        asked_by=row.asked_by,
        digest=row.digest,
        data=row.data,
        snapshot=row.snapshot,
        since=row.since,
        until=row.until,
        against=row.against,
        fault=row.fault,
        as_it_is=_worth(of.get("as_it_is")),
        proposed=_worth(of.get("proposed")),
        frontier=tuple(map(_place, of.get("frontier", ()))),
        ringing=tuple(_ringing(each) for each in of.get("at_chance", ()) if _shows(each)),
    )


def _worth(worth: Mapping[str, Any] | None) -> WarningWorth | None:
    if worth is None:
        return None
    lead = worth["lead"]
    return WarningWorth(
        threshold=worth.get("threshold"),
        alerts=worth["alerts"],
        per_thousand=worth["per_thousand"],
        precision=_share(worth["precision"]),
        recall=_share(worth["recall"]),
        lead=None if lead is None else (lead[1], lead[0], lead[2]),
        gain=worth["gain"],
        place=_place(worth) if "warned_ahead" in worth else None,
    )


def _place(of: Mapping[str, Any]) -> Place:
    return Place(of["threshold"], of["false_alarms_per_thousand"], of["warned_ahead"])


def _share(share: Mapping[str, float] | None) -> Share | None:
    return None if share is None else (share["value"], share["low"], share["high"])


def _ringing(worth: Mapping[str, Any]) -> RingingWorth:
    return RingingWorth(**{name: worth[name] for name in RingingWorth.__slots__})


def _shows(test: Mapping[str, Any]) -> bool:
    return bool(test["alarms"] or test["foretold"])
