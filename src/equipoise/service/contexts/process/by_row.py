"""Ways as rows, one for each: for whoever counts them otherwise than the picture does."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from equipoise.service.contexts.process.assembling import SILENCE, happened, ways
from equipoise.service.contexts.process.happening import COMPLETE, DECLINED, OFFERED, SENT, SIGNED

_ANSWERS = (OFFERED, DECLINED, SIGNED)
_HOUR = 3_600_000_000


def journeys(now: datetime) -> pl.DataFrame:
    """The newest ways: began (a date), channel, product, language, tier; whether it was sent, lost
    before (nothing happened for `SILENCE`; unknown while that is not over) and answered; the hours
    from sending to the answer; and whether the price promised to the tier was kept."""
    known, after = ways()
    done = happened(after).filter(pl.col("lifecycle") == COMPLETE)
    answer = pl.col("activity").is_in(_ANSWERS)
    ends = done.group_by("case").agg(
        sent_at=pl.col("time").filter(pl.col("activity") == SENT).min(),
        answered_at=pl.col("time").filter(answer).min(),
        last=pl.col("time").max(),
    )
    silent = (pl.lit(now) - pl.coalesce("last", "began")) >= SILENCE
    sent = pl.col("sent_at").is_not_null()
    hours = (pl.col("answered_at") - pl.col("sent_at")).dt.total_microseconds() / _HOUR
    return known.join(ends, on="case", how="left", maintain_order="left").select(
        pl.col("began").dt.date(),
        "channel",
        "product",
        "language",
        "tier",
        sent=sent,
        lost=pl.when(sent).then(pl.lit(False)).when(silent).then(pl.lit(True)),
        answered=pl.col("answered_at").is_not_null(),
        answer_hours=pl.when(hours >= 0).then(hours),
        price_kept="price_kept",
    )
