"""Two fast passes over a text file's bytes: is it UTF-8, and has every row as many cells?"""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from equipoise.errors import BadInput, Span

_CHUNK = 16 << 20
_QUOTE, _NEWLINE, _RETURN = ord('"'), ord("\n"), ord("\r")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def check_text(path: Path) -> None:
    """Refuse what is not UTF-8 text, naming the byte and its line."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset, line = 0, 1
    for chunk in _chunks(path):
        if offset == 0 and chunk.startswith(_WIDE):
            raise _encoding(path, 0, 1, "the file is UTF-16", "iconv -f UTF-16 -t UTF-8")
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            at = error.start - pending
            line += chunk[: max(at, 0)].count(b"\n")
            raise _not_utf8(path, offset + at, line, chunk[max(at - 50, 0) : at + 50]) from None
        nul = chunk.find(b"\0")
        if nul >= 0:
            line += chunk[:nul].count(b"\n")
            raise _encoding(path, offset + nul, line, "the file holds a zero byte: it is not text")
        offset += len(chunk)
        line += chunk.count(b"\n")
    if decoder.getstate()[0]:
        raise _encoding(path, offset, line, "the file ends inside a character: it is cut short")
    _refuse_old_line_ends(path, line)


def looks_regular(path: Path, separator: str, width: int) -> bool:
    """Whether every row has `width` cells and every quote is closed.

    Counts separators outside quotes without splitting the text, so it errs only on the side of
    False (a lone quote inside a cell); the caller then looks row by row.
    """
    inside = 0
    carried = 0  # separators of the row that the last chunk left unfinished
    fresh = True  # nothing of the current row has been seen yet
    for chunk in _chunks(path):
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


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
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


def _not_utf8(path: Path, byte: int, line: int, around: bytes) -> BadInput:
    likely = "WINDOWS-1252"
    try:
        if any("\u4e00" <= letter <= "\u9fff" for letter in around.decode("gb18030")):
            likely = "GB18030"
    except UnicodeDecodeError:
        pass
    return _encoding(path, byte, line, f"byte {byte:,} is not UTF-8", f"iconv -f {likely} -t UTF-8")


def _encoding(path: Path, byte: int, line: int, message: str, command: str = "") -> BadInput:
    mend = "save the file as UTF-8" + (f", for instance with `{command}`" if command else "")
    if "byte" not in message:
        message = f"{message} (at byte {byte:,})"
    return BadInput(message, where=Span(str(path), line), mend=mend)


def _refuse_old_line_ends(path: Path, lines: int) -> None:
    if lines > 1 or path.stat().st_size == 0:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        if text.find(b"\r") >= 0 and text.find(b"\n") < 0:
            raise BadInput(
                "lines end in a carriage return alone",
                where=Span(str(path), 1),
                mend="save the file with ordinary line ends",
            )
