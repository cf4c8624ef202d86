"""What can be told to others' systems, by which right, and in which words: identifiers, outcomes
and digests, never anything about a person. Whoever wants more asks for it with their key.

An event says in its `public` how it is told; each context says in its app's `ready` which of its
events are, under which name:

    make_public("decision.made", Action.READ_DECISIONS, DecisionMade, rows=Decision)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, cast, runtime_checkable

from django.db.models import Model

from equipoise.record.chain import canonical
from equipoise.record.events import Event, Recorded
from equipoise.service.platform.accounts.permissions import Action

PING = "webhook.ping"


@runtime_checkable
class Telling(Protocol):
    """An event that says how it is told."""

    def public(self, chain: str) -> Mapping[str, Any]:
        """What is told of it, as an entry of that chain; what is a row's names that by `id`."""
        ...


@dataclass(frozen=True, slots=True)
class Public:
    """What is told under one name: `needs` is the right to read it, None where it tells nothing.
    Where it tells of a row that is somebody's, `rows` is that row's model, with `begun_by`,
    `branch` and `region`."""

    name: str
    needs: Action | None
    types: tuple[type[Event], ...]
    rows: type[Model] | None = None


KINDS: dict[str, Public] = {}
"""All that can be told, by its name."""
BY_EVENT: dict[str, Public] = {}
"""As what each kind of event is told."""


def make_public(
    name: str, needs: Action | None, *types: type[Event], rows: type[Model] | None = None
) -> None:
    """Have these events told to whoever may know. Raises TypeError where one does not say how."""
    for each in types:
        if not issubclass(each, Telling):
            raise TypeError(f"{each.__name__} has no `public`")
    KINDS[name] = public = Public(name, needs, types, rows)
    BY_EVENT.update({each.kind: public for each in types})


def public_types() -> list[type[Event]]:
    """Every type of event that is told."""
    return [each for public in KINDS.values() for each in public.types]


def words(recorded: Recorded[Event]) -> Mapping[str, Any]:
    """What is told of it."""
    return cast(Telling, recorded.event).public(recorded.entry.chain)


def message(recorded: Recorded[Event]) -> bytes:
    """The body that tells of an event: canonical JSON, the same at every try.

    `entry` in it is the hash under which the event stands in the record, and `sequence` its place
    there: whoever needs an order sorts by it.
    """
    entry = recorded.entry
    at = datetime.fromtimestamp(entry.at / 1e6, UTC).isoformat(timespec="microseconds")
    data = {**words(recorded), "entry": entry.hash.hex(), "sequence": recorded.sequence}
    return canonical({"type": BY_EVENT[entry.kind].name, "timestamp": at, "data": data})
