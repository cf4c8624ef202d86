"""What a run of the queues shows: utilisation, queue length, time to yes; and over many runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl
from scipy import special

from equipoise.numeric.arrays import FloatArray

QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
ALL = "all"
Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications with its 95 % interval; None where it cannot be had."""

    mean: float | None
    low: float | None
    high: float | None


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and Student's t interval of independent runs; runs without a value are left out."""
    known = np.array([value for value in values if np.isfinite(value)])
    if not known.size:
        return Estimate(None, None, None)
    mean = float(known.mean())
    if known.size == 1:
        return Estimate(mean, None, None)
    half = float(special.stdtrit(known.size - 1, 0.975) * known.std(ddof=1) / np.sqrt(known.size))
    return Estimate(mean, mean - half, mean + half)


def queue_lengths(ready: FloatArray, start: FloatArray, begin: float, end: float) -> Values:
    """Mean and quantiles over time of how many wait in [begin, end], all in one clock."""
    if end <= begin:
        return dict.fromkeys((f"queue_{name}" for name in ("mean", *QUANTILES)), np.nan)
    moments = np.clip(np.concatenate([ready, start]), begin, end)
    steps = np.repeat([1, -1], ready.size)
    order = np.argsort(moments, kind="stable")
    length = np.concatenate([[0], np.cumsum(steps[order])])
    lasted = np.diff(np.concatenate([[begin], moments[order], [end]]))
    share = np.bincount(np.maximum(length, 0), weights=lasted) / (end - begin)
    known = np.cumsum(share)
    queue = {"queue_mean": float(share @ np.arange(share.size))}
    for name, level in QUANTILES.items():
        queue[f"queue_{name}"] = float(np.searchsorted(known, level * known[-1] - 1e-12))
    return queue


def spread_of(name: str, hours: FloatArray) -> Values:
    """Mean and quantiles of a time in hours, named `name_mean`, `name_p50`, ..."""
    if not hours.size:
        return dict.fromkeys((f"{name}_{part}" for part in ("mean", *QUANTILES)), np.nan)
    at = np.quantile(hours, list(QUANTILES.values()))
    quantiles = {f"{name}_{part}": float(value) for part, value in zip(QUANTILES, at, strict=True)}
    return {f"{name}_mean": float(hours.mean()), **quantiles}


@dataclass(frozen=True, slots=True)
class AuthorityReport:
    """What the simulation found, by level from `system` up and for `all`.

    `runs` holds every replication's values by level and measure. Measures: arrivals (cases),
    utilisation (share of the people's time for cases), work_hours, queue_mean and quantiles (how
    many wait, over the level's open time), business_ and calendar_ mean and quantiles (hours from
    arrival to the last signature), same_day (share decided on the working day they arrived). With
    a desk also gained (money by which people's answers beat the machine's), right (share of
    answers), kept (share answered in the promised time) and longest (business hours waited).
    """

    replications: int
    seed: int
    runs: Mapping[str, Mapping[str, tuple[float, ...]]]

    def level(self, name: str) -> dict[str, Estimate]:
        """All measures of one level."""
        return {measure: estimate(values) for measure, values in self.runs[name].items()}

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        levels = {
            name: {measure: asdict(interval) for measure, interval in self.level(name).items()}
            for name in self.runs
        }
        return {"replications": self.replications, "seed": self.seed, "levels": levels}

    def table(self) -> pl.DataFrame:
        """One row per level and measure: mean, low, high."""
        rows = [
            {"level": name, "measure": measure, **asdict(interval)}
            for name in self.runs
            for measure, interval in self.level(name).items()
        ]
        schema = {"level": pl.String, "measure": pl.String} | dict.fromkeys(
            ("mean", "low", "high"), pl.Float64
        )
        return pl.DataFrame(rows, schema=schema)


def gathered(runs: Sequence[Mapping[str, Values]]) -> dict[str, dict[str, tuple[float, ...]]]:
    """Replications turned over: by level and measure, one value per run."""
    return {
        level: {measure: tuple(run[level][measure] for run in runs) for measure in runs[0][level]}
        for level in runs[0]
    }
