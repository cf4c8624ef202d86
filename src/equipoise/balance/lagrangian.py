"""The Lagrangian of a problem: what passes over its applicants sum to, with its rows' limits.

With prices p >= 0 on the rows, D(p) = p.at_most + sum over applicants of the best of
(value - p.usage) bounds the value of every feasible choice from above. The smoothed bound puts
tau * logsumexp in the place of the best; its gradient is at_most less the usage of the softmax
shares and its curvature their covariance over tau, so few Newton steps find the best prices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from equipoise.balance.passes import Candidates, LocalPasses, Passes
from equipoise.balance.problem import Choice, Problem, Row
from equipoise.balance.tolerance import PROMISED, excess
from equipoise.numeric.arrays import Array, BoolArray, FloatArray

Over = Callable[[Problem, FloatArray, FloatArray, int], Passes]


@dataclass(frozen=True, slots=True)
class Slope:
    """The smoothed bound at some prices. Usage and curvature are in units of `scale`."""

    bound: float  # of the problem itself, not smoothed
    smooth: float
    used: FloatArray
    covariance: FloatArray
    mixed: float  # applicants whose share is not all on one treatment, in effect
    near: float  # applicants with more than one candidate


@dataclass(frozen=True, slots=True)
class Settled:
    """What applicants outside a problem are already worth and use (rows, in their own units)."""

    value: float
    used: FloatArray


class Lagrangian:
    """Bounds, slopes and choices of a problem at given prices, in float64.

    `weight` stands for how many applicants each of a sample represents; `settled` is what others,
    whose treatment is known, add to value and usage; `over` makes the passes over everybody.
    Prices are in value per unit of usage; the slope is in scaled units, one `scale` of a row being
    a typical usage.
    """

    def __init__(
        self,
        problem: Problem,
        scale: FloatArray | None = None,
        weight: FloatArray | None = None,
        threads: int = 1,
        *,
        settled: Settled | None = None,
        over: Over = LocalPasses,
    ) -> None:
        self.problem = problem
        self.applicants, self.treatments = problem.shape
        self.threads = threads
        self.weight = np.ones(self.applicants) if weight is None else weight
        self.settled = settled or Settled(0.0, np.zeros(len(problem.rows)))
        self.scale = _typical_usage(problem) if scale is None else scale
        self.over = over
        self.passes = over(problem, self.scale, self.weight, threads)
        self.constant = _constant(problem, self.weight) + self.settled.used
        self.at_most = np.array([row.at_most for row in problem.rows])
        self.limit = self.at_most - self.constant

    @property
    def applicants_represented(self) -> float:
        return float(self.weight.sum())

    def noise(self, slope: Slope) -> FloatArray:
        """How exactly each scaled row can be met: by rounding shares, and by sampling."""
        rounding: FloatArray = 0.5 * np.sqrt(np.diag(slope.covariance) * self.weight.max())
        if self.weight.max() <= 1.0:
            exactly: FloatArray = rounding + 1e-9 * np.abs(self.limit / self.scale)
            return exactly
        sampling = 0.3 * self.applicants_represented / np.sqrt(self.applicants)
        either: FloatArray = np.maximum(rounding, sampling)
        return either

    def slope(self, prices: FloatArray, tau: float) -> Slope:
        """The smoothed bound at temperature `tau` with its gradient and curvature."""
        rows = len(self.limit)
        totals, used, covariance = np.split(self.passes.slope(prices, tau).value, [4, 4 + rows])
        covariance = covariance.reshape(rows, rows)
        linear = float(prices @ self.limit) + self.settled.value
        return Slope(
            bound=float(totals[0]) + linear,
            smooth=float(totals[1]) + linear,
            used=used,
            covariance=covariance + np.tril(covariance, -1).T,
            mixed=float(totals[2]),
            near=float(totals[3]),
        )

    def candidates(self, prices: FloatArray, tau: float, window: float) -> Candidates:
        """Every treatment within `window` of its applicant's best, with its softmax share."""
        return self.passes.candidates(prices, tau, window)

    def best(self, prices: FloatArray) -> tuple[Choice, float]:
        """The best treatment of each applicant at these prices, and the bound."""
        choice, total = self.passes.best(prices)
        return choice, float(total.value[0]) + float(prices @ self.limit) + self.settled.value

    def usage_of(self, applicant: Array, treatment: Array) -> FloatArray:
        """Scaled usage (candidates, rows) of a few candidates anywhere."""
        usage = np.zeros((applicant.size, len(self.limit)))
        for m, row in enumerate(self.problem.rows):
            if row.usage.shape == (self.applicants,) and self.applicants != self.treatments:
                continue  # the same whatever is chosen
            array = row.usage
            of_each = array[treatment] if array.ndim == 1 else array[applicant, treatment]
            concerned = 1.0 if row.where is None else row.where[applicant]
            usage[:, m] = of_each.astype(np.float64) * concerned / self.scale[m]
        return usage

    def used(self, choice: Choice) -> FloatArray:
        """Each row's usage under a choice, in its own unit, constants included."""
        used: FloatArray = self.passes.used(choice).value[0] + self.constant
        return used

    def holding(self, choice: Choice) -> BoolArray:
        """Which rows a choice holds within the promised tolerance."""
        within: BoolArray = self._excess(choice) <= PROMISED
        return within

    def account(self, choice: Choice) -> tuple[FloatArray, FloatArray]:
        """Each row's usage in its own unit, and the same summed without signs."""
        used, summed = self.passes.used(choice).value
        return used + self.constant, summed + np.abs(self.constant)

    def _excess(self, choice: Choice) -> FloatArray:
        used, summed = self.account(choice)
        return excess(used, self.at_most, summed)

    def value(self, choice: Choice) -> float:
        """Summed value of a choice."""
        return float(self.passes.worth(choice).value[0]) + self.settled.value


def _constant(problem: Problem, weight: FloatArray) -> FloatArray:
    """What rows use whatever is chosen."""
    applicants, treatments = problem.shape
    constant = np.zeros(len(problem.rows))
    for m, row in enumerate(problem.rows):
        if row.usage.shape == (applicants,) and applicants != treatments:
            everyone = row.usage.astype(np.float64) * weight
            constant[m] = everyone.sum() if row.where is None else everyone[row.where].sum()
    return constant


def _typical_usage(problem: Problem) -> FloatArray:
    """Root mean square usage of each row over a spread of the applicants it concerns."""
    return np.array([_row_scale(row, problem) for row in problem.rows])


def _row_scale(row: Row, problem: Problem, most: int = 2000) -> float:
    usage = row.usage
    if usage.shape == problem.shape:
        who = np.arange(len(usage)) if row.where is None else np.flatnonzero(row.where)
        usage = usage[who[:: max(1, who.size // most)]]
    usage = usage.astype(np.float64)
    if (
        problem.allowed is not None
        and problem.allowed.ndim == 1
        and usage.shape[-1:] == (problem.shape[1],)
    ):
        usage = usage[..., problem.allowed]
    peak = float(np.abs(usage).max(initial=0.0))
    return peak * float(np.sqrt(np.mean((usage / peak) ** 2))) if peak > 0 else 1.0
