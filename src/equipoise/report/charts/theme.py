"""The look every chart shares, and how a chart becomes a spec.

Colours are CSS custom properties, so one drawing follows the page into dark mode and onto paper;
`resolved` puts the light values in their place where there is no page.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any, cast

import altair as alt

from equipoise.texts.lettering import wide
from equipoise.texts.numbers import written
from equipoise.texts.saying import spoken

INK, SOFT, FAINT, PAPER = "var(--ink)", "var(--soft)", "var(--line)", "var(--paper)"
BLUE, TEAL, RUST, GOLD, VIOLET = (
    "var(--blue)",
    "var(--teal)",
    "var(--rust)",
    "var(--gold)",
    "var(--violet)",
)
BAND, MUTED = "var(--band)", "var(--muted)"
SERIES = (BLUE, GOLD, TEAL, VIOLET, RUST)

# The same values stand in style.css; a test holds the two together.
LIGHT = {
    INK: "#1c2530",
    SOFT: "#55606e",
    FAINT: "#d5dbe2",
    PAPER: "#ffffff",
    BLUE: "#1f5fa8",
    TEAL: "#0f766e",
    RUST: "#b4451f",
    GOLD: "#b7791f",
    VIOLET: "#6d4aa3",
    BAND: "#c3d7ee",
    MUTED: "#9aa6b3",
}
Drawn = alt.Chart | alt.LayerChart | alt.FacetChart

# Chinese stands in a font made for it, before what a system would put in its place.
FONTS = {
    "zh": "'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif"
}
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "domainColor": FAINT,
        "gridColor": FAINT,
        "gridOpacity": 0.7,
        "tickColor": FAINT,
        "labelColor": SOFT,
        "labelFontSize": 12,
        "titleColor": SOFT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelOverlap": True,
        "labelLimit": 280,
    },
    "axisY": {
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "start",
        "titleY": -12,
        "titleBaseline": "bottom",
    },
    "axisX": {"titleAnchor": "end"},
    "text": {"color": INK, "fontSize": 12},
    "bar": {"cornerRadiusEnd": 2},
    "style": {"cell": {"stroke": None}},
}


def source(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Rows as a chart's data."""
    return alt.InlineData(values=cast(Any, rows))


def tips() -> alt.Tooltip:
    """The hover card: each row carries ready text under `tips`, a map of label to value."""
    return alt.Tooltip("tips:N")


def bare(field: str, **more: Any) -> alt.Y:
    """A categorical y axis of names: no title, no ticks, in the order of the data."""
    most, space = (22, "") if spoken() == "zh" else (40, " ")
    axis = alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelColor=INK,
        labelPadding=8,
        labelExpr=f"containerSize()[0] > 560 && length(datum.label) < {most}"
        f" ? replace(datum.label, '\\n', '{space}') : split(datum.label, '\\n')",
    )
    return alt.Y(f"{field}:N", sort=None, axis=axis, **more)


def wrapped(name: str, width: int = 24) -> str:
    """A long name with a break, taken where the page is narrow so that bars keep their room."""
    if len(name) <= width and not wide(name):
        return name
    if wide(name):
        return _halved(name) if len(name) + wide(name) > width else name
    lines = textwrap.wrap(
        name,
        max(width - 4, len(name) // 2 + 4),
        max_lines=2,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "\n".join(lines)


def _halved(name: str) -> str:
    """A name without spaces, broken after the mark that is nearest to its middle."""
    middle = -(-len(name) // 2)
    ends = list(enumerate(name[:-1], 1))
    clauses = [at for at, character in ends if character in "：，"]
    marks = clauses or [at for at, character in ends if character in "、）/ "] or [middle]
    at = min(marks, key=lambda place: abs(place - middle))
    return f"{name[:at]}\n{name[at:]}"


def names(field: str, **more: Any) -> alt.X:
    """A categorical x axis of names, in the order of the data."""
    axis = alt.Axis(title=None, ticks=False, labelAngle=0, labelPadding=6, **more)
    return alt.X(f"{field}:N", sort=None, axis=axis)


def amounts(title: str | list[str] | None, d3: str = "~s", **more: Any) -> alt.Axis:
    """A numeric axis with few ticks and a plain zero (d3 would write 0k or 0M)."""
    axis: dict[str, Any] = {"title": title, "tickCount": 5, **more}
    if d3:
        axis["labelExpr"] = f"datum.value === 0 ? '0' : {_written(d3)}"
    return alt.Axis(**axis)


def _written(d3: str) -> str:
    """A tick as an expression; large amounts in the words of the language spoken now."""
    ticks = written().ticks if d3 == "~s" else ()
    shown = f"format(datum.value, '{',~g' if ticks else d3}')"
    for size, word in ticks:
        large = f"format(datum.value / {size:.0f}, ',~g') + '{word}'"
        shown = f"abs(datum.value) >= {size:.0f} ? {large} : {shown}"
    return shown


def people(title: str) -> alt.Axis:
    """An axis of people: ticks on whole ones only (d3 would write half a person as 500m)."""
    shown = f"datum.value % 1 ? '' : datum.value === 0 ? '0' : {_written('~s')}"
    return alt.Axis(title=title, tickCount=5, tickMinStep=1, labelExpr=shown)


def room(texts: Iterable[str]) -> int:
    """Pixels to keep free at the right for figures beside the ends of bars."""
    return 14 + 6 * max((len(text) + wide(text) for text in texts), default=0)


def finish(chart: Drawn, height: int, right: int = 12) -> dict[str, Any]:
    """The chart as a spec that fills its container's width."""
    # Checked against the schema in the tests; checking on every report would triple its time.
    spec = chart.to_dict(validate=False)
    spec.pop("$schema", None)
    spec["config"] = {**_CONFIG, "font": FONTS.get(spoken(), FONT)}
    spec["width"], spec["height"] = "container", height
    spec["autosize"] = {"type": "fit", "contains": "padding"}
    spec["padding"] = {"left": 4, "right": right, "top": 6, "bottom": 4}
    return spec


def resolved(value: Any) -> Any:
    """The spec with the light theme's colours in place of the custom properties."""
    if isinstance(value, str):
        return LIGHT.get(value, value)
    if isinstance(value, dict):
        return {key: resolved(item) for key, item in value.items()}
    return [resolved(item) for item in value] if isinstance(value, list) else value
