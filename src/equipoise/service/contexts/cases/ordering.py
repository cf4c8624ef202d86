"""The desk's order: what a person's next minute is worth, set anew again and again for what waits.

`review.casework` says how. A list then reads it from an index, however much was ever decided. What
is not known of a case is taken as the median of those of which it is, and its row says so.

The chance that a person's answer is another than without them is fitted from what people answered:
of reviews how many were overturned, of what the strategy left to one how many got a yes (without a
person it is no). By grade and reasons, each drawn towards the mean of all, and that towards what is
believed, as long as there are few; each row says of how many cases it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isinf
from typing import TYPE_CHECKING

from django.db import connection, transaction

from equipoise.service.contexts.cases.models import Ruling, RulingState, Work, WorkKind
from equipoise.service.contexts.cases.promised import Office, office
from equipoise.service.platform import clock
from equipoise.service.platform.record.bulk import many_rows
from equipoise.texts.currencies import decimals

if TYPE_CHECKING:
    import polars as pl

    from equipoise.review.casework.priority import Ranked, Waiting

FIRST = 1e12
"""The worth of what has waited the longest that any may."""
ON_TOP = 2e12
"""The worth of what the customer was asked about, and has answered or let pass: a person waits for
what they themselves asked for."""
LAST = -1.0
"""The worth of what nobody can work on, as the customer has the ball."""
_KEPT = {
    "worth": "double precision",
    "place": "text",
    "unknown": "text",
    "chance": "double precision",
    "past": "integer",
    "id": "text",
}
_FIGURES = ("stake", "chance", "minutes", "promised")
_NEWEST = 2000
_YES = ("approve", "counter_offer")
_LEAST_HOURS = 0.25
_NO_MOVE = 0.01  # of its worth


def order_anew() -> int:
    """Set the place of everything that waits; how many moved."""
    now = clock.now()
    rows = list(Work.objects.filter(closed_at__isnull=True))
    offices = {digest: office(digest) for digest in {row.digest for row in rows}}
    chances = _chances(rows)
    shares = {work: chance.share for work, chance in chances.items()}
    moved = list[Work]()
    for digest, desk in offices.items():
        mine = [row for row in rows if row.digest == digest]
        places = ranked(mine, desk, shares, now)
        moved += [row for row in mine if _move(row, places[row.id], chances.get(row.id))]
    _keep(moved)
    return len(moved)


def ranked(
    rows: Sequence[Work], desk: Office, chances: Mapping[str, float], now: datetime
) -> Mapping[str, Ranked]:
    """The place of each row of one desk, by its id, with the chances that are known."""
    from equipoise.review.casework.priority import ordered  # numbers, which no page needs

    promised = _promised(rows, desk)
    cases = [
        _waiting(row, desk, chances.get(row.id), hours, now)
        for row, hours in zip(rows, promised, strict=True)
    ]
    return {each.key: each for each in ordered(cases, now, calendar=desk.calendar)}


def _promised(rows: Sequence[Work], desk: Office) -> list[float | None]:
    """Business hours that each was promised from its coming, without those held."""
    hours = desk.hours_of([(row.opened_at, row.due_at or row.opened_at) for row in rows])
    stood = [sum(desk.hours(*span) for span in _spans(row)) if row.held else 0.0 for row in rows]
    return [
        None if row.due_at is None else max(whole - less, _LEAST_HOURS)
        for row, whole, less in zip(rows, hours, stood, strict=True)
    ]


def _spans(row: Work) -> list[tuple[datetime, datetime]]:
    return [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in row.held]


def _waiting(
    row: Work, desk: Office, chance: float | None, promised: float | None, now: datetime
) -> Waiting:
    from equipoise.review.casework.priority import Waiting

    held = [(a, b) for a, b in _spans(row) if row.opened_at <= a <= b <= now]
    return Waiting(
        row.id,
        min(row.opened_at, now),
        stake=None if row.stake is None else row.stake / 10 ** decimals(row.currency),
        chance=chance,
        minutes=desk.minutes_at(row.level),
        promised=promised,
        held=(*held, *([(row.held_since, None)] if row.held_since else [])),
    )


def _move(row: Work, ranked: Ranked, chance: Chance | None) -> bool:
    """Whether its place is another than it was: by more than a hundredth, as worth grows with every
    minute that is waited."""
    worth = FIRST if isinf(ranked.worth) else LAST if ranked.why == "customer" else ranked.worth
    why = ranked.why
    if row.news and row.held_since is None:
        worth, why = ON_TOP, row.news
    after = (worth, why, " ".join(each for each in ranked.unknown if each in _FIGURES))
    near = abs(worth - row.worth) <= _NO_MOVE * abs(worth) and _as_before(row.chance, chance)
    if after[1:] == (row.place, row.unknown) and near:
        return False
    row.worth, row.place, row.unknown = after
    row.chance, row.past = (None, 0) if chance is None else (chance.share, chance.past)
    return True


def _as_before(before: float | None, chance: Chance | None) -> bool:
    if before is None or chance is None:
        return before is None and chance is None
    return abs(before - chance.share) <= _NO_MOVE


def _keep(moved: Sequence[Work]) -> None:
    rows = [(r.worth, r.place, r.unknown, r.chance, r.past, r.id) for r in moved]
    if rows:
        with transaction.atomic(), many_rows(connection) as into:
            into.update(Work._meta.db_table, _KEPT, rows)


@dataclass(frozen=True, slots=True)
class Chance:
    """A chance, and of how many past cases it is."""

    share: float
    past: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """Work that asks a person the same: which kinds, what is believed before people answered, and
    how past work of it was answered (whether by another answer)."""

    kinds: tuple[WorkKind, ...]
    believed: float
    answered: Callable[[], Sequence[tuple[Work, bool]]]


def _chances(rows: Sequence[Work]) -> Mapping[str, Chance]:
    """Of each that asks for an answer, by its id."""
    chances = dict[str, Chance]()
    for asked in _ASKED:
        waiting = [row for row in rows if row.kind in asked.kinds]
        if waiting:
            chances |= _of(waiting, asked.answered(), asked.believed)
    return chances


def _of(
    waiting: Sequence[Work], past: Sequence[tuple[Work, bool]], believed: float
) -> dict[str, Chance]:
    import polars as pl

    from equipoise.review.casework.chance import Prior, fit_chance

    if not past:
        return {row.id: Chance(believed, 0) for row in waiting}
    answers = ["approve" if other else "decline" for _, other in past]
    both = {"machine": pl.Series(["decline"] * len(past)), "person": pl.Series(answers)}
    frame = _frame([row for row, _ in past]).with_columns(**both)
    fit = fit_chance(frame, by=("grade", "reasons"), prior=Prior(believed, BELIEVED_CASES))
    chances = fit.of(_frame(waiting))["chance"]
    return {
        row.id: Chance(float(share), fit.cases) for row, share in zip(waiting, chances, strict=True)
    }


def _reviewed() -> Sequence[tuple[Work, bool]]:
    settled = _closed(WorkKind.REVIEW, ("kept", "overturned"))
    return [(row, row.closed == "overturned") for row in settled]


def _left_to_people() -> Sequence[tuple[Work, bool]]:
    """Those that a person answered: what the strategy decided after all is none."""
    kinds = (WorkKind.REFERRED, WorkKind.SIGNATURE)
    past = [row for kind in kinds for row in _closed(kind, (*_YES, "decline"))]
    rulings = Ruling.objects.filter(state=RulingState.DECIDED, pk__in=[r.decision for r in past])
    answers = dict(rulings.values_list("pk", "answer"))
    return [(row, answers[row.decision] in _YES) for row in past if row.decision in answers]


def _closed(kind: WorkKind, how: Sequence[str]) -> list[Work]:
    """The newest: ids of a kind grow with time, and need no index of their own."""
    rows = Work.objects.filter(kind=kind, closed__in=how, closed_at__isnull=False)
    return list(rows.order_by("-id")[:_NEWEST])


BELIEVED_CASES = 20.0
"""As how many cases what is believed counts."""
_ASKED = (
    _Asked((WorkKind.REVIEW,), 0.1, _reviewed),
    _Asked((WorkKind.REFERRED, WorkKind.SIGNATURE), 0.5, _left_to_people),
)


def _frame(rows: Sequence[Work]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        {"grade": [row.grade for row in rows], "reasons": [list(row.why) for row in rows]},
        schema={"grade": pl.String, "reasons": pl.List(pl.String)},
    )
