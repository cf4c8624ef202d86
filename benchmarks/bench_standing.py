"""Where a lender stands since it was last kept, and why: 64 balances of a seeded sample.

The lender is the synthetic one with 100,000 applicants, fitted; all six factors differ, so that
every set of them is solved. Valuing and solving are compiled before the clock starts.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.table import Result

if TYPE_CHECKING:
    from equipoise.review.continuous import Situation

APPLICANTS, SHORT_APPLICANTS = 100_000, 8_000
SAMPLE = 10_000
BAR_SECONDS = 120


def run(short: bool = False) -> list[Result]:
    """Seconds of the decomposition, and how far its parts are from adding up."""
    from equipoise.review.continuous import moved, standing

    before, after = _situations(SHORT_APPLICANTS if short else APPLICANTS)
    standing(replace(before, facts=before.facts.head(1_000)).asked())
    begun = time.perf_counter()
    result = moved(before, after)
    took = time.perf_counter() - begun
    apart = max(
        abs(sum(parts.values()) - (result.after[figure] - result.before[figure]))
        for figure, parts in result.parts.items()
    )
    solved = 2 ** len(result.parts["risk"])
    size = f"{solved} balances of {before.facts.height:,} applicants"
    return [
        Result(f"standing: what moved and why, {size}", took, "s",
               bar=f"at most {BAR_SECONDS} s", met=took <= BAR_SECONDS),
        Result("standing: parts less the whole, largest", apart, "per 100 applicants",
               bar="under 1e-9", met=apart < 1e-9),
    ]  # fmt: skip


def _situations(applicants: int) -> tuple[Situation, Situation]:
    """The lender, and itself with every factor changed."""
    from equipoise.review.continuous import Situation
    from equipoise.workspace import fit_workspace, new_demo
    from equipoise.workspace.balance_inputs import read_balance_inputs

    with tempfile.TemporaryDirectory() as there:
        workspace = new_demo(Path(there) / "demo", applicants, 7)
        fit_workspace(workspace)
        inputs = read_balance_inputs(workspace)
    facts = inputs.facts.sample(fraction=1, shuffle=True, seed=7)
    half = min(SAMPLE, facts.height // 2)
    before = Situation(
        facts=facts.head(half),
        types=inputs.contract.types(),
        risk=inputs.risk,
        experience=inputs.experience,
        treatments=inputs.treatments,
        appetite=inputs.appetite,
        window_months=inputs.window_months,
    )
    return before, _changed(before, facts.tail(half))


def _changed(before: Situation, facts: object) -> Situation:
    menu, experience = before.treatments.value, before.experience
    cost = menu.lender.operating_cost
    dear = cost.model_copy(update={"value": cost.value * 1.2})
    journeys = tuple(
        each.model_copy(update={"wait_days": each.wait_days * 1.1}) for each in menu.journeys
    )
    lender = menu.lender.model_copy(update={"operating_cost": dear})
    menu = menu.model_copy(update={"lender": lender, "journeys": journeys})
    take_up = experience.take_up
    less = take_up.intercept.model_copy(update={"value": take_up.intercept.value - 0.2})
    take_up = take_up.model_copy(update={"intercept": less})
    lgd = before.risk.lgd
    parts = {"value": lgd.value, "low": lgd.low, "high": lgd.high}
    more_lost = {name: value * 1.1 for name, value in parts.items() if value is not None}
    appetite = before.appetite.value.model_dump()
    for each in appetite["constraints"]:
        if each["name"] == "profit":
            each["at_least"] = {"today": 1.05}
    limits = type(before.appetite.value).model_validate(appetite)
    return replace(
        before,
        facts=facts,
        risk=replace(before.risk, lgd=lgd.model_copy(update=more_lost)),
        experience=experience.model_copy(update={"take_up": take_up}),
        treatments=replace(before.treatments, value=menu),
        appetite=replace(before.appetite, value=limits),
    )
