"""Experiments: how many outcomes settle an input, on whom, for how long, and at what cost.

An input is settled where a value a quarter of its range away from the stated one is told apart with
a power of 80 % at 95 % (two-sided). Sizes are those of `review.trials.planning`: of one look for
what is only counted, of a trial that is watched for what needs a challenger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any, Literal

from scipy.special import expit, logit

from equipoise.errors import BadInput
from equipoise.review.trials.planning import Question, Traffic, plan_trial, size_to_differ

Kind = Literal[
    "count", "look_up", "time", "follow", "not_acted", "price", "amount", "journey", "hold_back"
]
TRIALS: tuple[Kind, ...] = ("not_acted", "price", "amount", "journey", "hold_back")
FINENESS = 1 / 4  # of the range: how far off is told apart
ERROR, POWER = 0.025, 0.8
_ENDLESS = 1e9  # champion's outcomes to one: a rate that is known beside one that is counted
_EDGE = 1e-4
WEEK = 7


@dataclass(frozen=True, slots=True)
class Flow:
    """Applications a day, and what an experiment may take of them.

    `share` of those whom it can be tried on go into the challenger's arm; nobody is recruited for
    longer than `most_days`. An offer is answered within `answer_days`, a default is known after
    `window_days`, what it lost `recovery_days` later.
    """

    per_day: float
    share: float = 0.2
    most_days: float = 365.0
    answer_days: float = 14.0
    window_days: float = 365.0
    recovery_days: float = 180.0

    def __post_init__(self) -> None:
        if not 0 < self.per_day < float("inf"):
            raise BadInput(
                "there are no applications a day", field="per_day", mend="give a rate, as 40"
            )
        if not 0 < self.share <= 0.5:
            raise BadInput(
                f"a challenger's share of {self.share:g} is not between 0 and 0.5",
                field="share", mend="give a fraction, as 0.2",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arm:
    """Whom a challenger can be tried on and what it means for one of them.

    `whom` is the share of applicants; `cost` (profit given up) and `risk` (expected loss added)
    are money per applicant in the arm; `treatments` are what the arm gives, by name.
    """

    whom: float
    cost: float
    risk: float
    treatments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Experiment:
    """A concrete way to measure one input.

    `outcomes` are seen among `people`, who apply within `recruiting` days; the last is known after
    `days`. `cost` and `risk` are money over the whole of it. `error` is the standard error it
    leaves, in the input's own unit; `settles` whether that tells a quarter of the range apart.
    """

    kind: Kind
    outcomes: int
    people: int
    recruiting: float
    days: float
    cost: float
    risk: float
    error: float
    settles: bool
    whom: float = 1.0
    treatments: tuple[str, ...] = ()

    @property
    def is_trial(self) -> bool:
        """Whether it needs a challenger, or only someone who looks."""
        return self.kind in TRIALS

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "kind": self.kind,
            "outcomes": self.outcomes,
            "people": self.people,
            "recruiting_days": self.recruiting,
            "days": self.days,
            "cost": self.cost,
            "risk": self.risk,
            "error": self.error,
            "settles": self.settles,
            "whom": self.whom,
            "treatments": list(self.treatments),
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """A rate that is seen: `base` as stated, `moved` with the input a quarter of its range away.

    `observed` is the share of those tried for whom it is seen, `after` the days until it is.
    `error` gives the input's standard error from outcomes in the smaller arm and the ratio of the
    other arm to it.
    """

    base: float
    moved: float
    observed: float
    after: float
    error: Callable[[float, float], float]


def counted(kind: Kind, seen: Seen, flow: Flow, halves: bool = False) -> Experiment | None:
    """What is seen of those who are served as today, once someone looks; it costs nothing.

    With `halves` the rate is compared between the halves of those seen. None where nobody is seen.
    """
    if not seen.observed > 0:
        return None
    base, moved = _within(seen.base), _within(seen.moved)
    ratio = 1.0 if halves else _ENDLESS
    wanted = size_to_differ(base, moved, ERROR, POWER, ratio) * (2 if halves else 1)
    recruiting = wanted / (flow.per_day * seen.observed)
    outcomes = wanted * min(1.0, flow.most_days / recruiting)
    return Experiment(
        kind,
        outcomes=ceil(outcomes),
        people=ceil(outcomes / seen.observed),
        recruiting=min(recruiting, flow.most_days),
        days=min(recruiting, flow.most_days) + seen.after,
        cost=0.0,
        risk=0.0,
        error=seen.error(outcomes, ratio),
        settles=recruiting <= flow.most_days,
    )


def tried(
    kind: Kind, seen: Seen, arm: Arm, flow: Flow, *, alone: bool = False
) -> Experiment | None:
    """What a challenger's arm shows beside the champion's; None where nobody can be tried.

    `alone`: what is sought is a rate of the arm itself, and the champion's says nothing of it.
    """
    if not (arm.whom > 0 and seen.observed > 0):
        return None
    base, moved = sorted((_within(seen.base), _within(seen.moved)))
    traffic = Traffic(flow.per_day * arm.whom, flow.share, 1 - flow.share)
    if alone:
        wanted = size_to_differ(_within(seen.base), _within(seen.moved), ERROR, POWER, _ENDLESS)
        recruiting = wanted / (traffic.per_day * traffic.challenger * seen.observed)
    else:
        question = Question(
            kind, base, moved - base, observed=min(1.0, seen.observed), window_days=seen.after
        )
        size = plan_trial((question,), traffic, power=POWER).sizes[0]
        wanted, recruiting = float(size.watched), size.recruiting
    outcomes = wanted * min(1.0, flow.most_days / recruiting)
    people = outcomes / seen.observed
    return Experiment(
        kind,
        outcomes=ceil(outcomes),
        people=ceil(people),
        recruiting=min(recruiting, flow.most_days),
        days=min(recruiting, flow.most_days) + seen.after,
        cost=people * arm.cost,
        risk=people * arm.risk,
        error=seen.error(outcomes, _ENDLESS if alone else traffic.ratio),
        settles=recruiting <= flow.most_days,
        whom=arm.whom,
        treatments=arm.treatments,
    )


def looked_up() -> Experiment:
    """What stands in the lender's own books: a week of someone's time, and no error."""
    return Experiment("look_up", 0, 0, 0.0, WEEK, 0.0, 0.0, error=0.0, settles=True)


def timed(value: float, flow: Flow, reached: float) -> Experiment | None:
    """A hundred applicants timed, who differ by half of the mean (assumed)."""
    if not reached > 0:
        return None
    people, cases = ceil(_CASES / reached), _CASES
    days = people / flow.per_day
    error = _VARIES * value / sqrt(cases)
    return Experiment("time", cases, people, days, days, 0.0, 0.0, error, settles=True)


_CASES, _VARIES = 100, 0.5


def cheapest(options: list[Experiment | None]) -> Experiment | None:
    """Of those that settle it, else of all: the one that costs least, then the soonest done."""
    known = [each for each in options if each is not None]
    return min(
        known, key=lambda each: (not each.settles, max(0.0, each.cost), each.days), default=None
    )


def moved_in_odds(rate: float, by: float) -> float:
    """A rate once its log-odds have moved."""
    return float(expit(logit(_within(rate)) + by))


def share_error(rate: float) -> Callable[[float, float], float]:
    """Of a share itself, counted in one arm."""
    return lambda outcomes, _ratio: sqrt(rate * (1 - rate) / max(outcomes, 1.0))


def slope_error(rate: float, apart: float) -> Callable[[float, float], float]:
    """Of a logit's slope, from the log-odds of two arms that are `apart` in what it multiplies."""

    def error(outcomes: float, ratio: float) -> float:
        return sqrt((1 + 1 / ratio) / (max(outcomes, 1.0) * rate * (1 - rate))) / apart

    return error


def _within(rate: float) -> float:
    return min(max(rate, _EDGE), 1 - _EDGE)
