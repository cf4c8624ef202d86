"""From the economy to a bad rate: a linear model of its logit with signs that make sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import lsq_linear
from scipy.special import expit, logit

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.portfolio.macro_paths import MacroPath, lagged

LEAST_QUARTERS = 12


@dataclass(frozen=True, slots=True)
class Driver:
    """A variable of the economy: `sign` is +1 where a rise makes things worse, -1 where better."""

    name: str
    sign: int


@dataclass(frozen=True, slots=True)
class Satellite:
    """logit(rate) = intercept + sum of slopes x drivers, each `lags` quarters earlier.

    `fitted` and `error` are in and out of time: the root mean square of rates, `naive` that of the
    mean of the training time carried forward. `held_at_zero` names drivers whose sign forbade them.
    """

    drivers: tuple[Driver, ...]
    lags: tuple[int, ...]
    intercept: float
    slopes: tuple[float, ...]
    fitted_error: float
    error: float
    naive_error: float
    held_at_zero: tuple[str, ...]

    def rates(self, path: MacroPath) -> FloatArray:
        """The rate in each quarter of a path (T,); NaN where a lag reaches before it."""
        columns = [
            lagged(path.series(each.name), [lag])[:, 0]
            for each, lag in zip(self.drivers, self.lags, strict=True)
        ]
        score = self.intercept + np.column_stack(columns) @ np.array(self.slopes)
        return np.asarray(expit(score))


def fit_satellite(
    rates: FloatArray,
    path: MacroPath,
    drivers: Sequence[Driver],
    *,
    most_lag: int = 4,
    held_out: int = 12,
) -> Satellite:
    """Fit rates (T,) of the quarters of `path` (NaN where none was seen).

    The last `held_out` quarters with a rate are kept out of everything but the error out of time.
    Lags (0 to `most_lag` for each driver) are chosen by the error of the last third of the training
    time, as fitted on what comes before it; slopes are bounded to their signs.
    Raises BadInput for too few quarters.
    """
    seen = np.flatnonzero(np.isfinite(rates))
    if seen.size < held_out + LEAST_QUARTERS:
        raise BadInput(
            f"{seen.size} quarters with a rate are too few to fit on and to hold out {held_out}",
            mend=f"give {held_out + LEAST_QUARTERS} or more",
        )
    training = np.zeros(rates.size, dtype=bool)
    training[seen[:-held_out]] = True
    testing = np.zeros(rates.size, dtype=bool)
    testing[seen[-held_out:]] = True
    early, late = _split(training)
    tried = [
        (_error_of(rates, path, drivers, lags, (early, late)), lags)
        for lags in product(range(most_lag + 1), repeat=len(drivers))
    ]
    lags = min(tried)[1]
    return _fitted(rates, path, drivers, lags, (training, testing))


def _split(training: BoolArray) -> tuple[BoolArray, BoolArray]:
    at = np.flatnonzero(training)
    early, late = training.copy(), training.copy()
    early[at[2 * at.size // 3 :]] = False
    late[at[: 2 * at.size // 3]] = False
    return early, late


def _design(path: MacroPath, drivers: Sequence[Driver], lags: Sequence[int]) -> FloatArray:
    return np.column_stack(
        [
            lagged(path.series(each.name), [lag])[:, 0]
            for each, lag in zip(drivers, lags, strict=True)
        ]
    )


def _solved(
    rates: FloatArray, design: FloatArray, drivers: Sequence[Driver], rows: BoolArray
) -> FloatArray:
    """Intercept and slopes by least squares within the signs."""
    usable = rows & np.isfinite(design).all(axis=1)
    target = logit(np.clip(rates[usable], 1e-6, 1 - 1e-6))
    wide = np.column_stack([np.ones(int(usable.sum())), design[usable]])
    low = np.array([-np.inf, *(0.0 if each.sign > 0 else -np.inf for each in drivers)])
    high = np.array([np.inf, *(np.inf if each.sign > 0 else 0.0 for each in drivers)])
    return np.asarray(lsq_linear(wide, target, bounds=(low, high)).x)


def _error_of(
    rates: FloatArray,
    path: MacroPath,
    drivers: Sequence[Driver],
    lags: tuple[int, ...],
    rows: tuple[BoolArray, BoolArray],
) -> float:
    design = _design(path, drivers, lags)
    solved = _solved(rates, design, drivers, rows[0])
    return _rms(rates, _predicted(design, solved), rows[1])


def _predicted(design: FloatArray, solved: FloatArray) -> FloatArray:
    return np.asarray(expit(solved[0] + design @ solved[1:]))


def _rms(rates: FloatArray, predicted: FloatArray, rows: BoolArray) -> float:
    usable = rows & np.isfinite(predicted) & np.isfinite(rates)
    if not usable.any():
        return float("inf")
    return float(np.sqrt(np.mean((rates[usable] - predicted[usable]) ** 2)))


def _fitted(
    rates: FloatArray,
    path: MacroPath,
    drivers: Sequence[Driver],
    lags: tuple[int, ...],
    rows: tuple[BoolArray, BoolArray],
) -> Satellite:
    training, testing = rows
    design = _design(path, drivers, lags)
    solved = _solved(rates, design, drivers, training)
    predicted = _predicted(design, solved)
    mean = np.full(rates.size, float(rates[training].mean()))
    return Satellite(
        drivers=tuple(drivers),
        lags=lags,
        intercept=float(solved[0]),
        slopes=tuple(float(each) for each in solved[1:]),
        fitted_error=_rms(rates, predicted, training),
        error=_rms(rates, predicted, testing),
        naive_error=_rms(rates, mean, testing),
        held_at_zero=tuple(
            each.name for each, slope in zip(drivers, solved[1:], strict=True) if abs(slope) < 1e-12
        ),
    )


def vasicek_rate(pd: FloatArray, rho: float, factor: float) -> FloatArray:
    """The default rate if the systematic factor is `factor` (below 0 is worse than the mean).

    Source: Vasicek 2002, Risk 15.
    """
    from scipy.special import ndtr, ndtri

    return np.asarray(ndtr((ndtri(pd) - np.sqrt(rho) * factor) / np.sqrt(1 - rho)))
