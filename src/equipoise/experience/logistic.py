"""Logistic regression by Newton's method, with plain and cluster-robust standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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
    _require_two_classes(y.size, int(y.sum()))
    scale = scale_of(np.mean(design**2, axis=0))
    sample = _Sample(design / scale, y, np.zeros(y.size) if offset is None else offset)
    beta = _newton(sample)
    bread = np.asarray(np.linalg.inv(sample.information(beta)), dtype=np.float64)
    residual = y - sample.share(beta)
    covariance = bread if clusters is None else _sandwich(sample.x, residual, bread, clusters)
    return _logit(sample, beta, covariance, scale, int(y.size))


def fit_logit_on(sums: LogitSums, scale: FloatArray, n: int, of: int) -> Logit:
    """`fit_logit` by sums over rows that lie elsewhere, `of` of whose `n` have the outcome.

    Columns are divided by `scale` there, as by `scale_of`. Raises as `fit_logit` does.
    """
    _require_two_classes(n, of)
    beta = _newton(sums)
    covariance = np.asarray(np.linalg.inv(sums.information(beta)), dtype=np.float64)
    return _logit(sums, beta, covariance, scale, n)


def scale_of(mean_squares: FloatArray) -> FloatArray:
    """What the columns are divided by, so that units do not matter; 1 for a column of zeros."""
    scale = np.sqrt(mean_squares)
    scale[scale == 0] = 1.0
    return np.asarray(scale)


def _logit(
    sums: LogitSums, beta: FloatArray, covariance: FloatArray, scale: FloatArray, n: int
) -> Logit:
    return Logit(beta / scale, covariance / np.outer(scale, scale), n, sums.log_likelihood(beta))


def _require_two_classes(n: int, of: int) -> None:
    if of in (0, n):
        raise BadInput(
            "the outcome has one class only, so no response can be measured",
            mend="give data in which some accepted and some did not, or declare it as assumed",
        )


class LogitSums(Protocol):
    """Sums over the rows of a regression, x (k columns, scaled) and y, at coefficients (k,)."""

    def gram(self) -> FloatArray:
        """x'x, shape (k, k)."""

    def log_likelihood(self, beta: FloatArray) -> float:
        """The log-likelihood."""

    def gradient(self, beta: FloatArray) -> FloatArray:
        """Its gradient, shape (k,)."""

    def information(self, beta: FloatArray) -> FloatArray:
        """Fisher's information, shape (k, k)."""


@dataclass(frozen=True, slots=True)
class _Sample:
    x: FloatArray
    y: FloatArray
    known: FloatArray

    def gram(self) -> FloatArray:
        return np.asarray(self.x.T @ self.x)

    def gradient(self, beta: FloatArray) -> FloatArray:
        return np.asarray(self.x.T @ (self.y - self.share(beta)))

    def information(self, beta: FloatArray) -> FloatArray:
        share = self.share(beta)
        return np.asarray((self.x * (share * (1 - share))[:, None]).T @ self.x)

    def share(self, beta: FloatArray) -> FloatArray:
        return np.asarray(expit(self.x @ beta + self.known))

    def log_likelihood(self, beta: FloatArray) -> float:
        utility = self.x @ beta + self.known
        return float(np.sum(self.y * utility - np.logaddexp(0.0, utility)))


def _newton(sums: LogitSums) -> FloatArray:
    gram = sums.gram()
    beta = np.zeros(gram.shape[0])
    if not np.linalg.cond(gram) < _SINGULAR:
        raise BadInput(
            "the columns of the regression cannot be told apart",
            mend="drop a column that is constant or repeats another",
        )
    value = sums.log_likelihood(beta)
    for _ in range(_STEPS):
        information = sums.information(beta)
        # the columns differ, so information runs out only as shares go to 0 and 1
        if np.max(np.abs(beta)) > _SEPARATED or not np.linalg.cond(information) < _SINGULAR:
            raise BadInput(
                "a column separates accepted from refused without error",
                mend="leave out a column that is known only after the answer",
            )
        step = np.asarray(np.linalg.solve(information, sums.gradient(beta)))
        beta, gain = _uphill(sums, beta, step, value)
        value += gain
        if gain < 1e-12 * (1 + abs(value)) and np.max(np.abs(step)) < 1e-8:
            break
    return beta


def _uphill(
    sums: LogitSums, beta: FloatArray, step: FloatArray, value: float
) -> tuple[FloatArray, float]:
    """Halve a Newton step until it does not lower the likelihood; and what it gains."""
    for _ in range(30):
        gain = sums.log_likelihood(beta + step) - value
        if gain >= -1e-12 * (1 + abs(value)):
            return beta + step, gain
        step = step / 2
    return beta, 0.0


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
