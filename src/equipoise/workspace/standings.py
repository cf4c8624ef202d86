"""`standing`: where the lender stands, what moved since it was last kept, and what would close it.

What is kept lies under standings/, a folder for each time: build/ is made anew by every fit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.balance.problem import Infeasible
from equipoise.contract import Contract
from equipoise.contract.days import now
from equipoise.documents import read_document
from equipoise.errors import BadInput
from equipoise.files import write_json, write_text
from equipoise.progress import Progress, Silent
from equipoise.review.continuous import Situation, StandingResult, moved, standing
from equipoise.review.continuous.recorded import is_recorded
from equipoise.review.continuous.standing import PER
from equipoise.strategy.document import StrategyDocument
from equipoise.workspace.balance_inputs import BalanceInputs, read_balance_inputs
from equipoise.workspace.balancing import result_of, whole_balance
from equipoise.workspace.building import recover
from equipoise.workspace.folder import Workspace
from equipoise.workspace.kept_situations import (
    SAMPLE,
    SEED,
    SITUATION,
    Stood,
    keep_situation,
    read_kept,
)
from equipoise.workspace.strategies import STRATEGY
from equipoise.workspace.taking import taken_from

STANDINGS = "standings"
STANDING, DRAFT = "standing.json", "strategy.draft.yaml"
TIME = "%Y-%m-%dT%H%M%SZ"  # names a folder, in UTC; names sort as times do
_IN_A_MIXTURE = {
    Infeasible: "no policy meets the limits in a mixture of both",
    BadInput: "the menu of one time does not fit the applicants of the other",
}
_KEPT_USES = frozenset({"feature", "audit", "date", "outcome", "target", "weight"})


def stand(
    workspace: Workspace,
    *,
    keep: bool = False,
    sample: int = SAMPLE,
    progress: Progress | None = None,
) -> StandingResult:
    """Where the lender stands, measured on a sample, and what moved since it was last kept.

    With `keep` it is kept for the next time. Where it is further from the frontier than the
    appetite's `keep_within`, a draft strategy at today's risk is written under standings/. Raises
    BadInput where the workspace is not fitted or has changed since, Infeasible where the appetite
    cannot be met.
    """
    steps = progress or Silent()
    recover(workspace)
    inputs = read_balance_inputs(workspace, steps)
    on = now().astimezone(UTC).strftime(TIME)
    situation = situation_of(inputs, sample)
    last = last_kept(workspace)
    result = measured(workspace, inputs, situation, last, (on, steps))
    if result.is_beyond:
        folder = workspace.folder / STANDINGS
        result = result.model_copy(update=drafted(workspace, inputs, folder, steps))
    if keep:
        with steps.step("Keeping it"):
            folder = workspace.folder / STANDINGS / on
            keep_situation(situation, folder, on)
            result = result.model_copy(update={"kept": str(folder.relative_to(workspace.folder))})
            write_json(folder / STANDING, result.as_dict())
    return result


def situation_of(inputs: BalanceInputs, sample: int = SAMPLE) -> Situation:
    """The lender now, with so many of its applicants at most.

    They are those whose identifiers have the lowest digests: who stays in the data stays in the
    sample, so that two times differ by who came and went, and not by the draw. Without an
    identifier, by their row. No identifier is in it.
    """
    contract, facts = inputs.contract, inputs.facts
    chosen = facts
    if facts.height > sample:
        order = _order(contract, inputs)
        chosen = facts.with_columns(order).sort("_order").head(sample).drop("_order")
    types = {name: kind for name, kind in contract.types().items() if name in _kept(contract)}
    return Situation(
        facts=chosen.select(_kept(contract)),
        types=types,
        risk=inputs.risk,
        experience=inputs.experience,
        treatments=inputs.treatments,
        appetite=inputs.appetite,
        window_months=inputs.window_months,
    )


def times_kept(workspace: Workspace) -> list[str]:
    """When a situation was kept, oldest first."""
    folder = workspace.folder / STANDINGS
    return sorted(each.parent.name for each in folder.glob(f"[0-9]*/{SITUATION}"))


def last_kept(workspace: Workspace) -> Stood | None:
    """The situation kept last; None where none is. Raises BadInput where its files are damaged."""
    times = times_kept(workspace)
    return read_kept(workspace.folder / STANDINGS / times[-1]) if times else None


def measured(
    workspace: Workspace,
    inputs: BalanceInputs,
    today: Situation,
    last: Stood | None,
    more: tuple[str, Progress],
) -> StandingResult:
    """Where the lender stands in that situation on a day, and what moved since the last one."""
    on, steps = more
    since: dict[str, Any] = {}
    if last is None:
        with steps.step("Finding what is reachable"):
            figures: Mapping[str, float] = standing(today.asked()).figures()
    elif why := _untold(last.situation, today):
        figures = standing(today.asked()).figures()
        since = {"since": last.on, "untold": why}
    else:
        try:
            parts = moved(last.situation, today, progress=steps)
            figures = parts.after
            since = {"since": last.on, "before": parts.before, "parts": parts.parts}
        except (Infeasible, BadInput) as error:
            figures = standing(today.asked()).figures()  # raises where it is of today itself
            since = {"since": last.on, "untold": _IN_A_MIXTURE[type(error)]}
    appetite = inputs.appetite.value
    return StandingResult(
        workspace=workspace.name,
        on=on,
        applicants=inputs.facts.height,
        sample=today.facts.height,
        goal=appetite.goal,
        risk_measure=appetite.frontier.x,
        experience_measure=appetite.frontier.y,
        figures=figures,
        keep_within=appetite.keep_within,
        **since,
    )


def _untold(before: Situation, after: Situation) -> str:
    """Why the two cannot be mixed; empty where they can."""
    if is_recorded(before) != is_recorded(after):
        return "the applicants come from elsewhere since"
    if dict(before.types) != dict(after.types):
        return "the contract has other fields since"
    one, two = (each.appetite.value for each in (before, after))
    if (one.goal, one.frontier.x, one.frontier.y) != (two.goal, two.frontier.x, two.frontier.y):
        return "the goal or the axes of the frontier are others since"
    return ""


def drafted(
    workspace: Workspace, inputs: BalanceInputs, folder: Path, steps: Progress
) -> dict[str, Any]:
    """The point at today's risk, taken into the workspace's strategy: the file, what it reaches.

    Nothing where the workspace has no strategy that it could be taken into.
    """
    if not (workspace.folder / STRATEGY).is_file():
        return {}
    balance = result_of(whole_balance(workspace, inputs, steps), workspace, inputs)
    text, taken = taken_from(workspace, balance, inputs, progress=steps)
    path = folder / DRAFT
    folder.mkdir(exist_ok=True)
    write_text(path, text)
    read_document(path, StrategyDocument)
    goal = taken.balance_out_of_fold[inputs.appetite.value.goal]
    reaches = float(goal) * PER / inputs.scored.height
    return {"draft": f"{folder.name}/{DRAFT}", "draft_reaches": reaches}


def _kept(contract: Contract) -> list[str]:
    """Fields that something reads: no identifier, no field that a person can be searched by."""
    return [
        each.name
        for each in contract.fields
        if each.use in _KEPT_USES and not each.searchable and each.name != contract.customer
    ]


def _order(contract: Contract, inputs: BalanceInputs) -> pl.Series:
    names = inputs.scored["row"]
    if contract.id:
        names = inputs.facts[contract.id]
    digests = [hashlib.sha256(f"{SEED}:{name}".encode()).hexdigest() for name in names]
    return pl.Series("_order", digests)
