"""A balance whose applicants are valued by a cluster's workers, for its frontier and its moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import compute

from equipoise.balance.branching import USUAL, Effort
from equipoise.balance.frontier import Frontier, Point, point_of, traced_at
from equipoise.balance.limits import appetite_rows
from equipoise.balance.measured import Aim, MeasuredLimit, Told
from equipoise.balance.problem import Choice, Infeasible, Solution
from equipoise.balance.recommend import least_rate
from equipoise.balance.search import Asked, as_written
from equipoise.cluster.solving import solve_held
from equipoise.cluster.solving_held import HeldApplicants
from equipoise.cluster.telling import told_plainly
from equipoise.deployment.priced import Limit, appetite_limits, axis_limit
from equipoise.errors import Span
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.progress import Progress
from equipoise.value.measures import MEASURES, RATES, Measures
from equipoise.value.model import ValueModel
from equipoise.value.population import Population

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_ROW = "row"
_NUMBERS = ("pd", "seen_pd", "lgd", "amount", "months", "income", "apr", "instalment")
_BITS = 48  # treatments that a float64 tells apart as a sum of powers of two


class PopulationFigures:
    """`Figures` of a workspace's applicants, valued by its model; each has its own menu."""

    def __init__(self, model: ValueModel) -> None:
        self.model = model
        self.treatments = tuple(each.name for each in model.menu)
        menus = -(-len(self.treatments) // _BITS)
        self.columns: tuple[str, ...] = (*_NUMBERS, *(f"menu_{at}" for at in range(menus)))

    def of(self, people: Population) -> dict[str, FloatArray]:
        """Its columns of these applicants."""
        columns = {name: getattr(people, name) for name in _NUMBERS}
        for at in range(len(self.columns) - len(_NUMBERS)):
            part = people.eligible[:, at * _BITS : (at + 1) * _BITS]
            columns[f"menu_{at}"] = part @ 2.0 ** np.arange(part.shape[1])
        return columns

    def checked(self, name: str, column: pl.Series, naming: Told) -> FloatArray:
        """The figure as it is: the workspace's own reading has checked it."""
        del name, naming
        return np.ascontiguousarray(column.cast(pl.Float64).to_numpy())

    def everything(self, figures: Sequence[FloatArray]) -> FloatArray:
        """Every measure of every treatment, (m, applicants, treatments)."""
        size = figures[0].size
        pd, seen_pd, lgd, amount, months, income, apr, instalment = figures[: len(_NUMBERS)]
        people = Population(
            pd,
            seen_pd,
            lgd,
            amount,
            months,
            income,
            apr,
            instalment,
            today=np.zeros(size, dtype=np.intp),
            eligible=np.ones((size, len(self.treatments)), dtype=np.bool_),
        )
        table = self.model.table(people)
        return np.stack([getattr(table, name) for name in MEASURES])

    def allowed(self, figures: Sequence[FloatArray]) -> BoolArray | None:
        """Each applicant's menu, (applicants, treatments)."""
        menus = [
            (column.astype(np.int64)[:, None] >> np.arange(_BITS)) & 1
            for column in figures[len(_NUMBERS) :]
        ]
        return np.ascontiguousarray(
            np.concatenate(menus, axis=1)[:, : len(self.treatments)].astype(np.bool_)
        )


class ClusterSearch:
    """`Search` with the applicants' measures held by a session's workers.

    Applicants and each policy's choices are in the driver's memory, as for one machine; the table
    of every measure of every treatment, which is some hundred times larger, is not.
    """

    def __init__(self, session: SparkSession, asked: Asked) -> None:
        self.asked, self.axes = asked, asked.axes
        nothing = Measures.zeros((1, 1))
        self.today = self.taken(asked.people.today)
        self.held = tuple(appetite_rows(asked.appetite, asked.masks, nothing, self.today))
        self._masks: dict[str, BoolArray] = {}
        limits = appetite_limits(asked.appetite.value, self.held, self._sizes())
        self.limits = [self.measured(each) for each in limits]
        figures = PopulationFigures(asked.model)
        self._applicants = HeldApplicants(
            _frame(session, figures.of(asked.people), self._masks),
            figures,
            self._measures(),
            tuple(self._masks),
            id=_ROW,
            threads=asked.threads,
            progress=asked.progress,
        )

    def taken(self, choice: Any) -> Measures:
        """What a policy means for each, by the value model at the driver."""
        return self.asked.model.of_choice(self.asked.people, choice)

    def frontier(self, points: int, progress: Progress) -> Frontier:
        """The best of y at every level of x, each point from its neighbour's prices."""
        return traced_at(_AxisLevels(self), points, progress=progress)

    def same_risk(self, level: float, least: float, start: FloatArray | None = None) -> Solution:
        """The most of the goal at a level of x."""
        extra = [self.measured(axis_limit(self.axes.x, level))]
        if self.axes.goal != self.axes.y:
            extra.append(self._floor(least))
        return self.solved({self.axes.goal: 1.0}, extra, start)

    def same_experience(self, least: float, level: float) -> Solution:
        """The least of x with y at least `least`."""
        floor = self._floor(least)
        if self.axes.x not in RATES:
            return self.solved({self.axes.x: -1.0}, [floor])
        top, bottom = RATES[self.axes.x]

        def solved(level: float, start: FloatArray | None, risk: float) -> Solution:
            return self.solved({top: -1.0, bottom: level}, [floor], start, Effort(size=risk))

        def sums(picked: Choice) -> tuple[float, float]:
            totals = self.taken(picked).totals()
            return totals[top], totals[bottom]

        return least_rate(solved, sums, level)

    def as_written(self, error: Infeasible) -> Infeasible:
        """The refusal with limits as appetite.yaml writes them, but for a rate's nearest."""
        return as_written(error, self.held)

    def release(self) -> None:
        """Remove the blocks from the workers."""
        self._applicants.release()

    def solved(
        self,
        goal: Mapping[str, float],
        extra: Sequence[MeasuredLimit],
        start: FloatArray | None = None,
        effort: Effort = USUAL,
    ) -> Solution:
        """The most of a sum of measures under the appetite and more, with everybody's choice."""
        aim = Aim.at(goal, [*self.limits, *extra])
        solution = solve_held(self._applicants, aim, start, effort)
        with told_plainly("reading choices"):
            answered = solution.choices.select(_ROW, "treatment").toArrow()
        names = pa.array(self._applicants.held.figures.treatments, pa.string())
        choice = np.empty(self.asked.people.size, dtype=np.intp)
        places = compute.index_in(answered.column("treatment"), names)
        choice[answered.column(_ROW).to_numpy()] = places.to_numpy()
        return Solution(
            choice=choice,
            multipliers=solution.multipliers,
            value=solution.value,
            upper_bound=solution.upper_bound,
            dual_bound=solution.dual_bound,
            violation=solution.violation,
            used=solution.used,
            finished=solution.finished,
            seconds=solution.seconds,
        )

    def _sizes(self) -> dict[str, tuple[int, int]]:
        """Applicants inside and outside each parity's group."""
        sizes, everyone = {}, self.asked.people.size
        for at, parity in enumerate(self.asked.appetite.value.parity):
            group = self.asked.masks.of(parity.group, self.asked.appetite.span("parity", at))
            inside = 0 if group is None else int(group.sum())
            sizes[parity.name] = inside, everyone - inside
        return sizes

    def measured(self, limit: Limit) -> MeasuredLimit:
        (weights, where), *beside = limit.parts
        return MeasuredLimit(
            limit.name,
            weights,
            limit.at_most,
            self._column(where),
            tuple((part, self._column(condition)) for part, condition in beside),
        )

    def _column(self, condition: str | None) -> str | None:
        """The boolean column of a condition."""
        mask = self.asked.masks.of(condition, Span("appetite.yaml"))
        if condition is None or mask is None:
            return None
        self._masks.setdefault(condition, mask)
        return condition

    def _floor(self, least: float) -> MeasuredLimit:
        return MeasuredLimit(f"{self.axes.y} as today", {self.axes.y: -1.0}, -least)

    def _measures(self) -> tuple[str, ...]:
        x = RATES.get(self.axes.x, (self.axes.x,))
        named = {self.axes.y, self.axes.goal, *x, *Aim.at(self.axes.y, self.limits).measures}
        return tuple(name for name in MEASURES if name in named)


class _AxisLevels:
    """`Levels` of the search's axis."""

    def __init__(self, search: ClusterSearch) -> None:
        self.search = search
        self.x, self.goal = search.axes.x, {search.axes.y: 1.0}

    def point(self, x: float, start: FloatArray | None = None) -> Point:
        limit = axis_limit(self.x, x)
        extra = [self.search.measured(limit)]
        solution = self.search.solved(self.goal, extra, start)
        return point_of(x, limit.at_most, limit.name, solution)

    def free(self) -> Choice:
        return self.search.solved(self.goal, []).choice

    def least(self, level: float) -> Choice:
        weights, _ = axis_limit(self.x, level).parts[0]
        return self.search.solved({name: -each for name, each in weights.items()}, []).choice

    def level_of(self, policy: Choice) -> float:
        return self.search.taken(policy).totals()[self.x]

    def moves(self, policy: Choice) -> bool:
        if self.x not in RATES:
            return True
        return self.search.taken(policy).totals()[RATES[self.x][1]] != 0.0

    def is_concave(self, low: float, high: float) -> bool:
        del low, high
        return self.x not in RATES


def _frame(session: Any, figures: Mapping[str, FloatArray], masks: Mapping[str, BoolArray]) -> Any:
    size = next(iter(figures.values())).size
    columns = {_ROW: pa.array(np.arange(size)), **figures, **masks}
    parts = session.sparkContext.defaultParallelism
    return session.createDataFrame(pa.table(columns)).repartition(parts, _ROW)
