"""Lines, bands, points and named marks over two axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from equipoise.service.pages.charts.axes import Scale, Value, laid
from equipoise.service.pages.charts.drawn import (
    LETTERS,
    LINE,
    SHAPES,
    SIZE,
    Dot,
    Drawing,
    Path,
    Stroke,
    Text,
    legend,
    room_of,
    shape,
)
from equipoise.service.pages.charts.figures import Lines, Mark, Reading, Series
from equipoise.service.pages.charts.labels import MARK, Room
from equipoise.texts.lettering import broken
from equipoise.texts.numbers import span
from equipoise.texts.saying import say

_TICK = 8.0  # between an axis and its letters
_APART = 72.0  # at least this far apart stand two ticks of x; of y, half
_DOT = 3.5


@dataclass(frozen=True, slots=True)
class Plane:
    """A figure's two scales, and the drawing that it goes on."""

    figure: Lines
    drawing: Drawing
    x: Scale
    y: Scale

    def place(self, x: Value, y: Value) -> tuple[float, float]:
        return self.x.place(x), self.y.place(y)


def draw_lines(figure: Lines, width: float, height: float) -> Drawing:
    """The figure in a drawing of this size; a legend or a long title makes it higher."""
    drawing = Drawing(figure.title, figure.described, width, height)
    top = legend(drawing, _legend(figure), 0.0, 0.0)
    for line in broken(figure.y.title, width, LETTERS):
        drawing.texts.append(Text(0, top + SIZE, line, look="axis"))
        top += LINE
    top += 8
    bottom = top + height - 2 * LINE - 2 * _TICK
    y = laid(figure.y, _ys(figure), bottom, top, max(3, int((bottom - top) / (_APART / 2))))
    left = max(room_of(tick.text) for tick in y.ticks) + _TICK
    x = _x(figure, left, width)
    drawing.height = bottom + 2 * LINE + _TICK + 4
    plane = Plane(figure, drawing, x, y)
    _axes(plane)
    for at, series in enumerate(figure.series):
        _series(plane, series, at)
    _rules(plane)
    _marks(plane)
    return drawing


def _ys(figure: Lines) -> Iterator[float | None]:
    for series in figure.series:
        for reading in series.readings:
            yield from (reading.y, reading.low, reading.high)
    for mark in figure.marks:
        yield from (mark.y, mark.low, mark.high)
    for rule in figure.rules:
        if rule.along == "y" and not isinstance(rule.at, float | int):
            raise TypeError("a rule along y stands at a number")
        yield rule.at if rule.along == "y" and isinstance(rule.at, float | int) else None


def _x(figure: Lines, left: float, width: float) -> Scale:
    values: list[Value] = [r.x for series in figure.series for r in series.readings]
    values += [mark.x for mark in figure.marks]
    values += [rule.at for rule in figure.rules if rule.along == "x"]
    right = width - 12
    most = max(2, int((right - left) / _APART))
    while True:
        scale = laid(figure.x, values, left + 6, right, most)
        widest = max((room_of(tick.text) for tick in scale.ticks), default=0)
        fits = len(scale.ticks) * (widest + 12) <= right - left + widest
        if fits or most <= 2:
            return scale
        most -= 1


def _axes(plane: Plane) -> None:
    x, y, drawing = plane.x, plane.y, plane.drawing
    left, right = x.start - 6, drawing.width
    for tick in y.ticks:
        at = y.place(tick.value)
        drawing.strokes.append(Stroke(left, at, right, at, "grid"))
        drawing.texts.append(Text(left - _TICK, at + SIZE / 3, tick.text, "end", "tick"))
    for tick in x.ticks:
        at, half = x.place(tick.value), room_of(tick.text) / 2
        drawing.strokes.append(Stroke(at, y.start, at, y.start + 4, "grid"))
        held = min(max(at, half), right - half)
        drawing.texts.append(Text(held, y.start + LINE + 2, tick.text, "middle", "tick"))
    title = plane.figure.x.title
    drawing.texts.append(Text(right, y.start + 2 * LINE + 6, title, "end", "axis"))


def _series(plane: Plane, series: Series, at: int) -> None:
    look = f"series series-{at % len(SHAPES)}"
    if series.look != "points":
        for run in _runs(series.readings):
            _line(plane, run, look)
    known = [reading for reading in series.readings if reading.y is not None]
    if series.look == "line" and len(known) > 1:
        return
    for reading in known:
        if series.look == "points":
            _whisker(plane, reading, look)
        place = plane.place(reading.x, reading.y or 0.0)
        d = shape(SHAPES[at % len(SHAPES)], *place, _DOT)
        plane.drawing.dots.append(Dot(*place, d, look, _tip(plane.figure, series.name, reading)))


def _line(plane: Plane, run: list[Reading], look: str) -> None:
    """A run of readings as a line, with its band where at least two have intervals."""
    highs = [(r.x, r.high) for r in run if r.low is not None and r.high is not None]
    lows = [(r.x, r.low) for r in run if r.low is not None and r.high is not None]
    if len(highs) > 1:
        edge = _joined(plane, highs + lows[::-1])
        plane.drawing.areas.append(Path(f"{edge}z", f"band {look}"))
    plane.drawing.paths.append(Path(_joined(plane, [(r.x, r.y) for r in run]), look))


def _runs(readings: tuple[Reading, ...]) -> Iterator[list[Reading]]:
    """Readings without a gap between them."""
    for known, run in groupby(readings, lambda reading: reading.y is not None):
        if known:
            yield list(run)


def _joined(plane: Plane, places: Sequence[tuple[Value, float | None]]) -> str:
    steps = (plane.place(x, y) for x, y in places if y is not None)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in steps)


def _whisker(plane: Plane, at: Reading | Mark, look: str) -> None:
    if at.low is None or at.high is None:
        return
    x, low = plane.place(at.x, at.low)
    high = plane.y.place(at.high)
    look = f"whisker {look}"
    plane.drawing.strokes.append(Stroke(x, low, x, high, look))
    plane.drawing.strokes += [Stroke(x - 4, end, x + 4, end, look) for end in (low, high)]


def _rules(plane: Plane) -> None:
    drawing, x, y = plane.drawing, plane.x, plane.y
    for rule in plane.figure.rules:
        if rule.along == "x":
            at = x.place(rule.at)
            drawing.strokes.append(Stroke(at, y.end, at, y.start, "rule"))
            beyond = at + 4 + room_of(rule.name) > drawing.width
            anchor, off = ("end", -4) if beyond else ("start", 4)
            drawing.texts.append(Text(at + off, y.end + SIZE, rule.name, anchor, "rule-name"))
        else:
            at = y.place(rule.at)
            drawing.strokes.append(Stroke(x.start - 6, at, drawing.width, at, "rule"))
            drawing.texts.append(Text(drawing.width, at - 4, rule.name, "end", "rule-name"))


def _marks(plane: Plane) -> None:
    drawing, marks = plane.drawing, plane.figure.marks
    places = [plane.place(mark.x, mark.y) for mark in marks]
    room = Room(drawing.width, plane.y.end, plane.y.start, MARK)
    for x, y in places:
        room.take((x - MARK, y - MARK, x + MARK, y + MARK))
    for dot in drawing.dots:
        room.take((dot.x - _DOT, dot.y - _DOT, dot.x + _DOT, dot.y + _DOT))
    for at, (mark, (x, y)) in enumerate(zip(marks, places, strict=True)):
        look = f"mark mark-{at % len(SHAPES)}" + (" strong" if mark.strong else "")
        _whisker(plane, mark, look)
        d = shape(_marker(at), x, y, MARK + 2 if mark.strong else MARK)
        drawing.dots.append(Dot(x, y, d, look, _tip(plane.figure, mark.name, mark)))
        left, baseline, anchor = room.beside(mark.name, x, y)
        drawing.texts.append(Text(left, baseline, mark.name, anchor, f"mark-name {look}"))


def _marker(at: int) -> str:
    """The shape of a mark: a diamond first, so that it is told from a series' dots."""
    return SHAPES[(at + 2) % len(SHAPES)]


def _tip(figure: Lines, name: str, at: Reading | Mark) -> str:
    lines = [
        name,
        f"{figure.x.label}: {figure.x.write(at.x)}",
        f"{figure.y.label}: {figure.y.write(at.y)}",
    ]
    if at.low is not None and at.high is not None:
        between = span(figure.y.write(at.low), figure.y.write(at.high))
        lines.append(f"{say('Interval')}: {between}")
    return "\n".join([*lines, at.tip] if at.tip else lines)


def _legend(figure: Lines) -> list[tuple[str, str, str]]:
    if len(figure.series) < 2:
        return []
    return [
        (s.name, f"series series-{at % len(SHAPES)}",
         "line" if s.look == "line" else SHAPES[at % len(SHAPES)])
        for at, s in enumerate(figure.series)
    ]  # fmt: skip
