"""Horizontal bars from zero, with intervals; names at the side, or above where it is narrow."""

from __future__ import annotations

from dataclasses import dataclass, replace

from equipoise.service.pages.charts.axes import Axis, Kind, Scale, Value, laid
from equipoise.service.pages.charts.drawn import (
    LETTERS,
    LINE,
    SIZE,
    Drawing,
    Rect,
    Stroke,
    Text,
    legend,
    room_of,
)
from equipoise.service.pages.charts.figures import Bar, Bars, Cell
from equipoise.texts.lettering import broken
from equipoise.texts.numbers import ABSENT, span
from equipoise.texts.saying import say

THICK, GAP = 14.0, 12.0  # of a bar; between rows
NARROW = 480.0  # below this width names stand above their bars
_LOOKS = ("solid", "hollow", "faint")
_NAMES = 0.34  # of the width that names may take at the side


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure's scale, and the drawing that it goes on."""

    figure: Bars
    drawing: Drawing
    scale: Scale


def draw_bars(figure: Bars, width: float) -> Drawing:
    """The figure in a drawing of this width, as high as its rows take."""
    drawing = Drawing(figure.title, figure.described, width, 0)
    named = [(name, f"bar bar-{_LOOKS[at]}", "bar") for at, name in enumerate(figure.names)]
    top = legend(drawing, named if len(named) > 1 else [], 0.0, 0.0)
    top = _rule_names(top, figure, drawing)
    sheet = Sheet(figure, drawing, _scale(figure, width))
    bottom = top
    for bar in figure.rows:
        bottom = _row(sheet, bar, bottom)
    _ticks(sheet, top, bottom)
    drawing.height = bottom + 2 * LINE + 10
    return drawing


def _scale(figure: Bars, width: float) -> Scale:
    """From zero to the longest bar, with room for names at the left and figures at the right."""
    left = names_room([bar.name for bar in figure.rows], width)
    written = [_written(figure.axis, cell) for bar in figure.rows for cell in bar.cells]
    right = width - max((room_of(text) for text in written), default=0) - 8
    values: list[Value | None] = [rule.at for rule in figure.rules]
    values += [v for bar in figure.rows for c in bar.cells for v in (c.value, c.low, c.high)]
    axis = replace(figure.axis, zero=True, kind=Kind.LINEAR)
    return laid(axis, values, left, right, max(2, int((right - left) / 64)))


def names_room(names: list[str], width: float) -> float:
    """Room at the side for names; hardly any where they stand above."""
    if width < NARROW:
        return 4.0
    widest = max((room_of(name) for name in names), default=0.0)
    return min(widest, width * _NAMES) + 12


def write_name(drawing: Drawing, name: str, width: float, top: float) -> float:
    """Write a name in lines no wider than `width` from `top` down; where it ends."""
    for line in broken(name, width, LETTERS):
        drawing.texts.append(Text(0, top + SIZE, line, look="named"))
        top += LINE
    return top


def _row(sheet: Sheet, bar: Bar, top: float) -> float:
    """Draw one row from `top` down; where it ends."""
    drawing, high = sheet.drawing, len(bar.cells) * (THICK + 2)
    if drawing.width < NARROW:
        top = bottom = write_name(drawing, bar.name, drawing.width, top) + 2
    else:
        lines = len(broken(bar.name, sheet.scale.start - 12, LETTERS)) * LINE
        first = top + max(0.0, (high - lines) / 2)
        bottom = write_name(drawing, bar.name, sheet.scale.start - 12, first)
    for at, cell in enumerate(bar.cells):
        _bar(sheet, bar, at, cell, top + at * (THICK + 2))
    return max(bottom, top + high) + GAP


def _bar(sheet: Sheet, bar: Bar, at: int, cell: Cell, top: float) -> None:
    axis, scale = sheet.figure.axis, sheet.scale
    text, zero = _written(axis, cell), scale.place(0.0)
    end = zero
    if cell.value is not None:
        end = scale.place(cell.value)
        look = f"bar bar-{_LOOKS[at]}" + (" below" if cell.value < 0 else "")
        left, wide = min(zero, end), max(abs(end - zero), 0.5)
        tip = _tip(sheet.figure, bar, at, cell)
        sheet.drawing.rects.append(Rect(left, top, wide, THICK, look, tip))
    if cell.low is not None and cell.high is not None:
        _whisker(sheet.drawing, scale.place(cell.low), scale.place(cell.high), top + THICK / 2)
        end = max(end, scale.place(cell.high))
    place = max(end, zero) + 6
    sheet.drawing.texts.append(Text(place, top + THICK - 3, text, look="value"))


def _tip(figure: Bars, bar: Bar, at: int, cell: Cell) -> str:
    name = f"{bar.name}, {figure.names[at]}" if len(figure.names) > 1 else bar.name
    tip = f"{name}: {_written(figure.axis, cell)}"
    if cell.low is None or cell.high is None:
        return tip
    between = span(figure.axis.write(cell.low), figure.axis.write(cell.high))
    return f"{tip}\n{say('Interval')}: {between}"


def _whisker(drawing: Drawing, low: float, high: float, y: float) -> None:
    drawing.strokes.append(Stroke(low, y, high, y, "whisker"))
    for end in (low, high):
        drawing.strokes.append(Stroke(end, y - 4, end, y + 4, "whisker"))


def _written(axis: Axis, cell: Cell) -> str:
    return cell.text or (ABSENT if cell.value is None else axis.write(cell.value))


def _rule_names(top: float, figure: Bars, drawing: Drawing) -> float:
    """The names of rules stand above the bars, each with its value."""
    for rule in figure.rules:
        text = f"┆ {rule.name}: {figure.axis.write(rule.at)}"
        drawing.texts.append(Text(0, top + SIZE, text, look="rule-name"))
        top += LINE
    return top + 6


def _ticks(sheet: Sheet, top: float, bottom: float) -> None:
    drawing, scale = sheet.drawing, sheet.scale
    shown = _without_overlap(scale)
    grid = []
    for tick in scale.ticks:
        at = scale.place(tick.value)
        look = "zero" if tick.value == 0 else "grid"
        grid.append(Stroke(at, top - 4, at, bottom - GAP + 6, look))
        if tick.value in shown:
            held = max(at, room_of(tick.text) / 2)
            drawing.texts.append(Text(held, bottom + 8, tick.text, "middle", "tick"))
    drawing.under += grid
    for rule in sheet.figure.rules:
        at = scale.place(rule.at)
        drawing.strokes.append(Stroke(at, top - 4, at, bottom - GAP + 6, "rule"))
    title = sheet.figure.axis.title
    drawing.texts.append(Text(drawing.width, bottom + LINE + 10, title, "end", "axis"))


def _without_overlap(scale: Scale) -> set[float]:
    """Which ticks are written: every one, or every second, third and so on."""
    widest = max(room_of(tick.text) for tick in scale.ticks) + 10
    apart = abs(scale.end - scale.start) / max(len(scale.ticks) - 1, 1)
    every = max(1, int(-(-widest // apart)))
    return {tick.value for tick in scale.ticks[::every]}
