"""Reading the record's events: of a chain, of several, or of all in the record's order. This is the
one way in: whoever asks names types of events, and gets those, and what is made from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, cast

from equipoise.record.chain import Entry
from equipoise.record.events import Event as Told
from equipoise.record.events import Recorded, kinds_of, read_event
from equipoise.service.platform.record.models import Event

E = TypeVar("E", bound=Told)
_COLUMNS = ("sequence", "chain", "place", "at", "kind", "body", "prev", "hash")
_AT_ONCE = 500  # chains named in one question


def read(
    types: Iterable[type[E]], after: int = 0, upto: int | None = None
) -> Iterator[Recorded[E]]:
    """The events of these types in the record's order, of sequence `after` < s <= `upto`. Raises
    NotAnEvent.

    A lower sequence may become visible after a higher one: whoever keeps a cursor reads up to
    `safe_upto.settled`, or leaves that to a subscription.
    """
    rows = Event.objects.filter(sequence__gt=after, kind__in=kinds_of(*types))
    rows = rows if upto is None else rows.filter(sequence__lte=upto)
    yield from _recorded(rows.order_by("sequence").values_list(*_COLUMNS).iterator())


def history(chain: str, *types: type[E]) -> list[Recorded[E]]:
    """The chain's events of these types, in order. Raises NotAnEvent."""
    rows = Event.objects.filter(chain=chain, kind__in=kinds_of(*types))
    return list(_recorded(rows.order_by("place").values_list(*_COLUMNS)))


def in_chains(chains: Sequence[str], *types: type[E]) -> Iterator[Recorded[E]]:
    """The events of these types in any of the chains, each chain's in order. Raises NotAnEvent."""
    kinds = kinds_of(*types)
    for start in range(0, len(chains), _AT_ONCE):
        rows = Event.objects.filter(chain__in=chains[start : start + _AT_ONCE], kind__in=kinds)
        yield from _recorded(rows.order_by("chain", "place").values_list(*_COLUMNS))


def at(sequences: Iterable[int]) -> dict[int, Recorded[Told]]:
    """The events of these sequences. Raises NotAnEvent."""
    rows = Event.objects.filter(sequence__in=list(sequences))
    return {each.sequence: each for each in _recorded(rows.values_list(*_COLUMNS))}


def has(chain: str, type_: type[Told]) -> bool:
    """Whether the chain tells of such an event."""
    return Event.objects.filter(chain=chain, kind=type_.kind).exists()


def chains_with(chains: Sequence[str], type_: type[Told]) -> set[str]:
    """Those of the chains that tell of such an event."""
    rows = Event.objects.filter(chain__in=chains, kind=type_.kind)
    return set(rows.values_list("chain", flat=True))


def is_empty() -> bool:
    """Whether nothing was ever recorded."""
    return not Event.objects.exists()


def first() -> Entry | None:
    """The very first entry; None where nothing was ever recorded."""
    row = Event.objects.order_by("sequence").values_list(*_COLUMNS).first()
    return None if row is None else _entry(row)


def entries(chain: str) -> list[Entry]:
    """All entries of a chain as they stand there, in order: for whoever looks at the chain itself
    rather than at what it tells."""
    rows = Event.objects.filter(chain=chain).order_by("place").values_list(*_COLUMNS)
    return [_entry(row) for row in rows]


def _recorded(rows: Iterable[Sequence[Any]]) -> Iterator[Recorded[Any]]:
    for row in rows:
        entry = _entry(row)
        yield Recorded(cast(int, row[0]), entry, read_event(entry.kind, entry.body))


def _entry(row: Sequence[Any]) -> Entry:
    _, chain, place, moment, kind, body, prev, own = row
    return Entry(chain, place, moment, kind, bytes(body), bytes(prev), bytes(own))
