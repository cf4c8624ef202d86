"""Logistic regression by Newton's method, from sums over rows wherever the rows lie."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import expit

from equipoise.numeric.arrays import Array, FloatArray

# coefficients (k + 1,), the intercept first, to the log-likelihood's gradient (k + 1,) and its
# information (k + 1, k + 1), both summed over rows and without any penalty
LogisticSums = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
MOST_STEPS = 50
LARGEST_STEP = 5.0  # of a coefficient: further than this the curvature here says nothing
CONVERGED = 1e-8  # the error is squared at each step: the next one would be below rounding


def sums_over(columns: FloatArray, positive: Array, weights: FloatArray) -> LogisticSums:
    """The sums over rows held in one array; `columns` is (n, k), the others (n,)."""
    design = np.column_stack([np.ones(len(columns)), columns])
    target = np.asarray(positive, dtype=float)

    def sums(beta: FloatArray) -> tuple[FloatArray, FloatArray]:
        fitted = expit(design @ beta)
        curvature = weights * fitted * (1 - fitted)
        gradient: FloatArray = design.T @ (weights * (target - fitted))
        information: FloatArray = (design * curvature[:, None]).T @ design
        return gradient, information

    return sums


def maximise(
    sums: LogisticSums, share: float, columns: int, ridge: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Coefficients (columns + 1,), the intercept first, and their standard errors.

    `share` is the weighted share of positives, from which the intercept starts. `ridge` is the L2
    penalty on all but the intercept, as C = 1 / ridge in scikit-learn.
    """
    penalty = np.full(columns + 1, ridge)
    penalty[0] = 0.0
    beta = np.zeros(columns + 1)
    inside = float(np.clip(share, 1e-6, 1 - 1e-6))
    beta[0] = math.log(inside / (1 - inside))
    hessian = np.eye(columns + 1)
    for _ in range(MOST_STEPS):
        gradient, information = sums(beta)
        hessian = information + np.diag(penalty)
        step = np.linalg.lstsq(hessian, gradient - penalty * beta, rcond=None)[0]
        largest = float(np.abs(step).max())
        beta = beta + step * min(1.0, LARGEST_STEP / max(1e-12, largest))
        if largest < CONVERGED:
            break
    errors = np.sqrt(np.maximum(np.diag(np.linalg.pinv(hessian)), 1e-300))
    return beta, errors


def logistic_newton(
    columns: FloatArray, positive: Array, weights: FloatArray, ridge: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Coefficients (without intercept) and their standard errors, of rows in one array."""
    share = float(np.average(np.asarray(positive, dtype=float), weights=weights))
    sums = sums_over(columns, positive, weights)
    beta, errors = maximise(sums, share, columns.shape[1], ridge)
    return beta[1:], errors[1:]
