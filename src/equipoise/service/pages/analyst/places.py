"""Places of a found balance: what they are called, how they are asked for, where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.balance.mixture import Between, between
from equipoise.balance.result_document import BalanceResult, Champion, Move
from equipoise.service.contexts.balances.reading import Observed
from equipoise.service.pages.charts import Axis, Lines, Mark, Reading, Series
from equipoise.texts.numbers import count
from equipoise.texts.saying import marked, retold, say
from equipoise.value.measures import RATES

TODAY, SAME_RISK, SAME_EXPERIENCE = "today", "same_risk", "same_experience"
NAMES = {
    TODAY: marked("Today"),
    SAME_RISK: marked("Recommended: same risk, better experience"),
    SAME_EXPERIENCE: marked("Same experience, less risk"),
}
_SHORT = {
    TODAY: marked("Today"),
    SAME_RISK: marked("Recommended"),
    SAME_EXPERIENCE: marked("Same experience"),
}
_PER_HUNDRED = "per 100 applicants"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A place that a page is asked for: `asked` in the address, `place` in the result.

    `number` counts points of the frontier from 1, and lies between two where the place does; it is
    0 for the other places.
    """

    asked: str
    place: str
    number: float
    at: Champion | Move

    @property
    def two(self) -> Between | None:
        """The points that it lies between; None on a point, and off the frontier."""
        return between(self.place)

    def name(self, points: int) -> str:
        """What a person calls it."""
        if self.two is not None:
            return say("Between points {a} and {b} of {points}", a=self.two.left,
                       b=self.two.left + 1, points=points)  # fmt: skip
        if self.number:
            return say("Point {n} of {points}", n=int(self.number), points=points)
        return say(NAMES[self.place])


def chosen(balance: BalanceResult, asked: str) -> Chosen:
    """The place asked for; the recommended one where nothing, or nothing that there is, was."""
    number = _number(asked)
    if 1 <= number <= len(balance.frontier):
        name = f"{number:g}"
        return Chosen(name, f"point {name}", number, balance.place(f"point {name}"))
    if asked == TODAY:
        return Chosen(asked, TODAY, 0, balance.champion)
    if asked == SAME_EXPERIENCE and balance.recommended.same_experience is not None:
        return Chosen(asked, SAME_EXPERIENCE, 0, balance.recommended.same_experience)
    return Chosen(SAME_RISK, SAME_RISK, 0, balance.recommended.same_risk)


def _number(asked: str) -> float:
    """A number in the address, to a hundredth of the way from point to point; 0 for none."""
    if not asked.isascii() or not asked.replace(".", "", 1).isdigit():
        return 0.0
    return round(float(asked[:24]), 2)


def nearest(balance: BalanceResult, x: float) -> int:
    """The number of the frontier's point that stands nearest to a level."""
    points = balance.frontier
    return 1 + min(range(len(points)), key=lambda at: abs(points[at].x - x))


def axis_of(balance: BalanceResult, name: str) -> Axis:
    """The frontier's `x` or `y` as charts measure it."""
    axis = getattr(balance.axes, name)
    unit = "money" if axis.unit == balance.currency and axis.unit else axis.unit
    return Axis(retold(axis.label), unit, balance.currency)


def frontier_series(balance: BalanceResult, name: str) -> Series:
    """The frontier's points between their bounds."""
    readings = tuple(Reading(p.x, p.y, p.lower, p.upper) for p in balance.frontier)
    return Series(name, readings, "both")


def frontier_figure(balance: BalanceResult, at: Chosen, months: Sequence[Observed] = ()) -> Lines:
    """The frontier with today, what is recommended, what was observed, and the place chosen."""
    places: dict[str, Champion | Move] = {
        TODAY: balance.champion,
        SAME_RISK: balance.recommended.same_risk,
    }
    if at.place == SAME_EXPERIENCE and balance.recommended.same_experience is not None:
        places[SAME_EXPERIENCE] = balance.recommended.same_experience
    marks = [
        Mark(say(_SHORT[name]), place.x, place.y, strong=name == at.place)
        for name, place in places.items()
    ]
    marks += observed_marks(balance, months)
    if at.number:
        name = say("Point {n}", n=at.asked) if at.two is None else say("Here")
        marks.append(Mark(name, at.at.x, at.at.y, strong=True))
    return Lines(
        title=say("The frontier"),
        described=say(
            "The best {y} at every level of {x} under this appetite, and today's policy beside it.",
            x=retold(balance.axes.x.label), y=retold(balance.axes.y.label),
        ),
        x=axis_of(balance, "x"), y=axis_of(balance, "y"),
        series=(frontier_series(balance, say("Frontier")),), marks=tuple(marks),
    )  # fmt: skip


def observed_marks(balance: BalanceResult, months: Sequence[Observed]) -> list[Mark]:
    """What this month's decisions come to on the same axes; who is not enough for an interval is
    left out."""
    marks = []
    for month in months:
        x, y = _observed(balance, month, "x"), _observed(balance, month, "y")
        if x is None or y is None:
            continue
        name = say("Observed this month")
        named = name if len(months) == 1 else say("{name}: {of}", name=name, of=month.strategy)
        marks.append(
            Mark(named, x[0], y[0], y[1], y[2],
                 tip=say("{n} applications decided", n=count(month.people)))
        )  # fmt: skip
    return marks


def _observed(
    balance: BalanceResult, month: Observed, axis: str
) -> tuple[float, float, float] | None:
    measure, unit = getattr(balance.axes, axis).measure, getattr(balance.axes, axis).unit
    if measure in RATES:
        figure, scale = month.rate(*RATES[measure]), 1.0
    else:
        figure, scale = month.mean(measure), float(balance.applicants)
        scale = 100.0 if unit == _PER_HUNDRED else scale
    if figure is None:
        return None
    return figure.value * scale, figure.low * scale, figure.high * scale
