"""An indicator's readings over its periods, with what each is held against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from equipoise.report.charts import theme
from equipoise.texts.numbers import plain, span
from equipoise.texts.saying import say
from equipoise.watch import Reading


def readings(of: Sequence[Reading], verdicts: dict[str, str]) -> dict[str, Any]:
    """The value by period in its own interval, its baseline dashed, red and amber ones marked.
    `verdicts` are the words of verdicts in the page's language."""
    rows = [_row(each, verdicts) for each in of if each.value is not None]
    x = alt.X("day:T", axis=alt.Axis(title=None, tickCount=6, labelAngle=0))
    base = alt.Chart(theme.source(rows)).encode(x=x, tooltip=theme.tips())
    scale = alt.Scale(zero=False)
    axis = theme.amounts(None, "~g")
    value = alt.Y("value:Q", axis=axis, scale=scale)
    band = base.mark_area(color=theme.BAND, opacity=0.55).encode(
        y=alt.Y("low:Q", axis=axis, scale=scale), y2="high:Q"
    )
    line = base.mark_line(color=theme.BLUE, strokeWidth=2).encode(y=value)
    usual = base.mark_line(color=theme.SOFT, strokeDash=[5, 4]).encode(
        y=alt.Y("baseline:Q", axis=axis, scale=scale)
    )
    layers: list[alt.Chart] = [band, usual, line]
    for verdict, colour in (("amber", theme.GOLD), ("red", theme.RUST)):
        layers.append(
            base.transform_filter(alt.datum.verdict == verdict)
            .mark_point(color=colour, filled=True, size=70, opacity=1)
            .encode(y=value)
        )
    hover = base.mark_point(opacity=0.001, size=200).encode(y=value)
    return theme.finish(alt.layer(*layers, hover), 200)


def _row(each: Reading, verdicts: dict[str, str]) -> dict[str, Any]:
    day = each.period.isoformat()
    tips = {"title": day, say("Value"): plain(each.value)}
    if each.low is not None and each.high is not None:
        tips[say("Interval")] = span(plain(each.low), plain(each.high))
    tips[say("Verdict")] = verdicts[each.verdict]
    return {
        "day": day,
        "value": each.value,
        "low": each.low,
        "high": each.high,
        "baseline": each.baseline,
        "verdict": each.verdict,
        "tips": tips,
    }
