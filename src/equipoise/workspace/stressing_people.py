"""Who applies under stress: the strategy that answers, its balance, and the switches of plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.balance.problem import Infeasible
from equipoise.numeric.arrays import FloatArray
from equipoise.progress import Progress
from equipoise.review.applicants import Applicants
from equipoise.review.continuous import Situation, standing
from equipoise.review.stress.access import (
    Planned,
    access,
    access_by_quarter,
    actions,
    answers,
)
from equipoise.review.stress.result_document import StandingUnder
from equipoise.review.stress.untold import NO_APPLICATIONS, NO_STRATEGY, NOT_FITTED
from equipoise.strategy.content import Content
from equipoise.strategy.sealing import Sealed
from equipoise.texts.currencies import named
from equipoise.watch.plans import read_plans
from equipoise.workspace.balance_inputs import read_balance_inputs
from equipoise.workspace.fitting import FIT
from equipoise.workspace.folder import CONTRACT, Workspace
from equipoise.workspace.standings import situation_of
from equipoise.workspace.strategies import STRATEGY, read_strategy, seal_document

PLANS = "plans.yaml"
UNTOLD = {
    CONTRACT: NO_APPLICATIONS,
    f"build/{FIT}": NOT_FITTED,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What decides: `answering` gives the strategy of a workspace's applications, or why there is
    none (`stress.untold`); `switching` the switches of plans that could be turned on."""

    answering: Callable[[Workspace], Sealed | str]
    switching: Callable[[Workspace], Sequence[Planned]]


def own_strategy(workspace: Workspace) -> Sealed | str:
    """strategy.yaml as it would be sealed now. Raises Faults where it is not sound."""
    if not (workspace.folder / STRATEGY).is_file():
        return NO_STRATEGY
    return seal_document(workspace, read_strategy(workspace))


def own_switches(workspace: Workspace) -> tuple[Planned, ...]:
    """The switches of plans.yaml, where there is one. Raises Faults where it is not sound."""
    if not (workspace.folder / PLANS).is_file():
        return ()
    plans = read_plans(workspace.folder).value.plans
    return tuple(Planned(plan.name, switch) for plan in plans for switch in plan.switches)


OWN = Policy(own_strategy, own_switches)
"""What the folder's documents say."""


@dataclass(frozen=True, slots=True)
class NewBusiness:
    """Who applies, the strategy that answers them, the balance that it is part of, and what its
    plans may switch."""

    content: Content
    digest: str
    applicants: Applicants
    situation: Situation
    switches: tuple[Planned, ...]

    def as_today(self) -> dict[str, Any]:
        """What is told of it without stress."""
        today = answers(self.content, self.applicants)
        return {
            "today": access(today, today),
            "standing": _standing(self.situation, 0.0),
            "strategy": f"{self.content.strategy.name} v{self.content.strategy.version}",
            "people": self.applicants.frame.height,
            "people_currency": named(self.content.contract.currency),
        }


def business_of(
    folder: Path, sample: int, progress: Progress, policy: Policy
) -> tuple[NewBusiness | None, str]:
    """The newest applications of a workspace, so many at most, and what answers them; None and why,
    where it has no applications, no fit or no strategy. Raises BadInput where its data changed
    since the fit."""
    for name, why in UNTOLD.items():
        if not (folder / name).is_file():
            return None, why
    workspace = Workspace.open(folder)
    with progress.step("Sealing the strategy"):
        sealed = policy.answering(workspace)
    if isinstance(sealed, str):
        return None, sealed
    inputs = read_balance_inputs(workspace, progress)
    name = sealed.content.strategy.name
    switches = tuple(
        each
        for each in policy.switching(workspace)
        if each.switch.strategy == name and each.switch.kind != "relief"
    )
    newest = Applicants(inputs.facts.tail(sample), pl.DataFrame(), None)
    business = NewBusiness(
        sealed.content, sealed.digest, newest, situation_of(inputs, sample), switches
    )
    return business, ""


def under_stress(business: NewBusiness, log_odds: FloatArray) -> dict[str, Any]:
    """What is told of new business under a scenario: each quarter by the same strategy; and in the
    worst one today's policy, what is reachable, and what each switch would do."""
    worst = float(log_odds.max())
    return {
        "access": access_by_quarter(business.content, business.applicants, log_odds),
        "standing": _standing(business.situation, worst),
        "actions": actions(business.content, business.applicants, worst, business.switches),
    }


def _standing(situation: Situation, log_odds: float) -> StandingUnder:
    """Today's policy, and the most of the goal at its risk, at such PDs."""
    risk = situation.risk
    models = {**risk.models, risk.used: risk.model.shifted(log_odds)}
    moved = replace(situation, risk=replace(risk, models=models))
    try:
        return StandingUnder(figures=standing(moved.asked()).figures())
    except Infeasible as error:
        return StandingUnder(impossible=error.message)
