"""Problems of the shapes a lender meets, and an independent check of any answer."""

from __future__ import annotations

import numpy as np

from equipoise.balance import Problem, Row, Solution


def lending(applicants: int, seed: int = 3, dtype: type = np.float32) -> Problem:
    """Eight treatments (the first a decline) under loss, hours, approvals, a region and parity."""
    rng = np.random.default_rng(seed)
    exposure = rng.gamma(3.0, 1.0, (applicants, 8))
    pd = 1 / (1 + np.exp(-rng.normal(-3, 1, (applicants, 1))))
    loss = exposure * pd * 0.5
    value = exposure * rng.uniform(0.02, 0.12, (applicants, 8)) - loss
    for table in (exposure, loss, value):
        table[:, 0] = 0.0
    approved = np.r_[0.0, np.ones(7)]
    hours = np.r_[np.zeros(6), 0.5, 1.0]
    free = value.argmax(axis=1)
    at = np.arange(applicants), free
    region = rng.random(applicants) < 0.2
    group = rng.random(applicants) < 0.4
    side = np.where(group, 1 / max(group.sum(), 1), -1 / max((~group).sum(), 1))
    parity = (applicants * side[:, None] * approved).astype(dtype)
    rows = [
        Row("loss", loss.astype(dtype), 0.6 * loss[at].sum()),
        Row("hours", hours, 0.5 * hours[free].sum()),
        Row("approvals", -approved, -0.85 * approved[free].sum()),
        Row("region", exposure.astype(dtype), 0.7 * exposure[at][region].sum(), where=region),
        Row("parity", parity, 0.02 * applicants),
        Row("parity, other way", -parity, 0.02 * applicants),
    ]
    return Problem(value.astype(dtype), rows)


def usage_of(problem: Problem, row: Row, choice: np.ndarray) -> float:
    """A row's usage, written out without the solver's own code."""
    applicants, treatments = problem.shape
    if row.usage.shape == (treatments,):
        taken = row.usage[choice]
    elif row.usage.ndim == 1:
        taken = row.usage
    else:
        taken = row.usage[np.arange(applicants), choice]
    taken = taken.astype(np.float64)
    return float(taken.sum() if row.where is None else taken[row.where].sum())


def bound_of(problem: Problem, prices: np.ndarray) -> float:
    """The dual bound at given prices, written out without the solver's own code."""
    net = problem.value.astype(np.float64)
    if problem.allowed is not None:
        net = np.where(problem.allowed, net, -np.inf)
    total = 0.0
    for row, price in zip(problem.rows, prices, strict=True):
        if price == 0:
            continue
        usage = row.usage.astype(np.float64)
        if usage.shape == (len(net),) and net.shape[0] != net.shape[1]:
            usage = usage[:, None]
        usage = np.broadcast_to(usage, net.shape)
        net = net - price * (usage if row.where is None else usage * row.where[:, None])
        total += price * row.at_most
    return total + float(net.max(axis=1).sum())


def assert_certified(problem: Problem, solution: Solution, gap: float) -> None:
    """Everything a solution claims about itself, recomputed from the problem."""
    choice = solution.choice
    at = np.arange(len(choice)), choice
    assert choice.shape == (problem.shape[0],)
    if problem.allowed is not None:
        assert np.broadcast_to(problem.allowed, problem.shape)[at].all()
    assert np.isclose(problem.value[at].sum(dtype=np.float64), solution.value, rtol=1e-12)
    for row in problem.rows:
        used = usage_of(problem, row, choice)
        assert np.isclose(used, solution.used[row.name], rtol=1e-9, atol=1e-9)
        assert used <= row.at_most + 1e-9 * max(abs(row.at_most), 1.0), row.name
    assert solution.violation <= 1e-9
    prices = solution.multipliers.array
    assert (prices >= 0).all()
    assert np.isclose(bound_of(problem, prices), solution.dual_bound, rtol=1e-9)
    rounding = 1e-12 * (1 + abs(solution.dual_bound))
    assert solution.value <= solution.upper_bound <= solution.dual_bound + rounding
    assert solution.gap <= gap
