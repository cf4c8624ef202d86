"""What can be told, by which right, and in which words: identifiers, outcomes and digests, never
anything about a person. Whoever wants more asks for it with their key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from equipoise.service.accounts.permissions import Action
from equipoise.service.ledger.chain import Entry, canonical

PING = "webhook.ping"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: `needs` is the right to read what it tells, None where it tells nothing;
    `ledger` are the kinds of entries it is made of."""

    name: str
    needs: Action | None
    ledger: tuple[str, ...]
    tell: Callable[[Entry], dict[str, Any]]


def _made(entry: Entry) -> dict[str, Any]:
    data = entry.data
    return {
        "id": data["decision"],
        "application": entry.chain,
        "outcome": data["made"]["outcome"],
        "strategy": data["strategy"],
        "digest": data["made"]["digest"],
    }


def _outcome(entry: Entry) -> dict[str, Any]:
    data = entry.data
    told = {name: data[name] for name in ("outcome", "on")}
    return {"id": data["decision"], "application": entry.chain, **told}


def _published(entry: Entry) -> dict[str, Any]:
    data = entry.data
    told = {name: data.get(name) for name in ("number", "digest", "former", "serial")}
    return {"strategy": entry.chain.removeprefix("strategy."), **told}


def _ping(entry: Entry) -> dict[str, Any]:
    return {"webhook": entry.chain}


_KINDS = (
    Kind("decision.made", Action.READ_DECISIONS, ("decision.made",), _made),
    Kind("decision.outcome", Action.READ_DECISIONS, ("outcome.recorded",), _outcome),
    Kind(
        "strategy.published",
        Action.READ_STRATEGIES,
        ("strategy.publish", "strategy.bootstrapped"),
        _published,
    ),
    Kind(PING, None, (PING,), _ping),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
BY_ENTRY: Mapping[str, Kind] = {name: kind for kind in _KINDS for name in kind.ledger}


def message(entry: Entry, sequence: int) -> bytes:
    """The body that tells of an entry: canonical JSON, the same at every try.

    `entry` in it is the hash under which the event stands in the ledger, and `sequence` its place
    there: whoever needs an order sorts by it.
    """
    kind = BY_ENTRY[entry.kind]
    at = datetime.fromtimestamp(entry.at / 1e6, UTC).isoformat(timespec="microseconds")
    told = {**kind.tell(entry), "entry": entry.hash.hex(), "sequence": sequence}
    return canonical({"type": kind.name, "timestamp": at, "data": told})
