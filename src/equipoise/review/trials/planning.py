"""How many applicants a trial needs, and how long it takes until they are known.

Sizes for one look: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (3rd ed.,
2003), chapter 4, without continuity correction; non-inferiority: Chow, Shao and Wang, Sample Size
Calculations in Clinical Research (2nd ed., 2008), section 4.2. For a trial that is watched all the
time the size is more, by `inflation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist
from typing import Any, Literal

from equipoise.errors import BadInput
from equipoise.review.trials.sequences import inflation

Goal = Literal["differs", "no_worse"]
SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Question:
    """A rate on which challenger and champion are compared.

    `base` is the champion's, `difference` the smallest worth finding (`differs`) or the worsening
    that must be ruled out (`no_worse`), both fractions. `observed` is the share of applicants for
    whom the rate is seen at all, such as those booked; `window_days` until it is known.
    """

    name: str
    base: float
    difference: float
    goal: Goal = "differs"
    observed: float = 1.0
    window_days: float = 0.0

    def __post_init__(self) -> None:
        _within(self.name, "base rate", self.base, 0, 1)
        _within(self.name, "difference", self.difference, 0, 1)
        _within(self.name, "share observed", self.observed, 0, 1, top=True)
        if self.goal == "differs" and not 0 < self.base + self.difference < 1:
            raise BadInput(
                f"{self.name}: {self.base:g} and {self.difference:g} more is no rate",
                field=self.name,
                mend="give a smaller difference",
            )
        if not 0 <= self.window_days <= 10_000:
            raise BadInput(
                f"{self.name}: a window of {self.window_days:g} days", field=self.name,
                mend="give the days until the outcome is known, 0 where it is known at once",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traffic:
    """Applications a day, and the shares of challenger and champion."""

    per_day: float
    challenger: float
    champion: float

    def __post_init__(self) -> None:
        if not 0 < self.per_day < float("inf"):
            raise BadInput("there are no applications a day", field="per_day", mend="give a rate")
        if not (self.challenger > 0 and self.champion > 0):
            raise BadInput(
                "both challenger and champion need a share", field="share", mend="as 0.1"
            )
        if self.challenger + self.champion > 1 + 1e-9:
            raise BadInput(
                f"shares {self.challenger:g} and {self.champion:g} are more than everybody",
                field="share",
                mend="let them sum to 1 or less",
            )

    @property
    def ratio(self) -> float:
        """Champion's applicants to one of the challenger's."""
        return self.champion / self.challenger


@dataclass(frozen=True, slots=True)
class Size:
    """What one question asks for: outcomes in the challenger's arm, and days.

    `once` for a single look at the end, `watched` for looks at any time. `recruiting` and `days`
    (until the last outcome is known) are those of a trial that is watched.
    """

    question: Question
    once: int
    watched: int
    champion: int
    inflation: float
    recruiting: float
    days: float

    def as_dict(self) -> dict[str, Any]:
        own = self.question
        return {
            "name": own.name,
            "goal": own.goal,
            "base": own.base,
            "difference": own.difference,
            "observed": own.observed,
            "window_days": own.window_days,
            "challenger_outcomes_one_look": self.once,
            "challenger_outcomes": self.watched,
            "champion_outcomes": self.champion,
            "inflation": self.inflation,
            "recruiting_days": self.recruiting,
            "days": self.days,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """A trial's size and duration; `by_share` gives days for other shares of the challenger."""

    traffic: Traffic
    confidence: float
    power: float
    sizes: tuple[Size, ...]
    by_share: dict[float, float]

    @property
    def days(self) -> float:
        """Until every question can be answered."""
        return max(size.days for size in self.sizes)

    @property
    def recruiting(self) -> float:
        """Days during which applicants must be split."""
        return max(size.recruiting for size in self.sizes)

    def as_dict(self) -> dict[str, Any]:
        return {
            "applications_per_day": self.traffic.per_day,
            "challenger_share": self.traffic.challenger,
            "champion_share": self.traffic.champion,
            "confidence": self.confidence,
            "power": self.power,
            "questions": [size.as_dict() for size in self.sizes],
            "recruiting_days": self.recruiting,
            "days": self.days,
            "days_by_share": {f"{share:g}": days for share, days in self.by_share.items()},
        }


def plan_trial(
    questions: tuple[Question, ...],
    traffic: Traffic,
    *,
    confidence: float = 0.95,
    power: float = 0.8,
) -> Plan:
    """Size and duration of a trial that answers all questions at once.

    `confidence` is that of all intervals together: each side of each of k questions may be wrong
    with chance (1 - confidence) / 2k, as in monitoring. `power` is that of each question.
    """
    if not questions:
        raise BadInput("there is nothing to find out", field="questions", mend="name a rate")
    _within("plan", "confidence", confidence, 0.5, 1)
    _within("plan", "power", power, 0.5, 1)
    error = side_error(confidence, len(questions))

    def sizes(flow: Traffic) -> tuple[Size, ...]:
        return tuple(_size(each, flow, error, power) for each in questions)

    others = {
        share: max(s.days for s in sizes(Traffic(traffic.per_day, share, 1 - share)))
        for share in SHARES
    }
    return Plan(traffic, confidence, power, sizes(traffic), others)


def side_error(confidence: float, questions: int) -> float:
    """The chance of error of one side of one interval, so that all hold together."""
    return (1 - confidence) / 2 / questions


def _size(question: Question, traffic: Traffic, error: float, power: float) -> Size:
    if question.goal == "differs":
        once = size_to_differ(
            question.base, question.base + question.difference, error, power, traffic.ratio
        )
    else:
        once = size_to_be_no_worse(question.base, question.difference, error, power, traffic.ratio)
    more = inflation(error, power)
    watched = once * more
    recruiting = watched / (traffic.per_day * traffic.challenger * question.observed)
    return Size(
        question=question,
        once=ceil(once),
        watched=ceil(watched),
        champion=ceil(watched * traffic.ratio),
        inflation=more,
        recruiting=recruiting,
        days=recruiting + question.window_days,
    )


def size_to_differ(
    first: float, second: float, error: float, power: float, ratio: float = 1.0
) -> float:
    """Outcomes in the smaller arm to tell two proportions apart, at one look.

    `error` is that of one side: 0.025 for a two-sided test at 5 %. The other arm has `ratio` times
    as many. `first` is the rate of the other arm.
    """
    alpha, beta = _quantiles(error, power)
    pooled = (ratio * first + second) / (1 + ratio)
    under_null = alpha * sqrt((1 + 1 / ratio) * pooled * (1 - pooled))
    under_truth = beta * sqrt(first * (1 - first) / ratio + second * (1 - second))
    return ((under_null + under_truth) / (second - first)) ** 2


def size_to_be_no_worse(
    base: float, margin: float, error: float, power: float, ratio: float = 1.0, *, truly: float = 0
) -> float:
    """Outcomes in the smaller arm to rule out that its rate is worse by `margin`, at one look.

    `truly` is how much worse it is in truth (less than the margin), nothing unless given.
    """
    alpha, beta = _quantiles(error, power)
    other = base + truly
    variance = other * (1 - other) + base * (1 - base) / ratio
    return (alpha + beta) ** 2 * variance / (margin - truly) ** 2


def _quantiles(error: float, power: float) -> tuple[float, float]:
    normal = NormalDist()
    return normal.inv_cdf(1 - error), normal.inv_cdf(power)


def _within(
    name: str, what: str, value: float, low: float, high: float, *, top: bool = False
) -> None:
    if not (low < value < high or (top and value == high)):
        raise BadInput(
            f"{name}: {what} {value:g} is not between {low:g} and {high:g}",
            field=name,
            mend="give a fraction, such as 0.05",
        )
