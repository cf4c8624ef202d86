"""The policies that a lender may have to choose between, and what each is worth under each draw.

Re-solving under every draw would be exact and too slow. So the balance is solved where the inputs
are as stated and at a spread of draws, the distinct policies are kept, and each is valued under
every draw. Among a few policies less can be gained by knowing than among all: figures made of them
are floors.

A limit that a policy keeps where it was solved may break elsewhere. Limits that follow today's
policy are taken anew under every draw, as in a balance. A breach is charged at the dearest price
that any of the solves put on the limit, and slack earns nothing: an exact penalty (Han and
Mangasarian 1979, Mathematical Programming 17), under which the best policy at a draw is one that
keeps its limits there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.balance.limits import axis_row
from equipoise.balance.problem import Choice, Infeasible, Row, Solution
from equipoise.balance.search import InMemory
from equipoise.numeric.arrays import FloatArray, IndexArray
from equipoise.progress import Progress, Silent
from equipoise.review.learning.priors import Prior
from equipoise.review.learning.stand import Stand

SPREAD = 32


@dataclass(frozen=True, slots=True)
class Policies:
    """Distinct policies, (policies, applicants): today's first, then the recommended one.

    `prices` are the dearest that any solve put on a limit, by its name, in the goal's unit.
    `refused` counts draws under which no policy keeps the limits.
    """

    choices: IndexArray
    prices: dict[str, float]
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Valued:
    """Policies under draws, per applicant.

    `net` (draws, policies) is the goal less what breaches are charged; `gain` (draws,) what the
    recommended policy brings over today's on the frontier's vertical axis, as a balance promises.
    """

    net: FloatArray
    gain: FloatArray


def policies_of(
    stand: Stand, priors: Sequence[Prior], drawn: FloatArray, progress: Progress | None = None
) -> Policies:
    """Solve at the stated inputs and at each row of `drawn` (draws, priors); keep what differs."""
    names = [each.name for each in priors]
    choices: list[Choice] = [stand.asked.people.today, stand.recommended]
    prices: dict[str, float] = {}
    start, refused = None, 0
    with (progress or Silent()).step("Solving where inputs may be") as step:
        for at, values in enumerate([None, *drawn]):
            put = {} if values is None else dict(zip(names, values.tolist(), strict=True))
            solution = _solved(stand, put, start)
            step.advance(at + 1, len(drawn) + 1)
            if solution is None:
                refused += 1
                continue
            choices.append(solution.choice)
            start = solution.multipliers.array if start is None else start
            for name, price in solution.multipliers.items():
                prices[name] = max(prices.get(name, 0.0), price)
    return Policies(_distinct(choices), prices, refused)


def _solved(stand: Stand, values: dict[str, float], start: FloatArray | None) -> Solution | None:
    search = InMemory(stand.at(values))
    axes, today = stand.asked.axes, search.today.totals()
    try:
        return search.same_risk(today[axes.x] * stand.budget, today[axes.y], start)
    except Infeasible:
        return None


def _distinct(choices: list[Choice]) -> IndexArray:
    kept: dict[bytes, Choice] = {}
    for each in choices:
        kept.setdefault(each.astype(np.intp).tobytes(), each.astype(np.intp))
    return np.array(list(kept.values()))


def valued(
    stand: Stand,
    policies: Policies,
    priors: Sequence[Prior],
    drawn: FloatArray,
    progress: Progress | None = None,
) -> Valued:
    """Every policy's worth under every row of `drawn` (draws, priors)."""
    names = [each.name for each in priors]
    net = np.empty((len(drawn), len(policies.choices)))
    gain = np.empty(len(drawn))
    with (progress or Silent()).step("Valuing policies under draws") as step:
        for at, values in enumerate(drawn):
            put = dict(zip(names, values.tolist(), strict=True))
            net[at], gain[at] = _under(stand, policies, put)
            step.advance(at + 1, len(drawn))
    return Valued(net, gain)


def _under(stand: Stand, policies: Policies, values: dict[str, float]) -> tuple[FloatArray, float]:
    search = InMemory(stand.at(values))
    table, size = search.table, stand.asked.people.size
    axes, rows = stand.asked.axes, np.arange(size)
    worth = getattr(table, axes.goal)[rows, policies.choices].sum(axis=1)
    for row in _limits(stand, search):
        price = policies.prices.get(row.name, 0.0)
        if price:
            used = row.table(table.booked.shape)[rows, policies.choices].sum(axis=1)
            worth = worth - price * np.maximum(0.0, used - row.at_most)
    raised = getattr(table, axes.y)
    gain = raised[rows, stand.recommended].sum() - raised[rows, stand.asked.people.today].sum()
    return worth / size, float(gain) / size


def _limits(stand: Stand, search: InMemory) -> list[Row]:
    """The appetite's rows and the risk axis at its budget, as the recommended move holds them."""
    axes, today = stand.asked.axes, search.today.totals()
    limits = [each.row for each in search.held]
    limits.append(axis_row(axes.x, today[axes.x] * stand.budget, search.table))
    if axes.goal != axes.y:
        raised = -getattr(search.table, axes.y)
        limits.append(Row(f"{axes.y} as today", raised, -today[axes.y]))
    return limits
