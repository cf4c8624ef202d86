"""Applications' rows as the record tells them; see `record.deriving`.

What a row is pinned to stands in each of its steps, and where it stands in the last one: that is
the step it names, and where an event is another, the chain is asked whether it is the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from equipoise.service.contexts.applications.events import Answered, ApplicationState, Step
from equipoise.service.contexts.applications.models import Application
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.deriving import (
    AT_ONCE,
    DIFFERS,
    MISSING,
    STRAY,
    Difference,
    Tale,
)

TABLE = Application._meta.db_table
_FIXED = ("begun_by", "strategy", "digest", "way", "propensity")
_STANDING = ("branch", "region", "language", "state", "changed_at")
_STATE = _STANDING.index("state")


class Progress(NamedTuple):
    """What an event tells of its application: which step it is, and the columns of `_FIXED` and
    `_STANDING` after it."""

    chain: str
    step: str
    fixed: tuple[str | float | None, ...]
    standing: tuple[str | datetime | None, ...]


@dataclass(frozen=True)
class Applications:
    """The rows of the applications that events of a kind begin and take further; `read` makes out
    what such an event tells of its application."""

    kind: str
    read: Callable[[Tale], Progress]
    table: str = TABLE

    def compare(self, tales: Sequence[Tale]) -> Iterator[Difference]:
        """Where the rows of these events are not as they tell."""
        progress = [self.read(tale) for tale in tales]
        stored = _stored(sorted({each.chain for each in progress}))
        answered = _answered([each for each in progress if _is_closed(each, stored)])
        progress = [_closed(each) if each.step in answered else each for each in progress]
        last = self._last({each.chain for each in progress if _is_other(each, stored)})
        for each in progress:
            row = stored.get(each.chain)
            if row is None:
                yield Difference(TABLE, each.chain, MISSING)
            elif names := [*_differing(each, row, last.get(each.chain, each.step))]:
                yield Difference(TABLE, each.chain, DIFFERS, tuple(names))

    def made_by(self, tales: Sequence[Tale]) -> int:
        """How many applications these events begin."""
        return sum(tale.place == 0 for tale in tales)

    def count(self) -> int:
        """How many rows there are."""
        return Application.objects.count()

    def strays(self) -> Iterator[Difference]:
        """Rows in whose chain no such event is."""
        last = ""
        rows = Application.objects.order_by("pk").values_list("pk", flat=True)
        while chains := list(rows.filter(pk__gt=last)[:AT_ONCE]):
            known = {each.chain for each in self._steps(chains)}
            for chain in chains:
                if chain not in known:
                    yield Difference(TABLE, chain, STRAY)
            last = chains[-1]

    def _last(self, chains: set[str]) -> Mapping[str, str]:
        """The last step in each of the chains."""
        return {each.chain: self.read(each).step for each in self._steps(sorted(chains))}

    def _steps(self, chains: Sequence[str]) -> Iterator[Tale]:
        for each in record.in_chains(chains, Step):
            entry = each.entry
            if entry.kind == self.kind:
                where = (each.sequence, entry.chain, entry.index)
                yield Tale(*where, entry.kind, entry.at, entry.body)


@dataclass(frozen=True)
class AnsweredApplications:
    """The rows of the applications that events of a kind, which are `Answered`, say a person
    decided."""

    kind: str
    table: str = TABLE

    def compare(self, tales: Sequence[Tale]) -> Iterator[Difference]:
        """Those that still wait by the decision that was answered."""
        by_chain = {tale.chain: tale.event for tale in tales}
        for row in Application.objects.filter(pk__in=by_chain, state=ApplicationState.OPEN.value):
            event = by_chain[row.pk]
            if isinstance(event, Answered) and event.decision == row.step:
                yield Difference(TABLE, row.pk, DIFFERS, ("state",))

    def made_by(self, tales: Sequence[Tale]) -> int:  # noqa: ARG002 - they begin none
        """None: they answer what is there."""
        return 0

    def count(self) -> int:
        """None of the rows is theirs alone."""
        return 0

    def strays(self) -> Iterator[Difference]:
        """None, likewise."""
        return iter(())


def _is_closed(progress: Progress, stored: Mapping[str, tuple[str, Any]]) -> bool:
    """Whether the row is decided by a step that left it open."""
    step, columns = stored.get(progress.chain, ("", {}))
    waits = progress.standing[_STATE] == ApplicationState.OPEN.value
    return waits and step == progress.step and columns["state"] == ApplicationState.DECIDED.value


def _answered(waiting: Sequence[Progress]) -> frozenset[str]:
    """Those of the steps that a person answered."""
    chains = sorted({each.chain for each in waiting})
    answers = record.in_chains(chains, Answered) if chains else ()
    return frozenset(each.event.decision for each in answers)


def _closed(progress: Progress) -> Progress:
    standing = list(progress.standing)
    standing[_STATE] = ApplicationState.DECIDED.value
    return progress._replace(standing=tuple(standing))


def _stored(chains: Sequence[str]) -> Mapping[str, tuple[str, dict[str, Any]]]:
    """The step that each row names, and its other columns."""
    rows = Application.objects.filter(pk__in=chains)
    names = ("pk", "step", *_FIXED, *_STANDING)
    return {
        row[0]: (row[1], dict(zip(names[2:], row[2:], strict=True)))
        for row in rows.values_list(*names)
    }


def _is_other(progress: Progress, stored: Mapping[str, tuple[str, Any]]) -> bool:
    return progress.chain in stored and stored[progress.chain][0] != progress.step


def _differing(progress: Progress, row: tuple[str, Mapping[str, Any]], last: str) -> Iterator[str]:
    step, columns = row
    if step != last and progress.step == last:
        yield "step"
    yield from (n for n, v in zip(_FIXED, progress.fixed, strict=True) if columns[n] != v)
    if progress.step == step:
        standing = zip(_STANDING, progress.standing, strict=True)
        yield from (name for name, value in standing if columns[name] != value)
