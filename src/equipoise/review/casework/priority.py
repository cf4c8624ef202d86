"""Which case is worth a person's next minute, and why: the queue of a desk in order, explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from equipoise.errors import BadInput
from equipoise.experience.calendar import BusinessCalendar
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.review.casework.orders import ByValue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
Span = tuple[datetime, datetime | None]
Why = Literal["overdue", "late", "value", "arrival", "customer"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for a person; None where a figure is not known.

    `stake` is the money between the machine's answer and the other, as the strategy values them;
    `chance` that a person changes the answer, as fitted from past cases (`fit_chance`); `minutes`
    the work expected; `promised` business hours from `arrived` until the answer. In `held` spans
    the customer had the ball, and no clock ran; the last may be open. `sources` says where each
    figure is from, by name.
    """

    key: str
    arrived: datetime
    stake: float | None = None
    chance: float | None = None
    minutes: float | None = None
    promised: float | None = None
    held: tuple[Span, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is reckoned with where no waiting case has a figure known."""

    stake: float = 0.0
    chance: float = 0.1
    minutes: float = 30.0
    promised: float = 8.0


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a case's place: its value, unit and source, and whether it is `known`."""

    name: str
    value: float
    unit: str
    source: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Ranked:
    """A case's place (first is 1) and why.

    `worth` is money saved per minute of work by an hour less of waiting; infinite once the case
    has waited the longest that any may. `why` is what puts it there: `overdue` (it waited the
    longest), `late` (most of its worth is the promise), `value` (most is what a person gains),
    `arrival` (a minute on it is worth nothing now; who came first goes first), `customer` (the
    customer has the ball, so nobody can work on it: last). `parts` are the figures behind it.
    """

    rank: int
    key: str
    worth: float
    why: Why
    parts: tuple[Part, ...]

    def part(self, name: str) -> Part:
        """One figure by its name. Raises KeyError."""
        return {part.name: part for part in self.parts}[name]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Figures that were not known, and so are usual ones."""
        return tuple(part.name for part in self.parts if not part.known)


def ordered(
    cases: Sequence[Waiting],
    now: datetime,
    *,
    calendar: BusinessCalendar,
    order: ByValue | None = None,
    usual: Usual | None = None,
) -> tuple[Ranked, ...]:
    """The cases by what a minute of a person's time on each is worth now, first to last.

    Time is counted in the lender's business hours without those in which the customer had the
    ball. What is not known is the median of the cases where it is, or the `usual` where it is
    known of none: an unknown case stands in the middle, and its part says so. Of cases worth the
    same, who came first goes first, then the key that sorts first. Raises BadInput for figures and
    times that cannot be.
    """
    if not cases:
        return ()
    policy, fallback = order or ByValue(), usual or Usual()
    _refuse(cases, now)
    age, has_ball = _ages(cases, now, calendar)
    figures = {name: _parts(cases, name, fallback) for name in _LIMITS}
    stake, chance, minutes, promised = (
        np.array([part.value for part in figures[name]]) for name in _LIMITS
    )
    worth = policy.worth(stake * chance, minutes, promised)
    value = np.where(has_ball, -1.0, worth.at(age))
    late = worth.lateness * np.maximum(0.0, age - worth.onset)
    places = sorted(range(len(cases)), key=lambda k: (-value[k], cases[k].arrived, cases[k].key))
    ranked = []
    for rank, k in enumerate(places, start=1):
        known = [figures[name][k] for name in _LIMITS]
        made = [
            Part("gain", float(stake[k] * chance[k]), "money", "stake x chance"),
            Part("waited", float(age[k]), "business hours", "the clock, without what was held"),
            Part("left", float(promised[k] - age[k]), "business hours", "promised - waited"),
            Part("leaving", float(worth.leaving[k]), _WORTH, "gain x leaving / minutes"),
            Part("lateness", float(late[k]), _WORTH, "late, as the promise nears, / minutes"),
        ]
        why = _why(bool(has_ball[k]), float(value[k]), float(worth.leaving[k]), float(late[k]))
        ranked.append(Ranked(rank, cases[k].key, max(0.0, float(value[k])), why, (*known, *made)))
    return tuple(ranked)


_WORTH = "money per hour waited and minute of work"
# each figure's unit, least, most, and whether the least is excluded
_LIMITS: dict[str, tuple[str, float, float, bool]] = {
    "stake": ("money", 0.0, np.inf, False),
    "chance": ("share", 0.0, 1.0, False),
    "minutes": ("minutes", 0.0, np.inf, True),
    "promised": ("business hours", 0.0, np.inf, True),
}


def _why(has_ball: bool, value: float, leaving: float, late: float) -> Why:
    if has_ball:
        return "customer"
    if np.isinf(value):
        return "overdue"
    if value == 0:
        return "arrival"
    return "late" if late > leaving else "value"


def _parts(cases: Sequence[Waiting], name: str, usual: Usual) -> list[Part]:
    """One figure of each case, the usual one where it is not known."""
    given = [getattr(case, name) for case in cases]
    known = [value for value in given if value is not None]
    if known:
        middle, otherwise = float(np.median(known)), "unknown: the median of the cases that wait"
    else:
        middle, otherwise = float(getattr(usual, name)), "unknown of all: the usual value"
    unit = _LIMITS[name][0]
    return [
        Part(name, middle, unit, otherwise, known=False)
        if value is None
        else Part(name, float(value), unit, case.sources.get(name, "given"))
        for case, value in zip(cases, given, strict=True)
    ]


def _ages(
    cases: Sequence[Waiting], now: datetime, calendar: BusinessCalendar
) -> tuple[FloatArray, BoolArray]:
    """Business hours that each case has waited for us, and whether the customer has the ball."""
    arrived = np.array([_microseconds(case.arrived) for case in cases], dtype=np.int64)
    until = np.array([_microseconds(now)], dtype=np.int64)
    seconds = calendar.business_seconds(arrived, until)
    held = [(k, span) for k, case in enumerate(cases) for span in case.held]
    if held:
        starts = np.array([_microseconds(start) for _, (start, _) in held], dtype=np.int64)
        ends = np.array([_microseconds(end or now) for _, (_, end) in held], dtype=np.int64)
        whose: IntArray = np.array([k for k, _ in held], dtype=np.int64)
        lasted = calendar.business_seconds(starts, ends)
        seconds = seconds - np.bincount(whose, weights=lasted, minlength=len(cases))
    has_ball = np.array([any(end is None for _, end in case.held) for case in cases])
    return np.maximum(seconds, 0.0) / 3600, has_ball


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _refuse(cases: Sequence[Waiting], now: datetime) -> None:
    if now.tzinfo is None:
        raise BadInput("`now` has no time zone", field="now", mend="give it one, as UTC")
    seen: set[str] = set()
    for case in cases:
        if case.key in seen:
            raise BadInput(f"two cases are '{case.key}'", field="key", mend="give each its own")
        seen.add(case.key)
        if case.arrived.tzinfo is None or case.arrived > now:
            raise BadInput(
                f"case '{case.key}' arrived at {case.arrived}, which is no time before {now}",
                field="arrived",
                mend="give an instant with its time zone, not after `now`",
            )
        for name, (_, least, most, above) in _LIMITS.items():
            value = getattr(case, name)
            enough = value is None or (np.isfinite(value) and least <= value <= most)
            if not enough or (above and value == least):
                raise BadInput(
                    f"case '{case.key}' has a {name} of {value}",
                    field=name,
                    mend="leave it out where it is not known",
                )
        _refuse_spans(case, now)


def _refuse_spans(case: Waiting, now: datetime) -> None:
    last = case.arrived
    for at, (start, end) in enumerate(case.held):
        until = end or now
        open_early = end is None and at < len(case.held) - 1
        if (
            start.tzinfo is None
            or until.tzinfo is None
            or open_early
            or not (last <= start <= until <= now)
        ):
            raise BadInput(
                f"case '{case.key}' was held from {start} to {end}, which is out of order",
                field="held",
                mend="give spans in order and apart, after it arrived and not after `now`",
            )
        last = until
