"""A funnel: how many came to each step, and who was lost before it."""

from __future__ import annotations

from equipoise.service.pages.charts.bars import GAP, NARROW, THICK, names_room, write_name
from equipoise.service.pages.charts.drawn import Drawing, Rect, Text, room_of
from equipoise.service.pages.charts.figures import Steps, of
from equipoise.texts.numbers import count
from equipoise.texts.saying import say

_THICK = THICK + 4


def draw_steps(figure: Steps, width: float) -> Drawing:
    """Each step's bar beside the widest one's, and after it who was lost since the step before."""
    drawing = Drawing(figure.title, figure.described, width, 0)
    most = max((step.came for step in figure.steps), default=0) or 1
    texts = [of(step.came, figure.steps[0].came) for step in figure.steps]
    narrow = width < NARROW
    room = 0 if narrow else max((room_of(text) for text in texts), default=0) + 10
    left = names_room([step.name for step in figure.steps], width)
    full = max(width - left - room, 40.0)
    top, before = 2.0, 0
    for step, text in zip(figure.steps, texts, strict=True):
        said = f"{step.name}: {text}"
        if narrow:
            top = write_name(drawing, said, width, top) + 2
            below = top + _THICK
        else:
            below = max(write_name(drawing, step.name, left - 12, top + 1), top + _THICK)
            drawing.texts.append(Text(left + full + 8, top + THICK - 1, text, look="value"))
        wide = full * step.came / most
        drawing.rects.append(Rect(left, top, max(wide, 0.5), _THICK, "bar bar-solid", said))
        if before > step.came:
            lost = full * (before - step.came) / most
            tip = say("{n} lost before {step}", n=count(before - step.came), step=step.name)
            drawing.rects.append(Rect(left + wide, top, lost, _THICK, "bar bar-lost", tip))
        top, before = below + GAP, step.came
    drawing.height = top
    return drawing
