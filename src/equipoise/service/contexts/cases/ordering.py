"""The desk's order: what a person's next minute is worth, set anew again and again for what waits.

`review.casework` says how. A list then reads it from an index, however much was ever decided. What
is not known of a case is taken as the median of those of which it is, and its row says so: the
chance that a person changes the answer is fitted from what people did with reviews, and is not
known before there are enough of those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isinf
from typing import TYPE_CHECKING

from django.db import connection, transaction

from equipoise.service.contexts.cases.models import Work, WorkKind
from equipoise.service.contexts.cases.promised import Office, office
from equipoise.service.platform import clock
from equipoise.service.platform.record.bulk import many_rows
from equipoise.texts.currencies import decimals

if TYPE_CHECKING:
    import polars as pl

    from equipoise.review.casework.chance import ChanceOfChange
    from equipoise.review.casework.priority import Ranked, Waiting

FIRST = 1e12
"""The worth of what has waited the longest that any may."""
ON_TOP = 2e12
"""The worth of what the customer was asked about, and has answered or let pass: a person waits for
what they themselves asked for."""
LAST = -1.0
"""The worth of what nobody can work on, as the customer has the ball."""
_KEPT = {"worth": "double precision", "place": "text", "unknown": "text", "id": "text"}
_FIGURES = ("stake", "chance", "minutes", "promised")
_ENOUGH = 50  # reviews that say how often a person changes the answer
_NEWEST = 2000
_LEAST_HOURS = 0.25
_NO_MOVE = 0.01  # of its worth


def order_anew() -> int:
    """Set the place of everything that waits; how many moved."""
    now = clock.now()
    rows = list(Work.objects.filter(closed_at__isnull=True))
    offices = {digest: office(digest) for digest in {row.digest for row in rows}}
    chances = _chances(rows)
    moved = list[Work]()
    for digest, desk in offices.items():
        mine = [row for row in rows if row.digest == digest]
        places = ranked(mine, desk, chances, now)
        moved += [row for row in mine if _move(row, places[row.id])]
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


def _move(row: Work, ranked: Ranked) -> bool:
    """Whether its place is another than it was: by more than a hundredth, as worth grows with every
    minute that is waited."""
    worth = FIRST if isinf(ranked.worth) else LAST if ranked.why == "customer" else ranked.worth
    why = ranked.why
    if row.news and row.held_since is None:
        worth, why = ON_TOP, row.news
    after = (worth, why, " ".join(each for each in ranked.unknown if each in _FIGURES))
    if after[1:] == (row.place, row.unknown) and abs(worth - row.worth) <= _NO_MOVE * abs(worth):
        return False
    row.worth, row.place, row.unknown = after
    return True


def _keep(moved: Sequence[Work]) -> None:
    rows = [(row.worth, row.place, row.unknown, row.id) for row in moved]
    if rows:
        with transaction.atomic(), many_rows(connection) as into:
            into.update(Work._meta.db_table, _KEPT, rows)


def _chances(rows: Sequence[Work]) -> Mapping[str, float]:
    """That a person changes the answer, of the reviews that wait; none before enough were
    settled."""
    waiting = [row for row in rows if row.kind == WorkKind.REVIEW]
    fit = _fit() if waiting else None
    if fit is None:
        return {}
    chances = fit.of(_frame(waiting))["chance"]
    return dict(zip((row.id for row in waiting), chances, strict=True))


def _fit() -> ChanceOfChange | None:
    from equipoise.review.casework.chance import fit_chance

    settled = Work.objects.filter(kind=WorkKind.REVIEW, closed__in=("kept", "overturned"))
    past = list(settled.order_by("-closed_at")[:_NEWEST])
    if len(past) < _ENOUGH:
        return None
    answers = ["approve" if row.closed == "overturned" else "decline" for row in past]
    import polars as pl

    both = {"machine": pl.Series(["decline"] * len(past)), "person": pl.Series(answers)}
    return fit_chance(_frame(past).with_columns(**both), by=("grade", "reasons"))


def _frame(rows: Sequence[Work]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        {"grade": [row.grade for row in rows], "reasons": [list(row.why) for row in rows]},
        schema={"grade": pl.String, "reasons": pl.List(pl.String)},
    )
