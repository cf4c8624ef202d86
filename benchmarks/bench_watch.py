"""The watch: what rings where nothing changed, what is found where something did, and its speed."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from itertools import combinations
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from benchmarks import watch_economies as economies
from benchmarks import watch_lenders as lenders
from benchmarks.table import Result
from equipoise.simulation import SHOCKS, borrower_parameters
from equipoise.watch import ParquetSource, Watch, measure, parse_watch

PROCESSES = 2
MONTHS = 24
_STRENGTHS = (0.5, 0.25)  # of a shock as it was written down


def run(short: bool = False) -> list[Result]:
    """False reds a year, shocks found, and one pass of a hundred indicators."""
    unseen = lenders.seeds("unseen")
    seeds = unseen[:8] if short else unseen
    truth = borrower_parameters().truth.unseen
    lives = range(truth.first, truth.first + 2 if short else truth.last + 1)
    return [
        _quiet(seeds),
        *_economies(seeds),
        *_shaken(seeds),
        *_shaken(seeds[: 2 if short else 20], together=2),
        *_weaker(seeds[: 2 if short else 50]),
        *_borrowers(lives),
        _pass(50_000 if short else 1_000_000),
    ]


def _quiet(seeds: range) -> Result:
    result = lenders.all_quiet(seeds, PROCESSES)
    years = sum(each.months for each in result) / 12
    reds, bar = sum(len(each.reds) for each in result), lenders.truth()["bars"]["false_reds_a_year"]
    return Result(
        f"false reds a year, 50 indicators, {len(result)} lenders in which nothing changes",
        reds / years,
        "",
        bar=f"at most {bar:g}",
        met=reds / years <= bar,
        note=f"{sum(each.ambers for each in result) / years:.1f} amber readings a year",
    )


def _economies(seeds: range) -> list[Result]:
    """False reds by the size of the book and by how long its economy lasts."""
    years, bar = economies.WATCHED / 12, lenders.truth()["bars"]["false_reds_a_year"]
    results = []
    for (loans, lasts), of in economies.all_outcomes(seeds, PROCESSES).items():
        reds = sum(each.began for each in of) / len(of) / years
        readings = sum(each.red for each in of) / len(of) / years
        share = 100 * sum(each.is_found for each in of) / len(of)
        results.append(
            Result(
                f"false reds a year, {loans:,} loans, months that correlate by {lasts:g},"
                f" {len(of)} lenders",
                reds,
                "",
                bar=f"at most {bar:g}",
                met=reds <= bar,
                note=f"{readings:.1f} red readings a year; odds half as high again are red in"
                f" {share:.0f} %",
            )
        )
    return results


def _shaken(seeds: range, together: int = 1) -> list[Result]:
    """Shocks alone or so many together: all of them red in time, how late, and what rang first."""
    every = lenders.all_shaken(seeds, PROCESSES, together)
    bar, results = lenders.truth()["bars"]["found"], []
    for shocks in combinations(SHOCKS, together):
        of = [each for each in every if each.shocks == shocks]
        lags = [lag for each in of for lag in each.lags if lag is not None]
        in_time = sum(None not in each.lags for each in of)
        first = sum(each.is_right for each in of) / len(of)
        lag = f"median {median(lags):g} periods after the onset" if lags else "never"
        results.append(
            Result(
                f"{' and '.join(shocks).replace('_', ' ')}: red within two periods,"
                f" {len(of)} lenders",
                100 * in_time / len(of),
                "%",
                bar=f"{100 * bar:g} or more",
                met=in_time >= bar * len(of),
                note=f"{lag}; a right one first in {100 * first:.0f} %",
            )
        )
    return results


def _weaker(seeds: range) -> list[Result]:
    """Each shock at parts of its size: what of them is red in time."""
    results = []
    for strength in _STRENGTHS:
        every = lenders.all_shaken(seeds, PROCESSES, strength=strength)
        share = {
            shock: sum(None not in each.lags for each in every if each.shocks == (shock,))
            / len(seeds)
            for shock in SHOCKS
        }
        results.append(
            Result(
                f"shocks at {100 * strength:g} % of their size: red within two periods,"
                f" {len(seeds)} lenders",
                100 * sum(share.values()) / len(share),
                "%",
                note=", ".join(
                    f"{shock.replace('_', ' ')} {100 * share[shock]:.0f} %" for shock in SHOCKS
                ),
            )
        )
    return results


def _borrowers(seeds: range) -> list[Result]:
    """Coming arrears found two months ahead by a tenth of borrowers, and by other shares."""
    truth = borrower_parameters().truth
    rows = [lenders.borrowers_found(seed) for seed in seeds]
    share = {name: 100 * sum(one[name] for one in rows) / len(rows) for name in rows[0]}
    curve = ", ".join(
        f"{name} % of borrowers: {share[name]:.0f} %" for name in share if name[0].isdigit()
    )
    low, high = (100 * each for each in truth.knows_everything)
    return [
        Result(
            f"coming arrears found two months ahead, a tenth listed, {len(rows)} lenders",
            share["list"],
            "%",
            bar=f"{100 * truth.list:g} or more",
            met=share["list"] >= 100 * truth.list,
            note=curve,
        ),
        Result(
            "the same by who knows everything",
            share["everything"],
            "%",
            bar=f"{low:g} to {high:g}",
            met=low <= share["everything"] <= high,
        ),
        Result(
            "the same by days late alone",
            share["days"],
            "%",
            bar=f"under {100 * truth.days_late_alone:g}",
            met=share["days"] < 100 * truth.days_late_alone,
        ),
    ]


def _pass(loans: int) -> Result:
    watch = hundred()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "loans.parquet"
        _book(path, loans)
        table = watch.document.table("loans")
        begun = time.perf_counter()
        source = ParquetSource.of(path, table, "month", [*table.columns], digest="one")
        measure(watch, {"loans": source})
        seconds = time.perf_counter() - begun
    return Result(
        f"one pass, {loans:,} loans x {MONTHS} months, {len(watch.indicators)} indicators",
        seconds,
        "s",
        bar="30" if loans == 1_000_000 else "",
        met=seconds <= 30 if loans == 1_000_000 else None,
    )


def hundred() -> Watch:
    """A hundred indicators over one table: rates, means, ratios, distributions, expectations."""
    regions, channels = [f"R{at}" for at in range(10)], [f"C{at}" for at in range(5)]
    asked = [
        (f"late_{days}_{region}", "rate", f"days >= {days}", None, f"region = '{region}'")
        for days in (1, 30, 60, 90)
        for region in regions
    ]
    asked += [
        (f"first_{channel}_{at}", "rate", "days > 0", None, f"mob = {at} AND channel = '{channel}'")
        for channel in channels
        for at in (1, 2, 3)
    ]
    asked += [
        (f"roll_{days}", "rate", f"days >= {days + 30}", None, f"days_before = {days}")
        for days in (0, 30, 60)
    ]
    asked += [
        (f"balance_{region}", "mean", "balance", None, f"region = '{region}'") for region in regions
    ]
    asked += [
        (
            f"share_{region}",
            "ratio",
            f"CASE WHEN region = '{region}' THEN balance ELSE 0 END",
            "balance",
            None,
        )
        for region in regions
    ]
    asked += [
        (f"expected_{channel}", "expected", "days >= 30", "pd", f"channel = '{channel}'")
        for channel in channels
    ]
    asked += [(f"spread_{of}", "distribution", of, None, None) for of in _SPREAD]
    asked += [(f"missing_{of}", "rate", f"{of} IS NULL", None, None) for of in ("score", "balance")]
    asked += [
        (f"late_thin_{at}", "rate", "days > 0", None, f"score < {450 + 25 * at}")
        for at in range(100 - len(asked))
    ]
    lines = "".join(
        f"  - {{name: {name}, level: portfolio, about: credit, table: loans, kind: {kind}, "
        f'of: "{of}", '
        + (f'over: "{over}", ' if over else "")
        + (f'where: "{where}", ' if where else "")
        + "owner: ana}\n"
        for name, kind, of, over, where in asked
    )
    return parse_watch(_HEAD + lines, Path("watch.yaml"))


_SPREAD = ("score", "pd", "balance", "region", "channel")
_HEAD = """\
name: a hundred
history: 12
people: [{id: ana}]
tables:
  - name: loans
    data: loans.parquet
    period: month
    columns: {month: date, mob: integer, days: number, days_before: number, score: number,
      pd: number, balance: number, region: string, channel: string}
indicators:
"""


def _book(path: Path, loans: int) -> None:
    """So many loans over so many months, a month a row group, as a nightly export would have it."""
    import pyarrow.parquet as pq

    rng = np.random.default_rng(1)
    score, pd = rng.normal(650, 70, loans), rng.beta(1, 20, loans)
    region = pl.Series(rng.integers(0, 10, loans)).cast(pl.String)
    channel = pl.Series(rng.integers(0, 5, loans)).cast(pl.String)
    writer = None
    before = np.zeros(loans)
    for at in range(MONTHS):
        days = np.where(rng.random(loans) < 0.04, before + 30.0, 0.0)
        frame = pl.DataFrame(
            {
                "month": pl.repeat(date(2024 + at // 12, at % 12 + 1, 1), loans, eager=True),
                "mob": rng.integers(1, 18, loans),
                "days": days,
                "days_before": before,
                "score": score,
                "pd": pd,
                "balance": rng.lognormal(8, 0.5, loans),
                "region": "R" + region,
                "channel": "C" + channel,
            }
        ).to_arrow()
        writer = writer or pq.ParquetWriter(path, frame.schema)
        writer.write_table(frame)
        before = days
    if writer is not None:
        writer.close()
