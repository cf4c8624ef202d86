"""What holding two groups within a distance of each other costs, read from solved problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from equipoise.balance import Infeasible, Problem, Row, Solution, solve
from equipoise.balance.tolerance import PROMISED, excess
from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, BoolArray


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
) -> list[ParityPrice]:
    """The cost of parity at several tolerances, widest first, beside the problem without it.

    `rows_at` gives the parity rows per tolerance, a tighter one's implying a wider one's; `problem`
    holds every other row. Raises Infeasible where the problem without parity has no choice.
    """
    free = solve(problem, threads)
    solved: dict[float, Solution] = {}
    refused: dict[float, Infeasible] = {}
    for within in sorted(rows_at, reverse=True):
        try:
            solved[within] = _held(problem, tuple(rows_at[within]), free, threads)
        except Infeasible as clash:
            refused[within] = clash
    ends = _ends([free, *solved.values()])
    prices = [
        _price(within, [row.name for row in rows_at[within]], solved[within], (ends[0], each))
        for within, each in zip(solved, ends[1:], strict=True)
    ]
    clashes = [
        ParityPrice(within, *(None,) * 6, clashing=clash.clashing)
        for within, clash in refused.items()
    ]
    return sorted([*prices, *clashes], key=lambda each: -each.within)


def _ends(solved: Sequence[Solution]) -> list[tuple[float, float]]:
    """Value and upper bound of problems, each wider than the next, by all their certificates.

    What a tighter one reaches a wider one can too, and a wider one's bound holds for a tighter.
    """
    values = np.maximum.accumulate([each.value for each in solved][::-1])[::-1]
    bounds = np.minimum.accumulate([each.upper_bound for each in solved])
    return list(zip(values.tolist(), np.maximum(values, bounds).tolist(), strict=True))


def _price(
    within: float,
    names: Sequence[str],
    held: Solution,
    ends: tuple[tuple[float, float], tuple[float, float]],
) -> ParityPrice:
    """The price from the value and the upper bound of the problem without parity and with it."""
    (free_value, free_bound), (value, bound) = ends
    return ParityPrice(
        within=within,
        value=value,
        given_up=free_value - value,
        given_up_low=free_value - min(bound, free_value),
        given_up_high=free_bound - value,
        multiplier=sum(held.multipliers.get(name, 0.0) for name in names),
        gap=(bound - value) / max(abs(bound), np.finfo(float).tiny),
    )


def _held(problem: Problem, parity: tuple[Row, ...], free: Solution, threads: int) -> Solution:
    """The best choice under parity, its rows taken in only once a choice breaks them.

    Of a range's two sides one is slack at the optimum. Left out, it does not hinder the rounding;
    the bound of fewer rows bounds the whole problem too, so the certificate stays true.
    """
    enforced: tuple[Row, ...] = ()
    solution = free
    while broken := [
        row for row in parity if row not in enforced and _breaks(row, problem, solution)
    ]:
        enforced = (*enforced, *broken)
        bound = problem.with_rows((*problem.rows, *enforced))
        solution = solve(bound, threads)
    return solution


def _breaks(row: Row, problem: Problem, solution: Solution) -> bool:
    usage = row.table(problem.shape)[np.arange(problem.shape[0]), solution.choice]
    over = excess(usage.sum(), row.at_most, np.abs(usage).sum())
    return bool(over > PROMISED)
