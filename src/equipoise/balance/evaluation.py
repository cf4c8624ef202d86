"""What a policy would have earned, from what another policy did.

Inverse propensity, self-normalised, direct and doubly robust estimators (Dudik, Langford, Li 2011)
with asymptotic intervals. They need chance in the log: where the logged policy never did what the
target would do, no estimator says anything, and effective sample size does not show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from equipoise.errors import BadInput, GateRefused
from equipoise.numeric.arrays import FloatArray


class MissingSupport(GateRefused):
    """The log never shows a share of what the target policy would do."""

    def __init__(self, share: float) -> None:
        self.share = share
        super().__init__(
            f"missing support: {share:.1%} of the target's actions have zero logged propensity",
            mend="compare policies that stay within what was tried, or log with exploration first",
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean reward per applicant with its interval; `error` is the standard error."""

    value: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Estimates of one policy's mean reward, by estimator, and how far to trust them.

    Keys of `estimates`: `ips`, `snips`, and with an outcome model `direct` and `doubly_robust`.
    The direct interval leaves out the model's own error. `effective_sample_size` is
    (sum w)^2 / sum w^2; `clipped` the share of weights cut; `missing` the target's share without
    support.
    """

    estimates: dict[str, Estimate]
    applicants: int
    effective_sample_size: float
    max_weight: float
    clipped: float
    missing: float


def evaluate_policy(
    actions: ArrayLike,
    propensities: ArrayLike,
    rewards: ArrayLike,
    target: ArrayLike,
    *,
    outcomes: ArrayLike | None = None,
    clip: float | None = None,
    level: float = 0.95,
    tolerated: float = 0.0,
) -> Evaluation:
    """Estimate the mean reward of `target` from logged actions and rewards, both (applicants,).

    `propensities` is the logged policy's probability of each logged action, (applicants,), or of
    every action, (applicants, actions): only the latter shows all that was never tried. `target`
    is an action per applicant or probabilities (applicants, actions). `outcomes` are a model's
    expected rewards (applicants, actions), fitted on other applicants (cross-fitted). Weights
    above `clip` are cut to it. Raises `MissingSupport` where more than `tolerated` of the target
    has zero logged propensity, and `BadInput` for arrays that do not fit.
    """
    taken = _actions(actions)
    reward = _finite(rewards, "rewards")
    wanted = np.asarray(target)
    model = None if outcomes is None else _finite(outcomes, "outcomes")
    chance = _finite(propensities, "propensities")
    _check_shapes(taken, reward, chance, wanted, model)
    at = np.arange(taken.size)
    if (chance < 0).any() or (chance > 1 + 1e-9).any():
        raise BadInput("propensities must lie between 0 and 1", field="propensities")
    logged = chance if chance.ndim == 1 else chance[at, taken]
    if not (logged > 0).all():
        row = int(np.flatnonzero(logged <= 0)[0])
        raise BadInput(
            f"applicant {row} was given an action of propensity zero", field="propensities"
        )
    would = (wanted == taken).astype(np.float64) if wanted.ndim == 1 else wanted[at, taken]
    missing = _missing(chance, wanted, would)
    if missing > tolerated:
        raise MissingSupport(missing)
    weight = would / logged
    cut = weight if clip is None else np.minimum(weight, clip)
    terms = {"ips": cut * reward, "snips": _self_normalised(cut, reward)}
    if model is not None:
        expected = model[at, wanted] if wanted.ndim == 1 else (model * wanted).sum(axis=1)
        terms["direct"] = expected
        terms["doubly_robust"] = expected + cut * (reward - model[at, taken])
    total = float(cut.sum())
    return Evaluation(
        estimates={name: _estimate(term, level) for name, term in terms.items()},
        applicants=taken.size,
        effective_sample_size=total**2 / float((cut**2).sum()) if total else 0.0,
        max_weight=float(cut.max()),
        clipped=float(np.mean(cut < weight)),
        missing=missing,
    )


def _self_normalised(weight: FloatArray, reward: FloatArray) -> FloatArray:
    """Terms whose mean is the ratio and whose spread is that of its linearisation."""
    mean = float(weight.mean())
    if mean == 0.0:
        return np.full(weight.size, np.nan)
    ratio = float((weight * reward).mean()) / mean
    return ratio + weight * (reward - ratio) / mean


def _estimate(terms: FloatArray, level: float) -> Estimate:
    value = float(terms.mean())
    error = float(terms.std(ddof=1)) / terms.size**0.5
    reach = NormalDist().inv_cdf(0.5 + level / 2) * error
    return Estimate(value, value - reach, value + reach, error)


def _missing(chance: FloatArray, wanted: FloatArray, would: FloatArray) -> float:
    """Share of the target on actions that were never given; a certain action rules out others."""
    if chance.ndim == 1:
        return float(np.mean(np.where(chance >= 1.0, 1.0 - would, 0.0)))
    if wanted.ndim == 1:
        return float(np.mean(chance[np.arange(len(chance)), wanted] == 0))
    return float(np.where(chance == 0, wanted, 0.0).sum(axis=1).mean())


def _actions(actions: ArrayLike) -> np.ndarray:
    taken = np.asarray(actions)
    if taken.ndim != 1 or taken.dtype.kind not in "iu":
        raise BadInput("actions must be whole numbers, one per applicant", field="actions")
    if taken.size < 2:
        raise BadInput("an evaluation needs at least two applicants", field="actions")
    return taken


def _finite(values: ArrayLike, name: str) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if not np.isfinite(array).all():
        raise BadInput(f"{name} holds numbers that are not finite", field=name)
    return array


def _check_shapes(
    taken: np.ndarray,
    reward: FloatArray,
    chance: FloatArray,
    wanted: np.ndarray,
    model: FloatArray | None,
) -> None:
    given: dict[str, tuple[np.ndarray, tuple[int, ...]]] = {
        "rewards": (reward, (1,)),
        "propensities": (chance, (1, 2)),
        "target": (wanted, (1, 2)),
    }
    if model is not None:
        given["outcomes"] = model, (2,)
    for name, (array, dimensions) in given.items():
        if array.ndim not in dimensions or len(array) != taken.size:
            raise BadInput(f"{name} has shape {array.shape} for {taken.size} actions", field=name)
    tables = {name: array for name, (array, _) in given.items() if array.ndim == 2}
    if len({table.shape for table in tables.values()}) > 1:
        shapes = ", ".join(f"{name} {table.shape}" for name, table in tables.items())
        raise BadInput(f"tables by action differ in shape: {shapes}", field=next(iter(tables)))
    _check_target(wanted)
    columns = [table.shape[1] for table in tables.values()]
    named = {"actions": taken} | ({"target": wanted} if wanted.ndim == 1 else {})
    for name, indices in named.items():
        if indices.min() < 0 or (columns and indices.max() >= columns[0]):
            raise BadInput(f"{name} names an action that has no column", field=name)


def _check_target(wanted: np.ndarray) -> None:
    if wanted.ndim == 1:
        if wanted.dtype.kind not in "iu":
            raise BadInput("target must be whole numbers or probabilities", field="target")
    elif not (np.allclose(wanted.sum(axis=1), 1.0, atol=1e-6) and (wanted >= 0).all()):
        raise BadInput(
            "target probabilities must sum to 1 for each applicant and not be negative",
            field="target",
        )
