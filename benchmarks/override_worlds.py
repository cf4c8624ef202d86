"""Underwriters whose reasons are known to be right or wrong, and what became of their cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from equipoise.numeric.arrays import IntArray
from equipoise.review.overrides import OverrideReview, Worth, measure_overrides

UNTIL = date(2026, 11, 30)
WINDOW = 12
WORTH = Worth(loss=0.6, margin=0.1)
EVEN = 0.1 / 0.7  # the bad rate at which such loans earn nothing
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Planted:
    """A reason: against which answer, the model's mean PD, and the true one; `grade` by itself."""

    name: str
    machine: str
    pd: float
    true: float
    cases: int
    grade: str = "C"


KNOWS = Planted("KNOWS", "decline", 0.20, 0.06, 240)
NOISE = Planted("NOISE", "decline", EVEN, EVEN, 240)
LOSES = Planted("LOSES", "decline", 0.20, 0.30, 240)
TURNS_AWAY = Planted("TURNS_AWAY", "approve", 0.03, 0.03, 120, grade="A")
RIGHT = Planted("RIGHT", "approve", 0.08, 0.16, 120, grade="B")
PLANTED = (KNOWS, NOISE, LOSES, TURNS_AWAY, RIGHT)
# nothing to be found: as bad as the model says, at the rate that breaks even; and declined ones
# whose likes, taken twice as often bad, break even
NOTHING = (
    *(Planted(f"NOISE_{at}", "decline", EVEN, EVEN, 150) for at in range(4)),
    Planted("EDGE", "approve", EVEN / 2, EVEN, 120, grade="E"),
)
GRADES = {"A": 0.03, "B": 0.08, "E": EVEN / 2}


def decisions(
    planted: Sequence[Planted], seed: int, people: int = 6
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Overrides of two years, each by somebody at random, and their outcomes until today."""
    rng = np.random.default_rng(seed)
    frames = [_of(each, people, rng) for each in planted]
    whole = pl.concat(frames).with_row_index("row")
    whole = whole.with_columns(application_id=pl.format("a{}", "row"))
    lent = whole.filter(pl.col("person") == "approve")
    outcomes = lent.select("application_id", "outcome", "months")
    return whole.drop("outcome", "months", "row"), outcomes


def accepted(seed: int, known: int = 4000) -> pl.DataFrame:
    """Outcomes of loans that nobody overrode, by grade."""
    rng = np.random.default_rng([seed, 1])
    frames = []
    for grade, rate in GRADES.items():
        bad = rng.random(known) < rate
        months = np.where(bad, _month(rng, known), WINDOW)
        kinds = np.where(bad, "bad", "good")
        frames.append(pl.DataFrame({"grade": [grade] * known, "outcome": kinds, "months": months}))
    return pl.concat(frames)


def reviewed(planted: Sequence[Planted], seed: int, draws: int = 800) -> OverrideReview:
    """Such a world as it is seen today."""
    made, outcomes = decisions(planted, seed)
    return measure_overrides(
        made,
        outcomes,
        until=UNTIL,
        accepted=accepted(seed),
        worth=WORTH,
        horizon=WINDOW,
        seed=seed,
        draws=draws,
    )


def found(review: OverrideReview, by: str = "reason") -> dict[str, str]:
    """Answers by name, of the findings of one kind."""
    return {each.name: each.answer for each in review.findings if each.by == by}


def _month(rng: np.random.Generator, size: int) -> IntArray:
    """Loans go bad early rather than late in the window."""
    return np.ceil(WINDOW * rng.random(size) ** 1.3).astype(np.int64)


def _of(planted: Planted, people: int, rng: np.random.Generator) -> pl.DataFrame:
    size = planted.cases
    age = rng.integers(0, 730, size)
    seen = np.floor(age / DAYS_A_MONTH - 0.1).clip(0).astype(np.int64)
    pd = planted.pd * rng.uniform(0.6, 1.4, size)
    month = _month(rng, size)
    bad = (rng.random(size) < pd * planted.true / planted.pd) & (month <= seen)
    kinds = np.where(bad, "bad", np.where(seen >= WINDOW, "good", "open"))
    person = "decline" if planted.machine == "approve" else "approve"
    return pl.DataFrame(
        {
            "officer_id": [f"user.{at}" for at in rng.integers(1, people + 1, size)],
            "level": rng.choice(["junior", "senior"], size),
            "machine": [planted.machine] * size,
            "person": [person] * size,
            "reason": [planted.name] * size,
            "expected_bad": pd,
            "amount": rng.lognormal(9.0, 0.5, size).round(2),
            "grade": [planted.grade] * size,
            "on": [UNTIL - timedelta(days=int(each)) for each in age],
            "outcome": kinds,
            "months": np.where(bad, month, np.minimum(seen, WINDOW)),
        }
    )
