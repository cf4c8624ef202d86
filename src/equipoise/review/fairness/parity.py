"""What holding two groups within a distance of each other costs, read from solved problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from equipoise.balance import Infeasible, Problem, Row, Solution, solve
from equipoise.balance.problem import Array, BoolArray
from equipoise.balance.solve import EXACT_SECONDS
from equipoise.errors import BadInput

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class ParityPrice:
    """What parity within `within` costs; units are those of the problem's value.

    `given_up` is the value without parity less the value with it; the certificates put the true
    cost between `given_up_low` and `given_up_high`. `multiplier` is what one more unit of distance
    would give back (for a share: per unit of share). None where no choice holds the rows, and
    `clashing` names them.
    """

    within: float
    value: float | None
    given_up: float | None
    given_up_low: float | None
    given_up_high: float | None
    multiplier: float | None
    gap: float | None
    clashing: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "clashing": list(self.clashing)}


def parity_rows(name: str, usage: Array, group: BoolArray, within: float) -> tuple[Row, Row]:
    """The group's mean of `usage` within a distance of everybody else's: two rows.

    `usage` is (applicants, treatments), such as 1 where a loan is offered; `group` a boolean mask.
    """
    if group.all() or not group.any():
        raise BadInput(f"parity '{name}': the group is everybody or nobody", field=name)
    weight = np.where(group, 1 / group.sum(), -1 / (~group).sum())[:, None] * usage
    return Row(f"{name} (above)", weight, within), Row(f"{name} (below)", -weight, within)


def price_of_parity(
    problem: Problem,
    rows_at: Mapping[float, Sequence[Row]],
    threads: int = 1,
    exact_seconds: float = EXACT_SECONDS,
) -> list[ParityPrice]:
    """The cost of parity at several tolerances, widest first, beside the problem without it.

    `rows_at` gives the parity rows per tolerance; `problem` holds every other row. Raises
    Infeasible where the problem without parity has no choice.
    """
    free = solve(problem, threads, exact_seconds=exact_seconds)
    found = []
    for within in sorted(rows_at, reverse=True):
        parity = tuple(rows_at[within])
        try:
            held = _held(problem, parity, free, threads, exact_seconds)
        except Infeasible as clash:
            none = (None,) * 6
            found.append(ParityPrice(within, *none, clashing=clash.clashing))
            continue
        price = sum(held.multipliers.get(row.name, 0.0) for row in parity)
        low = max(free.value - held.upper_bound, 0.0)
        high = free.upper_bound - held.value
        given_up = free.value - held.value
        found.append(ParityPrice(within, held.value, given_up, low, high, price, held.gap))
    return found


def _held(
    problem: Problem, parity: tuple[Row, ...], free: Solution, threads: int, exact_seconds: float
) -> Solution:
    """The best choice under parity, its rows taken in only once a choice breaks them.

    Of a range's two sides one is slack at the optimum. Left out, it does not hinder the rounding;
    the bound of fewer rows bounds the whole problem too, so the certificate stays true.
    """
    taken: tuple[Row, ...] = ()
    found = free
    while broken := [row for row in parity if row not in taken and _breaks(row, problem, found)]:
        taken = (*taken, *broken)
        bound = problem.with_rows((*problem.rows, *taken))
        found = solve(bound, threads, exact_seconds=exact_seconds)
    return found


def _breaks(row: Row, problem: Problem, found: Solution) -> bool:
    usage = row.table(problem.shape)[np.arange(problem.shape[0]), found.choice]
    return float(usage.sum()) > row.at_most + ROUNDING * float(np.abs(usage).sum())
