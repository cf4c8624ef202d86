"""A difference and its interval over the days of a trial."""

from __future__ import annotations

from typing import Any

import altair as alt

from equipoise.report.charts import theme
from equipoise.report.story import Record
from equipoise.review.trials.trial_result import MeasureResult
from equipoise.texts.numbers import plain, signed, span
from equipoise.texts.saying import say

MOST_DAYS = 240


def sequence(track: MeasureResult, limit: float) -> dict[str, Any]:
    """Challenger less champion by day, in its interval; `limit` is a dashed line."""
    days = track.days
    step = max(1, -(-len(days) // MOST_DAYS))
    kept = sorted({*range(0, len(days), step), len(days) - 1})
    rows = [
        {
            "day": days[at],
            "difference": track.differences[at],
            "low": track.lows[at],
            "high": track.highs[at],
            "tips": {
                "title": days[at],
                say("Difference"): signed(plain(track.differences[at])),
                say("Interval"): span(
                    signed(plain(track.lows[at])), signed(plain(track.highs[at]))
                ),
            },
        }
        for at in kept
    ]
    x = alt.X("day:T", axis=alt.Axis(title=None, tickCount=6, labelAngle=0))
    axis = theme.amounts(say("challenger less champion"), "~g")
    base = alt.Chart(theme.source(rows)).encode(x=x, tooltip=theme.tips())
    scale = alt.Scale(domain=_reach(rows, limit), clamp=True, zero=False)
    low = alt.Y("low:Q", axis=axis, scale=scale)
    band = base.mark_area(color=theme.BAND, opacity=0.55).encode(y=low, y2="high:Q")
    line = base.mark_line(color=theme.BLUE, strokeWidth=2).encode(y="difference:Q")
    hover = base.mark_rule(opacity=0.001, strokeWidth=6).encode(y=low, y2="high:Q")
    nothing = alt.Chart(theme.source([{"at": 0.0}])).mark_rule(color=theme.SOFT).encode(y="at:Q")
    layers: list[alt.Chart] = [band, nothing, line]
    if limit:
        edge = alt.Chart(theme.source([{"at": limit}]))
        layers.append(
            edge.mark_rule(color=theme.RUST, strokeDash=[5, 4], strokeWidth=2).encode(y="at:Q")
        )
    return theme.finish(alt.layer(*layers, hover), 240)


def _reach(rows: list[Record], limit: float) -> list[float]:
    """What the axis shows: all but the first days, whose wide intervals would flatten the rest."""
    later = rows[len(rows) // 6 :]
    low = min(0.0, limit, *(row["low"] for row in later))
    high = max(0.0, limit, *(row["high"] for row in later))
    return [low, high]
