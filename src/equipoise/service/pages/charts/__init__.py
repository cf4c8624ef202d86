"""Charts as SVG: geometry in plain Python, drawn by templates; no script, no style attribute.

Say what is shown as `Lines`, `Bars` or `Steps` and write `{% load charts %}{% chart figure %}`,
with `{% chart_table figure %}` beside it: the same values as a table.
"""

from __future__ import annotations

from equipoise.service.pages.charts.axes import Axis, Kind
from equipoise.service.pages.charts.figures import (
    Bar,
    Bars,
    Cell,
    Lines,
    Mark,
    Reading,
    Rule,
    Series,
    Step,
    Steps,
    Table,
)

__all__ = [
    "Axis",
    "Bar",
    "Bars",
    "Cell",
    "Kind",
    "Lines",
    "Mark",
    "Reading",
    "Rule",
    "Series",
    "Step",
    "Steps",
    "Table",
]
