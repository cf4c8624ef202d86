"""A synthetic lender to small businesses: its past applications, and the truth behind them.

Every number here is assumed; none is an estimate of a real lender. What drives default is
soundness, which nobody sees: the bureau, the takings, the age of a business and its late invoices
tell of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.files import replacing
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.progress import Progress, Silent
from equipoise.simulation.loan import instalment
from equipoise.simulation.truth import TRUTH_FILE

FIRST_DAY, DAYS = date(2023, 1, 2), 730
OBSERVED = date(2025, 6, 30)
WINDOW_DAYS = 365  # a younger loan has no outcome yet
LEAST = 1_000  # applications, for an outcome in every part of a split
_TERMS = (12, 24, 36, 48, 60)
# share, log of takings against the middle, log-odds of default
SECTORS: Mapping[str, tuple[float, float, float]] = {
    "trade": (0.31, 0.2, 0.0),
    "crafts": (0.24, 0.0, -0.2),
    "services": (0.22, -0.2, -0.1),
    "hospitality": (0.14, 0.0, 0.4),
    "transport": (0.09, 0.1, 0.2),
}
PURPOSES: Mapping[str, tuple[float, float]] = {  # share, log-odds of default
    "equipment": (0.36, -0.15),
    "stock": (0.27, 0.05),
    "premises": (0.17, -0.1),
    "running_costs": (0.20, 0.3),
}


def write_businesses(
    folder: Path, applicants: int, seed: int, progress: Progress | None = None
) -> None:
    """Write `applications.parquet` and `truth.parquet`, each whole or not at all: the same for the
    same seed. Raises BadInput for too few applicants."""
    if applicants < LEAST:
        raise BadInput(f"give {LEAST:,} applicants at least", field="--applicants")
    folder.mkdir(parents=True, exist_ok=True)
    with (progress or Silent()).step("businesses"):
        applications, truth = businesses(applicants, seed)
    for name, frame in (("applications.parquet", applications), (TRUTH_FILE, truth)):
        with replacing(folder / name) as temporary:
            frame.write_parquet(temporary)


def businesses(applicants: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The applications as the lender sees them, and each one's true chance of default within twelve
    months at today's price."""
    draw = np.random.default_rng(seed)
    seen, soundness = _seen(draw, applicants)
    apr = _todays_apr(seen)
    payment = instalment(seen["amount_asked"].to_numpy(), apr, seen["term_asked"].to_numpy())
    pd = _default(seen, soundness, payment)
    granted = _granted(seen)
    booked = granted & (draw.random(applicants) < expit(1.4 - 12 * (apr - 0.12)))
    known = booked & _old_enough(seen)
    bad = draw.random(applicants) < pd
    applications = seen.with_columns(
        pl.Series("todays_apr", np.round(apr, 4)),
        pl.Series("todays_treatment", np.where(granted, "checked_today_full", "decline")),
        pl.Series("booked", booked),
        pl.Series("default_12m", bad).set(pl.Series(~known), None),
    )
    return applications, applications.select("application_id").with_columns(pd=pl.Series(pd))


def _seen(draw: np.random.Generator, n: int) -> tuple[pl.DataFrame, FloatArray]:
    """What is asked or looked up, and soundness, which nobody sees."""
    sound = draw.standard_normal(n)
    sector, purpose = _picked(draw, SECTORS, n), _picked(draw, PURPOSES, n)
    months = np.round(np.exp(3.8 + 0.8 * draw.standard_normal(n) + 0.15 * sound)).clip(0, 600)
    size = np.array([SECTORS[each][1] for each in sector])
    takings = np.exp(9.4 + size + 0.1 * sound + 0.55 * draw.standard_normal(n))
    debts = takings * (0.06 * np.exp(0.6 * draw.standard_normal(n) - 0.2 * sound)).clip(0, 0.6)
    amount = takings * np.exp(0.3 + 0.6 * draw.standard_normal(n))
    score = 640 + 80 * (0.75 * sound + 0.66 * draw.standard_normal(n))
    unknown = draw.random(n) < np.where(months < 18, 0.4, 0.05)
    late = draw.poisson(np.exp(-0.2 - 0.45 * sound))
    term = np.array(_TERMS)[draw.integers(0, len(_TERMS), n)]
    days = np.sort(draw.integers(0, DAYS, n))
    frame = pl.DataFrame(
        {
            "application_id": [f"B{at:07d}" for at in range(1, n + 1)],
            "application_date": [FIRST_DAY + timedelta(int(each)) for each in days],
            "channel": draw.choice(["web", "branch", "broker"], n, p=[0.5, 0.35, 0.15]),
            "sector": sector,
            "months_trading": months.astype(np.int64),
            "monthly_takings": np.round(takings, -2).clip(500, 2_000_000),
            "debt_payments": np.round(debts, -1),
            "bureau_score": np.round(score).clip(300, 850),
            "late_invoices": late.clip(0, 30),
            "purpose": purpose,
            "amount_asked": np.round(amount, -2).clip(2_000, 150_000),
            "term_asked": term,
        }
    ).with_columns(
        bureau_score=pl.when(pl.Series(unknown)).then(None).otherwise(pl.col("bureau_score")),
        debts_to_takings=(pl.col("debt_payments") / pl.col("monthly_takings")).round(4),
    )
    return frame, sound


def _picked(
    draw: np.random.Generator, table: Mapping[str, tuple[float, ...]], n: int
) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return draw.choice(list(table), n, p=[each[0] for each in table.values()])


def _todays_apr(seen: pl.DataFrame) -> FloatArray:
    """By the bureau's score; unknown businesses pay most."""
    score = seen["bureau_score"].fill_null(0).to_numpy()
    return np.select([score >= 700, score >= 640, score >= 580], [0.08, 0.11, 0.145], 0.18)


def _default(seen: pl.DataFrame, sound: FloatArray, payment: FloatArray) -> FloatArray:
    """The chance of default within twelve months."""
    takings = seen["monthly_takings"].to_numpy()
    burden = (seen["debt_payments"].to_numpy() + payment) / takings
    young = np.exp(-seen["months_trading"].to_numpy() / 24)
    odds = (
        -3.3
        - 1.1 * sound
        + 1.1 * young
        + 0.12 * seen["late_invoices"].to_numpy()
        + 3.0 * (burden - 0.15)
        + np.array([SECTORS[each][2] for each in seen["sector"]])
        + np.array([PURPOSES[each][1] for each in seen["purpose"]])
    )
    return np.asarray(expit(odds))


def _granted(seen: pl.DataFrame) -> BoolArray:
    """Today's policy: cautious about the young, the unknown and the indebted."""
    score = seen["bureau_score"].fill_null(600).to_numpy()
    return np.asarray(
        (score >= 560)
        & (seen["months_trading"].to_numpy() >= 6)
        & (seen["debts_to_takings"].to_numpy() <= 0.3)
    )


def _old_enough(seen: pl.DataFrame) -> BoolArray:
    last = OBSERVED - timedelta(WINDOW_DAYS)
    return (seen["application_date"] <= last).to_numpy()
