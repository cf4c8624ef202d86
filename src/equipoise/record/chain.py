"""The chain of one application's events: canonical JSON, each entry holding the last one's hash."""

from __future__ import annotations

import json
import marshal
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite
from types import NoneType
from typing import Any

import msgspec

from equipoise.record.json_text import plain

GENESIS = bytes(32)  # what stands before the first entry of a chain
WRITER = msgspec.json.Encoder(order="sorted", enc_hook=plain)
"""Writes canonical JSON of what was checked (`check_json`)."""
_AS_IT_IS = frozenset({str, int, bool, NoneType})
_NO_REFERENCES = 2  # marshal's version that writes each value where it stands
# Eight bytes of a float whose exponent is all ones. A text may look like one.
_NOT_FINITE = re.compile(rb"g.{6}[\xf0-\xff][\x7f\xff]", re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain stands: how many entries it has, and the last one's hash."""

    chain: str
    length: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as kept. `index` counts from 0 in its chain; `at` is microseconds since 1970 UTC;
    `body` is canonical JSON."""

    chain: str
    index: int
    at: int
    kind: str
    body: bytes
    prev: bytes
    hash: bytes

    @property
    def data(self) -> dict[str, Any]:
        """The body, parsed."""
        body: dict[str, Any] = json.loads(self.body)
        return body

    @property
    def head(self) -> Head:
        """The chain's head once this entry is its last."""
        return Head(self.chain, self.index + 1, self.hash)


def canonical(value: Any) -> bytes:
    """One text for one content: sorted keys, no spaces, shortest floats, UTF-8, no NaN.

    Raises ValueError for NaN and infinities, TypeError for moments, numbers of other kinds and
    objects; bytes and sets must not stand in it.
    """
    check_json(value)
    return WRITER.encode(value)


def check_json(value: Any) -> None:
    """Whether canonical JSON can hold the value. Raises as `canonical` does."""
    # The writer would make null of NaN, and something of much that JSON has no word for. To go
    # through all values in Python takes five times as long as to write them, so they are looked at
    # as marshal lays them out, which knows few kinds besides; of what is odd there, each is.
    try:
        laid_out = marshal.dumps(value, _NO_REFERENCES)
    except ValueError:  # a kind that it does not know
        _check_each((value,))
    else:
        if _NOT_FINITE.search(laid_out):
            _check_each((value,))


def _check_each(values: Iterable[Any]) -> None:
    for value in values:
        kind = type(value)
        if kind is float:
            if not isfinite(value):
                raise ValueError("JSON cannot hold a number that is not finite")
        elif kind is dict:
            _check_each(value.values())
        elif kind is list or kind is tuple:
            _check_each(value)
        elif isinstance(value, msgspec.Struct):
            _check_each(msgspec.structs.astuple(value))
        elif kind not in _AS_IT_IS:
            plain(value)


def preimage(chain: str, index: int, *, at: int, kind: str, body: bytes, prev: bytes) -> bytes:
    """What an entry's hash is taken of: itself a canonical JSON document, built without parsing.

    `chain` and `kind` need no escaping (see `checked_name`), so anyone with a JSON library can
    make the same bytes.
    """
    return b'{"at":%d,"body":%b,"chain":"%b","index":%d,"kind":"%b","prev":"%b"}' % (
        at,
        body,
        chain.encode(),
        index,
        kind.encode(),
        prev.hex().encode(),
    )


def entry_hash(chain: str, index: int, *, at: int, kind: str, body: bytes, prev: bytes) -> bytes:
    """SHA-256 of the entry's canonical JSON."""
    return sha256(preimage(chain, index, at=at, kind=kind, body=body, prev=prev)).digest()


def checked_name(name: str) -> str:
    """A chain's or event's name, if it is one: letters, digits and ._:- and at most 80 of them."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name[:80]}' cannot name a chain or an event")
    return name


def next_entry(head: Head | None, chain: str, kind: str, body: bytes, at: int) -> Entry:
    """The entry that follows `head` (None: the chain begins)."""
    checked_name(chain)
    checked_name(kind)
    index, prev = (head.length, head.hash) if head else (0, GENESIS)
    value = entry_hash(chain, index, at=at, kind=kind, body=body, prev=prev)
    return Entry(chain, index, at, kind, body, prev, value)
