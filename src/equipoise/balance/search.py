"""What finds a balance's frontier and its moves, wherever the applicants are valued."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from equipoise.balance.appetite import AppetiteDocument
from equipoise.balance.frontier import Frontier, trace_frontier
from equipoise.balance.limits import Held, Masks, appetite_rows, axis_row
from equipoise.balance.nearest_rate import nearest_rate
from equipoise.balance.problem import Infeasible, Solution
from equipoise.balance.recommend import Axes, Setting, same_experience, same_risk
from equipoise.documents import Loaded
from equipoise.numeric.arrays import FloatArray
from equipoise.progress import Progress, Silent
from equipoise.value.measures import Measures
from equipoise.value.model import ValueModel
from equipoise.value.population import Population


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to find the best for, valued by what, under which appetite."""

    model: ValueModel
    people: Population
    masks: Masks
    appetite: Loaded[AppetiteDocument]
    threads: int = 1
    progress: Progress | None = None

    @property
    def axes(self) -> Axes:
        """What the frontier runs along, and what is maximised."""
        frontier = self.appetite.value.frontier
        return Axes(frontier.x, frontier.y, self.appetite.value.goal)


class Search(Protocol):
    """The frontier and the moves. `today` are measures of today's policy, (applicants,).

    `taken` gives those of any policy. `same_risk` and `same_experience` are as in `recommend`.
    `as_written` is a refusal with limits as appetite.yaml writes them.
    """

    @property
    def held(self) -> tuple[Held, ...]: ...

    @property
    def today(self) -> Measures: ...

    def taken(self, choice: Any) -> Measures: ...

    def frontier(self, points: int, progress: Progress) -> Frontier: ...

    def same_risk(
        self, level: float, least: float, start: FloatArray | None = None
    ) -> Solution: ...

    def same_experience(self, least: float, level: float) -> Solution: ...

    def as_written(self, error: Infeasible) -> Infeasible: ...

    def release(self) -> None: ...


Over = Callable[[Asked], Search]


class InMemory:
    """`Search` over a table of every treatment for everybody, in this process's memory."""

    def __init__(self, asked: Asked) -> None:
        axes = asked.axes
        self.table = asked.model.table(asked.people, asked.progress or Silent())
        self.today = self.taken(asked.people.today)
        self.held = tuple(appetite_rows(asked.appetite, asked.masks, self.table, self.today))
        rows = [each.row for each in self.held]
        self.setting = Setting(
            self.table, rows, asked.people.eligible, axes.x, axes.y, axes.goal, asked.threads
        )

    def taken(self, choice: Any) -> Measures:
        """What a policy means for each."""
        rows = np.arange(len(choice))
        return Measures(
            **{name: getattr(self.table, name)[rows, choice] for name in Measures.__slots__}
        )

    def frontier(self, points: int, progress: Progress) -> Frontier:
        """The best of y at every level of x."""
        setting = self.setting
        return trace_frontier(
            setting.problem(getattr(setting.table, setting.y)),
            lambda level: axis_row(setting.x, level, setting.table),
            points,
            threads=setting.threads,
            progress=progress,
        )

    def same_risk(self, level: float, least: float, start: FloatArray | None = None) -> Solution:
        """The most of the goal at a level of x."""
        return same_risk(self.setting, level, least, start)

    def same_experience(self, least: float, level: float) -> Solution:
        """The least of x with y at least `least`."""
        return same_experience(self.setting, least, level)

    def as_written(self, error: Infeasible) -> Infeasible:
        """The refusal with limits as they are written: a floor is no negative ceiling."""
        setting = self.setting
        problem = setting.problem(getattr(setting.table, setting.y))
        return as_written(
            error,
            self.held,
            lambda held: nearest_rate(held, setting.table, problem, setting.threads),
        )

    def release(self) -> None:
        """The table goes with it."""


def as_written(
    error: Infeasible,
    held: tuple[Held, ...],
    nearest: Callable[[Held], float | None] | None = None,
) -> Infeasible:
    """A refusal with limits as appetite.yaml writes them; `nearest` finds that of a rate."""
    known = {each.row.name: each for each in held}
    limits = {}
    for name, at_most in error.nearest.items():
        limit = known[name].as_written(at_most) if name in known else at_most
        if limit is None and nearest is not None and known.keys() >= set(error.clashing):
            limit = nearest(known[name])
        if limit is not None:
            limits[name] = limit
    return Infeasible(error.clashing, limits, "no policy can meet this appetite; these clash")
