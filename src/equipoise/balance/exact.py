"""The whole-number problem over a core of applicants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.balance.branching import COARSE, FINE, Choices, Effort, Search
from equipoise.balance.dual import Dual
from equipoise.balance.lagrangian import Lagrangian
from equipoise.balance.problem import Choice
from equipoise.balance.repair import Core, core_within, window_of
from equipoise.numeric.arrays import Array, FloatArray

FIRST_CORE = 250  # applicants: enough for a first answer where exchanges gave none
FIRST_NODES = 300
MOST_COLUMNS = 20_000
CANCELLED = 0.1  # of the terms: what gaps are relative to where they cancel to less


@dataclass(frozen=True, slots=True)
class Whole:
    """The best choice known: None where there is none; `impossible` where none can be.

    The bound is then minus infinity: nothing the core can choose holds. `finished` is false where
    the search was ended by its limit of nodes.
    """

    choice: Choice | None
    bound: float
    impossible: bool = False
    finished: bool = True


def close_gap(lagrangian: Lagrangian, dual: Dual, known: Choice | None, effort: Effort) -> Whole:
    """The best choice of a small problem, with the least bound, within an effort.

    Giving an applicant a treatment that scores d below its best lowers the bound by d, so what
    lies further below than the gap of a known choice cannot be part of a better one.
    """
    bound = dual.slope.bound
    if known is None:
        core = core_within(lagrangian, dual, window_of(dual, FIRST_CORE))
        known = search_core(lagrangian, dual, core, Effort(FIRST_NODES, effort.size)).choice
    if known is None:
        core = core_within(lagrangian, dual, np.finfo(float).max)
        return search_core(lagrangian, dual, core, effort)
    gap = bound - lagrangian.value(known)
    if gap <= FINE * _size(lagrangian, known, bound, effort):
        return Whole(known, bound)
    core = core_within(lagrangian, dual, gap * (1 + 1e-9))
    if core.applicant.size > MOST_COLUMNS:
        return Whole(known, bound, finished=gap <= COARSE * abs(bound))
    return search_core(lagrangian, dual, core, effort, known)


def search_core(
    lagrangian: Lagrangian, dual: Dual, core: Core, effort: Effort, known: Choice | None = None
) -> Whole:
    """The best choice when only the core may choose, with a bound on what that can give."""
    if core.applicant.size == 0:
        if lagrangian.holding(core.choice).all():
            return Whole(core.choice, lagrangian.value(core.choice))
        return Whole(None, -np.inf, impossible=True)
    starts = core.first[:-1]
    value = lagrangian.problem.value[core.applicant, core.treatment].astype(np.float64)
    usage = lagrangian.usage_of(core.applicant, core.treatment)
    someone = core.settled(starts)
    settled = lagrangian.value(someone) - float(value[starts].sum())
    used = (lagrangian.used(someone) - lagrangian.constant) / lagrangian.scale
    room = lagrangian.limit / lagrangian.scale - used + usage[starts].sum(axis=0)

    def holds(picked: Array) -> bool:
        return bool(lagrangian.holding(core.settled(picked)).all())

    worth = -np.inf if known is None else lagrangian.value(known) - settled
    size = _size(lagrangian, someone if known is None else known, dual.slope.bound, effort)
    search = Search(Choices(core.first, value, usage, room), size, worth, holds)
    ended = search.run(dual.prices * lagrangian.scale, effort.nodes)
    choice = known if ended.picked is None else core.settled(ended.picked)
    if choice is None:
        return Whole(None, -np.inf if ended.finished else np.inf, ended.finished, ended.finished)
    return Whole(choice, min(dual.slope.bound, ended.bound + settled), finished=ended.finished)


def _size(lagrangian: Lagrangian, choice: Choice, bound: float, effort: Effort) -> float:
    """What a gap is relative to: the bound, or where values cancel a part of what is summed."""
    terms = np.abs(lagrangian.problem.value[np.arange(choice.size), choice])
    summed: FloatArray = terms.astype(np.float64)
    return max(abs(bound), CANCELLED * float(summed.sum()), effort.size, 1e-300)
