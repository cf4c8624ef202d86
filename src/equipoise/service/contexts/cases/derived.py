"""Work that waits for people, held against what the record makes of it; see `record.deriving`.

What waits follows from events of several rooms and from the applications' own decisions, so the
record is followed once more, as `rebuild` does, beside the table. A chain of which the desk has yet
to hear is left for the next time. Not held are what is set anew each minute (the place in the
desk's order), and until when a claim lasts: who has the case before them goes on with it, and that
is no event. Moments may be apart by as much as clocks.

By when a person answers follows from the hours that the lender promised as it began to wait, which
are a setting. One that is set otherwise since then is no fault of a row: a promise that came out
otherwise counts only where an older one of its kind came out as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.cases.events import WorkEvent
from equipoise.service.contexts.cases.models import Work
from equipoise.service.contexts.cases.reactions import NAME, followed, take
from equipoise.service.contexts.cases.shelf import beside
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.decisions.reading import ever_referred
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.deriving import (
    AT_ONCE,
    DIFFERS,
    MISSING,
    STRAY,
    UNREADABLE,
    Difference,
    compare_with,
)
from equipoise.service.platform.record.events import SubjectErased
from equipoise.service.platform.record.reading import chains_with
from equipoise.service.platform.record.subscriptions import came_to

TABLE = Work._meta.db_table
_SET_ANEW = frozenset({"worth", "place", "unknown", "chance", "past", "lease_until"})
_COLUMNS = tuple(
    each.attname for each in Work._meta.concrete_fields if each.attname not in _SET_ANEW
)
_BEGIN_NOTHING = (DecisionMade, OutcomeRecorded, SubjectErased)
"""Of decisions their own table says which were left to a person; it is held by itself."""
_DUE = "due_at"
_SLACK = timedelta(minutes=1)


def differences() -> Iterator[Difference]:
    """Every row that is not as the record makes it, is missing, or is there without an entry."""
    upto, promises = came_to(NAME), _Promises()
    chains = sorted(_with_work(upto))
    for start in range(0, len(chains), AT_ONCE):
        yield from _compared(chains[start : start + AT_ONCE], upto, promises)
    yield from promises.broken()


def _with_work(upto: int) -> set[str]:
    """Chains in which there is or was something that waits."""
    begins = [each for each in followed().types if each not in _BEGIN_NOTHING]
    chains = (each.entry.chain for each in record.read(begins, 0, upto))
    return {*Work.objects.values_list("chain", flat=True), *ever_referred(), *chains}


def _compared(chains: Sequence[str], upto: int, promises: _Promises) -> Iterator[Difference]:
    history = _history(chains)
    kinds = followed().types
    moving = {
        chain
        for chain, events in history.items()
        if any(each.sequence > upto and isinstance(each.event, kinds) for each in events)
    }
    rows = {row.id: row for row in Work.objects.filter(chain__in=chains) if row.chain not in moving}
    for chain in sorted({*chains} - moving):
        here = {key: row for key, row in rows.items() if row.chain == chain}
        made = _made(history.get(chain, ()))
        if made is None:
            yield from (Difference(TABLE, key, UNREADABLE) for key in sorted(here))
            continue
        for key in sorted({*here, *made}):
            yield from _held(key, here.get(key), made.get(key), promises)


def _history(chains: Sequence[str]) -> Mapping[str, list[Any]]:
    histories: dict[str, list[Any]] = {}
    for each in record.in_chains(chains, *followed().types, WorkEvent):
        histories.setdefault(each.entry.chain, []).append(each)
    return histories


def _made(events: Sequence[Any]) -> Mapping[str, Work] | None:
    """The work that a chain's events make, by its id; None where what they tell cannot be read."""
    if any(isinstance(each.event, SubjectErased) for each in events):
        return {}
    try:
        with beside() as shelf:
            take(events)
    except Unreadable:
        return None
    rows = shelf.rows()
    gone = chains_with([row.application for row in rows], SubjectErased)
    return {row.id: row for row in rows if row.application not in gone}


def _held(
    key: str, stands: Work | None, made: Work | None, promises: _Promises
) -> Iterator[Difference]:
    if stands is None:
        yield Difference(TABLE, key, MISSING)
    elif made is None:
        yield Difference(TABLE, key, STRAY)
    else:
        differing = sorted(each for each in _COLUMNS if not _same(stands, made, each))
        promises.see(stands, as_made=_DUE not in differing)
        others = tuple(each for each in differing if each != _DUE)
        if others:
            yield Difference(TABLE, key, DIFFERS, others)


@dataclass
class _Promises:
    """By when people were promised an answer: since when it comes out as it stands, by kind of
    work and whether it was held; and what does not."""

    since: dict[tuple[str, bool], datetime] = field(default_factory=dict)
    other: list[tuple[tuple[str, bool], datetime, str]] = field(default_factory=list)

    def see(self, row: Work, *, as_made: bool) -> None:
        """Take in a row of which that moment comes out as it stands, or does not."""
        of = (row.kind, bool(row.held))
        if as_made:
            self.since[of] = min(self.since.get(of, row.opened_at), row.opened_at)
        else:
            self.other.append((of, row.opened_at, row.id))

    def broken(self) -> Iterator[Difference]:
        """Those that no setting explains."""
        for of, opened, work in self.other:
            if of in self.since and opened >= self.since[of]:
                yield Difference(TABLE, work, DIFFERS, (_DUE,))


def _same(stands: Work, made: Work, column: str) -> bool:
    return _alike(getattr(stands, column), getattr(made, column))


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, datetime) and isinstance(b, datetime):
        return abs(a - b) <= _SLACK
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_alike, map(_moment, a), map(_moment, b)))
    return bool(a == b)


def _moment(value: Any) -> Any:
    """Moments that stand in a list as text."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


compare_with(TABLE, differences)
