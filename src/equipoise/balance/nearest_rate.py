"""The nearest rate that could hold: Dinkelbach's method over the choices the other rows allow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from equipoise.balance.limits import Held, rate_row
from equipoise.balance.problem import Infeasible, Problem
from equipoise.balance.solving import solve
from equipoise.value.measures import Measures

STEPS = 8
ROOM = 1e-6  # relative: the very edge leaves a solver nothing to choose from


def nearest_rate(held: Held, table: Measures, problem: Problem, threads: int = 1) -> float | None:
    """The limit of a rate nearest to `held.level` that some choice holds beside the other rows.

    The choice that does best by the row at one rate has a rate of its own, which is the next; few
    steps reach the best rate of all (Dinkelbach 1967). Each is the rate of a real choice, so any
    of them could hold. None where the other rows cannot hold.
    """
    others = [row for row in problem.rows if row.name != held.row.name]
    level, rate = held.level, None
    for _ in range(STEPS):
        row = rate_row(replace(held, level=level), table)
        try:
            choice = solve(problem.least(row, others), threads).choice
        except Infeasible:
            return None
        rows = np.arange(choice.size)
        chosen = Measures(
            **{name: getattr(table, name)[rows, choice] for name in Measures.__slots__}
        )
        new = held.used(chosen)
        near = abs(new - level) <= ROOM * abs(new)
        level = rate = new
        if near:
            break
    return None if rate is None else rate + (-1 if held.floor else 1) * ROOM * abs(rate)
