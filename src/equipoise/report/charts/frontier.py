"""The frontier: certified band, points, today's place and both recommended moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import altair as alt

from equipoise.balance.result_document import FrontierPoint, Move
from equipoise.report.charts import theme
from equipoise.report.story import Place, Story
from equipoise.texts.numbers import axis_format, percent, precise
from equipoise.texts.saying import marked, say

SAME_RISK = marked("Same risk, better experience")
SAME_EXPERIENCE = marked("Same experience, less risk")
TODAY = marked("Today")
_COLOURS = {TODAY: theme.RUST, SAME_RISK: theme.BLUE, SAME_EXPERIENCE: theme.TEAL}
# Where a label stands from its point: the champion lies below the frontier, so there is room below
# and to the right of each. Near the right edge it stands to the left instead.
_OFFSETS = {TODAY: (13, 5), SAME_RISK: (13, 14), SAME_EXPERIENCE: (6, 22)}
_OFFSETS_AT_EDGE = {TODAY: (0, 22), SAME_RISK: (-13, -18), SAME_EXPERIENCE: (-6, 22)}
_EDGE = 0.78  # share of the axis beyond which a label would run out of the chart

_HEAD = 0.6  # how far along its shaft an arrow carries its head


def places(story: Story) -> dict[str, Place]:
    """Today's place and the recommended ones, by what they are called."""
    moves = story.balance.recommended
    named: dict[str, Place] = {TODAY: story.champion, SAME_RISK: moves.same_risk}
    if moves.same_experience is not None:
        named[SAME_EXPERIENCE] = moves.same_experience
    return named


def frontier_chart(story: Story) -> theme.Drawn:
    """All layers of the frontier, without size or configuration."""
    points = sorted(story.balance.frontier, key=lambda point: point.x)
    here = places(story)
    drawn: list[Place] = [*points, *here.values()]
    x = alt.X("x:Q", scale=_scale(0.05, [place.x for place in drawn]), axis=_axis(story, "x"))
    y = alt.Y("y:Q", scale=_scale(0.09, [place.y for place in drawn]), axis=_axis(story, "y"))
    layers: list[alt.Chart] = []
    if band := sandwich(points):
        layers.append(
            alt.Chart(theme.source(band))
            .mark_rect(color=theme.BAND, opacity=0.75)
            .encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
        )
    if points:
        layers += _points(story, points, x, y)
    edge = _edge(drawn)
    marks = [layer for named in here.items() for layer in _place(story, named, edge, x, y)]
    return alt.layer(*layers, *_arrows(here, x, y), *marks)


def sandwich(points: Sequence[FrontierPoint]) -> list[dict[str, float]]:
    """Boxes between neighbouring points that hold every frontier in between.

    The frontier is monotone in its axis, so between two points it lies between the lower of their
    lower bounds and the higher of their upper bounds. That holds whatever its curvature, which
    matters where the axis is a rate and the rows change with it.
    """
    return [
        {
            "x": one.x,
            "x2": two.x,
            "y": min(one.lower, two.lower),
            "y2": max(one.upper, two.upper),
        }
        for one, two in pairwise(points)
    ]


def _scale(room: float, values: list[float]) -> alt.Scale:
    """A scale of what is drawn with some room around it, never below zero where nothing drawn is.

    `room` is a share of the spread of the values.
    """
    low, high = min(values, default=0.0), max(values, default=1.0)
    free = room * (high - low) or abs(high) or 1.0
    floor = 0.0 if low >= 0 else low - free
    return alt.Scale(zero=False, nice=True, domain=[max(low - free, floor), high + free])


def _axis(story: Story, key: str) -> alt.Axis:
    axis = story.x if key == "x" else story.y
    worse = {"lower": say("lower is better"), "higher": say("higher is better")}.get(
        axis.better, ""
    )
    d3 = axis_format(axis.unit, story.currency)
    if key == "y":
        return theme.amounts([axis.title, worse], d3, tickCount=6, titleY=-27)
    return theme.amounts(" · ".join(filter(None, (axis.title, worse))), d3, tickCount=6)


def _points(story: Story, points: Sequence[FrontierPoint], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    rows = [{"x": p.x, "y": p.y, "tips": _tips(story, p, say("On the frontier"))} for p in points]
    base = alt.Chart(theme.source(rows)).encode(x=x, y=y)
    line = base.mark_line(color=theme.BLUE, strokeWidth=1.25, opacity=0.7)
    dots = base.mark_circle(color=theme.BLUE, size=46, opacity=1).encode(tooltip=theme.tips())
    return [line, dots]


def _arrows(here: dict[str, Place], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    today = here[TODAY]
    rows = [
        {"x": today.x, "y": today.y, "x2": place.x, "y2": place.y, "colour": _COLOURS[name]}
        for name, place in here.items()
        if name != TODAY
    ]
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(theme.source(rows))
    shaft = base.mark_rule(strokeWidth=2, strokeDash=[5, 4]).encode(
        x=x, y=y, x2="x2:Q", y2="y2:Q", color=colour
    )
    # The head turns with the pixels of the shaft, so it points right at any width of the page.
    turn = "atan2(scale('x',datum.x2)-scale('x',datum.x0),scale('y',datum.y0)-scale('y',datum.y2))"
    heads = [
        {
            **row,
            "x0": row["x"],
            "y0": row["y"],
            "x": today.x + _HEAD * (place.x - today.x),
            "y": today.y + _HEAD * (place.y - today.y),
        }
        for row, place in zip(rows, [p for n, p in here.items() if n != TODAY], strict=True)
    ]
    head = (
        alt.Chart(theme.source(heads))
        .mark_point(
            shape="triangle", filled=True, opacity=1, size=110, angle=alt.expr(f"{turn}*180/PI")
        )
        .encode(x=x, y=y, color=colour)
    )
    return [shaft, head]


def _edge(drawn: Iterable[Place]) -> float:
    """The x beyond which labels stand to the left of their point."""
    xs = [place.x for place in drawn]
    return min(xs) + _EDGE * (max(xs) - min(xs))


def _place(
    story: Story, named: tuple[str, Place], edge: float, x: alt.X, y: alt.Y
) -> list[alt.Chart]:
    name, place = named
    at_edge = place.x > edge
    row = {
        "x": place.x,
        "y": place.y,
        "name": say(name).replace(", ", ",\n").replace("，", "，\n"),
        "tips": _tips(story, place, say(name)),
    }
    base = alt.Chart(theme.source([row])).encode(x=x, y=y)
    mark = base.mark_point(
        shape="diamond" if name == TODAY else "circle",
        filled=True,
        size=230,
        opacity=1,
        color=_COLOURS[name],
        stroke=theme.PAPER,
        strokeWidth=1.5,
    ).encode(tooltip=theme.tips())
    dx, dy = (_OFFSETS_AT_EDGE if at_edge else _OFFSETS)[name]
    label = base.mark_text(
        align="right" if at_edge else "left",
        dx=dx,
        dy=dy,
        lineBreak="\n",
        fontWeight=600,
        color=_COLOURS[name],
    ).encode(text="name:N")
    return [mark, label]


def _tips(story: Story, point: Place, title: str) -> dict[str, str]:
    lines = {
        "title": title,
        story.x.label: story.quantity(point.x, story.x.unit),
        story.y.label: story.quantity(point.y, story.y.unit),
    }
    if isinstance(point, FrontierPoint):
        lines[say("Certified between")] = say(
            "{low} and {high}", low=precise(point.lower), high=precise(point.upper)
        )
    for name, value in point.measures.items():
        if name not in {story.x.name, story.y.name}:
            measure = story.measure(name)
            twice = measure.label in lines
            label = say("{measure}, in all", measure=measure.label) if twice else measure.label
            lines[label] = story.quantity(value, measure.unit)
    if isinstance(point, Move):
        lines[say("Duality gap")] = percent(point.gap)
    return lines
