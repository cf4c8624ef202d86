"""Decisions' rows, and those of the applications that they take further, as the record tells them;
see `record.deriving`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from equipoise.record.events import read_as
from equipoise.service.contexts.applications.events import ApplicationState
from equipoise.service.contexts.applications.reading import Applications, Progress
from equipoise.service.contexts.decisions.events import WAITING, DecisionMade, state_after
from equipoise.service.contexts.decisions.idempotency import KEPT
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform import clock
from equipoise.service.platform.record.deriving import (
    AT_ONCE,
    DIFFERS,
    MISSING,
    STRAY,
    Difference,
    Tale,
    follow,
)

TABLE = Decision._meta.db_table
_COLUMNS = (
    "application", "begun_by", "branch", "region", "strategy", "digest", "way", "outcome",
    "decided_on", "made_at", "request",
)  # fmt: skip
_ROWS = f"SELECT id, {', '.join(_COLUMNS)} FROM {TABLE} WHERE id IN "
_TEXT = rb'[^"\\]*'
_SHAPE = re.compile(
    rb'\{(?:"branch":"(?P<branch>%(t)b)",)?"by":"(?P<by>%(t)b)","decision":"(?P<decision>%(t)b)",'
    rb'"facts":\{[^{}]*\},(?:"key":"%(t)b",)?(?:"language":"(?P<language>%(t)b)",)?'
    rb'"made":\{"authority":[^,]*,"conditions":\[(?P<conditions>.).*?'
    rb',"digest":"(?P<digest>[0-9a-f]+)".*?,"outcome":"(?P<outcome>\w+)".*?'
    rb'"decided_on":"(?P<on>[0-9-]{10})".*\},"made_at":"(?P<at>%(t)b)",'
    rb'"propensity":(?P<propensity>[^,]*),(?:"region":"(?P<region>%(t)b)",)?'
    rb'(?:"request":"(?P<request>[0-9a-f]*)",)?"strategy":"(?P<strategy>%(t)b)",'
    rb'(?:"trial":[0-9]+,)?"way":"(?P<way>\w+)"\}\Z' % {b"t": _TEXT}
)
Told = tuple[Any, ...]
_SLACK = timedelta(hours=1)  # of clocks, and of the work that forgets keys


class Decisions:
    """Each decision's row follows from its event."""

    kind = DecisionMade.kind
    table = TABLE

    def compare(self, tales: Sequence[Tale]) -> Iterator[Difference]:
        """Where the rows of these events are not as they tell."""
        quick = [_quick(tale) for tale in tales]
        stored = _stored([each[0] for each in quick if each is not None])
        cutoff = clock.now() - clock.passing(KEPT - _SLACK)
        doubted = [
            tale
            for tale, each in zip(tales, quick, strict=True)
            if each is None or not _is_as_told(each[1], stored.get(each[0]), cutoff)
        ]
        if doubted:
            yield from self._compare(doubted)

    def _compare(self, tales: Sequence[Tale]) -> Iterator[Difference]:
        rows = dict(map(_row, tales))
        stored = _stored([*rows])
        for key, expected in rows.items():
            state = stored.get(key)
            if state is None:
                yield Difference(TABLE, key, MISSING)
            elif columns := _differing(expected, state):
                yield Difference(TABLE, key, DIFFERS, columns)

    def made_by(self, tales: Sequence[Tale]) -> int:
        """How many rows these events make."""
        return len(tales)

    def count(self) -> int:
        """How many rows there are."""
        return Decision.objects.count()

    def strays(self) -> Iterator[Difference]:
        """Rows that no event of their chain tells of."""
        from equipoise.service.contexts.decisions.reading_many import made_in

        last = ""
        while rows := list(
            Decision.objects.filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", "application")[:AT_ONCE]
        ):
            made = made_in(sorted({chain for _, chain in rows}))
            for key, _ in rows:
                if key not in made:
                    yield Difference(TABLE, key, STRAY)
            last = rows[-1][0]


def _row(tale: Tale) -> tuple[str, Told]:
    """The decision's id and row as its event tells them."""
    decided = read_as(DecisionMade, tale.body)
    made = decided.made
    return decided.decision, (
        tale.chain,
        decided.by,
        decided.branch,
        decided.region,
        decided.strategy,
        made["digest"],
        decided.way,
        made["outcome"],
        date.fromisoformat(made["trace"]["decided_on"]),
        datetime.fromisoformat(decided.made_at),
        bytes.fromhex(decided.request),
    )


def _quick(tale: Tale) -> tuple[str, Told] | None:
    """The same without parsing what is not asked for, which is most of it. What it finds is only
    taken for right where the row says the same; None where the body is not as it expects."""
    text = _texts(tale.body)
    if text is None:
        return None
    return str(text["decision"]), (
        tale.chain,
        text["by"],
        text["branch"],
        text["region"],
        text["strategy"],
        text["digest"],
        text["way"],
        text["outcome"],
        date.fromisoformat(str(text["on"])),
        datetime.fromisoformat(str(text["at"])),
        bytes.fromhex(text["request"]) if text["request"] else None,
    )


@lru_cache(AT_ONCE)  # read for both tables
def _texts(body: bytes) -> Mapping[str, str | None] | None:
    shape = _SHAPE.match(body)
    if shape is None:
        return None
    return {name: value.decode() if value else None for name, value in shape.groupdict().items()}


def _progress(tale: Tale) -> Progress:
    """What a decision tells of its application."""
    text = _texts(tale.body)
    if text is None:
        return _progress_of(tale)
    waits = text["conditions"] != "]" or text["outcome"] in WAITING
    fixed = (text["by"], text["strategy"], text["digest"], text["way"])
    state = ApplicationState.OPEN if waits else ApplicationState.DECIDED
    place = (text["branch"], text["region"], text["language"])
    at = datetime.fromisoformat(str(text["at"]))
    return Progress(
        tale.chain,
        str(text["decision"]),
        (*fixed, float(str(text["propensity"]))),
        (*place, state.value, at),
    )


def _progress_of(tale: Tale) -> Progress:
    decided = read_as(DecisionMade, tale.body)
    digest, at = decided.made["digest"], datetime.fromisoformat(decided.made_at)
    return Progress(
        tale.chain,
        decided.decision,
        (decided.by, decided.strategy, digest, decided.way, decided.propensity),
        (decided.branch, decided.region, decided.language, state_after(decided.made).value, at),
    )


def _stored(keys: Sequence[str]) -> Mapping[str, tuple[Any, ...]]:
    marks = ", ".join(["%s"] * len(keys))
    plain = _plain if connection.vendor == "sqlite" else _as_read
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROWS}({marks})", keys)
        return {row[0]: plain(row[1:]) for row in cursor.fetchall()}


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as SQLite gives it: its moments are UTC and do not say so."""
    *same, at, request = row
    return (*same, at.replace(tzinfo=UTC), request)


def _as_read(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:-1], None if row[-1] is None else bytes(row[-1]))


def _is_as_told(row: Told, stands: Told | None, cutoff: datetime) -> bool:
    """Whether the row is as told; of one made before `cutoff` the key may be forgotten."""
    if stands is None or row[:-1] != stands[:-1]:
        return False
    return bool(row[-1] == stands[-1] or (stands[-1] is None and row[-2] < cutoff))


def _differing(row: Told, stands: Told) -> tuple[str, ...]:
    """The columns that differ."""
    if _is_as_told(row, stands, clock.now() - clock.passing(KEPT - _SLACK)):
        return ()
    pairs = zip(_COLUMNS, row, stands, strict=True)
    return tuple(name for name, one, other in pairs if one != other)


follow(Decisions())
follow(Applications(DecisionMade.kind, _progress))
