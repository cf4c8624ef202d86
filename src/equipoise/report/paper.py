"""The summary on one A4 page: an SVG of fixed size, and the PDF that the chart library makes of it.

Needs no browser: text stays text in the PDF, and there is always exactly one page. What would not
fit is set smaller, and where even that is too long, cut with a mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

import vl_convert

from equipoise.errors import BadInput
from equipoise.report.blocks import Fact, Ground, Tone
from equipoise.report.charts.theme import BLUE, FAINT, GOLD, INK, LIGHT, MUTED, RUST, SOFT, TEAL
from equipoise.report.summary import Summary
from equipoise.texts.lettering import BOLDER, broken, printable, width_of
from equipoise.texts.saying import say, spoken

WIDTH, HEIGHT = 595.28, 841.89  # A4 in points
MARGIN, GUTTER = 34.0, 20.0
INNER = WIDTH - 2 * MARGIN
COLUMN = (INNER - GUTTER) / 2
FONT_ZH = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
SIZES = (9.2, 8.8, 8.4, 8.0, 7.6, 7.2, 6.8, 6.4, 6.0)
CHART_WIDTH, CHART_HEIGHT = 760, 330
MOST = 7  # of a list, where everything is too long
_LAST_LINE = HEIGHT - MARGIN / 2
_TONES: dict[Tone, str] = {"plain": MUTED, "good": TEAL, "warn": GOLD, "bad": RUST}


def page_svg(summary: Summary, chart: str) -> str:
    """The page as SVG, `chart` (an SVG of CHART_WIDTH by CHART_HEIGHT) in it."""
    sheet = next(
        (each for size in SIZES if (each := _set(summary, chart, size)).bottom <= _LAST_LINE),
        None,
    ) or _set(_shortened(summary), chart, SIZES[-1])
    parts = "".join(sheet.parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><rect width="{WIDTH}" height="{HEIGHT}" '
        f'fill="#ffffff"/><g font-family="{_font()}">{parts}</g></svg>'
    )


def page_pdf(summary: Summary, chart: str) -> bytes:
    """The page as a PDF of one A4 page.

    Raises BadInput where no font of this machine has the letters of the language spoken now.
    """
    if not _has_letters(say("Today")):
        raise BadInput(
            "no font of this machine has the letters of the summary's language",
            mend="install one, such as Noto Sans CJK (the page as HTML needs none here)",
        )
    return bytes(vl_convert.svg_to_pdf(page_svg(summary, chart)))


def _has_letters(text: str) -> bool:
    """Whether a font draws the text: without one, nothing of it is drawn."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="20"><text y="16" '
        'font-size="16" font-family="{1}">{2}</text></svg>'
    )
    drawn, empty = (svg.format(20 * len(text), _font(), escape(each)) for each in (text, ""))
    return bool(vl_convert.svg_to_png(drawn) != vl_convert.svg_to_png(empty))


def _font() -> str:
    """Families in the order they are tried; Chinese in one that is made for it."""
    return FONT_ZH if spoken() == "zh" else FONT


def _shortened(summary: Summary) -> Summary:
    """The page with its longest texts cut: the report has them whole."""
    rests, risks = (
        [replace(each, text=_first(each.text)) for each in items[:MOST]]
        for items in (summary.rests, summary.risks)
    )
    return replace(
        summary, headline=_first(summary.headline, 500), rests=rests, risks=risks, small=""
    )


def _first(text: str, most: int = 240) -> str:
    return text if len(text) <= most else f"{text[: most - 2].rstrip()} …"


@dataclass(slots=True)
class _Sheet:
    """What has been set so far, and where it ends."""

    size: float
    parts: list[str] = field(default_factory=list)
    bottom: float = 0.0

    def text(self, x: float, y: float, text: str, **style: object) -> None:
        """One line at its baseline."""
        size = float(str(style.pop("size", self.size)))
        colour = LIGHT[str(style.pop("colour", INK))]
        bold = ' font-weight="700"' if style.pop("bold", False) else ""
        end = ' text-anchor="end"' if style.pop("end", False) else ""
        self.parts.append(
            f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:.2f}" fill="{colour}"{bold}{end}>'
            f"{escape(text)}</text>"
        )
        self.bottom = max(self.bottom, y)

    def led(self, x: float, y: float, name: str, text: str) -> None:
        """A line that a name in bold leads."""
        self.parts.append(
            f'<text x="{x:.2f}" y="{y:.2f}" font-size="{self.size:.2f}" fill="{LIGHT[INK]}">'
            f'<tspan font-weight="700">{escape(name)}</tspan><tspan> {escape(text)}</tspan></text>'
        )
        self.bottom = max(self.bottom, y)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" '
            f'fill="{LIGHT[colour]}"/>'
        )


def _set(summary: Summary, chart: str, size: float) -> _Sheet:
    sheet = _Sheet(size)
    y = _head(sheet, summary)
    y = _facts(sheet, summary.facts, y) if summary.facts else y
    scale = INNER / CHART_WIDTH
    # its outermost labels reach over its own edge
    inner = re.sub(r"<\?xml[^>]*\?>", "", chart).replace("<svg ", '<svg overflow="visible" ', 1)
    sheet.parts.append(
        f'<g transform="translate({MARGIN:.2f},{y:.2f}) scale({scale:.4f})">{inner}</g>'
    )
    y += CHART_HEIGHT * scale + 12
    left = _levels(sheet, summary.levels, y)
    left = _list(sheet, say("What could go wrong"), summary.risks, MARGIN, left + 4)
    right = _list(sheet, say("What this rests on"), summary.rests, MARGIN + COLUMN + GUTTER, y)
    y = max(left, right) + 2
    small = size * 0.86
    for line in broken(printable(summary.small), INNER, small):
        sheet.text(MARGIN, y, line, size=small, colour=SOFT)
        y += small * 1.3
    return sheet


def _head(sheet: _Sheet, summary: Summary) -> float:
    y = MARGIN + 2
    sheet.text(MARGIN, y, printable(summary.about), size=8, colour=SOFT)
    title, size = printable(summary.title), 17.0
    while width_of(title, size, bold=True) > INNER and size > 9:
        size -= 0.5
    lines = broken(title, INNER / BOLDER, size)
    for line in [*lines[:1], *(f"{line} …" for line in lines[1:2])]:
        y += size * 1.2
        sheet.text(MARGIN, y, line, size=size, bold=True)
    y += 6
    big = sheet.size + 1.4
    for line in broken(printable(summary.headline), INNER, big):
        y += big * 1.32
        sheet.text(MARGIN, y, line, size=big)
    return y + 8


def _facts(sheet: _Sheet, facts: list[Fact], y: float) -> float:
    width = (INNER - 3 * 8) / 4
    notes = [broken(printable(fact.note), width - 12, sheet.size)[:3] for fact in facts[:4]]
    height = 31 + sheet.size * 1.25 * max(len(lines) for lines in notes)
    for at, (fact, lines) in enumerate(zip(facts[:4], notes, strict=False)):
        x = MARGIN + at * (width + 8)
        sheet.parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" '
            f'fill="#f4f6f8"/>'
        )
        colour = _TONES[fact.tone]
        sheet.box(x, y, width, 2, colour)
        sheet.text(x + 6, y + 11, printable(fact.label), size=7, colour=SOFT)
        value, size = printable(fact.value), 13.0
        while width_of(value, size, bold=True) > width - 12 and size > 6:
            size -= 0.5
        shown = colour if fact.tone in {"good", "bad"} else INK
        sheet.text(x + 6, y + 25, value, size=size, bold=True, colour=shown)
        for row, line in enumerate(lines):
            sheet.text(x + 6, y + 35 + row * sheet.size * 1.25, line, colour=SOFT)
    return y + height + 8


def _levels(sheet: _Sheet, rows: list[list[str]], y: float) -> float:
    if not rows:
        return y
    x, size = MARGIN, sheet.size * 0.92
    step, ends = size * 1.6, (x + COLUMN * 0.52, x + COLUMN * 0.74, x + COLUMN)
    sheet.text(
        x, y, say("Where we stand, and the move"), size=sheet.size + 1.2, bold=True, colour=BLUE
    )
    y += step
    for end, head in zip(ends, (say("Today"), say("Recommended"), say("Change")), strict=True):
        sheet.text(end, y, head, colour=SOFT, end=True, size=size * 0.86)
    for label, *cells in rows:
        sheet.box(x, y + size * 0.45, COLUMN, 0.4, FAINT)
        y += step
        sheet.text(x, y, _cut(label, COLUMN * 0.4, size), size=size)
        for end, cell in zip(ends, cells, strict=False):
            said = re.split(r" \(|（", cell)[0] if width_of(cell, size) > COLUMN * 0.25 else cell
            said = printable(said.replace("percentage ", ""))
            sheet.text(end, y, said, end=True, size=size)
    return y + step


def _cut(text: str, width: float, size: float) -> str:
    lines = broken(printable(text), width, size)
    return lines[0] if len(lines) == 1 else f"{lines[0]} …"


def _list(sheet: _Sheet, title: str, items: list[Ground], x: float, y: float) -> float:
    if not items:
        return y
    sheet.text(x, y, title, size=sheet.size + 1.2, bold=True, colour=BLUE)
    y += 4
    step = sheet.size * 1.27
    for item in items:
        top = y + 2
        *names, name = broken(printable(item.title), (COLUMN - 8) / BOLDER, sheet.size)
        for line in names:
            y += step
            sheet.text(x + 7, y, line, bold=True)
        lead = min(width_of(f"{name} ", sheet.size, bold=True), COLUMN - 9)
        first, *lines = broken(printable(item.text), COLUMN - 8, sheet.size, indent=lead)
        y += step
        sheet.led(x + 7, y, name, first)
        for line in lines:
            y += step
            sheet.text(x + 7, y, line)
        sheet.box(x, top, 2, y - top + 2, _TONES[item.tone])
        y += 5
    return y + 8
