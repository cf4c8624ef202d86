"""Lenders of any size under an economy that lingers: what rings where nothing else moves.

Each lender has fifty indicators, each a share of its loans; all follow one factor, an AR(1) on the
scale of log odds. Sums are drawn as they are, without rows: a book of a million takes no longer.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from scipy.special import expit, logit

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.watch import Watch, parse_watch
from equipoise.watch.measurement import judge_sums
from equipoise.watch.measuring.sums import Sums

HISTORY, WATCHED = 24, 24
FACTOR_SD = 0.08  # log odds, as the watched lender's frailty
CHANGE = 0.4  # log odds
LOANS = (1_000, 10_000, 100_000, 1_000_000)
PERSISTENCE = (0.0, 0.5, 0.9)
_KINDS = ("rate",) * 6 + ("expected", "expected", "mean", "distribution")
_SHARES = (1.0, 0.9, 0.3, 0.2, 0.06)  # of the book: whole, segments, early labels
_BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one lender: reds that began while nothing but the economy moved, red readings, and whether
    a change of all odds was red within two periods."""

    began: int
    red: int
    is_found: bool


@cache
def watch() -> Watch:
    """Fifty indicators of four kinds, one false red a year allowed. A mix is held against chance
    alone: its usual bound of 0.25 would hide what the chance is worth."""
    lines = []
    for at in range(50):
        kind = _KINDS[at % len(_KINDS)]
        parts = {
            "rate": 'of: "late"', "expected": 'of: "late", over: "pd"', "mean": 'of: "pd"',
            "distribution": 'of: "pd", red: {at: 0.0001}, amber: {at: 0.00005}',
        }[kind]  # fmt: skip
        lines.append(
            f"  - {{name: i{at}, level: portfolio, about: credit, table: loans, kind: {kind}, "
            f"{parts}, owner: ana}}\n"
        )
    return parse_watch(_HEAD + "".join(lines), Path("watch.yaml"))


_HEAD = """\
name: economies
history: 24
people: [{id: ana}]
tables:
  - {name: loans, data: loans.parquet, period: month,
     columns: {month: date, late: boolean, pd: number}}
indicators:
"""


def factor(rng: np.random.Generator, periods: int, persistence: float) -> FloatArray:
    """(T,) a stationary AR(1) of unit variance."""
    made = rng.normal(size=periods)
    for at in range(1, periods):
        made[at] = persistence * made[at - 1] + np.sqrt(1 - persistence**2) * made[at]
    return made


def sums_of(
    kind: str, rng: np.random.Generator, loans: int, rate: float, moved: FloatArray
) -> Sums:
    """An indicator of so many loans, of which `rate` are late at moved log odds of nought."""
    nothing, none = np.zeros(moved.size), np.zeros((moved.size, 0))
    n = np.full(moved.size, float(loans))
    if kind == "distribution":
        tilt = np.exp(moved[:, None] * np.linspace(-1, 1, _BINS))
        counts = rng.multinomial(loans, tilt / tilt.sum(axis=1, keepdims=True)).astype(float)
        return Sums(n, nothing, nothing, nothing, nothing, nothing, counts)
    if kind == "mean":  # of what varies as much as its mean
        mean = np.exp(moved)
        of = mean * (n + np.sqrt(n) * rng.normal(size=n.size))
        return Sums(n, of, 2 * n * mean**2, nothing, nothing, nothing, none)
    late = rng.binomial(loans, expit(logit(rate) + moved)).astype(float)
    if kind == "expected":
        return Sums(n, late, nothing, n * rate, n * rate**2, nothing, none)
    return Sums(n, late, late, nothing, nothing, nothing, none)


def outcome(seed: int, loans: int, persistence: float) -> Outcome:
    """One lender, quiet; and again with CHANGE in all log odds from half way on."""
    of, onset = watch(), HISTORY + WATCHED // 2
    quiet = _reds(of, seed, loans, persistence, 0.0)
    changed = _reds(of, seed, loans, persistence, CHANGE)
    watched, before = quiet[:, HISTORY:], quiet[:, HISTORY - 1 : -1]
    return Outcome(
        began=int((watched & ~before).sum()),
        red=int(watched.sum()),
        is_found=bool(changed[:, onset : onset + 3].any()),
    )


def _reds(of: Watch, seed: int, loans: int, persistence: float, change: float) -> BoolArray:
    """(indicators, periods) what is red."""
    rng, periods = np.random.default_rng([seed, loans, int(100 * persistence)]), HISTORY + WATCHED
    moved = FACTOR_SD * factor(rng, periods, persistence)
    moved += change * (np.arange(periods) >= HISTORY + WATCHED // 2)
    sums = {
        each.indicator.name: sums_of(
            each.indicator.kind,
            rng,
            max(1, int(loans * _SHARES[at % len(_SHARES)])),
            float(rng.uniform(0.01, 0.1)),
            moved,
        )
        for at, each in enumerate(of.indicators)
    }
    months = [date(2020 + at // 12, at % 12 + 1, 1) for at in range(periods)]
    readings = judge_sums(of, months, sums, {}).readings
    return np.array([each.verdict == "red" for each in readings]).reshape(-1, periods)


def all_outcomes(seeds: range, processes: int) -> dict[tuple[int, float], list[Outcome]]:
    """Every lender of every size under every economy."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        asked = {
            (loans, lasts): [pool.submit(outcome, seed, loans, lasts) for seed in seeds]
            for loans in LOANS
            for lasts in PERSISTENCE
        }
        return {cell: [each.result() for each in lenders] for cell, lenders in asked.items()}
