"""The main job: where the lender stands, what is best reachable, and how to move there."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from equipoise.balance.appetite import AppetiteDocument
from equipoise.balance.curse import Curse, known_outcomes, measure_curse
from equipoise.balance.frontier import Frontier
from equipoise.balance.input_error import spread_of_inputs
from equipoise.balance.limits import Masks
from equipoise.balance.problem import Infeasible, Solution
from equipoise.balance.result import Balance
from equipoise.balance.search import Asked, InMemory, Over, Search
from equipoise.balance.sensitivity import Tornado, tornado
from equipoise.documents import Loaded, Quantity
from equipoise.experience import ExperienceFit
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.progress import Progress, Silent
from equipoise.value.model import ValueModel, value_model
from equipoise.value.population import Population, read_population
from equipoise.value.treatments import TreatmentsDocument

Within = Callable[[ValueModel, Population, Masks], BoolArray]


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
    over: Over = InMemory,
    within: Within | None = None,
) -> Balance:
    """Find the frontier, today's place on it, and the recommended moves.

    `over` searches for them: in this process's memory, or where else applicants are valued.
    `within` says which treatments may be given besides, as a law does: (applicants, treatments),
    the first of which, a decline, is always among them. Today's policy is valued as it is.

    `frame` holds checked applications with `pd` (within the window, after today's checks, fitted
    without the applicant's own outcome), `lgd`, and optionally `bad` (1, 0 or null). Raises
    BadInput with file and line, and Infeasible (an appetite nobody can meet) naming the rows.
    """
    begun, steps = time.perf_counter(), progress or Silent()
    model = value_model(treatments, experience, window_months, pd_response, extra_quantities or {})
    people = read_population(treatments, frame, types, experience)
    masks = Masks(frame, {**types, "pd": "number", "lgd": "number"})
    if within is not None:
        people = replace(people, eligible=people.eligible & within(model, people, masks))
    asked = Asked(model, people, masks, appetite, threads, steps)
    axes, search = asked.axes, over(asked)
    try:
        today = search.today
        try:
            frontier = search.frontier(appetite.value.frontier.points, steps)
        except Infeasible as error:
            raise search.as_written(error) from None
        with steps.step("Finding the recommended moves"):
            level = today.totals()[axes.x]
            least = today.totals()[axes.y]
            first = _first(search, level, least)
            bad = frame["bad"].cast(pl.Float64).to_numpy() if "bad" in frame.columns else None
            outcomes = known_outcomes(bad, people.size)
            tendency = (extra_quantities or {}).get("central tendency")
            ranges = _uncertain({**experience.quantities(), **model.quantities})
            spread = spread_of_inputs(
                model, people, first.choice, ranges, lambda m: m.totals()[axes.x]
            )
            curse = _curse(people, search, first, outcomes, (tendency, spread))
            chosen, budget, warnings = _tightened(search, level, least, curse=curse, first=first)
            other, more = _other(search, least, level)
    finally:
        search.release()
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
        axes=axes, held=search.held, today=today, frontier=frontier, same_risk=chosen,
        same_experience=other, curse=curse, budget=budget, tornado=with_assumptions,
        treatments=treatments, name=name, currency=currency, inputs=extra_quantities or {},
        warnings=(*warnings, *more, *_unfinished(frontier, chosen, other),
                  *_doubts(with_assumptions)),
        seconds=time.perf_counter() - begun,
    )  # fmt: skip


def _curse(
    people: Population,
    search: Search,
    solution: Solution,
    bad: FloatArray,
    known: tuple[Quantity | None, float],
) -> Curse:
    central_tendency, spread = known
    loss = search.taken(solution.choice).expected_loss
    level = None if central_tendency is None else central_tendency.value
    return measure_curse(people.seen_pd, bad, loss / people.pd, level, spread)


def _first(search: Search, level: float, least: float) -> Solution:
    try:
        return search.same_risk(level, least)
    except Infeasible as error:
        raise search.as_written(error) from None


def _tightened(
    search: Search, level: float, least: float, *, curse: Curse, first: Solution
) -> tuple[Solution, float, list[str]]:
    if curse.tightening <= 1:
        return first, level, []
    budget = level / curse.tightening
    try:
        return search.same_risk(budget, least, first.multipliers.array), budget, []
    except Infeasible:
        warning = (
            f"The loss budget tightened by {curse.tightening:.3f} against the optimiser's curse "
            "cannot be held with the other limits: the recommendation keeps the plain budget."
        )
        return first, level, [warning]


def _other(search: Search, least: float, level: float) -> tuple[Solution | None, list[str]]:
    try:
        return search.same_experience(least, level), []
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
