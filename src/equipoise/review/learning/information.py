"""What knowing something is worth: expected value of perfect and of sample information.

Each decision's value under each draw of the inputs is regressed on what would be known: the inputs
themselves (Strong, Oakley and Brennan 2014, Medical Decision Making 34(3)), or what an experiment
would find of them (Strong, Oakley, Brennan and Breeze 2015, Medical Decision Making 35(5)). What is
fitted is the value that whoever knew it would expect; the best of it, less the best without
knowing, is what knowing is worth. A regression finds a little in anything: what the same one finds
in draws that were shuffled is taken off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.intervals import LEVEL

RESAMPLES = 100
SHUFFLES = 16
_ALONE, _TOGETHER = 5, 3  # degrees of the polynomial in one input, and in each of several
_RIDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Worth:
    """An estimate from draws, with the ends of its bootstrap interval (95 %)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Resampling:
    """The draws that each bootstrap sample holds, (samples, draws), and shufflings of them."""

    again: IntArray
    shuffled: IntArray

    @classmethod
    def of(cls, draws: int, seed: int) -> Resampling:
        """Drawn once, so that all figures are of the same samples."""
        rng = np.random.default_rng(seed)
        shuffled = np.array([rng.permutation(draws) for _ in range(SHUFFLES)])
        return cls(rng.integers(0, draws, (RESAMPLES, draws)), shuffled)

    def worth(self, figure: Callable[[IntArray], float], draws: int) -> Worth:
        """A figure of all draws, and the interval that figures of resampled draws give it."""
        again = [figure(rows) for rows in self.again]
        low, high = np.quantile(again, (0.5 - LEVEL / 2, 0.5 + LEVEL / 2))
        value = figure(np.arange(draws))
        return Worth(value, min(float(low), value), max(float(high), value))


def perfect(values: FloatArray, resampling: Resampling) -> Worth:
    """EVPI: what knowing every input would be worth. `values` are (draws, decisions)."""

    def figure(rows: IntArray) -> float:
        some = values[rows]
        return float(some.max(axis=1).mean() - some.mean(axis=0).max())

    return resampling.worth(figure, len(values))


def of_knowing(values: FloatArray, known: FloatArray, resampling: Resampling) -> Worth:
    """What it is worth to know `known` (draws, inputs) before deciding, in the unit of `values`.

    `values` are (draws, decisions). With inputs themselves it is EVPPI, with what an experiment
    would find of each it is EVSI.
    """
    basis, draws = basis_of(known), len(values)
    best = int(values.mean(axis=0).argmax())
    relative = values - values[:, [best]]
    bias = float(
        np.mean([_gain(basis[rows], relative) for rows in resampling.shuffled]) if draws else 0.0
    )

    def figure(rows: IntArray) -> float:
        return max(0.0, _gain(basis[rows], relative[rows]) - bias)

    return resampling.worth(figure, draws)


def _gain(basis: FloatArray, values: FloatArray) -> float:
    expected = fitted(basis, values)
    return float(expected.max(axis=1).mean() - values.mean(axis=0).max())


def explained(outcome: FloatArray, known: FloatArray, rows: IntArray | None = None) -> float:
    """The share of an outcome's variance that goes once `known` is known, 0 to 1.

    `outcome` is (draws,), `known` (draws, inputs). Adjusted for the regression's own freedom.
    """
    basis = basis_of(known)
    if rows is not None:
        basis, outcome = basis[rows], outcome[rows]
    total = float(np.var(outcome))
    if not total > 0:
        return 0.0
    left = float(np.mean((outcome - fitted(basis, outcome[:, None])[:, 0]) ** 2))
    freedom = max(1, len(outcome) - basis.shape[1])
    return float(np.clip(1 - left / total * (len(outcome) - 1) / freedom, 0.0, 1.0))


def basis_of(known: FloatArray) -> FloatArray:
    """Columns of the regression: Chebyshev polynomials of each input, and products of pairs."""
    draws, inputs = known.shape
    low, high = known.min(axis=0), known.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    scaled = 2 * (known - low) / width - 1
    degree = _ALONE if inputs == 1 else _TOGETHER
    columns = [np.ones(draws)]
    for at in range(inputs):
        columns += list(np.polynomial.chebyshev.chebvander(scaled[:, at], degree).T[1:])
    columns += [scaled[:, one] * scaled[:, two] for one, two in combinations(range(inputs), 2)]
    return np.column_stack(columns)


def fitted(basis: FloatArray, values: FloatArray) -> FloatArray:
    """What the regression expects of each draw; `basis` (draws, columns), `values` (draws, any)."""
    gram = basis.T @ basis
    gram[np.diag_indices_from(gram)] += _RIDGE * np.trace(gram)
    return np.asarray(basis @ np.linalg.solve(gram, basis.T @ values))
