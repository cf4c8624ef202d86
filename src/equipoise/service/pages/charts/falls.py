"""A waterfall: bars under each other, each beginning where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.service.pages.charts.axes import laid
from equipoise.service.pages.charts.bars import GAP, NARROW, THICK, names_room, write_name
from equipoise.service.pages.charts.drawn import LINE, Drawing, Rect, Stroke, Text, room_of
from equipoise.service.pages.charts.figures import Fall, Falls


@dataclass(frozen=True, slots=True)
class Span:
    """A bar from where it begins to where it ends."""

    fall: Fall
    start: float
    end: float


def draw_falls(figure: Falls, width: float) -> Drawing:
    """The figure in a drawing of this width, as high as its rows take."""
    drawing = Drawing(figure.title, figure.described, width, 0)
    spans = list(spans_of(figure))
    names = [each.fall.name for each in spans]
    left = names_room(names, width)
    right = width - max((room_of(each.fall.text) for each in spans), default=0) - 12
    values = [0.0, *(at for each in spans for at in (each.start, each.end))]
    scale = laid(figure.axis, values, left, right, max(2, int((right - left) / 72)))
    top = 4.0
    for each in spans:
        top = _named(drawing, each.fall.name, left, top)
        begin, end = scale.place(each.start), scale.place(each.end)
        low, wide = min(begin, end), max(abs(end - begin), 0.5)
        tip = f"{each.fall.name}: {each.fall.text}"
        drawing.rects.append(Rect(low, top, wide, THICK, _look(figure, each), tip))
        drawing.strokes.append(Stroke(end, top + THICK, end, top + THICK + GAP, "zero"))
        drawing.texts.append(Text(low + wide + 6, top + THICK - 3, each.fall.text, look="value"))
        top += THICK + GAP
    drawing.strokes = drawing.strokes[:-1]  # nothing follows the last
    for tick in scale.ticks:
        at = scale.place(tick.value)
        drawing.under.append(Stroke(at, 0, at, top, "zero" if tick.value == 0 else "grid"))
        drawing.texts.append(Text(at, top + LINE - 2, tick.text, "middle", "tick"))
    drawing.texts.append(Text(width, top + 2 * LINE + 2, figure.axis.title, "end", "axis"))
    drawing.height = top + 2 * LINE + 10
    return drawing


def spans_of(figure: Falls) -> Iterator[Span]:
    """Where each bar begins and ends: a level from zero, a change from where the last one ended."""
    at = 0.0
    for fall in figure.rows:
        start = 0.0 if fall.whole else at
        at = start + fall.value
        yield Span(fall, start, at)


def _named(drawing: Drawing, name: str, left: float, top: float) -> float:
    """Write a row's name at its side, or above it where it is narrow; where its bar begins."""
    if drawing.width < NARROW:
        return write_name(drawing, name, drawing.width, top) + 2
    write_name(drawing, name, left - 6, top)
    return top


def _look(figure: Falls, span: Span) -> str:
    if span.fall.whole:
        return "bar bar-solid"
    is_worse = (span.end > span.start) == figure.worse
    return "bar bar-fall worse" if is_worse else "bar bar-fall better"
