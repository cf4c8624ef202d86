"""The watched tables as a lender would deliver them."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from equipoise.numeric.arrays import Array, IntArray
from equipoise.simulation.columns import names
from equipoise.simulation.streams import Streams
from equipoise.simulation.watched.applicants import Applicants
from equipoise.simulation.watched.book import DAYS, Book
from equipoise.simulation.watched.economy import Calendar
from equipoise.simulation.watched.parameters import WatchedParameters
from equipoise.simulation.watched.planted import Planted

FIRST_YEAR = 2022
DAYS_A_MONTH = 30


def first_day(month: int) -> date:
    """The first day of a month counted from the first table's."""
    return date(FIRST_YEAR + month // 12, month % 12 + 1, 1)


def applications(made: Applicants) -> pl.DataFrame:
    """One row per application. What was never asked or decided is missing."""
    of = np.flatnonzero(made.month >= 0)
    seen, done = made.seen, made.completed[of]
    return pl.DataFrame(
        {
            "month": _months(made.month[of]),
            "channel": names(made.channel[of], seen.channel.names),
            "region": names(made.region[of], seen.region.names),
            "employment": names(seen.employment.codes[of], seen.employment.names),
            "purpose": names(seen.purpose.codes[of], seen.purpose.names),
            "age": seen.age[of].astype(float),
            "income": _missing(made.income[of]),
            "dti": seen.dti[of],
            "bureau_score": _missing(made.score[of]),
            "enquiries": seen.enquiries[of].astype(float),
            "utilisation": seen.utilisation[of],
            "amount": seen.amount[of],
            "pd": made.pd[of],
            "shared_device": made.shares_device[of],
            "completed": made.completed[of],
            "referred": _where(done, made.referred[of]),
            "by_hand": _where(done, made.referred[of]),
            "granted": _where(done, made.granted[of]),
            "overridden": _where(made.referred[of], made.overridden[of]),
            "hours": _missing(np.where(done, made.hours[of], np.nan)),
            "complained": _where(done, made.complained[of]),
            "booked": _where(made.granted[of], made.booked[of]),
        }
    )


def loans(book: Book, made: Applicants) -> pl.DataFrame:
    """One row per loan and month. The balance falls evenly over the term, which is simpler than an
    annuity and says nothing of interest."""
    of, seen = book.loan, made.seen
    left = np.clip(1 - book.months_on_book / seen.term[of], 0.0, 1.0)
    return pl.DataFrame(
        {
            "month": _months(book.month),
            "loan": of,
            "months_on_book": book.months_on_book,
            "region": names(made.region[of], seen.region.names),
            "channel": names(made.channel[of], seen.channel.names),
            "days": DAYS[book.state].astype(float),
            "days_before": DAYS[book.before].astype(float),
            "balance": np.round(seen.amount[of] * left, 2),
            "pd": made.pd[of],
        }
    )


def macro(calendar: Calendar, regions: tuple[str, ...]) -> pl.DataFrame:
    """One row per region and month: unemployment, and the policy rate that all share."""
    of = np.flatnonzero(calendar.month >= 0)
    return pl.DataFrame(
        {
            "month": _months(np.repeat(calendar.month[of], len(regions))),
            "region": list(regions) * of.size,
            "unemployment": calendar.unemployment[of].ravel(),
            "policy_rate": np.repeat(calendar.policy_rate[of], len(regions)),
        }
    )


def feeds(
    parameters: WatchedParameters, calendar: Calendar, planted: Planted, seed: int
) -> pl.DataFrame:
    """One row per feed and day: calls, and how many failed."""
    of = parameters.feeds
    here = np.flatnonzero(calendar.month >= 0)
    parts = []
    for name in of.names:
        noise = Streams(seed, calendar.month.size).normal(f"feed {name}")[here]
        failing = of.failing * np.exp(of.failing_sd * noise)
        if name == "bureau":
            down = planted.since("bureau_feed_down", calendar.month[here])
            failing = np.where(down, parameters.shocks.bureau_feed_down.failing, failing)
        month = np.repeat(calendar.month[here], DAYS_A_MONTH)
        calls = np.repeat(calendar.applicants[here] // DAYS_A_MONTH, DAYS_A_MONTH)
        failed = np.concatenate([
            Streams(seed, 1).generator(f"calls {name}", int(at) + 1).binomial(
                calls[:DAYS_A_MONTH] * 0 + int(calendar.applicants[at]) // DAYS_A_MONTH, share
            )
            for at, share in zip(here, failing, strict=True)
        ])  # fmt: skip
        parts.append(
            pl.DataFrame({
                "month": _months(month), "feed": [name] * month.size,
                "calls": calls.astype(float), "failed": failed.astype(float),
            })
        )  # fmt: skip
    return pl.concat(parts)


def _months(month: IntArray) -> pl.Series:
    known = pl.Series([first_day(at) for at in range(int(month.max(initial=0)) + 1)])
    return known.gather(month)


def _missing(values: Array) -> pl.Series:
    return pl.Series(values).fill_nan(None)


def _where(known: Array, values: Array) -> pl.Series:
    return pl.Series(values).set(pl.Series(~known), None)
