"""Batches as the record tells of them: one row for each that was begun, of the file, the strategy
and the day that its event says; and ended as its last event says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from equipoise.record.events import Event
from equipoise.service.contexts.batches.events import (
    BatchBegun,
    BatchCancelled,
    BatchDone,
    BatchFailed,
)
from equipoise.service.contexts.batches.models import Batch, State
from equipoise.service.platform.record.deriving import (
    AT_ONCE,
    DIFFERS,
    MISSING,
    STRAY,
    Difference,
    Tale,
    follow,
)
from equipoise.service.platform.record.reading import chains_with

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


def _columns(event: Event) -> dict[str, Any]:
    """The columns that an event tells, with their values then."""
    match event:
        case BatchBegun():
            return {"begun_by": event.by, **{name: getattr(event, name) for name in _BEGUN}}
        case BatchDone():
            result = {"result_size": event.size, "result_sha256": event.sha256}
            return {"state": State.DONE, "rows": event.rows, "outcomes": event.outcomes, **result}
        case BatchFailed():
            return {"state": State.FAILED}
        case _:
            return {"state": State.CANCELLED}


@dataclass
class RowsOf:
    """The rows of the events of one kind: `state` is the one they leave, None for the first."""

    type: type[Event]
    state: State | None = None
    table: str = TABLE

    @property
    def kind(self) -> str:
        """The kind of those events."""
        return self.type.kind

    def compare(self, tales: Sequence[Tale]) -> Iterator[Difference]:
        """Where the rows of these events are not as they tell."""
        stored = Batch.objects.in_bulk([tale.chain for tale in tales])
        for tale in tales:
            row = stored.get(tale.chain)
            if row is None:
                yield Difference(TABLE, tale.chain, MISSING)
                continue
            names = [n for n, value in _columns(tale.event).items() if _plain(row, n) != value]
            if names:
                yield Difference(TABLE, tale.chain, DIFFERS, tuple(names))

    def made_by(self, tales: Sequence[Tale]) -> int:
        """How many rows these events make, or leave in their state."""
        return len(tales)

    def count(self) -> int:
        """How many rows there are."""
        return self._rows().count()

    def strays(self) -> Iterator[Difference]:
        """Rows that no event tells of, or that say of an end what none does."""
        last = ""
        while ids := [*self._rows().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[
            :AT_ONCE
        ]]:  # fmt: skip
            chains = chains_with(ids, self.type)
            for each in ids:
                if each not in chains and self.state is None:
                    yield Difference(TABLE, each, STRAY)
                elif each not in chains:
                    yield Difference(TABLE, each, DIFFERS, ("state",))
            last = ids[-1]

    def _rows(self) -> QuerySet[Batch]:
        return Batch.objects.filter(**({"state": self.state} if self.state else {}))


def _plain(row: Batch, name: str) -> Any:
    value = getattr(row, name)
    return value.isoformat() if name == "decided_on" else value


follow(RowsOf(BatchBegun))
follow(RowsOf(BatchDone, State.DONE))
follow(RowsOf(BatchFailed, State.FAILED))
follow(RowsOf(BatchCancelled, State.CANCELLED))
