"""Charts as SVG: geometry in plain Python, drawn by templates; no script, no style attribute.

Say what is shown as `Lines`, `Bars`, `Steps` or `Falls` and write
`{% load charts %}{% chart figure %}`, with `{% chart_table figure %}` beside it: the same values as
a table.
"""

from __future__ import annotations

from equipoise.service.pages.charts.axes import Axis, Kind
from equipoise.service.pages.charts.figures import (
    Bar,
    Bars,
    Cell,
    Fall,
    Falls,
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
    "Fall",
    "Falls",
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
