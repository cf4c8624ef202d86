"""The frontier of an indicator's thresholds: the warning that they give, by false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.service.contexts.watch.reading import BacktestView, RingingWorth
from equipoise.service.pages.charts import Axis, Lines, Mark, Reading, Series
from equipoise.service.pages.risk.rows import ShownTable, table
from equipoise.service.pages.risk.words import written
from equipoise.texts.numbers import plain
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class Frontier:
    """The picture, and its values as a table."""

    chart: Lines
    table: ShownTable | None


@dataclass(frozen=True, slots=True)
class _Point:
    """A threshold as it is written, and where it lies. `name` is what it is, where it is marked."""

    at: str
    false_alarms: float
    warned_ahead: float
    name: str = ""
    strong: bool = False


def frontier(of: BacktestView, kind: str) -> Frontier | None:
    """The frontier of a back-test, with what is in force and what is proposed; None where fewer
    than two thresholds were tried that no other beats."""
    if len(of.frontier) > 1:
        marked = [
            _Point(written(place.threshold, kind), place.false_alarms, place.warned_ahead, name,
                   strong)
            for name, worth, strong in (
                (say("Threshold in force"), of.as_it_is, False),
                (say("Threshold proposed"), of.proposed, True),
            )
            if worth is not None and (place := worth.place) is not None
        ]  # fmt: skip
        points = [
            _Point(written(each.threshold, kind), each.false_alarms, each.warned_ahead)
            for each in of.frontier
        ]
        return _drawn(say("Threshold"), say("False alarms of 1,000 a period"), points, marked)
    if len(of.ringing) > 1:
        points, marked = _of_book(of.ringing)
        return _drawn(say("Rings at a chance of"), say("False a year"), points, marked)
    return None


def _of_book(ringing: Sequence[RingingWorth]) -> tuple[list[_Point], list[_Point]]:
    """Chances that no other beats, and the one in force."""
    kept: list[_Point] = []
    for each in sorted(ringing, key=lambda one: (one.false_a_year, -one.warned_ahead)):
        if not kept or each.warned_ahead > kept[-1].warned_ahead:
            kept.append(_point(each))
    return kept, [_point(each, say("Threshold in force")) for each in ringing if each.in_force]


def _point(of: RingingWorth, name: str = "") -> _Point:
    return _Point(plain(of.chance), of.false_a_year, of.warned_ahead, name)


def _drawn(what: str, across: str, points: list[_Point], marked: list[_Point]) -> Frontier:
    ahead, name = say("Periods of warning"), say("Frontier of thresholds")
    readings = tuple(
        Reading(each.false_alarms, each.warned_ahead, tip=f"{what}: {each.at}") for each in points
    )
    chart = Lines(
        name,
        say(
            "No other threshold warns longer ahead with as few false alarms: periods of warning "
            "that an event gets on average, by false alarms. What is in force and what is proposed "
            "are marked."
        ),
        Axis(across, zero=True),
        Axis(ahead, zero=True),
        (Series(name, readings, "both"),),
        tuple(
            Mark(f"{each.name} {each.at}", each.false_alarms, each.warned_ahead,
                 strong=each.strong)
            for each in marked
        ),
    )  # fmt: skip
    rows = (
        (f"{each.name} {each.at}".strip(), plain(each.false_alarms), plain(each.warned_ahead))
        for each in (*points, *marked)
    )
    return Frontier(chart, table(name, (what, across, ahead), rows))
