"""A desk's load over a rehearsal as a picture: what waited, and how much of it was overdue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from equipoise.rehearsal.load import Load

_WIDE, _HIGH = 900, 320
_LEFT, _TOP, _BELOW = 48, 64, 40
_WAITS, _OVERDUE, _INK, _LINE = "#4a7ebb", "#c0392b", "#222222", "#bbbbbb"
_MOST_TICKS = 10


def drawn(loads: Sequence[Load], said: Iterable[str]) -> str:
    """As SVG, with what the report says of it first for readers who do not see it."""
    lines = [each.strip() for each in said]
    head = next((each for each in lines if each.startswith("answered")), lines[0] if lines else "")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="{_INK}">',
        f"<title>{escape(head)}</title>",
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="18">{escape(lines[0] if lines else "")}</text>',
        f'<text x="{_LEFT}" y="36">{escape(head.partition("; ")[0])}</text>',
        f'<rect x="{_LEFT}" y="46" width="10" height="10" fill="{_WAITS}"/>'
        f'<text x="{_LEFT + 14}" y="55">cases that wait</text>',
        f'<rect x="{_LEFT + 120}" y="46" width="10" height="10" fill="{_OVERDUE}"/>'
        f'<text x="{_LEFT + 134}" y="55">of them overdue</text>',
        *_plot(loads),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _plot(loads: Sequence[Load]) -> Iterable[str]:
    if len(loads) < 2:
        yield f'<text x="{_LEFT}" y="{_HIGH // 2}">nothing was counted</text>'
        return
    begin = loads[0].at
    hours = [(each.at - begin).total_seconds() / 3600 for each in loads]
    most, longest = max(1, *(each.waits for each in loads)), max(hours[-1], 1e-9)
    base = _HIGH - _BELOW

    def across(hour: float) -> float:
        return _LEFT + (_WIDE - _LEFT - 16) * hour / longest

    def up(count: float) -> float:
        return base - (base - _TOP) * count / most

    for count in sorted({0, most // 2, most}):
        yield (
            f'<path d="M{_LEFT} {up(count):.1f}H{_WIDE - 16}" stroke="{_LINE}"/>'
            f'<text x="{_LEFT - 6}" y="{up(count) + 4:.1f}" text-anchor="end">{count}</text>'
        )
    step = max(1, round(longest / _MOST_TICKS))
    for hour in range(0, int(longest) + 1, step):
        yield f'<text x="{across(hour):.1f}" y="{base + 16}" text-anchor="middle">{hour}</text>'
    words = "hours, by the desk's clock"
    yield f'<text x="{_WIDE - 16}" y="{_HIGH - 6}" text-anchor="end">{words}</text>'
    for colour, counts in (
        (_WAITS, [each.waits for each in loads]),
        (_OVERDUE, [each.overdue for each in loads]),
    ):
        points = [
            f"{across(hour):.1f} {up(count):.1f}" for hour, count in zip(hours, counts, strict=True)
        ]
        yield (
            f'<path d="M{points[0]}L{"L".join(points[1:])}L{across(longest):.1f} {base}'
            f'L{across(0):.1f} {base}Z" fill="{colour}" fill-opacity="0.45" stroke="{colour}"/>'
        )
