"""The tables as the record tells them: every row that differs, is missing, or is there without an
entry is named.

Tables of few rows are told whole by the events that change them (`rows`); what was told last must
stand there. Tables that grow with every decision follow their events one by one (`Followed`): each
event's row is looked up, and where there are other rows than the events make those are looked for
too. What follows from events of several kinds is compared by its own room (`compare_with`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import msgspec

from equipoise.record.events import Event, read_event
from equipoise.service.platform.record.rows import TABLES, State

AT_ONCE = 500  # events whose rows are looked up together
DIFFERS, MISSING, STRAY = "differs", "is missing", "is there without an entry"
UNREADABLE = "cannot be held against the record: what was sealed cannot be read"
_TELLS = b'"tables":{'
_SLACK = 60_000_000  # microseconds


class _Tables(msgspec.Struct):
    tables: dict[str, dict[str, State | None]] = {}


_TABLES = msgspec.json.Decoder(_Tables)


class Tale(NamedTuple):
    """An event as the tables follow it."""

    sequence: int
    chain: str
    place: int
    kind: str
    at: int
    body: bytes

    @property
    def event(self) -> Event:
        """What it tells. Raises NotAnEvent."""
        return read_event(self.kind, self.body)


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what the record tells. `columns` are those that differ."""

    table: str
    id: str
    what: str
    columns: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        return {
            "table": self.table,
            "id": self.id,
            "what": self.what,
            "columns": [*self.columns],
        }

    def __str__(self) -> str:
        more = f" in {', '.join(self.columns)}" if self.columns else ""
        return f"{self.table} {self.id}: {self.what}{more}"


class Followed(Protocol):
    """A table whose rows follow from the events of one kind."""

    @property
    def kind(self) -> str:
        """The kind of those events."""
        ...

    @property
    def table(self) -> str:
        """The table's name."""
        ...

    def compare(self, tales: Sequence[Tale]) -> Iterator[Difference]:
        """Where the rows of these events are not as they tell."""
        ...

    def made_by(self, tales: Sequence[Tale]) -> int:
        """How many rows these events make."""
        ...

    def count(self) -> int:
        """How many rows there are."""
        ...

    def strays(self) -> Iterator[Difference]:
        """Rows that no event tells of."""
        ...


FOLLOWED: dict[tuple[str, str], Followed] = {}
"""By the events' kind and the table."""


def follow(followed: Followed) -> None:
    """Have a table followed."""
    FOLLOWED[followed.kind, followed.table] = followed


COMPARED: dict[str, Callable[[], Iterator[Difference]]] = {}
"""By the table."""


def compare_with(table: str, look: Callable[[], Iterator[Difference]]) -> None:
    """Have a table compared by its own room, which may write nothing."""
    COMPARED[table] = look


@dataclass(slots=True)
class Times:
    """Where the record's time goes back, by more than clocks of several machines may differ: how
    often, and the first entry of which it is so. Moments are microseconds since 1970."""

    begins: int = 0  # sequence of the first entry
    first: int = 0
    last: int = 0
    back: int = 0
    where: int = 0

    def see(self, sequence: int, at: int) -> None:
        """Take in the next entry."""
        self.begins, self.first = self.begins or sequence, self.first or at
        if at < self.last - _SLACK:
            self.back += 1
            self.where = self.where or sequence
        self.last = at

    def add(self, later: Times) -> None:
        """Take in what the next stretch tells; a step back between the two is its first entry's."""
        if self.last and later.first and later.first < self.last - _SLACK:
            self.back += 1
            self.where = self.where or later.begins
        self.back += later.back
        self.where = self.where or later.where
        self.begins, self.first = self.begins or later.begins, self.first or later.first
        self.last = later.last or self.last


@dataclass(slots=True)
class Derived:
    """What a stretch of the record tells: of small tables the last state of each row, of those that
    are followed how many rows were made; what already differs; and how its time goes."""

    states: dict[str, dict[str, State | None]] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    times: Times = field(default_factory=Times)

    def add(self, later: Derived) -> None:
        """Take in what the next stretch tells."""
        for table, states in later.states.items():
            self.states.setdefault(table, {}).update(states)
        for which, count in later.counts.items():
            self.counts[which] = self.counts.get(which, 0) + count
        self.differences += later.differences
        self.times.add(later.times)

    def read(self, tales: Iterator[Tale]) -> None:
        """Take in events in their order."""
        for piece in self._pieces(tales):
            for which, followed in FOLLOWED.items():
                mine = [tale for tale in piece if tale.kind == followed.kind]
                self.counts[which] = self.counts.get(which, 0) + followed.made_by(mine)
                self.differences += followed.compare(mine) if mine else ()
            for tale in piece:
                if _TELLS in tale.body:
                    for table, states in _TABLES.decode(tale.body).tables.items():
                        self.states.setdefault(table, {}).update(states)

    def _pieces(self, tales: Iterator[Tale]) -> Iterator[list[Tale]]:
        piece: list[Tale] = []
        kinds = {kind for kind, _ in FOLLOWED}
        for tale in tales:
            self.times.see(tale.sequence, tale.at)
            if tale.kind in kinds or _TELLS in tale.body:
                piece.append(tale)
            if len(piece) >= AT_ONCE:
                yield piece
                piece = []
        yield piece


def differences(derived: Derived) -> Iterator[Difference]:
    """Everything that is not as the record tells; `derived` of the whole of it."""
    yield from derived.differences
    missing = {each.table for each in derived.differences if each.what == MISSING}
    for which, followed in FOLLOWED.items():
        if followed.table in missing or followed.count() != derived.counts.get(which, 0):
            yield from followed.strays()
    for name, table in TABLES.items():
        yield from held(name, derived.states.get(name, {}), table.stored())
    for look in COMPARED.values():
        yield from look()


def held(
    table: str, claimed: Mapping[str, State | None], stored: Iterator[tuple[str, State]]
) -> Iterator[Difference]:
    """The rows of a small table against what was told of them last."""
    waiting = {key: state for key, state in claimed.items() if state is not None}
    for key, state in stored:
        expected = waiting.pop(key, None)
        if expected is None:
            yield Difference(table, key, STRAY)
        elif expected != state:
            names = sorted({*expected, *state})
            columns = [name for name in names if expected.get(name) != state.get(name)]
            yield Difference(table, key, DIFFERS, tuple(columns))
    for key in waiting:
        yield Difference(table, key, MISSING)
