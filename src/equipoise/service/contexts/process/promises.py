"""Whether people have what they are promised: an answer in time, and by tier a journey, a price and
a person.

Every application that was sent counts for an answer in time: one that was answered at once, one
that a program sent, and one that still waits past its time. The time stands still while whoever
applied has to do something (send more, bring a check's result, say something to what is unclear,
answer what a person asks).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl

from equipoise.experience.calendar import BusinessCalendar
from equipoise.experience.log import CaseLog
from equipoise.numeric.arrays import FloatArray
from equipoise.review.process.share import Share
from equipoise.service.contexts.process.following import API
from equipoise.service.contexts.process.happening import (
    CHECKS,
    COMPLETE,
    CONCERN,
    DECLINED,
    MORE,
    OFFERED,
    PERSON,
    QUESTION,
    SCHEDULE,
    SENT,
)
from equipoise.workspace.desks import TierSection, TiersSection

_SECONDS_AN_HOUR = 3600.0
_SENT = f"{SENT}:{COMPLETE}"
_ANSWERS = tuple(f"{each}:{COMPLETE}" for each in (OFFERED, DECLINED, "declined_first"))
_NEEDED = (f"{PERSON}:{SCHEDULE}", f"person_asked:{COMPLETE}")
_THERE = (f"{PERSON}:{COMPLETE}", f"person_replied:{COMPLETE}")
_THEIRS = (MORE, CHECKS, CONCERN, QUESTION)
"""Steps after sending in which whoever applied has the turn."""


@dataclass(frozen=True, slots=True)
class _Log:
    """What happened (case, time, name, stop), the lender's open hours, and until when people were
    watched."""

    events: pl.DataFrame
    calendar: BusinessCalendar
    until: datetime

    def of(self, cases: pl.DataFrame) -> pl.DataFrame:
        """What happened to these."""
        return self.events.join(cases.select("case"), on="case", how="semi")

    def hours(self, start: pl.Series, end: pl.Series) -> FloatArray:
        """Open hours between moments, row by row."""
        moments = (each.dt.epoch("us").to_numpy() for each in (start, end))
        return self.calendar.business_seconds(*moments) / _SECONDS_AN_HOUR


def kept_by_tier(
    tiers: TiersSection, log: CaseLog, cases: pl.DataFrame, until: datetime
) -> Iterator[dict[str, Any]]:
    """Each tier with how many began since its day, and each promise with the share it was kept to.

    A promise in time counts once it was kept or its time is over; who left meanwhile, and whose
    time is not over, does not count. Open hours are of the log's calendar, days the lender's.
    """
    known = _known(log, until)
    day = pl.col("began").dt.convert_time_zone(log.section.calendar.time_zone).dt.date()
    for tier in tiers.promised:
        mine = cases.filter((pl.col("tier") == tier.name) & (day >= tier.since))
        yield {
            "name": tier.name,
            "label": tier.label,
            "since": tier.since.isoformat(),
            "ways": mine.height,
            "judged_after": int(mine["judged_after"].sum()),
            "promises": list(_promises(tier, mine, known)),
        }


def answered_in_time(
    tiers: TiersSection | None, log: CaseLog, cases: pl.DataFrame, hours: float, until: datetime
) -> Iterator[dict[str, Any]]:
    """To how many an answer came within the open hours in which everybody is promised one: of all,
    and where tiers are declared, of each and of nobody's (`tier` empty)."""
    known = _known(log, until)
    yield {"tier": None, "label": {}, **_answers(cases, known, hours)}
    if tiers is None:
        return
    for each in tiers.promised:
        mine = cases.filter(pl.col("tier") == each.name)
        yield {"tier": each.name, "label": each.label, **_answers(mine, known, hours)}
    nobodys = cases.filter(pl.col("tier").is_null())
    yield {"tier": "", "label": {}, **_answers(nobodys, known, hours)}


def _answers(mine: pl.DataFrame, known: _Log, hours: float) -> dict[str, Any]:
    waits = _waits(_sent(mine, known), known.of(mine), _ANSWERS, known)
    late = waits["hours"] > hours
    over = int((waits["there"] | late).sum())
    return {
        "sent": waits.height,
        "kept": asdict(Share.of(int((waits["there"] & ~late).sum()), over)),
        "waiting_late": int((~waits["there"] & waits["open"] & late).sum()),
    }


def _known(log: CaseLog, until: datetime) -> _Log:
    events = log.events.select(
        "case", "time", name=pl.col("activity") + ":" + pl.col("lifecycle")
    ).join(log.cases.select("case", "stop"), on="case", how="left")
    return _Log(events, log.section.calendar.calendar(), until)


def _promises(tier: TierSection, mine: pl.DataFrame, known: _Log) -> Iterator[dict[str, Any]]:
    events = known.of(mine)
    if tier.journeys:
        gone = mine["journey"].drop_nulls()
        kept = int(gone.is_in(list(tier.journeys)).sum())
        yield _promise_row("journey", ", ".join(tier.journeys), Share.of(kept, len(gone)))
    if tier.answer_hours is not None:
        waits = _waits(_sent(mine, known), events, _ANSWERS, known)
        yield _promise_row("time", tier.answer_hours, _in_time(waits, tier.answer_hours))
    if tier.apr_at_most is not None:
        within = mine["price_kept"].drop_nulls()
        yield _promise_row("price", tier.apr_at_most, Share.of(int(within.sum()), len(within)))
    if tier.person_hours is not None:
        waits = _waits(_first(events, _NEEDED), events, _THERE, known)
        yield _promise_row("person", tier.person_hours, _in_time(waits, tier.person_hours))


def _promise_row(what: str, promised: float | str, share: Share) -> dict[str, Any]:
    return {"what": what, "promised": str(promised), "kept": asdict(share)}


def _in_time(waits: pl.DataFrame, hours: float) -> Share:
    """Of those for whom it was kept or is over, to how many it was kept within so many hours."""
    late = waits["hours"] > hours
    kept = waits["there"] & ~late
    return Share.of(int(kept.sum()), int((kept | late).sum()))


def _sent(mine: pl.DataFrame, known: _Log) -> pl.DataFrame:
    """When each was sent: case, begin. What a program sends is sent as it is first decided."""
    typed = _first(known.of(mine), (_SENT,))
    programs = mine.filter(pl.col("channel") == API).join(typed, on="case", how="anti")
    return pl.concat([typed, programs.select("case", begin="began")])


def _first(events: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """When one of these happened first: case, begin."""
    return (
        events.filter(pl.col("name").is_in(names)).group_by("case").agg(begin=pl.col("time").min())
    )


def _waits(
    begun: pl.DataFrame, events: pl.DataFrame, ends: Sequence[str], known: _Log
) -> pl.DataFrame:
    """How long each waited from `begin` until what ends it: case, whether it is `there`, whether it
    is `open` otherwise, and the open `hours` by then, without those in which it was their turn."""
    ended = events.filter(pl.col("name").is_in(ends)).select("case", "time")
    waits = (
        begun.join(ended, on="case", how="left")
        .group_by("case")
        .agg(
            pl.col("begin").first(),
            end=pl.col("time").filter(pl.col("time") >= pl.col("begin")).min(),
        )
        .join(events.group_by("case").agg(pl.col("stop").first()), on="case", how="left")
        .with_columns(
            there=pl.col("end").is_not_null(),
            open=pl.col("stop").is_null() | (pl.col("stop") >= known.until),
            last=pl.coalesce("end", pl.min_horizontal("stop", pl.lit(known.until))),
        )
        .sort("case")
    )
    theirs = _their_turn(waits, events, known)
    stood = waits.select("case").join(theirs, on="case", how="left", maintain_order="left")
    hours = known.hours(waits["begin"], waits["last"])
    return waits.with_columns(
        hours=pl.Series(hours - stood["hours"].fill_null(0.0).to_numpy(), dtype=pl.Float64)
    )


def _their_turn(waits: pl.DataFrame, events: pl.DataFrame, known: _Log) -> pl.DataFrame:
    """Open hours of each wait in which whoever applied had the turn: case, hours."""
    spans = []
    for step in _THEIRS:
        asked = events.filter(pl.col("name") == f"{step}:{SCHEDULE}").select("case", begun="time")
        done = events.filter(pl.col("name") == f"{step}:{COMPLETE}").select("case", over="time")
        spans.append(
            asked.join(done, on="case", how="left")
            .group_by("case", "begun")
            .agg(over=pl.col("over").filter(pl.col("over") >= pl.col("begun")).min())
        )
    turns = (
        pl.concat(spans)
        .join(waits.select("case", "begin", "last"), on="case")
        .with_columns(
            begun=pl.max_horizontal("begun", "begin"),
            over=pl.min_horizontal(pl.coalesce("over", "last"), "last"),
        )
        .sort("case", "begun")
        # what two asked for at the same time counts once
        .with_columns(so_far=pl.col("over").cum_max().shift(1).over("case"))
        .with_columns(begun=pl.max_horizontal("begun", "so_far"))
        .filter(pl.col("begun") < pl.col("over"))
    )
    hours = pl.Series(known.hours(turns["begun"], turns["over"]), dtype=pl.Float64)
    return turns.with_columns(hours=hours).group_by("case").agg(pl.col("hours").sum())
