"""Charts of the journey: time per step, drop-off, ends of applications, acceptance by waiting."""

from __future__ import annotations

from typing import Any

import altair as alt

from equipoise.report.charts import theme
from equipoise.report.charts.balance import bars_height
from equipoise.report.story import Record
from equipoise.texts.numbers import count, percent, plain, span
from equipoise.texts.saying import marked, say

ENDS = (
    (marked("accepted"), theme.TEAL),
    (marked("declined"), theme.RUST),
    (marked("cancelled"), theme.GOLD),
)


def step_times(rows: list[Record]) -> dict[str, Any]:
    """Hours waited and hours worked per step, stacked."""
    data = [
        {
            "name": theme.wrapped(row["name"]),
            "what": what,
            "hours": row[key],
            "rank": rank,
            "tips": {
                "title": row["name"],
                say("Waiting"): f"{plain(row['queue_hours'])} h",
                say("Working"): f"{plain(row['work_hours'])} h",
                say("Waiting, business hours"): plain(row.get("queue_business_hours")),
                say("Working, business hours"): plain(row.get("work_business_hours")),
                say("Waits for"): say(str(row.get("waits_for") or "–")),
            },
        }
        for row in rows
        for rank, (what, key) in enumerate((("queue", "queue_hours"), ("work", "work_hours")))
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
    return theme.finish(chart, bars_height(len(rows)))


def drop_off(rows: list[Record]) -> dict[str, Any]:
    """Share who leave at each step, with its interval."""
    data = [
        {
            "name": theme.wrapped(row["name"]),
            "rate": row["drop_off"],
            "low": row.get("drop_low", row["drop_off"]),
            "high": row.get("drop_high", row["drop_off"]),
            "text": percent(row["drop_off"]),
            "tips": {
                "title": row["name"],
                say("Leave here"): percent(row["drop_off"]),
                say("Interval"): span(percent(row.get("drop_low")), percent(row.get("drop_high"))),
            },
        }
        for row in rows
    ]
    base = alt.Chart(theme.source(data)).encode(y=theme.bare("name"), tooltip=theme.tips())
    axis = theme.amounts(say("leave at this step"), "~%")
    bar = base.mark_bar(height=16, color=theme.RUST, opacity=0.8).encode(
        x=alt.X("rate:Q", axis=axis)
    )
    whisker = base.mark_rule(strokeWidth=2, color=theme.INK).encode(x="low:Q", x2="high:Q")
    return theme.finish(bar + whisker, bars_height(len(rows)))


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


def acceptance(rows: list[Record]) -> dict[str, Any]:
    """Share of offers accepted by days waited, with its interval."""
    data = [
        {
            "days": row["days"],
            "rate": row["rate"],
            "low": row.get("low", row["rate"]),
            "high": row.get("high", row["rate"]),
            "tips": {
                "title": say("{days} days", days=plain(row["days"])),
                say("Accepted"): percent(row["rate"]),
                say("Interval"): span(percent(row.get("low")), percent(row.get("high"))),
                say("Offers"): count(row.get("n")),
            },
        }
        for row in rows
    ]
    base = alt.Chart(theme.source(data)).encode(
        x=alt.X("days:Q", axis=theme.amounts(say("days waited"), ""))
    )
    axis = theme.amounts(say("offers accepted"), "~%")
    band = base.mark_area(color=theme.BAND, opacity=0.75).encode(
        y=alt.Y("low:Q", axis=axis, scale=alt.Scale(zero=False)), y2="high:Q"
    )
    line = base.mark_line(color=theme.BLUE, strokeWidth=2).encode(y="rate:Q")
    dot = base.mark_circle(color=theme.BLUE, size=50, opacity=1).encode(
        y="rate:Q", tooltip=theme.tips()
    )
    return theme.finish(alt.layer(band, line, dot), 260)
