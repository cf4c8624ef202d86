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

from equipoise.service.contexts.cases.models import Work, WorkKind
from equipoise.service.contexts.cases.promised import Office, office
from equipoise.service.platform import clock
from equipoise.texts.currencies import decimals

if TYPE_CHECKING:
    import polars as pl

    from equipoise.review.casework.chance import ChanceOfChange
    from equipoise.review.casework.priority import Ranked, Waiting

FIRST = 1e12
"""The worth of what has waited the longest that any may."""
LAST = -1.0
"""The worth of what nobody can work on, as the customer has the ball."""
_KEPT = ("worth", "place", "unknown")
_FIGURES = ("stake", "chance", "minutes", "promised")
_ENOUGH = 50  # reviews that say how often a person changes the answer
_NEWEST = 2000
_LEAST_HOURS = 0.25


def order_anew() -> int:
    """Set the place of everything that waits; how many moved."""
    now = clock.now()
    rows = list(Work.objects.filter(closed_at__isnull=True))
    offices = {digest: office(digest) for digest in {row.digest for row in rows}}
    chances = _chances(rows)
    moved = list[Work]()
    for digest, desk in offices.items():
        mine = [row for row in rows if row.digest == digest]
        ranked = _ranked(mine, desk, chances, now)
        moved += [row for row in mine if _move(row, ranked[row.id])]
    Work.objects.bulk_update(moved, _KEPT, batch_size=500)
    return len(moved)


def _ranked(
    rows: Sequence[Work], desk: Office, chances: Mapping[str, float], now: datetime
) -> Mapping[str, Ranked]:
    from equipoise.review.casework.priority import ordered  # numbers, which no page needs

    cases = [_waiting(row, desk, chances.get(row.id), now) for row in rows]
    return {each.key: each for each in ordered(cases, now, calendar=desk.calendar)}


def _waiting(row: Work, desk: Office, chance: float | None, now: datetime) -> Waiting:
    from equipoise.review.casework.priority import Waiting

    moments = [tuple(datetime.fromisoformat(each) for each in span) for span in row.held]
    held = [(start, end) for start, end in moments if row.opened_at <= start <= end <= now]
    promised = None
    if row.due_at is not None:
        stood = sum(desk.hours(*span) for span in held)
        promised = max(desk.hours(row.opened_at, row.due_at) - stood, _LEAST_HOURS)
    spans = (*held, *([(row.held_since, None)] if row.held_since else []))
    return Waiting(
        row.id,
        min(row.opened_at, now),
        stake=None if row.stake is None else row.stake / 10 ** decimals(row.currency),
        chance=chance,
        minutes=desk.minutes_at(row.level),
        promised=promised,
        held=spans,
    )


def _move(row: Work, ranked: Ranked) -> bool:
    """Whether its place is another than it was."""
    worth = FIRST if isinf(ranked.worth) else LAST if ranked.why == "customer" else ranked.worth
    after = (worth, ranked.why, " ".join(each for each in ranked.unknown if each in _FIGURES))
    if after == (row.worth, row.place, row.unknown):
        return False
    row.worth, row.place, row.unknown = after
    return True


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
