"""Whether each tier has what it is promised: journey, an answer in time, price, a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from equipoise.experience.calendar import BusinessCalendar
from equipoise.experience.log import CaseLog
from equipoise.review.process.share import Share
from equipoise.service.contexts.process.happening import (
    COMPLETE,
    DECLINED,
    OFFERED,
    PERSON,
    SCHEDULE,
    SENT,
)
from equipoise.workspace.desks import TierSection, TiersSection

_SECONDS_AN_HOUR = 3600.0
_SENT = (f"{SENT}:{COMPLETE}",)
_ANSWERS = tuple(f"{each}:{COMPLETE}" for each in (OFFERED, DECLINED, "declined_first"))
_NEEDED = (f"{PERSON}:{SCHEDULE}", f"person_asked:{COMPLETE}")
_THERE = (f"{PERSON}:{COMPLETE}", f"person_replied:{COMPLETE}")


@dataclass(frozen=True, slots=True)
class _Clock:
    """The lender's open hours, and until when people were watched."""

    calendar: BusinessCalendar
    until: datetime


def kept_by_tier(
    tiers: TiersSection, log: CaseLog, cases: pl.DataFrame, until: datetime
) -> Iterator[dict[str, Any]]:
    """Each tier with how many began since its day, and each promise with the share it was kept to.

    A promise in time counts once it was kept or its time is over; who left meanwhile, and whose
    time is not over, does not count. Open hours are of the log's calendar, days the lender's.
    """
    clock = _Clock(log.section.calendar.calendar(), until)
    day = pl.col("began").dt.convert_time_zone(log.section.calendar.time_zone).dt.date()
    events = log.events.select(
        "case", "time", name=pl.col("activity") + ":" + pl.col("lifecycle")
    ).join(log.cases.select("case", "stop"), on="case", how="left")
    for tier in tiers.promised:
        mine = cases.filter((pl.col("tier") == tier.name) & (day >= tier.since))
        theirs = events.join(mine.select("case"), on="case", how="semi")
        yield {
            "name": tier.name,
            "label": tier.label,
            "since": tier.since.isoformat(),
            "ways": mine.height,
            "judged_after": int(mine["judged_after"].sum()),
            "promises": list(_promises(tier, mine, theirs, clock)),
        }


def _promises(
    tier: TierSection, mine: pl.DataFrame, events: pl.DataFrame, clock: _Clock
) -> Iterator[dict[str, Any]]:
    if tier.journeys:
        gone = mine["journey"].drop_nulls()
        kept = int(gone.is_in(list(tier.journeys)).sum())
        yield _told("journey", ", ".join(tier.journeys), Share.of(kept, len(gone)))
    if tier.answer_hours is not None:
        share = _in_time(events, (_SENT, _ANSWERS), tier.answer_hours, clock)
        yield _told("time", tier.answer_hours, share)
    if tier.apr_at_most is not None:
        within = mine["price_kept"].drop_nulls()
        yield _told("price", tier.apr_at_most, Share.of(int(within.sum()), len(within)))
    if tier.person_hours is not None:
        share = _in_time(events, (_NEEDED, _THERE), tier.person_hours, clock)
        yield _told("person", tier.person_hours, share)


def _told(what: str, promised: float | str, share: Share) -> dict[str, Any]:
    return {"what": what, "promised": str(promised), "kept": asdict(share)}


def _in_time(
    events: pl.DataFrame, names: tuple[Sequence[str], Sequence[str]], hours: float, clock: _Clock
) -> Share:
    """Of those for whom it began, and was kept or is over, how many had it within so many hours."""
    begins, ends = names
    begun = events.filter(pl.col("name").is_in(begins)).group_by("case")
    waits = (
        begun.agg(begin=pl.col("time").min(), stop=pl.col("stop").first())
        .join(events.filter(pl.col("name").is_in(ends)).select("case", "time"), on="case",
              how="left")
        .group_by("case")
        .agg(
            pl.col("begin").first(), pl.col("stop").first(),
            end=pl.col("time").filter(pl.col("time") >= pl.col("begin")).min(),
        )
        .with_columns(
            there=pl.col("end").is_not_null(),
            last=pl.coalesce("end", pl.min_horizontal("stop", pl.lit(clock.until))),
        )
    )  # fmt: skip
    start, last = (waits[name].dt.epoch("us").to_numpy() for name in ("begin", "last"))
    waited = clock.calendar.business_seconds(start, last) / _SECONDS_AN_HOUR
    late = waited > hours
    kept = waits["there"].to_numpy() & ~late
    return Share.of(int(np.sum(kept)), int(np.sum(kept | late)))
