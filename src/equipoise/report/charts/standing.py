"""What moved a figure, as steps from before to now; and risk and experience moved together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from equipoise.report.charts import theme
from equipoise.report.charts.balance import bars_height
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class Fall:
    """A bar of a waterfall: from `low` to `high`, its place in words, and what it does."""

    name: str
    low: float
    high: float
    text: str
    is_whole: bool
    is_rise: bool


def falls(
    before: float, parts: Mapping[str, float], now: float, written: Mapping[str, str]
) -> list[Fall]:
    """The bars: before, each part from where the last ended, and now. `written` are their words, by
    name; before and now have the names `before` and `now`."""
    bars = [Fall("before", min(0.0, before), max(0.0, before), written["before"], True, False)]
    at = before
    for name, part in parts.items():
        low, high = sorted((at, at + part))
        bars.append(Fall(name, low, high, written[name], False, part > 0))
        at += part
    return [*bars, Fall("now", min(0.0, now), max(0.0, now), written["now"], True, False)]


def waterfall(bars: Sequence[Fall], names: Mapping[str, str], axis: str) -> dict[str, Any]:
    """The bars under each other; `names` are what readers call them, `axis` a d3 format.

    More of the figure is rust, less is teal: it is drawn of a distance.
    """
    rows = [
        {
            "name": theme.wrapped(names[each.name]),
            "low": each.low,
            "high": each.high,
            "text": each.text,
            "colour": theme.MUTED if each.is_whole else theme.RUST if each.is_rise else theme.TEAL,
            "tips": {"title": names[each.name], say("Figure"): each.text},
        }
        for each in bars
    ]
    base = alt.Chart(theme.source(rows)).encode(y=theme.bare("name"), tooltip=theme.tips())
    x = alt.X("low:Q", axis=theme.amounts("", axis))
    bar = base.mark_bar(height=18, cornerRadiusEnd=0).encode(
        x=x, x2="high:Q", color=alt.Color("colour:N", scale=None, legend=None)
    )
    text = base.mark_text(align="left", dx=6).encode(x="high:Q", text="text:N")
    return theme.finish(alt.layer(bar, text), bars_height(len(rows)))


def together(stops: Sequence[tuple[str, float, float]], axes: tuple[str, str, str]) -> Any:
    """Risk (x) and experience (y) from stop to stop: each its name and both figures.

    `axes` are both titles and the d3 format of risk.
    """
    risk, experience, form = axes
    rows = [
        {"name": name, "x": x, "y": y, "order": at, "tips": {"title": name}}
        for at, (name, x, y) in enumerate(stops)
    ]
    base = alt.Chart(theme.source(rows)).encode(
        x=alt.X("x:Q", axis=theme.amounts(risk, form), scale=alt.Scale(zero=False, padding=40)),
        y=alt.Y(
            "y:Q",
            axis=theme.amounts(experience, ""),
            scale=alt.Scale(zero=False, padding=24),
        ),
        tooltip=theme.tips(),
    )
    line = base.mark_line(color=theme.BAND, strokeWidth=2).encode(order="order:Q")
    dots = base.mark_point(filled=True, size=60, color=theme.BLUE, opacity=1)
    words = base.mark_text(dy=-12).encode(text="name:N")
    return theme.finish(alt.layer(line, dots, words), 260)
