"""UBJSON into plain data, as XGBoost writes it (`model.ubj`, `save_raw()`): draft 12, no no-ops."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from equipoise.errors import BadInput

MAX_DEPTH = 40
_INTEGERS = {b"i": ">i1", b"U": ">u1", b"I": ">i2", b"l": ">i4", b"L": ">i8"}


def parse(raw: bytes) -> Any:
    """The value that the bytes hold. BadInput where they are cut off or not UBJSON."""
    reader = _Reader(raw)
    try:
        value = reader.value(reader.marker(), 0)
    except (struct.error, IndexError, UnicodeDecodeError, ValueError, KeyError) as error:
        raise BadInput(
            f"the UBJSON is damaged at byte {reader.at:,}: {error}",
            mend="save the model again, best as JSON: `booster.save_model('model.json')`",
        ) from None
    if reader.at != len(raw):
        raise BadInput(f"the UBJSON ends at byte {reader.at:,} of {len(raw):,}")
    return value


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def marker(self) -> bytes:
        return self.take(1)

    def take(self, count: int) -> bytes:
        if not 0 <= count <= len(self.raw) - self.at:
            raise ValueError("it is cut off")
        self.at += count
        return self.raw[self.at - count : self.at]

    def number(self, marker: bytes) -> Any:
        kind = np.dtype(_NUMBERS[marker])
        return np.frombuffer(self.take(kind.itemsize), dtype=kind)[0].item()

    def length(self) -> int:
        marker = self.marker()
        if marker not in _INTEGERS:
            raise ValueError(f"{marker!r} is no length")
        return int(self.number(marker))

    def text(self) -> str:
        return self.take(self.length()).decode("utf-8")

    def value(self, marker: bytes, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError(f"it is nested more than {MAX_DEPTH} deep")
        if marker in _NUMBERS:
            return self.number(marker)
        if marker == b"{":
            return self.mapping(depth)
        if marker == b"[":
            return self.array(depth)
        if marker == b"S":
            return self.text()
        if marker == b"C":
            return self.take(1).decode("ascii")
        return {b"T": True, b"F": False, b"Z": None}[marker]

    def mapping(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while self.raw[self.at : self.at + 1] != b"}":
            key = self.text()
            made[key] = self.value(self.marker(), depth + 1)
        self.at += 1
        return made

    def array(self, depth: int) -> list[Any]:
        kind = count = None
        if self.raw[self.at : self.at + 1] == b"$":
            self.at += 1
            kind = self.marker()
        if self.raw[self.at : self.at + 1] == b"#":
            self.at += 1
            count = self.length()
        if kind is not None:
            if count is None or kind not in _NUMBERS:
                raise ValueError("an array of one type is not of numbers, or has no length")
            numbers = np.dtype(_NUMBERS[kind])
            return list(np.frombuffer(self.take(count * numbers.itemsize), numbers).tolist())
        if count is not None:
            if count > len(self.raw) - self.at:
                raise ValueError("it is cut off")
            return [self.value(self.marker(), depth + 1) for _ in range(count)]
        made = []
        while self.raw[self.at : self.at + 1] != b"]":
            made.append(self.value(self.marker(), depth + 1))
        self.at += 1
        return made


_NUMBERS = {**_INTEGERS, b"d": ">f4", b"D": ">f8"}
