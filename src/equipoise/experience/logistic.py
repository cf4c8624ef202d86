"""Logistic regression by Newton's method, with plain and cluster-robust standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.numeric.intervals import normal_quantile

_STEPS = 60
_SEPARATED = 25.0
_SINGULAR = 1e12


@dataclass(frozen=True, slots=True)
class Logit:
    """A fitted logistic regression: coefficients (k,) and their covariance (k, k)."""

    coefficients: FloatArray
    covariance: FloatArray
    n: int
    log_likelihood: float

    @property
    def standard_errors(self) -> FloatArray:
        """Standard errors, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))

    def interval(self, index: int) -> tuple[float, float, float]:
        """One coefficient with the ends of its 95 % interval: value, low, high."""
        value = float(self.coefficients[index])
        half = normal_quantile() * float(self.standard_errors[index])
        return value, value - half, value + half


def fit_logit(
    design: FloatArray,
    outcome: BoolArray,
    clusters: IntArray | None = None,
    offset: FloatArray | None = None,
) -> Logit:
    """Maximum likelihood logistic regression; `design` (n, k) holds its own column of ones.

    `offset` (n,) is a part of the log-odds that is known. With `clusters` (n,) the covariance
    is the cluster-robust sandwich with the usual small-sample factor g / (g - 1). Columns are
    scaled inside, so units do not matter.
    Raises BadInput for one class, for collinear columns and for separated classes.
    Source: Cameron and Miller 2015, Journal of Human Resources 50(2), for the sandwich.
    """
    y = outcome.astype(np.float64)
    if design.shape[0] == 0 or y.min() == y.max():
        raise BadInput(
            "the outcome has one class only, so no response can be measured",
            mend="give data in which some accepted and some did not, or declare it as assumed",
        )
    scale = np.sqrt(np.mean(design**2, axis=0))
    scale[scale == 0] = 1.0
    sample = _Sample(design / scale, y, np.zeros(y.size) if offset is None else offset)
    beta = _newton(sample)
    share = sample.share(beta)
    bread = np.asarray(np.linalg.inv(_information(sample.x, share)), dtype=np.float64)
    covariance = bread if clusters is None else _sandwich(sample.x, y - share, bread, clusters)
    return Logit(
        beta / scale,
        covariance / np.outer(scale, scale),
        int(y.size),
        sample.log_likelihood(beta),
    )


@dataclass(frozen=True, slots=True)
class _Sample:
    x: FloatArray
    y: FloatArray
    known: FloatArray

    def share(self, beta: FloatArray) -> FloatArray:
        return np.asarray(expit(self.x @ beta + self.known))

    def log_likelihood(self, beta: FloatArray) -> float:
        utility = self.x @ beta + self.known
        return float(np.sum(self.y * utility - np.logaddexp(0.0, utility)))


def _newton(sample: _Sample) -> FloatArray:
    beta = np.zeros(sample.x.shape[1])
    if not np.linalg.cond(sample.x.T @ sample.x) < _SINGULAR:
        raise BadInput(
            "the columns of the regression cannot be told apart",
            mend="drop a column that is constant or repeats another",
        )
    value = sample.log_likelihood(beta)
    for _ in range(_STEPS):
        share = sample.share(beta)
        information = _information(sample.x, share)
        # the columns differ, so information runs out only as shares go to 0 and 1
        if np.max(np.abs(beta)) > _SEPARATED or not np.linalg.cond(information) < _SINGULAR:
            raise BadInput(
                "a column separates accepted from refused without error",
                mend="leave out a column that is known only after the answer",
            )
        step = np.asarray(np.linalg.solve(information, sample.x.T @ (sample.y - share)))
        beta, gain = _uphill(sample, beta, step, value)
        value += gain
        if gain < 1e-12 * (1 + abs(value)) and np.max(np.abs(step)) < 1e-8:
            break
    return beta


def _uphill(
    sample: _Sample, beta: FloatArray, step: FloatArray, value: float
) -> tuple[FloatArray, float]:
    """Halve a Newton step until it does not lower the likelihood; and what it gains."""
    for _ in range(30):
        gain = sample.log_likelihood(beta + step) - value
        if gain >= -1e-12 * (1 + abs(value)):
            return beta + step, gain
        step = step / 2
    return beta, 0.0


def _information(x: FloatArray, share: FloatArray) -> FloatArray:
    return (x * (share * (1 - share))[:, None]).T @ x


def _sandwich(
    x: FloatArray, residual: FloatArray, bread: FloatArray, clusters: IntArray
) -> FloatArray:
    names, place = np.unique(clusters, return_inverse=True)
    scores = np.zeros((len(names), x.shape[1]))
    np.add.at(scores, place, x * residual[:, None])
    groups = len(names)
    if groups < 2:
        raise BadInput("one cluster only", mend="cluster-robust errors need two or more")
    return bread @ (scores.T @ scores) @ bread * groups / (groups - 1)
