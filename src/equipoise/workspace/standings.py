"""`standing`: where the lender stands, what moved since it was last kept, and what would close it.

What is kept lies under standings/, a folder for each time: build/ is made anew by every fit.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.balance import AppetiteDocument
from equipoise.balance.problem import Infeasible
from equipoise.contract import Contract
from equipoise.contract.days import now
from equipoise.documents import Document, read_document
from equipoise.errors import BadInput, Span
from equipoise.experience import ExperienceFit
from equipoise.files import write_json, write_text
from equipoise.progress import Progress, Silent
from equipoise.review.continuous import Situation, StandingResult, moved, standing
from equipoise.review.continuous.standing import PER
from equipoise.risk import load_risk
from equipoise.strategy.document import StrategyDocument
from equipoise.value.treatments import TreatmentsDocument
from equipoise.workspace.balance_inputs import BalanceInputs, read_balance_inputs
from equipoise.workspace.balancing import found, result_of
from equipoise.workspace.building import recover
from equipoise.workspace.fitting import EXPERIENCE_FILE, RISK_FOLDER
from equipoise.workspace.folder import APPETITE, TREATMENTS, Workspace
from equipoise.workspace.strategies import STRATEGY
from equipoise.workspace.taking import taken_from

STANDINGS = "standings"
SITUATION, FACTS, STANDING = "situation.json", "facts.parquet", "standing.json"
DRAFT = "strategy.draft.yaml"
TIME = "%Y-%m-%dT%H%M%SZ"  # names a folder, in UTC; names sort as times do
SAMPLE, SEED = 10_000, 7  # of the applicants: 64 balances of so many take a minute or two
_KEPT_USES = frozenset({"feature", "audit", "date", "outcome", "target", "weight"})


class Remembered(Document):
    """situation.json: what the facts beside it are."""

    on: str
    seed: int
    types: Mapping[str, str]
    window_months: float


@dataclass(frozen=True, slots=True)
class Stood:
    """A situation as it was kept, and when."""

    on: str
    situation: Situation


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
    result = _measured(workspace, inputs, situation, last, (on, steps))
    if result.is_beyond:
        result = result.model_copy(update=_drafted(workspace, inputs, steps))
    if keep:
        with steps.step("Keeping it"):
            folder = _keep(workspace, situation, on)
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
    return _read(workspace.folder / STANDINGS / times[-1]) if times else None


def _measured(
    workspace: Workspace,
    inputs: BalanceInputs,
    today: Situation,
    last: Stood | None,
    more: tuple[str, Progress],
) -> StandingResult:
    on, steps = more
    since: dict[str, Any] = {}
    if last is None:
        with steps.step("Finding what is reachable"):
            figures: Mapping[str, float] = standing(today.asked()).figures()
    elif told := _untold(last.situation, today):
        figures = standing(today.asked()).figures()
        since = {"since": last.on, "untold": told}
    else:
        try:
            parts = moved(last.situation, today, progress=steps)
            figures = parts.after
            since = {"since": last.on, "before": parts.before, "parts": parts.parts}
        except Infeasible:
            figures = standing(today.asked()).figures()
            since = {"since": last.on, "untold": "no policy meets the limits in a mixture of both"}
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
    if dict(before.types) != dict(after.types):
        return "the contract has other fields since"
    one, two = (each.appetite.value for each in (before, after))
    if (one.goal, one.frontier.x, one.frontier.y) != (two.goal, two.frontier.x, two.frontier.y):
        return "the goal or the axes of the frontier are others since"
    return ""


def _drafted(workspace: Workspace, inputs: BalanceInputs, steps: Progress) -> dict[str, Any]:
    """The point at today's risk, taken into the workspace's strategy: the file, what it reaches.

    Nothing where the workspace has no strategy that it could be taken into.
    """
    if not (workspace.folder / STRATEGY).is_file():
        return {}
    balance = result_of(found(workspace, inputs, steps), workspace, inputs)
    text, taken = taken_from(workspace, balance, inputs, progress=steps)
    path = workspace.folder / STANDINGS / DRAFT
    write_text(path, text)
    read_document(path, StrategyDocument)
    goal = taken.balance_out_of_fold[inputs.appetite.value.goal]
    reaches = float(goal) * PER / inputs.scored.height
    return {"draft": f"{STANDINGS}/{DRAFT}", "draft_reaches": reaches}


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


def _keep(workspace: Workspace, situation: Situation, on: str) -> Path:
    """Write the situation of that time, whole or not at all."""
    folder = workspace.folder / STANDINGS / on
    folder.parent.mkdir(exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{on}-", dir=folder.parent))
    try:
        situation.facts.write_parquet(staged / FACTS)
        situation.risk.save(staged / RISK_FOLDER)
        situation.experience.save(staged / EXPERIENCE_FILE)
        for name, document in (
            (TREATMENTS, situation.treatments.path),
            (APPETITE, situation.appetite.path),
        ):
            shutil.copyfile(document, staged / name)
        remembered = Remembered(
            on=on, seed=SEED, types=situation.types, window_months=situation.window_months
        )
        write_json(staged / SITUATION, remembered.model_dump(mode="json"))
        staged.chmod(0o700)  # what is kept of people is the lender's own
        shutil.rmtree(folder, ignore_errors=True)
        staged.replace(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return folder


def _read(folder: Path) -> Stood:
    try:
        about = Remembered.model_validate_json((folder / SITUATION).read_bytes())
        facts = pl.read_parquet(folder / FACTS)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise BadInput(
            f"what was kept there cannot be read: {error}",
            where=Span(str(folder)),
            mend="remove that folder, and keep today's",
        ) from None
    situation = Situation(
        facts=facts,
        types=about.types,
        risk=load_risk(folder / RISK_FOLDER),
        experience=ExperienceFit.load(folder / EXPERIENCE_FILE),
        treatments=read_document(folder / TREATMENTS, TreatmentsDocument),
        appetite=read_document(folder / APPETITE, AppetiteDocument),
        window_months=about.window_months,
    )
    return Stood(about.on, situation)
