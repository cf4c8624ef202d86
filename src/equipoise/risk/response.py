"""How default answers to price and burden, where terms were varied on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy.special import expit, logit

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray

FEW_BADS = 20
_NONE: Mapping[str, float] = MappingProxyType({})
FEW_DIFFERENT = 1e-6


@dataclass(frozen=True, slots=True)
class Slope:
    """An estimated slope of the log-odds of default and its standard error."""

    value: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval."""
        return self.value - 1.96 * self.error, self.value + 1.96 * self.error

    def as_dict(self) -> dict[str, Any]:
        low, high = self.interval
        return {"value": self.value, "error": self.error, "low": low, "high": high}


@dataclass(frozen=True, slots=True)
class PdResponse:
    """logit PD at terms = logit PD + level + price x (APR - APR of the policy) + burden x
    (instalment - instalment of the policy) / monthly income. APR as a fraction."""

    price: Slope
    burden: Slope
    level: Slope
    rows: int


def fit_pd_response(
    bad: Array,
    pd: FloatArray,
    apr_difference: FloatArray,
    burden_difference: FloatArray,
    weight: FloatArray | None = None,
    *,
    declared: Mapping[str, float] = _NONE,
) -> PdResponse:
    """Logistic regression of default on differences of terms, with logit PD as offset; all (n,).

    Only differences that were explored (given without regard to the outcome) measure a response:
    a price set by risk would put the risk into its own slope. A slope that is `declared` (price or
    burden) is taken as it is: price and burden move together, and what is held to be known of one
    tells more of the other. Raises BadInput where the terms hardly differ or defaults are fewer
    than 20.
    """
    flags = np.asarray(bad, dtype=float)
    if flags.sum() < FEW_BADS or (1 - flags).sum() < FEW_BADS:
        raise BadInput("fewer than 20 defaults or good payers: no price response can be measured")
    columns = {"price": apr_difference, "burden": burden_difference}
    for name, values in columns.items():
        if name not in declared and float(np.std(values)) < FEW_DIFFERENT:
            raise BadInput(
                f"the {name} is the same for every row, so its response cannot be measured",
                mend="declare the response as an assumption with its source",
            )
    weights = np.ones(flags.size) if weight is None else weight
    free = [name for name in columns if name not in declared]
    offset = np.asarray(logit(np.clip(pd, 1e-9, 1 - 1e-9)))
    offset = offset + sum(slope * columns[name] for name, slope in declared.items())
    design = np.column_stack([np.ones(flags.size), *(columns[name] for name in free)])
    beta, hessian = _newton(design, flags, offset, weights)
    errors = np.sqrt(np.diag(np.linalg.inv(hessian)))
    slopes = {name: Slope(slope, 0.0) for name, slope in declared.items()}
    for name, b, e in zip(("level", *free), beta, errors, strict=True):
        slopes[name] = Slope(float(b), float(e))
    return PdResponse(slopes["price"], slopes["burden"], slopes["level"], flags.size)


def _newton(
    design: FloatArray, flags: FloatArray, offset: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    beta = np.zeros(design.shape[1])
    hessian = np.eye(design.shape[1])
    for _ in range(100):
        fitted = expit(offset + design @ beta)
        curvature = weights * np.maximum(fitted * (1 - fitted), 1e-12)
        hessian = (design * curvature[:, None]).T @ design
        step = np.linalg.solve(hessian, design.T @ (weights * (flags - fitted)))
        scale = float(np.abs(step * design.std(axis=0).clip(1e-9)).max())
        beta += step * min(1.0, 3.0 / max(scale, 1e-12))
        if scale < 1e-12:
            break
    return beta, hessian
