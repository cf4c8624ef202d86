"""Who waits for whom: whose turn it is to act, from event to event."""

from __future__ import annotations

import polars as pl

from equipoise.experience.log import CANCELLED, OPEN, CaseLog, in_days

CUSTOMER, LENDER = "customer", "lender"
BEFORE_OFFER, AFTER_OFFER = "before_offer", "after_offer"


def with_turn(log: CaseLog) -> pl.DataFrame:
    """The events up to each case's end, with `turn`: who has to act next, customer or lender.

    Activities that the document does not name leave the turn where it is; a case begins with
    the lender, who has received an application. Columns of the case are joined on.
    """
    named = log.section.waits_for
    turn = (
        pl.when(_named(named.customer))
        .then(pl.lit(CUSTOMER))
        .when(_named(named.lender))
        .then(pl.lit(LENDER))
    )
    return (
        log.events.join(log.cases, on="case", how="left", maintain_order="left")
        .filter(pl.col("time") <= pl.col("stop"))
        .with_columns(turn=turn.forward_fill().over("case").fill_null(LENDER))
    )


def _named(names: tuple[str, ...]) -> pl.Expr:
    full = pl.col("activity") + ":" + pl.col("lifecycle")
    # a name without a lifecycle means the moment it is done
    wanted = [name if name.rsplit(":", 1)[-1] in _STATES else f"{name}:complete" for name in names]
    return full.is_in(wanted)


_STATES = ("schedule", "start", "complete")


def spells(log: CaseLog) -> pl.DataFrame:
    """One row per unbroken wait: case, turn, phase, begin, finish, days, outcome, lost.

    `outcome` is how the case ended if this wait was its last (`open` if it never did), and
    null when the wait ended because the turn passed to the other party. `lost` says that the
    customer left; a closing by the clock tells when the lender gave up, so it is not `lost`.
    `phase` says whether the wait began before the case's first offer or after it.
    """
    before = pl.col("offered").is_null() | (pl.col("time") < pl.col("offered"))
    changes = (
        with_turn(log)
        .filter((pl.col("turn") != pl.col("turn").shift(1).over("case")).fill_null(value=True))
        .join(first_offer(log), on="case", how="left", maintain_order="left")
    )
    following = pl.col("time").shift(-1).over("case")
    return changes.select(
        "case",
        "turn",
        phase=pl.when(before).then(pl.lit(BEFORE_OFFER)).otherwise(pl.lit(AFTER_OFFER)),
        begin=pl.col("time"),
        finish=following.fill_null(pl.col("stop")),
        outcome=pl.when(following.is_null()).then(pl.col("outcome")),
        lost=following.is_null() & (pl.col("outcome") == CANCELLED) & ~pl.col("by_clock"),
    ).with_columns(days=in_days(pl.col("finish") - pl.col("begin")))


def first_offer(log: CaseLog) -> pl.DataFrame:
    """When each case got its first offer: case, offered; no rows when the log names none."""
    sent = log.section.offer.sent if log.section.offer else None
    rows = log.complete(sent) if sent else log.events.head(0)
    return rows.group_by("case").agg(offered=pl.col("time").min())


def waiting_table(log: CaseLog) -> pl.DataFrame:
    """Days spent waiting for each party, per closed case: median, mean, 90th percentile, share.

    `waits_for` is the party that has to act; the other one waits.
    """
    long = waited(log)
    total = float(long["days"].sum())
    return (
        long.group_by("waits_for")
        .agg(
            cases=pl.len(),
            days_median=pl.col("days").median(),
            days_mean=pl.col("days").mean(),
            days_p90=pl.col("days").quantile(0.9, "linear"),
            share=pl.col("days").sum() / (total if total > 0 else 1.0),
        )
        .sort("waits_for")
    )


def waited(log: CaseLog) -> pl.DataFrame:
    """Days that each closed case waited for either party: case, waits_for, days."""
    closed = log.cases.filter(pl.col("outcome") != OPEN).select("case")
    per_case = (
        spells(log)
        .join(closed, on="case", how="semi")
        .group_by("case", "turn", maintain_order=True)  # or sums differ by their last bit
        .agg(pl.col("days").sum())
        .pivot("turn", index="case", values="days")
    )
    for party in (CUSTOMER, LENDER):
        if party not in per_case.columns:
            per_case = per_case.with_columns(pl.lit(0.0).alias(party))
    return per_case.fill_null(0.0).unpivot(
        [CUSTOMER, LENDER], index="case", variable_name="waits_for", value_name="days"
    )
