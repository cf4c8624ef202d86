"""Dots with their intervals, one row to a name; and people as parts of one bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from equipoise.report.charts import theme
from equipoise.report.story import Record
from equipoise.review.comparing.comparison import Cell
from equipoise.texts.numbers import count, percent
from equipoise.texts.saying import say

ROW, TALL_ROW = 26, 30  # pixels per name, on one line or two
PEOPLE = {
    "in_in": theme.MUTED,
    "in_out": theme.RUST,
    "out_in": theme.TEAL,
    "out_out": theme.BAND,
}


def whiskers(
    rows: list[Record],
    axis: alt.Axis,
    *,
    rule: float | None = None,
    band: tuple[float, float] | None = None,
    ends: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """A dot and its interval per row of `name`, `value`, `low`, `high`, `colour`, `shape`, `tips`.

    A row's `tick` is drawn as a short line, its `text` stands to the right. `rule` is a line and
    `band` a shaded range; beyond `ends` marks stand at the edge.
    """
    names = [theme.wrapped(str(row["name"])) for row in rows]
    data = [
        {
            **row,
            "name": name,
            "low": row["value"] if row.get("low") is None else row["low"],
            "high": row["value"] if row.get("high") is None else row["high"],
            "text": row.get("text", ""),
        }
        for name, row in zip(names, rows, strict=True)
    ]
    scale = alt.Scale(domain=list(ends), clamp=True) if ends else alt.Scale(padding=12, zero=False)
    base = alt.Chart(theme.source(data)).encode(y=theme.bare("name"), tooltip=theme.tips())
    x = alt.X("low:Q", axis=axis, scale=scale)
    colour = alt.Color("colour:N", scale=None)
    layers: list[alt.Chart] = []
    if band:
        shaded = alt.Chart(theme.source([{"from": band[0], "to": band[1]}]))
        layers.append(
            shaded.mark_rect(color=theme.BAND, opacity=0.45).encode(
                x=alt.X("from:Q", axis=axis, scale=scale), x2="to:Q"
            )
        )
    if rule is not None:
        line = alt.Chart(theme.source([{"at": rule}]))
        layers.append(
            line.mark_rule(color=theme.SOFT).encode(x=alt.X("at:Q", axis=axis, scale=scale))
        )
    layers.append(base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q", color=colour))
    if any(row.get("tick") is not None for row in rows):
        ticked = base.transform_filter("isValid(datum.tick)")
        layers.append(
            ticked.mark_tick(thickness=2.5, height=15, color=theme.INK).encode(
                x=alt.X("tick:Q", axis=axis, scale=scale)
            )
        )
    layers.append(
        base.mark_point(filled=True, size=90, opacity=1).encode(
            x=alt.X("value:Q", axis=axis, scale=scale),
            color=colour,
            shape=alt.Shape("shape:N", scale=None),
        )
    )
    texts = [str(row["text"]) for row in data]
    if any(texts):
        layers.append(
            base.mark_text(align="left", dx=8, fontSize=11).encode(
                x=alt.value("width"), text="text:N"
            )
        )
    right = theme.room(texts) if any(texts) else 12
    row = TALL_ROW if any("\n" in name for name in names) else ROW
    return theme.finish(alt.layer(*layers), 64 + row * max(len(rows), 1), right)


def people(cells: Sequence[tuple[str, Cell]], total: int) -> dict[str, Any]:
    """Everybody as one bar, in parts, each with its label."""
    data = [
        {
            "rank": at,
            "label": label,
            "people": cell.people,
            "colour": PEOPLE[cell.name],
            "tips": {
                "title": label,
                say("Applicants"): count(cell.people),
                say("Share"): percent(cell.people / max(total, 1)),
            },
        }
        for at, (label, cell) in enumerate(cells)
    ]
    chart = (
        alt.Chart(theme.source(data))
        .mark_bar(height=34, cornerRadiusEnd=0, stroke=theme.PAPER, strokeWidth=1)
        .encode(
            x=alt.X(
                "people:Q",
                stack="zero",
                axis=theme.amounts(say("applicants")),
                scale=alt.Scale(domain=[0, max(total, 1)], nice=False),
            ),
            color=alt.Color("colour:N", scale=None),
            order=alt.Order("rank:Q"),
            tooltip=theme.tips(),
        )
    )
    return theme.finish(chart, 104)
