"""Charts of a stress test: one line for each scenario, quarter by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from equipoise.report.charts import theme
from equipoise.report.story import Record
from equipoise.texts.saying import say

COLOURS = ("blue", "rust", "teal", "violet", "gold")


@dataclass(frozen=True, slots=True)
class Path:
    """What one scenario does to a figure: (quarter, value, value as people read it)."""

    scenario: str
    points: Sequence[tuple[str, float, str]]


def paths(lines: Sequence[Path], figure: str, form: str) -> dict[str, Any]:
    """The lines over quarters; `figure` names the axis, `form` is its d3 format.

    Quarters are counted from each scenario's own first, so that scenarios stand beside each other.
    """
    rows: list[Record] = [
        {
            "scenario": line.scenario,
            "quarter": at,
            "value": value,
            "tips": {"title": line.scenario, say("Quarter"): quarter, figure: text},
        }
        for line in lines
        for at, (quarter, value, text) in enumerate(line.points, start=1)
    ]
    names = [each.scenario for each in lines]
    colours = [f"var(--{name})" for name in COLOURS]
    shade = alt.Color(
        "scenario:N",
        scale=alt.Scale(domain=names, range=[colours[at % 5] for at in range(len(names))]),
        legend=None,
    )
    x = alt.X("quarter:Q", axis=theme.amounts(say("quarters"), "~g", tickMinStep=1))
    y = alt.Y("value:Q", axis=theme.amounts(figure, form))
    base = alt.Chart(theme.source(rows)).encode(x=x, y=y, color=shade)
    line = base.mark_line(strokeWidth=2)
    dots = base.mark_point(filled=True, size=34, opacity=1).encode(tooltip=theme.tips())
    return theme.finish(alt.layer(line, dots), 240)
