"""What is drawn of a figure: every value in its place, none lost, no name on another."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from equipoise.service.pages.charts import (
    Axis,
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
)
from equipoise.service.pages.charts.bars import draw_bars
from equipoise.service.pages.charts.labels import Room, shared
from equipoise.service.pages.charts.lines import draw_lines
from equipoise.service.pages.charts.steps import draw_steps
from equipoise.texts.lettering import width_of
from equipoise.texts.numbers import THIN

_TWO = Lines(
    "Loss by month", "", Axis("month"), Axis("loss", "share", zero=True),
    (
        Series("today", (Reading(0, 0.0), Reading(5, None), Reading(10, 0.04, 0.02, 0.06)), "both"),
        Series("new", (Reading(0, 0.02, 0.01, 0.03), Reading(10, 0.05, 0.04, 0.06))),
    ),
    marks=(Mark("Here", 5, 0.03, 0.02, 0.04), Mark("There", 5, 0.03)),
    rules=(Rule("the limit", 0.055),),
)  # fmt: skip
_GAINS = Bars(
    "Who gains", "", Axis("gain", "money", "EUR"), ("before", "after"),
    (
        Bar("north", (Cell(100.0, 80.0, 130.0), Cell(-50.0))),
        Bar("south", (Cell(None, text="too few"), Cell(20.0))),
    ),
    rules=(Rule("needed", 90.0, "x"),),
)  # fmt: skip
_FUNNEL = Steps("From first page", "", (Step("opened", 200), Step("sent", 80), Step("paid", 8)))


def test_lines_stand_at_their_values_and_break_where_one_is_missing() -> None:
    drawing = draw_lines(_TWO, 720, 320)
    first, second, joined = (path.d for path in drawing.paths)
    assert first.count("L") == second.count("L") == 0, "two runs of one reading each"
    assert joined.count("L") == 1
    (x1, y1), (x2, y2) = _places(joined)
    floor = max(stroke.y1 for stroke in drawing.strokes if stroke.look == "grid") - 4
    roof = min(stroke.y1 for stroke in drawing.strokes if stroke.look == "grid")
    assert x1 < x2
    assert (floor - y1) / (floor - roof) == pytest.approx(0.02 / 0.06, abs=0.01)
    assert (floor - y2) / (floor - roof) == pytest.approx(0.05 / 0.06, abs=0.01)


def test_a_line_with_intervals_has_a_band_and_points_have_whiskers() -> None:
    drawing = draw_lines(_TWO, 720, 320)
    assert [area.look for area in drawing.areas] == ["band series series-1"]
    assert len(_places(drawing.areas[0].d)) == 4
    assert sum("whisker mark" in stroke.look for stroke in drawing.strokes) == 3


def test_every_point_says_its_values() -> None:
    tips = [dot.tip for dot in draw_lines(_TWO, 720, 320).dots if dot.tip]
    assert f"today\nmonth: 10\nloss: 4.00{THIN}%\nInterval: 2.00{THIN}% to 6.00{THIN}%" in tips
    assert f"Here\nmonth: 5\nloss: 3.00{THIN}%\nInterval: 2.00{THIN}% to 4.00{THIN}%" in tips


def test_series_and_marks_differ_by_more_than_their_colour() -> None:
    drawing = draw_lines(_TWO, 720, 320)
    shapes = {dot.look: re.sub(r"M[\d.]+ [\d.]+", "", dot.d) for dot in drawing.dots}
    assert len(set(shapes.values())) == len(shapes) == 3


@pytest.mark.parametrize("width", [720, 335])
def test_the_names_of_marks_cover_nothing_and_stay_inside(width: float) -> None:
    room = Room(width, 0, 300, 7)
    spots = [(20, 150), (24, 152), (width - 20, 150), (width - 22, 148), (width / 2, 290)]
    marks = [(x - 7, y - 7, x + 7, y + 7) for x, y in spots]
    for each in marks:
        room.take(each)
    names = ["Today", "Recommended", "Observed this month", "A point", "Another"]
    boxes = []
    for name, (x, y) in zip(names, spots, strict=True):
        left, base, anchor = room.beside(name, x, y)
        wide = width_of(name, 12, bold=True)
        start = left if anchor == "start" else left - wide
        assert start >= 0 and start + wide <= width
        boxes.append((start, base - 12, start + wide, base + 4))
    for one, other in combinations([*boxes, *marks[:0]], 2):
        assert shared(one, other) == 0


@pytest.mark.parametrize("width", [720, 335])
def test_nothing_of_a_picture_lies_outside_it(width: float) -> None:
    for drawing in (
        draw_lines(_TWO, width, 300),
        draw_bars(_GAINS, width),
        draw_steps(_FUNNEL, width),
    ):
        for text in drawing.texts:
            wide = width_of(text.text, 12, bold="mark-name" in text.look)
            off = {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
            assert text.x - off >= -1, text
            assert text.x - off + wide <= width + 1, text
            assert 0 <= text.y <= drawing.height, text
        for rect in drawing.rects:
            assert rect.x >= 0 and rect.x + rect.width <= width + 0.1, rect


def test_bars_reach_from_zero_to_their_value_on_both_sides() -> None:
    drawing = draw_bars(_GAINS, 720)
    bars = {rect.tip.split(":")[0]: rect for rect in drawing.rects if rect.tip}
    zero = next(stroke.x1 for stroke in drawing.under if stroke.look == "zero")
    up, down = bars["north, before"], bars["north, after"]
    assert up.x == pytest.approx(zero)
    assert down.x + down.width == pytest.approx(zero)
    assert up.width / down.width == pytest.approx(100 / 50)
    assert (up.look, down.look) == ("bar bar-solid", "bar bar-hollow below")
    assert "south, before" not in bars, "nothing is drawn of what is not known"
    assert any(text.text == "too few" for text in drawing.texts)


def test_a_funnel_shows_who_came_and_who_was_lost() -> None:
    drawing = draw_steps(_FUNNEL, 720)
    came = [rect for rect in drawing.rects if rect.look == "bar bar-solid"]
    lost = [rect for rect in drawing.rects if rect.look == "bar bar-lost"]
    assert [rect.width / came[0].width for rect in came] == pytest.approx([1, 0.4, 0.04])
    assert [rect.width / came[0].width for rect in lost] == pytest.approx([0.6, 0.36])
    assert any(text.text == f"40.0{THIN}% (80/200)" for text in drawing.texts)


def test_a_table_holds_every_value() -> None:
    table = _TWO.table
    assert table.head == ("Name", "month", "loss", "Interval")
    assert len(table.rows) == 3 + 2 + 2 + 1
    assert ("today", "5", "–", "") in table.rows
    assert ("the limit", "–", f"5.50{THIN}%", "") in table.rows
    assert _GAINS.table.rows[0] == (
        "north", f"EUR{THIN}100", f"EUR{THIN}80 to EUR{THIN}130", f"EUR{THIN}−50",
    )  # fmt: skip


def test_a_funnel_s_table_tells_few_people_as_counts_alone() -> None:
    few = Steps("few", "", (Step("opened", 9), Step("sent", 3)))
    assert few.table.rows[1] == ("sent", "3", "3/9", "3/9")
    assert _FUNNEL.table.head == ("Step", "Came", "Of the first step", "Of the step before")


@pytest.mark.parametrize("width", [720, 335])
def test_figures_of_nothing_are_drawn(width: float) -> None:
    draw_lines(Lines("", "", Axis("x"), Axis("y"), ()), width, 300)
    draw_bars(Bars("", "", Axis("x"), ("",), ()), width)
    draw_steps(Steps("", "", ()), width)
    draw_steps(Steps("", "", (Step("opened", 0), Step("sent", 0))), width)


def _places(d: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", d)]
