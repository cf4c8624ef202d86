"""How probable it is that one model is practically better than another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.numeric.arrays import Array, FloatArray
from equipoise.numeric.distributions import normal_below, student_below
from equipoise.risk.validation import delong

ROPE = 0.01  # AUCs closer than this are practically equal (Gunnarsson et al. 2021)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Posterior probabilities that the first model is better, equal in practice, or worse."""

    difference: float
    better: float
    equal: float
    worse: float
    rope: float = ROPE

    def as_dict(self) -> dict[str, Any]:
        return {
            "difference": self.difference,
            "better": self.better,
            "equal": self.equal,
            "worse": self.worse,
            "rope": self.rope,
        }


def correlated_t_test(differences: FloatArray, test_share: float, rope: float = ROPE) -> Comparison:
    """Bayesian correlated t-test on AUC differences from (repeated) cross-validation.

    `test_share` is the share of rows in each test fold: folds share training rows, and their
    correlation is taken as that share (Nadeau and Bengio). Source: Corani and Benavoli 2015;
    Benavoli, Corani, Demšar and Zaffalon 2017, JMLR 18.
    """
    n = differences.size
    mean = float(differences.mean())
    spread = float(differences.var(ddof=1)) if n > 1 else 0.0
    scale = np.sqrt((1 / n + test_share / (1 - test_share)) * spread)
    if scale == 0:
        return _point(mean, rope)
    below, above = (student_below((x - mean) / scale, n - 1) for x in (-rope, rope))
    return Comparison(mean, 1 - above, above - below, below, rope)


def on_one_test_set(
    bad: Array,
    first: FloatArray,
    second: FloatArray,
    rope: float = ROPE,
    *,
    weight: FloatArray | None = None,
    customer: Array | None = None,
) -> Comparison:
    """The same probabilities from one test set, by DeLong's error of the paired difference.

    Says what the rows of the test leave open, not what another training sample would. `weight` and
    `customer` are as in `validation.auc_interval`.
    """
    mean, error = delong(bad, first, second, weight, customer)
    if error == 0 or not np.isfinite(error):
        return _point(mean, rope)
    below, above = (normal_below((x - mean) / error) for x in (-rope, rope))
    return Comparison(mean, 1 - above, above - below, below, rope)


def _point(mean: float, rope: float) -> Comparison:
    return Comparison(mean, float(mean > rope), float(abs(mean) <= rope), float(mean < -rope), rope)
