"""Settle the few large applicants first, then everybody else around them.

Where one applicant uses a noticeable part of a limit, the best prices leave it between two
treatments, and whichever it gets, small exchanges cannot make up for it. Fixing it and finding new
prices for the rest does.
"""

from __future__ import annotations

import numpy as np

from equipoise.balance.dual import Dual, best_prices
from equipoise.balance.lagrangian import Lagrangian
from equipoise.balance.problem import Choice, Problem
from equipoise.balance.repair import CORE, core_within, repair, window_of
from equipoise.numeric.arrays import Array

WORTH_IT = 2e-4  # relative gap below which nothing is tried
LARGE = 0.05  # of the gap: the difference between an applicant's treatments at the row prices
ROUNDS = 4


def settle_large(lagrangian: Lagrangian, dual: Dual, choice: Choice) -> Choice:
    """A better choice than one that holds, where large applicants left it short."""
    bound = dual.slope.bound
    now, prices = lagrangian, dual
    fixed = np.zeros(0, dtype=np.int64)
    for _ in range(ROUNDS):
        gap = bound - lagrangian.value(choice)
        if gap <= WORTH_IT * abs(bound):
            break
        large = _large(now, prices, LARGE * gap)
        if large.size == 0:
            break
        fixed = np.union1d(fixed, large)
        now = Lagrangian(
            _with_fixed(lagrangian.problem, fixed, choice),
            lagrangian.scale,
            threads=now.threads,
            settled=lagrangian.settled,
        )
        prices = best_prices(now, prices.prices)
        other = repair(now, prices)
        if not now.holding(other).all() or now.value(other) <= lagrangian.value(choice):
            break
        choice = other
    return choice


def _large(lagrangian: Lagrangian, dual: Dual, least: float) -> Array:
    """Applicants near a tie between treatments that differ by more than `least` at the prices."""
    core = core_within(lagrangian, dual, window_of(dual, CORE), most=CORE)
    if core.applicant.size == 0:
        return core.applicant
    cost = lagrangian.usage_of(core.applicant, core.treatment) @ (dual.prices * lagrangian.scale)
    starts = core.first[:-1]
    between = np.maximum.reduceat(cost, starts) - np.minimum.reduceat(cost, starts)
    large: Array = core.applicant[starts][between > least]
    return large


def _with_fixed(problem: Problem, fixed: Array, choice: Choice) -> Problem:
    allowed = np.ones(problem.shape, dtype=np.bool_)
    if problem.allowed is not None:
        allowed &= problem.allowed
    allowed[fixed] = False
    allowed[fixed, choice[fixed]] = True
    return Problem(problem.value, problem.rows, allowed)
