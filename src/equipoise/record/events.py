"""Typed events: what an entry of the record says, as a type of its own for each kind and version.

Each context names its events in its `events.py`; whoever appends hands in one of them, and whoever
reads gets one back:

    @event("outcome.recorded", 1)
    class OutcomeRecorded(Signed, frozen=True, kw_only=True):
        decision: str
        outcome: str

Field by field it is what stands in the entry's body, as canonical JSON: a field with a default is
left out while it has that, one without always stands there. What is read back has these fields and
no others, of these types; anything else is refused. So a type whose fields change becomes the next
version, and the type of before stays beside it for what was recorded. Version 1 stands in no body;
a later one stands there as `v`, by `tag_field="v", tag=2` on the class.

Types are msgspec's: made, written and read in C, where a frozen dataclass takes a step of the
interpreter for each field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from msgspec.structs import astuple

from equipoise.errors import EquipoiseError
from equipoise.record.chain import WRITER, Entry, check_json, checked_name

VERSION_FIELD = "v"
_FIELD = re.compile(r"`(?:\$\.)?([^`]+)`$")


class NotAnEvent(EquipoiseError):
    """An entry's body is not what its kind says; `field` is where."""


class Event(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What happened, as the record keeps it. `tables` are the rows it made or changed (null: it
    removed them), by table and key."""

    kind: ClassVar[str]
    version: ClassVar[int]

    tables: Mapping[str, Any] = {}


class Signed(Event, frozen=True, kw_only=True):
    """An event that says who did it: `by` a person, a program or the service itself, by which `key`
    of the program's."""

    by: str
    key: str | None = None


E = TypeVar("E", bound=Event)
EVENTS: dict[tuple[str, int], type[Event]] = {}
"""Every type there is, by kind and version."""


class Recorded(msgspec.Struct, Generic[E], frozen=True):
    """An event as it stands in the record: under which number of the record's order, and as which
    entry of which chain."""

    sequence: int
    entry: Entry
    event: E


def event(kind: str, version: int) -> Callable[[type[E]], type[E]]:
    """Register a type as that version of a kind. Raises TypeError where the version would not stand
    in the body, or another type has it."""
    checked_name(kind)

    def registered(type_: type[E]) -> type[E]:
        config = type_.__struct_config__
        expected = (None, None) if version == 1 else (VERSION_FIELD, version)
        if (config.tag_field, config.tag) != expected:
            raise TypeError(f"{type_.__name__} does not say that it is version {version} of {kind}")
        if EVENTS.setdefault((kind, version), type_) is not type_:
            raise TypeError(f"version {version} of {kind} is another type already")
        type_.kind, type_.version = kind, version
        _readers.cache_clear()
        kinds_of.cache_clear()
        return type_

    return registered


@cache
def kinds_of(*types: type[Event]) -> tuple[str, ...]:
    """The kinds of these types, and of those made from them."""
    return tuple(sorted({each.kind for each in EVENTS.values() if issubclass(each, types)}))


def body_of(event: Event) -> bytes:
    """The event as the body of an entry. Raises as `canonical` does."""
    check_json(astuple(event))
    return WRITER.encode(event)


def read_event(kind: str, body: bytes) -> Event:
    """The event that a body tells. Raises NotAnEvent where there is no such kind or version, or a
    field is unknown, lacking, or of another type."""
    readers = _readers(kind)
    try:
        version = 1 if len(readers) == 1 and 1 in readers else _VERSION.decode(body).v
        if version in readers:
            return readers[version].decode(body)
    except msgspec.MsgspecError as error:
        raise _refused(kind, str(error)) from None
    what = "a kind of event" if not readers else f"version {version} of it"
    raise _refused(kind, f"{what} that this version of Equipoise does not know")


def read_as(type_: type[E], body: bytes) -> E:
    """The event of a body that is of that type's kind. Raises NotAnEvent as `read_event`, and where
    it is another version than the type."""
    read = read_event(type_.kind, body)
    if not isinstance(read, type_):
        raise _refused(type_.kind, f"version {read.version} of it, where {type_.version} is asked")
    return read


class _Version(msgspec.Struct):
    v: int = 1


_VERSION = msgspec.json.Decoder(_Version)


@cache
def _readers(kind: str) -> dict[int, msgspec.json.Decoder[Event]]:
    return {
        version: msgspec.json.Decoder(type_)
        for (name, version), type_ in EVENTS.items()
        if name == kind
    }


def _refused(kind: str, what: str) -> NotAnEvent:
    field = _FIELD.search(what)
    return NotAnEvent(
        f"an entry '{kind}' of the record cannot be read: {what}",
        field=field[1] if field else kind,
        mend="use the version of Equipoise that recorded it, or a later one",
    )
