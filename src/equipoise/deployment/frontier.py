"""From a point of the frontier to the prices that a strategy can charge live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.balance.limits import Masks
from equipoise.balance.problem import Problem, Row, Solution
from equipoise.balance.solving import solve
from equipoise.balance.tolerance import PROMISED, beyond
from equipoise.deployment.deployed import Deployed
from equipoise.deployment.priced import Limit
from equipoise.progress import Progress, Silent
from equipoise.strategy.document import BalanceSection, PricedRow
from equipoise.value.measures import MEASURES, Measures

_ROUNDS = 16
_SPARE = 1.2  # how much more than it was broken by a limit is tightened


@dataclass(frozen=True, slots=True)
class Point:
    """A point to take: what it is called, the goal, and all limits, the axis first.

    `scale` is each limit's size (today's sum of what it bounds), for violations to be relative.
    """

    name: str
    goal: str
    limits: tuple[Limit, ...]
    scale: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """The balance section, what it does on the population, and the solver's own answer to compare.

    `violation` is the largest relative breach of a limit by the deployed choice, as valued live or,
    with the same model, by the balance, whichever is worse; `given_up` the share of the certified
    upper bound that it does not reach, as valued live.
    """

    section: BalanceSection
    choice: NDArray[np.intp]
    measures: Measures
    own: Measures
    solution: Solution
    violation: float
    given_up: float

    @property
    def rank(self) -> tuple[float, float]:
        """Least is best: the breach beyond the promised tolerance, then what is given up."""
        return beyond(self.violation), self.given_up


def take(
    point: Point, people: Deployed, masks: Masks, worth: float, progress: Progress | None = None
) -> Taken:
    """Solve the point over the population as deployed, and keep its multipliers as prices.

    Choosing by prices alone meets limits only up to ties; limits that it breaks are tightened a
    little and the point is solved again: a limit holds as the strategy scores live and,
    where it scores with the balance's model, as the balance values the same choice. `worth` is
    money per unit of the goal. Raises Infeasible.
    """
    rows = [limit.row(people.table, masks) for limit in point.limits]
    held = [[limit.row(table, masks) for table in people.held] for limit in point.limits]
    value = getattr(people.table, point.goal)
    spare = np.zeros(len(rows))
    first: Solution | None = None
    best: Taken | None = None
    with (progress or Silent()).step("Taking the point") as step:
        for at in range(_ROUNDS):
            tight = [
                type(row)(row.name, row.usage, row.at_most - room)
                for row, room in zip(rows, spare, strict=True)
            ]
            start = first.multipliers.array if first is not None else None
            solution = solve(Problem(value, tight, people.allowed), start=start)
            first = first or solution
            section = _section(point, solution, worth)
            choice = chosen_by(section, people, masks)
            breach = np.array([max(_breach(each, choice)) for each in held])
            candidate = _taken(point, people, section, choice, (first, breach))
            if best is None or candidate.rank < best.rank:
                best = candidate
            step.advance(at + 1, _ROUNDS)
            if candidate.violation <= PROMISED:
                break
            spare += _SPARE * np.maximum(breach, 0.0)
    if best is None:
        raise RuntimeError("no round was run")
    return best


def chosen_by(section: BalanceSection, people: Deployed, masks: Masks) -> NDArray[np.intp]:
    """The treatment that each applicant gets under prices: the best net, of equals the first."""
    net = net_values(section, people, masks)
    return np.asarray(np.argmax(np.where(people.allowed, net, -np.inf), axis=1))


def net_values(section: BalanceSection, people: Deployed, masks: Masks) -> NDArray[np.float64]:
    """(rows, treatments): value of the goal less what the limits charge, in money."""
    from equipoise.errors import Span

    net = section.worth * getattr(people.table, section.goal)
    for row in section.prices:
        used = np.zeros_like(net)
        for name, weight in row.weights.items():
            used += weight * getattr(people.table, name)
        mask = masks.of(row.where, Span("strategy.yaml: balance"))
        net = net - row.multiplier * (used if mask is None else np.where(mask[:, None], used, 0.0))
    return np.asarray(net)


def _section(point: Point, solution: Solution, worth: float) -> BalanceSection:
    prices: list[PricedRow] = []
    for limit in point.limits:
        prices += limit.priced(solution.multipliers.get(limit.name, 0.0) * worth)
    return BalanceSection(goal=point.goal, worth=worth, prices=tuple(prices), point=point.name)


def _breach(rows: Sequence[Row], choice: NDArray[np.intp]) -> Iterator[float]:
    for row in rows:
        used = float(row.usage[np.arange(len(choice)), choice].sum())
        yield used - float(row.at_most)


def _taken(
    point: Point,
    people: Deployed,
    section: BalanceSection,
    choice: NDArray[np.intp],
    proof: tuple[Solution, NDArray[np.float64]],
) -> Taken:
    solution, breach = proof
    measures = people.of_choice(choice)
    value = float(getattr(measures, point.goal).sum())
    violation = float(np.max(np.maximum(breach, 0.0) / np.array(point.scale), initial=0.0))
    bound = solution.upper_bound
    given_up = (bound - value) / abs(bound) if bound else 0.0
    proven = section.model_copy(
        update={
            "measured": {
                "applicants": int(choice.size),
                "value": value,
                "upper_bound": float(bound),
                "given_up": given_up,
                "violation": violation,
                **{name: float(getattr(measures, name).sum()) for name in MEASURES},
            }
        }
    )
    own = people.own_of_choice(choice)
    return Taken(proven, choice, measures, own, solution, violation, given_up)


def scales(limits: Sequence[Limit], today: Measures) -> tuple[float, ...]:
    """The size of what each limit bounds under today's policy."""
    sizes = []
    for limit in limits:
        weights = limit.parts[0][0]
        name = next(iter(weights))
        size = abs(float(getattr(today, name).sum()) * weights[name])
        sizes.append(max(size, abs(limit.at_most), 1e-9))
    return tuple(sizes)
