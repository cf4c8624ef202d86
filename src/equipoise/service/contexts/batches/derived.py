"""Batches as the record tells of them: one row for each that was begun, of the file, the strategy
and the day that its event says; and ended as its last event says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from equipoise.service.contexts.batches.models import Batch, State
from equipoise.service.contexts.batches.running import DONE, FAILED
from equipoise.service.contexts.batches.services import BEGUN, CANCELLED
from equipoise.service.platform.record.deriving import (
    AT_ONCE,
    DIFFERS,
    MISSING,
    STRAY,
    Difference,
    Tale,
    follow,
)
from equipoise.service.platform.record.models import Event

TABLE = Batch._meta.db_table
_BEGUN = (
    "strategy",
    "digest",
    "decided_on",
    "given",
    "wanted",
    "identifier",
    "size",
    "sha256",
)  # told under the same names


def _begun(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"begun_by": data["by"], **{name: data[name] for name in _BEGUN}}


def _done(data: Mapping[str, Any]) -> dict[str, Any]:
    result = {"result_size": data["size"], "result_sha256": data["sha256"]}
    return {"state": State.DONE, "rows": data["rows"], "outcomes": data["outcomes"], **result}


@dataclass
class Told:
    """The rows of the events of one kind: `state` is the one they leave, None for the first."""

    kind: str
    columns: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    state: State | None = None
    table: str = TABLE

    def compare(self, tales: Sequence[Tale]) -> Iterator[Difference]:
        """Where the rows of these events are not as they tell."""
        stored = Batch.objects.in_bulk([tale.chain for tale in tales])
        for tale in tales:
            row = stored.get(tale.chain)
            if row is None:
                yield Difference(TABLE, tale.chain, MISSING)
                continue
            names = [n for n, value in self.columns(tale.data).items() if _plain(row, n) != value]
            if names:
                yield Difference(TABLE, tale.chain, DIFFERS, tuple(names))

    def count(self) -> int:
        """How many rows there are."""
        return self._rows().count()

    def strays(self) -> Iterator[Difference]:
        """Rows that no event tells of, or that say of an end what none does."""
        last = ""
        while ids := [*self._rows().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[
            :AT_ONCE
        ]]:  # fmt: skip
            known = Event.objects.filter(chain__in=ids, kind=self.kind)
            told = set(known.values_list("chain", flat=True))
            for each in ids:
                if each not in told and self.state is None:
                    yield Difference(TABLE, each, STRAY)
                elif each not in told:
                    yield Difference(TABLE, each, DIFFERS, ("state",))
            last = ids[-1]

    def _rows(self) -> QuerySet[Batch]:
        return Batch.objects.filter(**({"state": self.state} if self.state else {}))


def _plain(row: Batch, name: str) -> Any:
    value = getattr(row, name)
    return value.isoformat() if name == "decided_on" else value


follow(Told(BEGUN, _begun))
follow(Told(DONE, _done, State.DONE))
follow(Told(FAILED, lambda _: {"state": State.FAILED}, State.FAILED))
follow(Told(CANCELLED, lambda _: {"state": State.CANCELLED}, State.CANCELLED))
