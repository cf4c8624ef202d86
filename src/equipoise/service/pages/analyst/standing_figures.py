"""Where the lender stands, as its page shows it: pictures, tables and sentences of a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from equipoise.report.standing_words import (
    NAMES,
    SHOWN,
    UNTOLD,
    change_text,
    figure_text,
    is_share,
    named,
    written,
)
from equipoise.review.continuous.result_document import (
    DISTANCE,
    EXPERIENCE,
    REACHABLE,
    RISK,
    StandingResult,
)
from equipoise.service.pages.charts import (
    Axis,
    Fall,
    Falls,
    Kind,
    Lines,
    Mark,
    Reading,
    Rule,
    Series,
)
from equipoise.texts.numbers import count, fixed, percent, points, signed
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved since another measurement: pictures, and a table of every figure by factor."""

    waterfall: Falls
    together: Lines
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]  # each cell under its head


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page says of a result. `moved` is None where nothing is told by factor, and
    `untold` then says why; it is empty where nothing has changed, or nothing was measured before.
    """

    reaches: str
    facts: tuple[tuple[str, str], ...]
    beyond: bool
    accepted: str
    measured: str
    drafted: str
    compared: bool
    untold: str
    moved: Moved | None


def shown(result: StandingResult) -> Shown:
    """What the page says of it."""
    within = result.keep_within
    return Shown(
        reaches=percent(1 - result.distance),
        facts=tuple((named(result, each), written(result, each)) for each in SHOWN),
        beyond=result.is_beyond,
        accepted="" if within is None else say("{share} is accepted.", share=percent(within)),
        measured=say(
            "Measured on {sample} of {applicants} applicants; sums are per 100 of them.",
            sample=count(result.sample),
            applicants=count(result.applicants),
        ),
        drafted="" if result.draft_reaches is None else fixed(result.draft_reaches, 2),
        compared=bool(result.before) or bool(result.untold),
        untold=say(UNTOLD[result.untold]) if result.untold else "",
        moved=_moved(result) if result.before and result.factors else None,
    )


def distances(past: Sequence[tuple[date, StandingResult]]) -> Lines:
    """How far from the frontier it was at each measurement, the oldest first, and how far is
    accepted now."""
    readings = tuple(Reading(day, each.distance) for day, each in past)
    within = past[-1][1].keep_within if past else None
    rules = () if within is None else (Rule(say("Accepted at most"), within),)
    return Lines(
        title=say("Distance from the frontier, as it was measured"),
        described=say("How much less of the goal is reached than is possible at the same risk."),
        x=Axis(say("Day"), kind=Kind.DAYS),
        y=Axis(say("Distance from the frontier"), "share", zero=True),
        series=(Series(say("Distance from the frontier"), readings, "both"),),
        rules=rules,
    )


def _moved(result: StandingResult) -> Moved:
    heads = (say("Figure"), say(NAMES["before"]), *(say(NAMES[each]) for each in result.factors),
             say(NAMES["now"]))  # fmt: skip
    rows = tuple(tuple(zip(heads, _row(result, each), strict=True)) for each in SHOWN)
    return Moved(_waterfall(result), _together(result), heads, rows)


def _row(result: StandingResult, figure: str) -> tuple[str, ...]:
    return (
        named(result, figure),
        figure_text(result, figure, result.before[figure]),
        *(change_text(result, figure, result.parts[figure][name]) for name in result.factors),
        written(result, figure),
    )


def _waterfall(result: StandingResult) -> Falls:
    before = result.before[DISTANCE]
    parts = result.parts[DISTANCE]
    changes = (
        Fall(say(NAMES[name]), part, signed(points(part)) if part else points(0.0))
        for name, part in parts.items()
    )
    return Falls(
        title=say("The distance from the frontier, by what moved it"),
        described=say(
            "Parts add up: each is the mean over every order in which the changes could come."
        ),
        axis=Axis(say("Distance from the frontier"), "share"),
        rows=(
            Fall(say(NAMES["before"]), before, percent(before), whole=True),
            *changes,
            Fall(say(NAMES["now"]), result.distance, percent(result.distance), whole=True),
        ),
        worse=True,
    )


def _together(result: StandingResult) -> Lines:
    """Risk and experience, from before by each factor in turn to now."""
    x, y = result.before[RISK], result.before[EXPERIENCE]
    stops = [(say(NAMES["before"]), x, y)]
    for name in result.factors:
        across, up = (result.parts[each][name] for each in (RISK, EXPERIENCE))
        x, y = x + across, y + up
        if across or up:
            stops.append((say(NAMES[name]), x, y))
    stops[-1] = (say(NAMES["now"]), *stops[-1][1:])  # the last factor leads there
    way = tuple(Reading(x, y) for _, x, y in stops)
    marks = tuple(Mark(*stop, strong=stop is stops[-1]) for stop in stops)
    return Lines(
        title=say("Risk and experience, moved together"),
        described=say("From before to now, by one factor after the other."),
        x=_axis(result, RISK),
        y=_axis(result, EXPERIENCE),
        series=(Series(say("The way"), way, "line"),),
        marks=(*marks, *_reachable(result)),
    )


def _reachable(result: StandingResult) -> list[Mark]:
    """What was and is reachable at the same risk, where the goal is the experience itself."""
    if result.goal != result.experience_measure:
        return []
    before, now = result.before, result.figures
    return [
        Mark(say("reachable before"), before[RISK], before[REACHABLE]),
        Mark(say("reachable now"), now[RISK], now[REACHABLE], strong=True),
    ]


def _axis(result: StandingResult, figure: str) -> Axis:
    return Axis(named(result, figure), "share" if is_share(result, figure) else "")
