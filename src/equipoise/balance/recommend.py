"""The recommended moves: same risk with better experience, same experience with less risk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.balance.branching import Effort
from equipoise.balance.limits import axis_row
from equipoise.balance.problem import Choice, Problem, Row, Solution
from equipoise.balance.solving import solve
from equipoise.numeric.arrays import FloatArray
from equipoise.value.measures import RATES, Measures

_ROUNDS = 12
_SETTLED = 1e-5


@dataclass(frozen=True, slots=True)
class Axes:
    """What the frontier runs along, `x` and `y`, and the goal of the recommended moves."""

    x: str
    y: str
    goal: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What every recommendation shares: the table of measures, the appetite's rows, the axes."""

    table: Measures
    rows: Sequence[Row]
    allowed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    x: str
    y: str
    goal: str
    threads: int = 1

    def problem(self, value: FloatArray, extra: Sequence[Row] = ()) -> Problem:
        """Maximise `value` under the appetite and some more rows."""
        return Problem(value, (*self.rows, *extra), self.allowed)


def same_risk(
    setting: Setting, level: float, least: float, start: FloatArray | None = None
) -> Solution:
    """The most of the goal with `x` at most `level`; a `y` that is not the goal keeps `least`."""
    extra = [axis_row(setting.x, level, setting.table)]
    if setting.goal != setting.y:
        extra.append(_floor(setting, least))
    problem = setting.problem(getattr(setting.table, setting.goal), extra)
    return solve(problem, threads=setting.threads, start=start)


def same_experience(setting: Setting, least: float, level: float) -> Solution:
    """The least of `x` with `y` at least `least`, searched from today's `level` downwards.

    A rate is a ratio of sums: Dinkelbach's method (1967, Management Science 13(7)) minimises
    top - r * bottom and moves r to the ratio found until it no longer falls. The certificate is
    of the last of these problems: no choice has a rate that is lower by more than its gap.
    """
    floor = _floor(setting, least)
    if setting.x not in RATES:
        return solve(setting.problem(-getattr(setting.table, setting.x), [floor]))
    top, bottom = (getattr(setting.table, name) for name in RATES[setting.x])
    everyone = np.arange(top.shape[0])

    def solved(level: float, start: FloatArray | None, risk: float) -> Solution:
        problem = setting.problem(level * bottom - top, [floor])
        return solve(problem, setting.threads, start, Effort(size=risk))

    def sums(picked: Choice) -> tuple[float, float]:
        return float(top[everyone, picked].sum()), float(bottom[everyone, picked].sum())

    return least_rate(solved, sums, level)


def least_rate(
    solved: Callable[[float, FloatArray | None, float], Solution],
    sums: Callable[[Choice], tuple[float, float]],
    level: float,
) -> Solution:
    """The choice of the least rate, from `level` downwards.

    `solved` maximises level * bottom - top, from prices and for a risk that its gap is relative
    to; `sums` are top and bottom of a choice.
    """
    best: Solution | None = None
    risk = 0.0  # of the last choice: what a gap in the difference of the two is relative to
    for _ in range(_ROUNDS):
        solution = solved(level, best.multipliers.array if best else None, risk)
        risk, lent = sums(solution.choice)
        rate = risk / lent if lent else 0.0
        if best is not None and rate > level * (1 - _SETTLED):
            return best if rate > level else solution
        best, level = solution, rate
    if best is None:
        raise RuntimeError("no round was run")
    return best


def _floor(setting: Setting, least: float) -> Row:
    return Row(f"{setting.y} as today", -getattr(setting.table, setting.y), -least)
