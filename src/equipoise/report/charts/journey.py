"""Charts of the journey: time per step, drop-off, ends of applications, acceptance by waiting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from equipoise.experience.journey_result import AcceptanceBand, JourneyStep
from equipoise.report.charts import theme
from equipoise.report.charts.balance import bars_height
from equipoise.texts.numbers import count, percent, plain, span
from equipoise.texts.saying import marked, say

ENDS = (
    (marked("accepted"), theme.TEAL),
    (marked("declined"), theme.RUST),
    (marked("cancelled"), theme.GOLD),
)


def step_times(steps: Sequence[JourneyStep]) -> dict[str, Any]:
    """Hours waited and hours worked per step, stacked."""
    data = [
        {
            "name": theme.wrapped(step.name),
            "what": what,
            "hours": hours,
            "rank": rank,
            "tips": {
                "title": step.name,
                say("Waiting"): f"{plain(step.queue_hours)} h",
                say("Working"): f"{plain(step.work_hours)} h",
                say("Waiting, business hours"): plain(step.queue_business_hours),
                say("Working, business hours"): plain(step.work_business_hours),
            },
        }
        for step in steps
        for rank, (what, hours) in enumerate(
            (("queue", step.queue_hours), ("work", step.work_hours))
        )
    ]
    chart = (
        alt.Chart(theme.source(data))
        .mark_bar(height=16, cornerRadiusEnd=0)
        .encode(
            y=theme.bare("name"),
            x=alt.X("hours:Q", axis=theme.amounts(say("hours (calendar)"), "")),
            color=alt.Color(
                "what:N",
                legend=None,
                scale=alt.Scale(domain=["queue", "work"], range=[theme.GOLD, theme.BLUE]),
            ),
            order="rank:Q",
            tooltip=theme.tips(),
        )
    )
    return theme.finish(chart, bars_height(len(steps)))


def drop_off(steps: Sequence[JourneyStep]) -> dict[str, Any]:
    """Share who leave at each step, with its interval."""
    data = [
        {
            "name": theme.wrapped(step.name),
            "rate": step.drop_off,
            "low": step.drop_off if step.drop_low is None else step.drop_low,
            "high": step.drop_off if step.drop_high is None else step.drop_high,
            "text": percent(step.drop_off),
            "tips": {
                "title": step.name,
                say("Leave here"): percent(step.drop_off),
                say("Interval"): span(percent(step.drop_low), percent(step.drop_high)),
            },
        }
        for step in steps
    ]
    base = alt.Chart(theme.source(data)).encode(y=theme.bare("name"), tooltip=theme.tips())
    axis = theme.amounts(say("leave at this step"), "~%")
    bar = base.mark_bar(height=16, color=theme.RUST, opacity=0.8).encode(
        x=alt.X("rate:Q", axis=axis)
    )
    whisker = base.mark_rule(strokeWidth=2, color=theme.INK).encode(x="low:Q", x2="high:Q")
    return theme.finish(bar + whisker, bars_height(len(steps)))


def competing_ends(days: list[float], curves: dict[str, list[float]]) -> dict[str, Any]:
    """Cumulative incidence of each way an application ends, by days since it came in."""
    rows, ends = [], []
    for name, _ in ENDS:
        for day, share in zip(days, curves.get(name, []), strict=False):
            tips = {
                "title": say("Day {day}", day=plain(day)),
                say(name).capitalize(): percent(share),
            }
            rows.append({"day": day, "share": share, "end": name, "tips": tips})
        if curves.get(name):
            last = rows[-1]
            ends.append({**last, "text": f"{say(name)} {percent(last['share'])}"})
    colour = alt.Color(
        "end:N",
        legend=None,
        scale=alt.Scale(domain=[name for name, _ in ENDS], range=[c for _, c in ENDS]),
    )
    base = alt.Chart(theme.source(rows)).encode(
        x=alt.X("day:Q", axis=theme.amounts(say("days since application"), "")),
        y=alt.Y("share:Q", axis=theme.amounts(say("share ended so"), "~%")),
        color=colour,
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2)
    hover = base.mark_circle(size=90, opacity=0.001).encode(tooltip=theme.tips())
    label = (
        alt.Chart(theme.source(ends))
        .mark_text(align="right", dx=-2, dy=-8, fontWeight=600)
        .encode(x="day:Q", y="share:Q", text="text:N", color=colour)
    )
    return theme.finish(alt.layer(line, hover, label), 260)


def acceptance(bands: Sequence[AcceptanceBand]) -> dict[str, Any]:
    """Share of offers accepted by days waited, with its interval."""
    data = [
        {
            "days": band.days,
            "rate": band.rate,
            "low": band.low,
            "high": band.high,
            "tips": {
                "title": say("{days} days", days=plain(band.days)),
                say("Accepted"): percent(band.rate),
                say("Interval"): span(percent(band.low), percent(band.high)),
                say("Offers"): count(band.n),
            },
        }
        for band in bands
    ]
    base = alt.Chart(theme.source(data)).encode(
        x=alt.X("days:Q", axis=theme.amounts(say("days waited"), ""))
    )
    axis = theme.amounts(say("offers accepted"), "~%")
    interval = base.mark_area(color=theme.BAND, opacity=0.75).encode(
        y=alt.Y("low:Q", axis=axis, scale=alt.Scale(zero=False)), y2="high:Q"
    )
    line = base.mark_line(color=theme.BLUE, strokeWidth=2).encode(y="rate:Q")
    dot = base.mark_circle(color=theme.BLUE, size=50, opacity=1).encode(
        y="rate:Q", tooltip=theme.tips()
    )
    return theme.finish(alt.layer(interval, line, dot), 260)
