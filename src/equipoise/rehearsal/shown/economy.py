"""A made-up economy for a demonstration's stress tests: its past, default rates that followed it,
and scenarios in the layout of the Federal Reserve's files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl

from equipoise.files import replacing, write_text
from equipoise.numeric.arrays import FloatArray
from equipoise.portfolio import quarter_text

STRESS, ECONOMY, SCENARIOS = "stress.yaml", "economy", "scenarios"
_PAST, _AHEAD = 60, 13  # quarters
_USUAL_JOBS, _USUAL_GROWTH = 4.4, 2.2  # per cent
# (quarters before the last, width in quarters, points of unemployment) of downturns that were
_DOWNTURNS = ((47, 4.0, 4.5), (22, 2.0, 3.0), (7, 2.0, 1.2))
_PER_JOB, _PER_GROWTH, _AT_REST = 0.22, -0.03, -4.9  # of the log-odds of a quarter's defaults
# (file, name, points of unemployment at the peak, quarters to the peak) of what may come
_COMING = (
    ("baseline.csv", "Baseline (made up)", 0.0, 5),
    ("moderate_recession.csv", "Moderate recession (made up)", 2.4, 5),
    ("severe_recession.csv", "Severe recession (made up)", 5.4, 6),
)


def write_economy(folder: Path, last: date, seed: int) -> None:
    """Write stress.yaml, what it names, and the folder of scenarios. The past ends with the quarter
    of `last`; what comes begins with the next."""
    now = last.year * 4 + (last.month - 1) // 3
    quarters = np.arange(now - _PAST + 1, now + 1, dtype=np.float64)
    rng = np.random.default_rng(seed)
    bumps = (size * _bump(now - quarters - ago, width) for ago, width, size in _DOWNTURNS)
    jobs = _USUAL_JOBS + sum(bumps) + rng.normal(0, 0.08, _PAST)
    past = _variables(quarters, jobs, rng.normal(0, 0.4, _PAST), 150.0)
    growth = past["Real GDP growth"].to_numpy()
    score = _AT_REST + _PER_JOB * jobs + _PER_GROWTH * growth + rng.normal(0, 0.03, _PAST)
    (folder / ECONOMY).mkdir()
    (folder / SCENARIOS).mkdir()
    _write(folder / ECONOMY / "history.csv", "Actual (made up)", past)
    with replacing(folder / ECONOMY / "default_rates.csv") as temporary:
        days = [date(int(q) // 4, int(q) % 4 * 3 + 1, 1) for q in quarters]
        rates = (100 / (1 + np.exp(-score))).round(3)
        pl.DataFrame({"observation_date": days, "DEFAULT_RATE": rates}).write_csv(temporary)
    ahead = np.arange(1, _AHEAD + 1, dtype=np.float64)
    for name, called, peak, at in _COMING:
        rising = np.where(ahead <= at, ahead / at, np.exp((at - ahead) / 6))
        moved = jobs[-1] + (_USUAL_JOBS - jobs[-1]) * (1 - np.exp(-ahead / 4)) + peak * rising
        index = float(past["House Price Index (Level)"][-1])
        _write(folder / SCENARIOS / name, called,
               _variables(now + ahead, moved, np.zeros(_AHEAD), index, jobs[-1]))  # fmt: skip
    ours = files("equipoise.rehearsal.shown").joinpath(STRESS)
    write_text(folder / STRESS, ours.read_text(encoding="utf-8"))


def _bump(away: FloatArray, width: float) -> FloatArray:
    return np.asarray(np.exp(-0.5 * (away / width) ** 2))


def _variables(
    quarters: FloatArray, jobs: FloatArray, noise: FloatArray, index: float, before: float = np.nan
) -> Mapping[str, pl.Series]:
    """Growth falls as unemployment rises, and prices of houses with it."""
    rise = np.diff(jobs, prepend=jobs[0] if np.isnan(before) else before)
    growth = _USUAL_GROWTH - 4.0 * rise + noise
    houses = index * np.cumprod(1 + (0.8 - 4.0 * rise) / 100)
    return {
        "Date": pl.Series([quarter_text(int(each)) for each in quarters]),
        "Real GDP growth": pl.Series(growth.round(1)),
        "Unemployment rate": pl.Series(jobs.round(1)),
        "House Price Index (Level)": pl.Series(houses.round(1)),
    }


def _write(path: Path, scenario: str, variables: Mapping[str, pl.Series]) -> None:
    frame = pl.DataFrame(variables).select(pl.lit(scenario).alias("Scenario Name"), pl.all())
    with replacing(path) as temporary:
        frame.write_csv(temporary)
