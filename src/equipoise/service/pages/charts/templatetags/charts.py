"""`{% chart figure %}` draws a figure, `{% chart_table figure %}` writes its values as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from equipoise.service.pages.charts.bars import draw_bars
from equipoise.service.pages.charts.drawn import Drawing
from equipoise.service.pages.charts.falls import draw_falls
from equipoise.service.pages.charts.figures import Bars, Falls, Figure, Lines
from equipoise.service.pages.charts.lines import draw_lines
from equipoise.service.pages.charts.steps import draw_steps

register = template.Library()
# A picture for wide pages and one for narrow ones, of which the style sheet shows one: letters
# have the same size on both.
_SIZES = (("wide", 720.0, 320.0), ("narrow", 335.0, 280.0))


@register.inclusion_tag("charts/chart.html")
def chart(figure: Figure) -> Mapping[str, Any]:
    """The figure as SVG, once for wide pages and once for narrow ones."""
    return {"drawings": [(size, _drawn(figure, width, height)) for size, width, height in _SIZES]}


@register.inclusion_tag("charts/table.html")
def chart_table(figure: Figure) -> Mapping[str, Any]:
    """The figure's values as a table that opens."""
    table = figure.table
    rows = [list(zip(table.head, row, strict=True)) for row in table.rows]
    return {"table": table, "rows": rows}


def _drawn(figure: Figure, width: float, height: float) -> Drawing:
    if isinstance(figure, Lines):
        return draw_lines(figure, width, height)
    if isinstance(figure, Falls):
        return draw_falls(figure, width)
    return draw_bars(figure, width) if isinstance(figure, Bars) else draw_steps(figure, width)
