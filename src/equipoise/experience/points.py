"""What whole cases say of an event log, as points that are only to be counted and added up.

A point is a length of time in microseconds, or a plain count, of one table: whose it is (`key`),
how it ended (`cause`), and which band of the table it stands in (`bin`). Any part of a log that
holds whole cases gives its points, and the points of all parts are those of the log, so that an
engine which can count and add needs to know nothing of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from equipoise.experience.acceptance import offers
from equipoise.experience.calls import BANDS as CALL_BANDS
from equipoise.experience.calls import with_call
from equipoise.experience.document import ExperienceDocument
from equipoise.experience.dropoff import FATES, at_steps, gaps
from equipoise.experience.log import ACCEPTED, CANCELLED, DECLINED, OPEN, SECONDS_A_DAY, CaseLog
from equipoise.experience.steps import once_each, paired
from equipoise.experience.tables import CAUSES, DAYS, MOST_DAYS, TO_OFFER
from equipoise.experience.turns import spells, waited

DAY = round(SECONDS_A_DAY * 1e6)  # microseconds
CODES = {OPEN: 0, **{name: at + 1 for at, name in enumerate(CAUSES)}}
# leaving and going on come first: a curve of two causes takes what is above them for censored
STEP_CODES = {OPEN: 0, CANCELLED: FATES[CANCELLED], ACCEPTED: FATES[ACCEPTED], DECLINED: 3}
AFTER_CALL = 4  # the cause of time before a call that came: it ends by none of the others
SCHEMA = {
    "table": pl.String,
    "key": pl.String,
    "cause": pl.Int32,
    "bin": pl.Int32,
    "value": pl.Int64,
    "who": pl.String,
}

CASE, ONCE, REWORK, SERVED, WORK_OF = "case", "once", "rework", "served", "work_of"
QUEUE, WORK, QUEUE_OPEN, WORK_OPEN = "queue", "work", "queue_open", "work_open"
WAITED, SPELL, GAP, STEP = "waited", "spell", "gap", "step"
ENDS, OFFER_WAIT, OFFER_END, RETURN_END = "ends", "offer_wait", "offer_end", "return_end"
CALL, UNCALLED, CALLED, CALLED_AT = "call", "uncalled", "called", "called_at"

# causes of the curves; keys of what is spread, and what of a curve's end is asked
CURVES = {ENDS: len(CAUSES), OFFER_END: len(CAUSES), RETURN_END: len(CAUSES), STEP: 2}
SPREAD = (QUEUE, WORK, QUEUE_OPEN, WORK_OPEN, WAITED, WORK_OF)


def points_of(log: CaseLog, document: ExperienceDocument) -> pl.DataFrame:
    """The points of a log, or of a part of one that holds whole cases; columns as of SCHEMA."""
    parts = [
        *_cases(log),
        *_work(log),
        *_waits(log, document),
        *_steps(log, document),
        *(_offers(log) if log.section.offer is not None else ()),
    ]
    points: pl.DataFrame = pl.concat(parts)
    return points


def spell_edges(document: ExperienceDocument) -> list[float]:
    """The days between which spells of waiting are told apart, rising."""
    ends = () if document.log is None else (document.log.close_after_days,)
    days = {0.0, 1.0, document.waiting.from_day, *(day for day in ends if day is not None)}
    return sorted(days)


def _cases(log: CaseLog) -> Iterator[pl.DataFrame]:
    zero = pl.lit(0)
    yield _points(log.cases, CASE, zero, key="outcome", bin=pl.col("by_clock"))
    length = (pl.col("stop") - pl.col("start")).dt.total_microseconds()
    yield _points(log.cases, ENDS, length, cause=_coded("outcome", CODES), bin=_day(length))


def _work(log: CaseLog) -> Iterator[pl.DataFrame]:
    once = once_each(log.events)
    who = pl.when("backward").then("case")
    yield _points(once, ONCE, pl.lit(0), key="activity", cause=pl.col("backward"), who=who)
    queue, work = paired(log.events, log.section.calendar.calendar())
    for sessions, plain, within in ((queue, QUEUE, QUEUE_OPEN), (work, WORK, WORK_OPEN)):
        yield _points(sessions, plain, _took(), key="activity")
        business = (pl.col("business_seconds") * 1e6).round()
        yield _points(sessions, within, business, key="activity")
    times = work.group_by("case", "activity").len()
    yield _points(times, REWORK, pl.col("len"), key="activity", bin=pl.col("len") > 1)
    named = work.filter(pl.col("resource").is_not_null())
    yield _points(named, WORK_OF, _took(), key="resource", who=pl.col("activity"))
    yield _points(named.unique(["case", "resource"]), SERVED, pl.lit(1), key="resource")


def _waits(log: CaseLog, document: ExperienceDocument) -> Iterator[pl.DataFrame]:
    days = _microseconds("days")
    yield _points(waited(log), WAITED, days, key="waits_for")
    waits = spells(log)
    band = _banded(waits["days"], spell_edges(document))
    both = pl.col("turn") + "/" + pl.col("phase")
    yield _points(
        waits.with_columns(band, both=both), SPELL, days, key="both", cause="lost", bin="band"
    )
    day = pl.col("days").floor().clip(0, DAYS)
    yield _points(gaps(log), GAP, days, key="turn", cause="lost", bin=day)


def _steps(log: CaseLog, document: ExperienceDocument) -> Iterator[pl.DataFrame]:
    for at, (_, there) in enumerate(at_steps(log, document.activities())):
        keyed = there.with_columns(key=pl.lit(str(at)))
        cause = _coded("fate", STEP_CODES)
        yield _points(keyed, STEP, _microseconds("days"), key="key", cause=cause)


def _offers(log: CaseLog) -> Iterator[pl.DataFrame]:
    table = offers(log)
    cause = _coded("outcome", CODES)
    waits = table.with_columns(_banded(table["days_to_offer"], TO_OFFER))
    yield _points(waits, OFFER_WAIT, _microseconds("days_to_offer"), cause=cause, bin="band")
    length = _microseconds("days_to_end")
    yield _points(table, OFFER_END, length, cause=cause, bin=_day(length))
    back, length = table.filter(pl.col("days_from_return") >= 0), _microseconds("days_from_return")
    yield _points(back, RETURN_END, length, cause=cause, bin=_day(length))
    for at, activity in enumerate(log.section.calls):
        yield from _calls(with_call(log, table, activity).with_columns(key=pl.lit(str(at))))


def _calls(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Time before a first call and after it, in half days; and the plain comparison's counts."""
    cause, ever = _coded("outcome", CODES), pl.col("called_at").is_finite()
    yield _points(table, CALL, pl.lit(0), key="key", cause=cause, bin=ever)
    at_risk = table.filter(pl.col("days") > 0)
    until = at_risk.select(pl.min_horizontal("days", "called_at")).to_series()
    came = pl.col("called_at") < pl.col("days")
    before = at_risk.with_columns(_banded(until, CALL_BANDS), until=until)
    ended = pl.when(came).then(AFTER_CALL).otherwise(cause)
    yield _points(before, UNCALLED, _microseconds("until"), key="key", cause=ended, bin="band")
    after = at_risk.filter(came)
    for name, column in ((CALLED, "days"), (CALLED_AT, "called_at")):
        banded = after.with_columns(_banded(after[column], CALL_BANDS))
        yield _points(banded, name, _microseconds(column), key="key", cause=cause, bin="band")


def _took() -> pl.Expr:
    return (pl.col("end") - pl.col("begin")).dt.total_microseconds()


def _microseconds(days: str) -> pl.Expr:
    return (pl.col(days) * DAY).round()


def _day(length: pl.Expr) -> pl.Expr:
    # what is shorter than nothing stands apart: there should be none
    return pl.when(length < 0).then(-1).otherwise((length // DAY).clip(0, MOST_DAYS + 1))


def _coded(column: str, codes: dict[str, int]) -> pl.Expr:
    return pl.col(column).replace_strict(codes, return_dtype=pl.Int32)


def _banded(days: pl.Series, edges: Sequence[float]) -> pl.Series:
    """How many edges are reached; compared in days, as the tables compare."""
    return pl.Series("band", np.searchsorted(np.array(edges), days.to_numpy(), side="right"))


def _points(
    frame: pl.DataFrame,
    table: str,
    value: pl.Expr,
    *,
    key: str | None = None,
    cause: pl.Expr | str | None = None,
    bin: pl.Expr | str | None = None,  # noqa: A002  # what the column is called
    who: pl.Expr | None = None,
) -> pl.DataFrame:
    columns = {
        "table": pl.lit(table),
        "key": pl.lit("") if key is None else pl.col(key),
        "cause": _given(cause),
        "bin": _given(bin),
        "value": value,
        "who": pl.lit(None) if who is None else who,
    }
    return frame.select(columns[name].cast(kind).alias(name) for name, kind in SCHEMA.items())


def _given(column: pl.Expr | str | None) -> pl.Expr:
    if column is None:
        return pl.lit(0)
    return pl.col(column) if isinstance(column, str) else column
