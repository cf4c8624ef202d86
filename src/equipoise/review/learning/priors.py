"""What may be true of an uncertain input: its declared range as a distribution, and draws of it.

A range that was assumed is a PERT distribution (Malcolm and others 1959, Operations Research 7(5);
Vose, Risk Analysis, 3rd ed. 2008): nothing outside `low` and `high`, the value stated likeliest.
A range that was measured is a 95 % interval: two half normals that meet at the value (Wallis 2014,
Statistical Science 29(1)). Draws are a scrambled Sobol sequence; inputs are independent unless a
correlation is declared, which then holds between their normal scores (a Gaussian copula).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from equipoise.documents import Quantity
from equipoise.errors import BadInput, did_you_mean
from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.intervals import normal_quantile

_SHARES = (".drop_off", ".sensitivity", ".false_alarm")
_NEVER_NEGATIVE = (".minutes", ".cost", ".hazard_per_day", ".operating_cost", "_hour_cost")
_LEAST = 1e-9  # of what must not be zero
_NEAR = 1e-12
Correlations = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Prior:
    """An uncertain input: its name and what is declared of it."""

    name: str
    declared: Quantity

    @property
    def low(self) -> float:
        """The least that is declared."""
        return self.declared.value if self.declared.low is None else self.declared.low

    @property
    def high(self) -> float:
        """The most that is declared."""
        return self.declared.value if self.declared.high is None else self.declared.high

    def at(self, share: FloatArray) -> FloatArray:
        """The values that lie above these shares of what may be true; any shape."""
        if not self.low < self.high:
            return np.full_like(share, self.declared.value)
        drawn = (
            self._measured(share) if self.declared.provenance == "measured" else self._pert(share)
        )
        return np.clip(drawn, *possible(self.name))

    def _pert(self, share: FloatArray) -> FloatArray:
        low, width = self.low, self.high - self.low
        first = 1 + 4 * (self.declared.value - low) / width
        return np.asarray(low + width * special.betaincinv(first, 6 - first, share))

    def _measured(self, share: FloatArray) -> FloatArray:
        value, ends = self.declared.value, normal_quantile()
        below, above = (value - self.low) / ends, (self.high - value) / ends
        whole = below + above
        left = special.ndtri(np.clip(share * whole / max(2 * below, _NEAR), _NEAR, 0.5))
        right = special.ndtri(np.clip((1 - share) * whole / max(2 * above, _NEAR), _NEAR, 0.5))
        return np.where(share < below / whole, value + below * left, value - above * right)


def possible(name: str) -> tuple[float, float]:
    """The least and the most that an input of this name can be."""
    if name.endswith(_SHARES):
        return 0.0, 1 - _LEAST
    if name == "take_up.price":
        return -np.inf, -_LEAST
    if name == "lgd_scale":
        return _LEAST, np.inf
    return (0.0, np.inf) if name.endswith(_NEVER_NEGATIVE) else (-np.inf, np.inf)


def priors_of(quantities: Mapping[str, Quantity]) -> tuple[Prior, ...]:
    """The inputs that have a range, in their order."""
    every = (Prior(name, each) for name, each in quantities.items())
    return tuple(each for each in every if each.low < each.high)


def draws(
    priors: Sequence[Prior], count: int, seed: int, correlated: Correlations | None = None
) -> FloatArray:
    """Values that may be true together, (count, priors); `count` a power of two.

    `correlated` holds correlations of normal scores by pair of names. Raises BadInput for a name
    that has no range and for correlations that cannot hold together.
    """
    from scipy.stats import qmc

    if not priors:
        return np.zeros((count, 0))
    sobol = qmc.Sobol(len(priors), scramble=True, seed=seed)
    shares = np.clip(sobol.random(count), _NEAR, 1 - _NEAR)
    if correlated:
        factor = _factor([each.name for each in priors], correlated)
        shares = special.ndtr(special.ndtri(shares) @ factor.T)
    return np.column_stack([each.at(shares[:, at]) for at, each in enumerate(priors)])


def _factor(names: list[str], correlated: Correlations) -> FloatArray:
    matrix = np.eye(len(names))
    for pair, value in correlated.items():
        for name in pair:
            if name not in names:
                raise BadInput(
                    f"'{name}' has no range, so nothing can be correlated with it",
                    field="correlated",
                    mend=did_you_mean(name, names),
                )
        one, two = (names.index(name) for name in pair)
        matrix[one, two] = matrix[two, one] = value
    try:
        return np.asarray(np.linalg.cholesky(matrix))
    except np.linalg.LinAlgError:
        raise BadInput(
            "these correlations cannot hold together", field="correlated",
            mend="give correlations between -1 and 1 that do not contradict each other",
        ) from None  # fmt: skip
