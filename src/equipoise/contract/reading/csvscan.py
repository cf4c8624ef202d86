"""Fast passes over a text file's bytes: is it UTF-8, and has every row as many cells?"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from equipoise.errors import BadInput, Span

_CHUNK = 16 << 20
_QUOTE, _NEWLINE, _RETURN = ord('"'), ord("\n"), ord("\r")


@dataclass(frozen=True, slots=True)
class NotText:
    """Why a file is not UTF-8 text: a `byte` that is none, a `zero` byte, or an `end` inside a
    character; where, and whether other letters before it were UTF-8."""

    kind: Literal["byte", "zero", "end"]
    byte: int
    line: int
    after_other_letters: bool = False

    def refusal(self, name: str) -> BadInput:
        """The refusal of the file, by that name."""
        where, at = Span(name, self.line), f"at byte {self.byte:,}"
        if self.kind == "zero":
            return BadInput(
                f"the file holds a zero byte ({at}): it is not text",
                where=where,
                mend="save the file as UTF-8 text",
            )
        if self.kind == "end":
            return BadInput(
                f"the file ends inside a character ({at}): it is cut short",
                where=where,
                mend="copy the file again, whole",
            )
        mixed = ", although letters before it are: two encodings are mixed"
        return BadInput(
            f"byte {self.byte:,} is not UTF-8" + (mixed if self.after_other_letters else ""),
            where=where,
            mend="save the file as UTF-8, or set `layout.encoding` in contract.yaml",
        )


def first_fault(path: Path) -> NotText | None:
    """The first place where the file is not UTF-8 text; None where all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset, line, letters = 0, 1, False
    for chunk in _chunks(path):
        body = chunk.removeprefix(codecs.BOM_UTF8) if offset == 0 else chunk
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            at = error.start - pending
            line += chunk[: max(at, 0)].count(b"\n")
            letters = letters or not chunk[: max(at, 0)].isascii()
            return NotText("byte", offset + at, line, letters)
        nul = chunk.find(b"\0")
        if nul >= 0:
            return NotText("zero", offset + nul, line + chunk[:nul].count(b"\n"))
        letters = letters or not body.isascii()
        offset += len(chunk)
        line += chunk.count(b"\n")
    return NotText("end", offset, line) if decoder.getstate()[0] else None


def looks_regular(path: Path, separator: str, width: int, below: int = 0) -> bool:
    """Whether every row below that byte has `width` cells and every quote is closed.

    Counts separators outside quotes without splitting the text, so it errs only on the side of
    False (a lone quote inside a cell); the caller then looks row by row.
    """
    inside = 0
    carried = 0  # separators of the row that the last chunk left unfinished
    fresh = True  # nothing of the current row has been seen yet
    for chunk in _chunks(path, below):
        data = np.frombuffer(chunk, dtype=np.uint8)
        outside, inside = _outside_quotes(data, inside)
        ends = np.flatnonzero((data == _NEWLINE) & outside)
        marks = np.flatnonzero((data == ord(separator)) & outside)
        counts = np.diff(np.searchsorted(marks, ends), prepend=0)
        if ends.size:
            counts[0] += carried
            if (counts != width - 1).any() or _has_blank_row(data, ends, fresh=fresh):
                return False
            carried = marks.size - int(np.searchsorted(marks, ends[-1]))
            fresh = bool(ends[-1] == data.size - 1)
        else:
            carried += marks.size
            fresh = False
    return inside == 0 and (fresh or carried == width - 1)


def _chunks(path: Path, below: int = 0) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(below)
        while chunk := file.read(_CHUNK):
            yield chunk


def _outside_quotes(data: npt.NDArray[np.uint8], inside: int) -> tuple[npt.NDArray[np.bool_], int]:
    quotes = data == _QUOTE
    if not quotes.any():
        return np.full(data.size, inside == 0), inside
    parity = (np.cumsum(quotes, dtype=np.uint8) + np.uint8(inside)) & np.uint8(1)
    return parity == 0, int(parity[-1])


def _has_blank_row(data: npt.NDArray[np.uint8], ends: npt.NDArray[np.intp], *, fresh: bool) -> bool:
    gaps = np.diff(ends)
    blank = gaps == 1
    blank |= (gaps == 2) & (data[ends[1:] - 1] == _RETURN)
    starts_blank = data[0] == _NEWLINE or (data[0] == _RETURN and int(ends[0]) == 1)
    return bool(blank.any()) or (fresh and bool(starts_blank))


def ends_in_returns(path: Path) -> bool:
    """Whether lines end in a carriage return alone, as on old Macintoshes."""
    returns = False
    for chunk in _chunks(path):
        if b"\n" in chunk:
            return False
        returns = returns or b"\r" in chunk
    return returns


def offset_of(path: Path, lines: int) -> int:
    """Where the text goes on below its first `lines` lines."""
    with path.open("rb") as file:
        for _ in range(lines):
            file.readline()
        return file.tell()
