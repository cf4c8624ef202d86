"""Whether a PD's level is right, and mending it: recalibration and tests of calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.numeric.distributions import beta_below, beta_quantile, chi2_above


@dataclass(frozen=True, slots=True)
class Recalibration:
    """log-odds of the PD = shift + slope x raw log-odds."""

    slope: float
    shift: float

    def pd(self, raw: FloatArray) -> FloatArray:
        """PD of raw log-odds of default."""
        return np.asarray(expit(self.shift + self.slope * raw))


def logistic_recalibration(
    bad: Array, raw: FloatArray, weight: FloatArray | None = None
) -> Recalibration:
    """Platt's recalibration by maximum likelihood; `raw` are log-odds of default (n,).

    A slope that is not positive would turn the ranking over: then the slope stays 1 and only the
    level is matched. Targets are smoothed as in Platt 1999 so that separable data stay finite.
    """
    flags = np.asarray(bad, dtype=float)
    weights = np.ones(flags.size) if weight is None else weight
    n_bad, n_good = float(weights @ flags), float(weights @ (1 - flags))
    smooth = np.where(flags == 1, (n_bad + 1) / (n_bad + 2), 1 / (n_good + 2))
    slope, shift = 1.0, 0.0
    for _ in range(100):
        fitted = expit(shift + slope * raw)
        curvature = weights * np.maximum(fitted * (1 - fitted), 1e-12)
        rest = weights * (smooth - fitted)
        gradient = np.array([rest @ raw, rest.sum()])
        cross = curvature @ raw
        hessian = np.array([[curvature @ raw**2, cross], [cross, curvature.sum()]])
        step = np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        step *= min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        slope, shift = slope + float(step[0]), shift + float(step[1])
        if np.abs(step).max() < 1e-10:
            break
    if slope <= 0:
        return Recalibration(1.0, shift_to_mean(raw, n_bad / (n_bad + n_good), weights))
    return Recalibration(slope, shift)


def shift_to_mean(raw: FloatArray, target: float, weight: FloatArray | None = None) -> float:
    """The shift of the log-odds `raw` that makes the mean PD `target` (calibration in the large).

    Anchors a PD to a central tendency declared or measured elsewhere.
    """
    if not 0 < target < 1:
        raise BadInput(f"a central tendency of {target:g} is not between 0 and 1")
    from scipy.optimize import brentq  # optimisers are large, and only a fit needs one

    weights = np.ones(raw.size) if weight is None else weight

    def excess(shift: float) -> float:
        return float(np.average(expit(raw + shift), weights=weights)) - target

    return float(brentq(excess, -60.0, 60.0, xtol=1e-12))


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A rising, piecewise linear map from log-odds to PD, kept as knots; constant at the ends."""

    raw: tuple[float, ...]
    pds: tuple[float, ...]

    def pd(self, raw: FloatArray) -> FloatArray:
        """PD of raw log-odds of default."""
        return np.interp(raw, self.raw, self.pds)


def isotonic_recalibration(
    bad: Array, raw: FloatArray, weight: FloatArray | None = None
) -> Isotonic:
    """Isotonic regression of default on log-odds, as scikit-learn fits it, kept as knots."""
    from sklearn.isotonic import IsotonicRegression

    model = IsotonicRegression(y_min=1e-5, y_max=1 - 1e-5, out_of_bounds="clip")
    model.fit(raw, np.asarray(bad, dtype=float), sample_weight=weight)
    return Isotonic(
        tuple(float(x) for x in model.X_thresholds_), tuple(float(y) for y in model.y_thresholds_)
    )


def calibration_in_the_large(
    bad: Array, pd: FloatArray, weight: FloatArray | None = None
) -> dict[str, float]:
    """Mean PD, bad rate, and intercept and slope of the outcome on the PD's log-odds.

    A well calibrated PD has intercept 0 and slope 1. `weight` (n,) counts rows.
    """
    raw = np.asarray(logit(np.clip(pd, 1e-9, 1 - 1e-9)))
    fitted = logistic_recalibration(bad, raw, weight)
    return {
        "mean_pd": float(np.average(pd, weights=weight)),
        "bad_rate": float(np.average(np.asarray(bad, dtype=float), weights=weight)),
        "intercept": fitted.shift,
        "slope": fitted.slope,
    }


def jeffreys_p_value(bads: float, rows: float, pd: float) -> float:
    """One-sided Jeffreys test that the true rate is at most `pd`; small: the PD is too low.

    Source: European Central Bank, Instructions for reporting the validation results of internal
    models (2019), 2.5.3.1: posterior Beta(bads + 1/2, goods + 1/2) at the PD.
    """
    return float(beta_below(pd, bads + 0.5, rows - bads + 0.5))


def jeffreys_interval(bads: float, rows: float, level: float = 0.95) -> tuple[float, float]:
    """Equal-tailed Jeffreys interval of a rate (Brown, Cai and DasGupta 2001)."""
    tail = (1 - level) / 2
    low = 0.0 if bads == 0 else beta_quantile(tail, bads + 0.5, rows - bads + 0.5)
    high = 1.0 if bads == rows else beta_quantile(1 - tail, bads + 0.5, rows - bads + 0.5)
    return low, high


def calibration_by_grade(
    bad: Array,
    pd: FloatArray,
    grade: Array,
    names: Sequence[str],
    weight: FloatArray | None = None,
) -> list[dict[str, Any]]:
    """Rows, mean PD, bad rate with interval and Jeffreys p-values of each grade.

    `grade` (n,) counts from 0 into `names`; empty grades are left out. `verdict` is 'too low' or
    'too high' where one side's p-value is under 0.025, else 'holds'. With sample weights the rates
    are weighted, and tested on as many rows of equal weight as tell as much (Kish 1965).
    """
    flags = np.asarray(bad, dtype=float)
    rows_by_grade = []
    for at, name in enumerate(names):
        inside = np.asarray(grade) == at
        rows = int(inside.sum())
        if not rows:
            continue
        weights = np.ones(rows) if weight is None else weight[inside]
        rate, mean = (float(np.average(each[inside], weights=weights)) for each in (flags, pd))
        worth = rows if weight is None else float(weights.sum() ** 2 / (weights**2).sum())
        bads = float(flags[inside].sum()) if weight is None else rate * worth
        low, high = jeffreys_interval(bads, worth)
        p_value = jeffreys_p_value(bads, worth, mean)
        verdict = "too low" if p_value < 0.025 else "too high" if p_value > 0.975 else "holds"
        rows_by_grade.append(
            {
                "grade": name,
                "rows": rows,
                "bads": int(flags[inside].sum()),
                "mean_pd": mean,
                "bad_rate": rate,
                "low": low,
                "high": high,
                "p_value": p_value,
                "verdict": verdict,
            }
        )
    return rows_by_grade


def hosmer_lemeshow(
    bad: Array, pd: FloatArray, weight: FloatArray | None = None, groups: int = 10
) -> dict[str, float]:
    """Hosmer-Lemeshow statistic over equal groups of PD, with `groups` degrees of freedom.

    On rows the model was not fitted on, no degree of freedom is lost (Hosmer, Lemeshow and
    Sturdivant 2013, 5.2.2). With many rows it refuses any model: read it beside the grades. Sample
    weights make weighted rates of as many rows of equal weight as tell as much.
    """
    flags = np.asarray(bad, dtype=float)
    statistic, used = 0.0, 0
    for part in np.array_split(np.argsort(pd, kind="stable"), groups):
        if not part.size:
            continue
        weights = np.ones(part.size) if weight is None else weight[part]
        size = part.size if weight is None else float(weights.sum() ** 2 / (weights**2).sum())
        expected, seen = (size * float(np.average(x[part], weights=weights)) for x in (pd, flags))
        spread = expected * (1 - expected / size)
        if spread > 0:
            statistic += (seen - expected) ** 2 / spread
            used += 1
    return {
        "statistic": statistic,
        "groups": float(used),
        "p_value": chi2_above(statistic, max(used, 1)),
    }
