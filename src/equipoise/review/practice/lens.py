"""Which facts a person leans on too little or too much, held against the model on the same cases.

A person's stated chances and the model's are each drawn as a weighted sum of the facts, the lens
model of judgement. Sources: Brunswik 1952; Hursch, Hammond and Hursch 1964, Psychological Review
71; Tucker 1964, the same volume.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from equipoise.numeric.arrays import Array, FloatArray, IndexArray
from equipoise.numeric.intervals import student_quantile
from equipoise.numeric.many_tests import false_discovery
from equipoise.review.fairness.intervals import Interval
from equipoise.review.practice.answers import log_odds
from equipoise.review.practice.cues import Cue, cues_of

Use = Literal["ignored", "too_little", "too_much", "as_the_model"]
LEAST = 60
MOST = 6


@dataclass(frozen=True, slots=True)
class Leaning:
    """One fact: by how much the model's log-odds move with it, in one standard deviation of what it
    says, and by how much the person's do."""

    fact: str
    use: Use
    model: float
    person: Interval


@dataclass(frozen=True, slots=True)
class Sway:
    """A fact that the model hardly reads, at the value where it moves the person most: by so many
    log-odds away from the model, over `n` cases."""

    fact: str
    value: str
    n: int
    shift: float


@dataclass(frozen=True, slots=True)
class Lens:
    """How a person judges. `achievement` = `knowledge` x `predictability` x `consistency` + what
    the facts' sum leaves over: how close the answers come to the model's, whether the weights are
    the model's, how far a sum can say what the model says, and how steadily the person applies
    their own weights; correlations. `leanings` are ordered by what the model makes of them."""

    n: int
    achievement: float
    knowledge: float
    predictability: float
    consistency: float
    unmodelled: float
    leanings: tuple[Leaning, ...]
    sways: tuple[Sway, ...]


def through_the_lens(
    facts: Mapping[str, Array],
    model: FloatArray,
    answered: IndexArray,
    stated: FloatArray,
    *,
    level: float = 0.95,
    false_share: float = 0.1,
) -> Lens | None:
    """Hold a person's stated chances (n,) against the model's, of cases `answered` (n,) out of all.

    `facts` (N,) by name and `model` (N,) are of all cases at hand; None stands for a fact that is
    missing. Of what is said of facts a share of at most `false_share` is false on average. None
    under `LEAST` answers, or where either side says the same of all.
    """
    if answered.size < LEAST:
        return None
    person, other = log_odds(stated), log_odds(model[answered])
    if np.ptp(person) == 0 or np.ptp(other) == 0:
        return None
    cues, rest = _leading(cues_of(facts, log_odds(model)), log_odds(model))
    if not cues:
        return None
    X = np.column_stack([np.ones(answered.size)] + [cue.log_odds[answered] for cue in cues])
    own, his = _fit(X, person), _fit(X, other)
    gap = person - other
    differs = _tests(X, gap)
    left = gap - X @ _fit(X, gap)
    swaying = [_sway(cue, answered, left, X.shape[1]) for cue in rest]
    pairs = [each for each in swaying if each is not None]
    adjusted = false_discovery(np.array([*differs, *(p for p, _ in pairs)]))
    errors = _errors(X, person)
    reach = student_quantile(answered.size - X.shape[1], level)
    leanings = tuple(
        _leaning(
            cue.name, his[k + 1], own[k + 1], reach * errors[k + 1], adjusted[k] <= false_share
        )
        for k, cue in enumerate(cues)
    )
    kept = zip(adjusted[len(cues) :], pairs, strict=True)
    sways = tuple(sway for q, (_, sway) in kept if q <= false_share)
    return _lens((person, X @ own), (other, X @ his), leanings, sways)


def _leading(cues: list[Cue], target: FloatArray) -> tuple[list[Cue], list[Cue]]:
    """The facts that the model makes most of, and the others."""
    if not cues:
        return [], []
    X = np.column_stack([np.ones(target.size)] + [cue.log_odds for cue in cues])
    pull = np.abs(_fit(X, target)[1:])
    order = np.argsort(-pull, kind="stable")
    leading = [k for k in order[:MOST] if pull[k] >= 0.1 * pull[order[0]]]
    return [cues[k] for k in leading], [cue for k, cue in enumerate(cues) if k not in leading]


def _leaning(fact: str, model: float, person: float, half: float, differs: bool) -> Leaning:
    own = Interval(person, person - half, person + half)
    use: Use = "as_the_model"
    if differs and abs(person) > abs(model) and person * model > 0:
        use = "too_much"
    elif differs:
        use = "ignored" if own.low <= 0 <= own.high else "too_little"
    return Leaning(fact, use, model, own)


def _sway(
    cue: Cue, answered: IndexArray, left: FloatArray, fitted: int
) -> tuple[float, Sway] | None:
    """Whether what the leading facts leave over differs by the fact's values: F of one way."""
    at = cue.place[answered]
    n = np.bincount(at, minlength=len(cue.values))
    mean = np.bincount(at, weights=left, minlength=len(cue.values)) / np.maximum(n, 1)
    groups = int((n > 0).sum())
    freedom = left.size - fitted - groups + 1
    if groups < 2 or freedom < 10:
        return None
    between = float(n @ np.square(mean))
    within = float(np.square(left - mean[at]).sum())
    if within <= 0:
        return None
    p = float(special.fdtrc(groups - 1, freedom, between / (groups - 1) / (within / freedom)))
    most = int(np.argmax(n * np.square(mean)))
    return p, Sway(cue.name, cue.values[most], int(n[most]), float(mean[most]))


def _lens(
    own: tuple[FloatArray, FloatArray],
    model: tuple[FloatArray, FloatArray],
    leanings: tuple[Leaning, ...],
    sways: tuple[Sway, ...],
) -> Lens:
    (person, own_fit), (other, his_fit) = own, model
    return Lens(
        n=person.size,
        achievement=_correlation(person, other),
        knowledge=_correlation(own_fit, his_fit),
        predictability=_correlation(other, his_fit),
        consistency=_correlation(person, own_fit),
        unmodelled=_correlation(person - own_fit, other - his_fit),
        leanings=leanings,
        sways=sways,
    )


def _fit(X: FloatArray, y: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.lstsq(X, y, rcond=None)[0])


def _errors(X: FloatArray, y: FloatArray) -> FloatArray:
    """Standard errors of the weights that hold where answers scatter unevenly (HC3)."""
    inverse = np.linalg.pinv(X.T @ X)
    leverage = np.clip(np.einsum("ij,jk,ik->i", X, inverse, X), 0, 0.999)
    scaled = (y - X @ _fit(X, y)) / (1 - leverage)
    middle = (X * np.square(scaled)[:, None]).T @ X
    return np.asarray(np.sqrt(np.clip(np.diag(inverse @ middle @ inverse), 0, None)))


def _tests(X: FloatArray, gap: FloatArray) -> list[float]:
    """Two-sided p-values of each fact's weight in how the person differs from the model."""
    weights, errors = _fit(X, gap)[1:], _errors(X, gap)[1:]
    t = np.abs(weights) / np.where(errors > 0, errors, np.inf)
    return [2 * float(special.stdtr(gap.size - X.shape[1], -each)) for each in t]


def _correlation(one: FloatArray, other: FloatArray) -> float:
    spread = float(one.std() * other.std())
    return float(np.mean((one - one.mean()) * (other - other.mean()))) / spread if spread else 0.0
