"""Text of an SVG broken into lines: the widths of a plain sans serif, as its makers give them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Advance widths of Helvetica in thousandths of its size (Adobe's core metrics), which Arial and
# Liberation Sans share; from the space to the tilde.
_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
# A wide character (CJK Unified Ideographs, and the marks of their width) with the closing marks
# that may not begin a line; or a run of others.
_CLOSING = "、。，；：）！？」』”"
_PIECE = re.compile(
    rf"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60][{_CLOSING}]*"
    rf"|[^\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60]+[{_CLOSING}]*"
)
_OTHER, _WIDE, _SAFETY = 600, 1000, 1.03
BOLDER = 1.08  # how much wider the bold cut is


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a line of text is, in the unit of `size`; a little more than it will be."""
    thousandths = sum(_advance(character) for character in text)
    return thousandths / 1000 * size * _SAFETY * (BOLDER if bold else 1.0)


def broken(text: str, width: float, size: float, *, indent: float = 0.0) -> list[str]:
    """The text in lines no wider than `width`; the first leaves `indent` free before it.

    Breaks at spaces, and between wide characters but before no closing mark; a word wider than a
    line is broken where it has to be.
    """
    lines: list[str] = []
    line, room = "", width - indent
    for gap, word in _pieces(text):
        tried = f"{line}{gap}{word}" if line else word
        if width_of(tried, size) <= room:
            line = tried
            continue
        if line or (indent and not lines):
            lines.append(line)
            room = width
        line = word
        while width_of(line, size) > room and len(line) > 1:
            cut = _longest(line, room, size)
            lines.append(line[:cut])
            line, room = line[cut:], width
    return [*lines, line]


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What a line may end after, each with what stands before it on the same line."""
    for word in text.split(" "):
        gap = " "
        for piece in _PIECE.findall(word) or [""]:
            yield gap, piece
            gap = ""


def _longest(word: str, room: float, size: float) -> int:
    """How many of a word's characters fit; at least one."""
    fitting = (n for n in range(len(word) - 1, 1, -1) if width_of(word[:n], size) <= room)
    return next(fitting, 1)


def printable(text: str) -> str:
    """The text without what XML cannot hold, white space as single spaces."""
    kept = (c if unicodedata.category(c) not in {"Cc", "Cs", "Cn"} else " " for c in text)
    return re.sub(" +", " ", "".join(kept)).strip()


def _advance(character: str) -> int:
    at = ord(character) - 32
    if 0 <= at < len(_WIDTHS):
        return _WIDTHS[at]
    return _WIDE if _is_wide(character) else _OTHER


def wide(text: str) -> int:
    """How many of a text's characters take the width of two, as Chinese ones do."""
    return sum(map(_is_wide, text))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}
