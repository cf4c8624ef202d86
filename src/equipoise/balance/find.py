"""The main job: where the lender stands, what is best reachable, and how to move there."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from equipoise.balance.appetite import AppetiteDocument
from equipoise.balance.curse import Curse, known_outcomes, measure_curse
from equipoise.balance.frontier import Frontier, trace_frontier
from equipoise.balance.input_error import spread_of_inputs
from equipoise.balance.limits import Held, Masks, appetite_rows, axis_row
from equipoise.balance.nearest_rate import nearest_rate
from equipoise.balance.problem import Infeasible, Solution
from equipoise.balance.recommend import Setting, same_experience, same_risk
from equipoise.balance.result import Balance
from equipoise.balance.sensitivity import Tornado, tornado
from equipoise.documents import Loaded, Quantity
from equipoise.experience import ExperienceFit
from equipoise.numeric.arrays import FloatArray
from equipoise.progress import Progress, Silent
from equipoise.value.measures import Measures
from equipoise.value.model import value_model
from equipoise.value.population import Population, read_population
from equipoise.value.treatments import TreatmentsDocument


def find_balance(
    *,
    treatments: Loaded[TreatmentsDocument],
    appetite: Loaded[AppetiteDocument],
    experience: ExperienceFit,
    frame: pl.DataFrame,
    types: Mapping[str, str],
    window_months: float,
    pd_response: tuple[Quantity, Quantity],
    name: str = "",
    currency: str = "",
    extra_quantities: Mapping[str, Quantity] | None = None,
    progress: Progress | None = None,
    threads: int = 1,
) -> Balance:
    """Find the frontier, today's place on it, and the recommended moves.

    `frame` holds checked applications with `pd` (within the window, after today's checks, fitted
    without the applicant's own outcome), `lgd`, and optionally `bad` (1, 0 or null). Raises
    BadInput with file and line, and Infeasible (an appetite nobody can meet) naming the rows.
    """
    begun, steps = time.perf_counter(), progress or Silent()
    model = value_model(treatments, experience, window_months, pd_response, extra_quantities or {})
    people = read_population(treatments, frame, types, experience)
    table = model.table(people, steps)
    today = _taken(table, people.today)
    masks = Masks(frame, {**types, "pd": "number", "lgd": "number"})
    held = tuple(appetite_rows(appetite, masks, table, today))
    axes = appetite.value.frontier
    rows = [each.row for each in held]
    goal = appetite.value.goal
    setting = Setting(table, rows, people.eligible, axes.x, axes.y, goal, threads)
    try:
        frontier = _frontier(setting, axes.points, steps)
    except Infeasible as error:
        raise _as_written(error, held, setting) from None
    with steps.step("Finding the recommended moves"):
        level = today.totals()[axes.x]
        least = today.totals()[axes.y]
        first = _first(setting, level, least, held)
        bad = frame["bad"].cast(pl.Float64).to_numpy() if "bad" in frame.columns else None
        outcomes = known_outcomes(bad, people.size)
        tendency = (extra_quantities or {}).get("central tendency")
        ranges = _uncertain({**experience.quantities(), **model.quantities})
        spread = spread_of_inputs(model, people, first.choice, ranges, lambda m: m.totals()[axes.x])
        curse = _curse(people, table, first, outcomes, (tendency, spread))
        chosen, budget, warnings = _tightened(setting, level, least, curse=curse, first=first)
        other, more = _other(setting, today, level)
    with_assumptions = tornado(
        model,
        people,
        chosen.choice,
        ranges=ranges,
        measure=lambda m: float(getattr(m, axes.y).mean()),
        risk=lambda m: m.totals()[axes.x],
        progress=steps,
    )
    return Balance(
        model=model, people=people, frame=frame, types=types, appetite=appetite,
        setting=setting, held=held, today=today, frontier=frontier, same_risk=chosen,
        same_experience=other, curse=curse, budget=budget, tornado=with_assumptions,
        treatments=treatments, name=name, currency=currency, inputs=extra_quantities or {},
        warnings=(*warnings, *more, *_unfinished(frontier, chosen, other),
                  *_doubts(with_assumptions)),
        seconds=time.perf_counter() - begun,
    )  # fmt: skip


def _taken(table: Measures, choice: Any) -> Measures:
    rows = np.arange(len(choice))
    return Measures(**{name: getattr(table, name)[rows, choice] for name in Measures.__slots__})


def _frontier(setting: Setting, points: int, progress: Progress) -> Frontier:
    value: FloatArray = getattr(setting.table, setting.y)
    return trace_frontier(
        setting.problem(value),
        lambda level: axis_row(setting.x, level, setting.table),
        points,
        threads=setting.threads,
        progress=progress,
    )


def _curse(
    people: Population,
    table: Measures,
    solution: Solution,
    bad: FloatArray,
    known: tuple[Quantity | None, float],
) -> Curse:
    central_tendency, spread = known
    rows = np.arange(people.size)
    loss = table.expected_loss[rows, solution.choice]
    level = None if central_tendency is None else central_tendency.value
    return measure_curse(people.seen_pd, bad, loss / people.pd, level, spread)


def _first(setting: Setting, level: float, least: float, held: tuple[Held, ...]) -> Solution:
    try:
        return same_risk(setting, level, least)
    except Infeasible as error:
        raise _as_written(error, held, setting) from None


def _as_written(error: Infeasible, held: tuple[Held, ...], setting: Setting) -> Infeasible:
    """The refusal with limits as appetite.yaml writes them: a floor is no negative ceiling."""
    known = {each.row.name: each for each in held}
    problem = setting.problem(getattr(setting.table, setting.y))
    nearest = {}
    for name, at_most in error.nearest.items():
        limit = known[name].as_written(at_most) if name in known else at_most
        if limit is None and known.keys() >= set(error.clashing):
            limit = nearest_rate(known[name], setting.table, problem, setting.threads)
        if limit is not None:
            nearest[name] = limit
    return Infeasible(error.clashing, nearest, "no policy can meet this appetite; these clash")


def _tightened(
    setting: Setting, level: float, least: float, *, curse: Curse, first: Solution
) -> tuple[Solution, float, list[str]]:
    if curse.tightening <= 1:
        return first, level, []
    budget = level / curse.tightening
    try:
        return same_risk(setting, budget, least, first.multipliers.array), budget, []
    except Infeasible:
        warning = (
            f"The loss budget tightened by {curse.tightening:.3f} against the optimiser's curse "
            "cannot be held with the other limits: the recommendation keeps the plain budget."
        )
        return first, level, [warning]


def _other(setting: Setting, today: Measures, level: float) -> tuple[Solution | None, list[str]]:
    try:
        return same_experience(setting, today.totals()[setting.y], level), []
    except Infeasible as error:
        return None, [f"No policy gives today's experience under these limits: {error.message}"]


def _uncertain(quantities: Mapping[str, Quantity]) -> dict[str, Quantity]:
    return {
        name: each
        for name, each in quantities.items()
        if (each.low is not None and each.low < each.value)
        or (each.high is not None and each.high > each.value)
    }


def _unfinished(frontier: Frontier, *moves: Solution | None) -> list[str]:
    """Which answers are certified less closely than asked because a search met its limit."""
    points = [point for point in frontier.points if not point.finished]
    cut = [
        f"the move at {name}"
        for name, move in zip(("the same risk", "the same experience"), moves, strict=True)
        if move is not None and not move.finished
    ]
    cut += [f"{len(points)} of {len(frontier.points)} points of the frontier"] if points else []
    if not cut:
        return []
    return [
        f"The search for {' and '.join(cut)} met its limit of work before the gap it aims at: "
        "what is shown holds, and its certificate says how much better could still be."
    ]


def _doubts(bars: Tornado) -> list[str]:
    doubts = []
    if not bars.survives:
        doubts.append(
            "The recommendation does not survive: with every uncertain input at its unfavourable "
            "end nothing is gained over today's policy."
        )
    if bars.risk_change > 0.01:
        doubts.append(
            f"At the unfavourable end of all inputs its risk is {bars.risk_change:.1%} above "
            "what today's policy would then have."
        )
    return doubts
