"""What can be told, by which right, and in which words: identifiers, outcomes and digests, never
anything about a person. Whoever wants more asks for it with their key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model

from equipoise.record.chain import Entry, canonical
from equipoise.service.contexts.batches.models import Batch
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.accounts.permissions import Action

PING = "webhook.ping"
_READ = Action.READ_DECISIONS


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event, told in the words of `tell`.

    `needs` is the right to read what it tells, None where it tells nothing; `record` are the kinds
    of entries it is made of. Where it tells of a row that is somebody's, `rows` is that row's
    model, with `begun_by`, `branch` and `region`, and `about` gives its id.
    """

    name: str
    needs: Action | None
    record: tuple[str, ...]
    tell: Callable[[Entry], dict[str, Any]]
    rows: type[Model] | None = None
    about: Callable[[Entry], str] = lambda entry: entry.chain


def _made(entry: Entry) -> dict[str, Any]:
    data = entry.data
    return {
        "id": data["decision"],
        "application": entry.chain,
        "outcome": data["made"]["outcome"],
        "conditions": [each["name"] for each in data["made"]["conditions"]],
        "strategy": data["strategy"],
        "digest": data["made"]["digest"],
    }


def _outcome(entry: Entry) -> dict[str, Any]:
    data = entry.data
    told = {name: data[name] for name in ("outcome", "on")}
    return {"id": data["decision"], "application": entry.chain, **told}


def _decision(entry: Entry) -> str:
    return str(entry.data["decision"])


def _finished(entry: Entry) -> dict[str, Any]:
    data = entry.data
    known: dict[str, Any] = {
        name: data[name] for name in ("rows", "outcomes", "sha256") if name in data
    }
    return {"id": entry.chain, "state": entry.kind.removeprefix("batch."), **known}


def _published(entry: Entry) -> dict[str, Any]:
    data = entry.data
    told = {name: data.get(name) for name in ("number", "digest", "former", "serial")}
    return {"strategy": entry.chain.removeprefix("strategy."), **told}


def _withdrawn(entry: Entry) -> dict[str, Any]:
    told = {name: entry.data[name] for name in ("number", "digest", "serial")}
    return {"strategy": entry.chain.removeprefix("strategy."), **told}


def _default(entry: Entry) -> dict[str, Any]:
    return {name: entry.data[name] for name in ("strategy", "former")}


def _ping(entry: Entry) -> dict[str, Any]:
    return {"webhook": entry.chain}


_KINDS = (
    Kind("decision.made", _READ, ("decision.made",), _made, Decision, _decision),
    Kind("decision.outcome", _READ, ("outcome.recorded",), _outcome, Decision, _decision),
    Kind(
        "batch.finished",
        Action.READ_BATCHES,
        ("batch.done", "batch.failed", "batch.cancelled"),
        _finished,
        Batch,
    ),
    Kind(
        "strategy.published",
        Action.READ_STRATEGIES,
        ("strategy.publish", "strategy.bootstrapped"),
        _published,
    ),
    Kind("strategy.withdrawn", Action.READ_STRATEGIES, ("strategy.withdraw",), _withdrawn),
    Kind("strategy.default", Action.READ_STRATEGIES, ("strategy.default",), _default),
    Kind(PING, None, (PING,), _ping),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
BY_ENTRY: Mapping[str, Kind] = {name: kind for kind in _KINDS for name in kind.record}


def message(entry: Entry, sequence: int) -> bytes:
    """The body that tells of an entry: canonical JSON, the same at every try.

    `entry` in it is the hash under which the event stands in the record, and `sequence` its place
    there: whoever needs an order sorts by it.
    """
    kind = BY_ENTRY[entry.kind]
    at = datetime.fromtimestamp(entry.at / 1e6, UTC).isoformat(timespec="microseconds")
    told = {**kind.tell(entry), "entry": entry.hash.hex(), "sequence": sequence}
    return canonical({"type": kind.name, "timestamp": at, "data": told})
