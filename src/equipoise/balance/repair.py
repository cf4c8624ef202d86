"""From prices to whole, feasible answers.

At the best prices nearly everybody has one best treatment. The few near a tie (the *core*) are
given theirs so that every row holds, then exchanged in pairs until nothing more is gained.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.balance.dual import Dual
from equipoise.balance.exchange import exchange, round_in_balance, spread_evenly
from equipoise.balance.lagrangian import Lagrangian
from equipoise.balance.passes import REACH, Candidates
from equipoise.balance.problem import Choice
from equipoise.numeric.arrays import Array, FloatArray

CORE = 400  # applicants; pairs among their candidates are tried in a few milliseconds
MOST_CANDIDATES = 3000
SHARED = 8.0  # temperatures: a treatment further from the best has next to no share


@dataclass(frozen=True, slots=True)
class Core:
    """Applicants near a tie with their candidates; `choice` already settles everybody else."""

    applicant: NDArray[np.int64]  # of each candidate
    treatment: NDArray[np.int64]
    share: FloatArray
    first: NDArray[np.int64]  # where each applicant's candidates begin, one more at the end
    choice: Choice

    @property
    def owner(self) -> Array:
        """Which of the core's applicants each candidate belongs to."""
        return np.repeat(np.arange(self.first.size - 1), np.diff(self.first))

    def settled(self, picked: Array) -> Choice:
        """The whole choice once each applicant of the core has a candidate."""
        choice = self.choice.copy()
        choice[self.applicant[picked]] = self.treatment[picked]
        return choice


def repair(lagrangian: Lagrangian, dual: Dual, size: int = CORE) -> Choice:
    """A choice that holds every row, unless the core does not suffice.

    With many rows more applicants are needed to settle what each of them leaves.
    """
    size += 20 * len(lagrangian.limit)
    core = core_within(lagrangian, dual, window_of(dual, size), most=size)
    usage = lagrangian.usage_of(core.applicant, core.treatment)
    picked = _rounded(lagrangian, dual, core, usage)
    return _improved(lagrangian, dual, core, usage, picked)


def window_of(dual: Dual, size: int) -> float:
    """The distance from the best within which about `size` applicants have an alternative."""
    return dual.tau * max(REACH * size / max(dual.slope.near, 1.0), SHARED)


def core_within(lagrangian: Lagrangian, dual: Dual, window: float, most: int | None = None) -> Core:
    """Applicants with more than one treatment within `window` of their best, up to `most`."""
    near = lagrangian.candidates(dual.prices, dual.tau, window)
    first = np.flatnonzero(np.r_[True, near.applicant[1:] != near.applicant[:-1], True])
    many = np.diff(first)
    mixed = np.flatnonzero(many > 1)
    picked = first[:-1].copy()
    if most is not None:
        alternatives = many[mixed].mean() if mixed.size else 1.0
        fits = max(1, min(most, int(MOST_CANDIDATES / alternatives)))
        if mixed.size > fits:  # so many ties that most can simply be shared out
            spread_evenly(first, near.share, picked)
            mixed = mixed[np.linspace(0, mixed.size - 1, fits).astype(np.int64)]
    return _core_of(near, first, mixed, near.treatment[picked].astype(np.intp))


def _core_of(near: Candidates, first: Array, mixed: Array, choice: Choice) -> Core:
    many = np.diff(first)[mixed]
    begin = np.r_[0, np.cumsum(many)]
    at = np.repeat(first[mixed] - begin[:-1], many) + np.arange(begin[-1])
    return Core(near.applicant[at], near.treatment[at], near.share[at], begin, choice)


def _rounded(lagrangian: Lagrangian, dual: Dual, core: Core, usage: FloatArray) -> Array:
    owners = core.first.size - 1
    picked = core.first[:-1].copy()
    if owners == 0:
        return picked
    mean = np.add.reduceat(usage * core.share[:, None], core.first[:-1], axis=0)
    over = _overshoot(lagrangian, core.settled(picked)) - usage[picked].sum(0) + mean.sum(0)
    size = np.maximum.reduceat(np.abs(usage - mean[core.owner]).max(1), core.first[:-1])
    order = np.argsort(-size, kind="stable")  # the large first, so that the small can mend
    round_in_balance(core.first, core.share, usage, order, dual.prices > 0, over, picked)
    return picked


def _improved(
    lagrangian: Lagrangian,
    dual: Dual,
    core: Core,
    usage: FloatArray,
    picked: Array,
) -> Choice:
    value = lagrangian.problem.value[core.applicant, core.treatment].astype(np.float64)
    steepest = float((dual.prices * lagrangian.scale).max(initial=0.0))
    penalty = 10.0 * (steepest + float(np.ptp(value)) if value.size else 1.0) + 1e-9
    size = np.abs(lagrangian.limit / lagrangian.scale) + lagrangian.applicants
    # of sums kept up to date: the search itself spends nothing of the promised tolerance
    tolerance = 1e-14 * size
    margin = np.zeros(usage.shape[1])
    enough = 1e-8 * abs(dual.slope.bound)
    for _ in range(4):
        slack = -_overshoot(lagrangian, core.settled(picked)) - margin
        exchange(core.owner, usage, value, picked, slack, tolerance, penalty, enough, 20)
        choice = core.settled(picked)
        over = ~lagrangian.holding(choice)
        if not over.any():
            break
        margin[over] += 4 * tolerance[over]
        penalty *= 10
    return choice


def _overshoot(lagrangian: Lagrangian, choice: Choice) -> FloatArray:
    """Scaled usage beyond the limit, negative where there is room."""
    used = lagrangian.used(choice) - lagrangian.constant
    return (used - lagrangian.limit) / lagrangian.scale
