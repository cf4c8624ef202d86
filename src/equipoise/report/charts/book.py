"""Charts of a book of loans: vintages, roll rates, the way to default, use of limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from equipoise.portfolio import BookMeasured, LimitUse, Moves, VintageRow
from equipoise.report.charts import theme
from equipoise.report.story import Record
from equipoise.texts.numbers import count, percent, span
from equipoise.texts.saying import say

MOST_LINES = 12  # vintages that an eye can follow
_FULL = 1.0


def vintage_lines(rows: Sequence[VintageRow]) -> dict[str, Any]:
    """Cumulative bad rates by month on book, the youngest vintages darkest."""
    points: list[Record] = []
    for place, row in enumerate(rows):
        points += [
            {
                "vintage": row.vintage,
                "order": place,
                "month": month,
                "rate": rate,
                "tips": {
                    "title": row.vintage,
                    say("Month on book"): count(month),
                    say("Bad so far"): percent(rate),
                    say("Loans"): count(row.loans),
                },
            }
            for month, rate in enumerate(row.rate)
            if rate is not None
        ]
    shade = alt.Color(
        "order:O",
        scale=alt.Scale(range=_shades(len(rows))),
        legend=None,
    )
    x = alt.X("month:Q", axis=theme.amounts(say("months on book"), "~g", tickMinStep=1))
    y = alt.Y("rate:Q", axis=theme.amounts(say("bad so far"), ".1%"))
    base = alt.Chart(theme.source(points)).encode(x=x, y=y, color=shade, detail="vintage:N")
    line = base.mark_line(strokeWidth=2)
    dots = base.mark_point(filled=True, size=30, opacity=0.9).encode(tooltip=theme.tips())
    return theme.finish(alt.layer(line, dots), 280)


def _shades(lines: int) -> list[str]:
    """The older half in a soft colour, the younger half in a strong one."""
    return [theme.BAND if 2 * at < lines - 1 else theme.BLUE for at in range(lines)]


def roll_lines(measured: BookMeasured, names: Sequence[str]) -> dict[str, Any]:
    """Net roll rates by month, one line for each step from a bucket to the next."""
    points: list[Record] = [
        {
            "month": f"{row.month}-01",
            "step": names[at],
            "rate": rate,
            "tips": {"title": row.month, names[at]: percent(rate)},
        }
        for row in measured.rolls
        for at, rate in enumerate(row.rates)
        if rate is not None
    ]
    x = alt.X("month:T", axis=alt.Axis(title=None, tickCount=6, labelAngle=0, format="%Y-%m"))
    y = alt.Y("rate:Q", axis=theme.amounts(say("rolled on"), ".0%"))
    colour = alt.Color(
        "step:N", scale=alt.Scale(domain=list(names), range=list(theme.SERIES)), legend=None
    )
    base = alt.Chart(theme.source(points)).encode(x=x, y=y, color=colour)
    line = base.mark_line(strokeWidth=2)
    dots = base.mark_point(filled=True, size=24).encode(tooltip=theme.tips())
    return theme.finish(alt.layer(line, dots), 260)


def way_to_default(moves: Moves) -> dict[str, Any]:
    """Of those who begin current: the part in default by month on, in its interval."""
    rows: list[Record] = [
        {
            "month": (at + 1) * moves.step_months,
            "chance": chance,
            "low": moves.bad_low[at],
            "high": moves.bad_high[at],
            "tips": {
                "title": say("after {n} months", n=(at + 1) * moves.step_months),
                say("In default"): percent(chance),
                say("Interval"): span(percent(moves.bad_low[at]), percent(moves.bad_high[at])),
            },
        }
        for at, chance in enumerate(moves.bad)
    ]
    x = alt.X("month:Q", axis=theme.amounts(say("months"), "~g", tickMinStep=1))
    axis = theme.amounts(say("in default"), ".1%")
    base = alt.Chart(theme.source(rows)).encode(x=x, tooltip=theme.tips())
    band = base.mark_area(color=theme.BAND, opacity=0.55).encode(
        y=alt.Y("low:Q", axis=axis), y2="high:Q"
    )
    line = base.mark_line(color=theme.BLUE, strokeWidth=2, point=True).encode(
        y=alt.Y("chance:Q", axis=axis)
    )
    return theme.finish(alt.layer(band, line), 240)


def limit_bars(limits: Sequence[LimitUse], names: Sequence[str]) -> dict[str, Any]:
    """Use of each limit as a bar; a line stands where all of it is used."""
    rows: list[Record] = [
        {
            "name": theme.wrapped(name),
            "use": each.use,
            "colour": theme.RUST if each.broken else theme.GOLD if each.use > 0.8 else theme.TEAL,
            "text": percent(each.use),
            "tips": {"title": name, say("Used"): percent(each.use)},
        }
        for name, each in zip(names, limits, strict=True)
    ]
    x = alt.X("use:Q", axis=theme.amounts(say("part of the limit used"), ".0%"))
    base = alt.Chart(theme.source(rows)).encode(y=theme.bare("name"), tooltip=theme.tips())
    bars = base.mark_bar(height=16).encode(x=x, color=alt.Color("colour:N", scale=None))
    texts = base.mark_text(align="left", dx=6).encode(x=x, text="text:N")
    full = alt.Chart(theme.source([{"at": _FULL}])).mark_rule(color=theme.INK, strokeDash=[4, 3])
    layers = alt.layer(bars, texts, full.encode(x="at:Q"))
    return theme.finish(layers, 30 * len(rows) + 40, theme.room([row["text"] for row in rows]))
