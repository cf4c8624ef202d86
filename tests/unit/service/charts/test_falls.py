"""A waterfall: each bar begins where the last one ended, and the parts lead to the level after."""

from __future__ import annotations

import pytest

from equipoise.service.pages.charts import Axis, Fall, Falls
from equipoise.service.pages.charts.falls import draw_falls, spans_of

FIGURE = Falls(
    "Distance", "", Axis("Distance", "share"),
    (
        Fall("before", 0.10, "10 %", whole=True),
        Fall("who applies", 0.04, "+4"),
        Fall("limits", -0.06, "-6"),
        Fall("now", 0.08, "8 %", whole=True),
    ),
    worse=True,
)  # fmt: skip


def test_bars_lead_from_one_level_to_the_next() -> None:
    places = [(each.start, each.end) for each in spans_of(FIGURE)]
    expected = [(0, 0.10), (0.10, 0.14), (0.14, 0.08), (0, 0.08)]
    assert places == [pytest.approx(each) for each in expected]


@pytest.mark.parametrize("width", [335.0, 720.0])
def test_more_of_what_is_worse_looks_so_and_everything_is_within_the_drawing(width: float) -> None:
    drawing = draw_falls(FIGURE, width)
    looks = [each.look for each in drawing.rects]
    assert looks == ["bar bar-solid", "bar bar-fall worse", "bar bar-fall better", "bar bar-solid"]
    for each in drawing.rects:
        assert each.x >= 0
        assert each.x + each.width <= width
        assert each.y + each.height <= drawing.height
    first, second = drawing.rects[:2]
    assert first.x + first.width == pytest.approx(second.x)
    assert FIGURE.table.rows[1] == ("who applies", "+4")
