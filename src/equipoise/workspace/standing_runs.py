"""A standing measured into a folder of its own, as the service does: of a record's applicants or of
the workspace's history, beside the time that another folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from equipoise.documents import read_document
from equipoise.files import write_json, write_text
from equipoise.progress import Progress, Silent
from equipoise.review.continuous import Situation, StandingResult, Treated, of_record
from equipoise.review.continuous.recorded import recorded_facts
from equipoise.strategy.document import StrategyDocument
from equipoise.workspace.balance_inputs import BalanceInputs, read_balance_inputs
from equipoise.workspace.building import recover
from equipoise.workspace.folder import APPETITE, CONTRACT, EXPERIENCE, RISK, TREATMENTS, Workspace
from equipoise.workspace.kept_situations import SAMPLE, Stood, keep_situation, read_kept
from equipoise.workspace.standings import DRAFT, STANDING, TIME, drafted, measured, situation_of
from equipoise.workspace.strategies import STRATEGY, seal_document

SEALED = "strategy.json"
READ = (CONTRACT, RISK, EXPERIENCE, TREATMENTS, APPETITE, STRATEGY, "build/fit.json")
"""What a standing is read from, besides who applied."""


@dataclass(frozen=True, slots=True)
class Last:
    """A time that was measured into a folder; `treated` are its applicants where a record holds
    them, as far as they can still be read, and None where the folder does."""

    folder: Path
    treated: Sequence[Treated] | None


def run_standing(
    workspace: Workspace,
    treated: Sequence[Treated] | None,
    folder: Path,
    *,
    at: datetime,
    last: Last | None = None,
    progress: Progress | None = None,
) -> StandingResult:
    """Where the lender stands with those applicants, None for its history's, and what moved since
    the last time; both, and what they rest on, lie in the folder then.

    Where it is further from the frontier than is accepted, a draft strategy at today's risk is
    sealed beside it. Raises BadInput where the workspace is not fitted or has changed since,
    Infeasible where the appetite cannot be met.
    """
    steps, on = progress or Silent(), at.astimezone(UTC).strftime(TIME)
    recover(workspace)
    inputs = read_balance_inputs(workspace, steps)
    history = situation_of(inputs, SAMPLE)
    today = history if treated is None else of_record(history, inputs.contract, treated)
    before = None if last is None else _read(last, inputs, history)
    result = measured(workspace, inputs, today, before, (on, steps))
    if treated is not None:
        result = result.model_copy(update={"applicants": today.facts.height})
    keep_situation(today, folder, on)
    if result.is_beyond:
        result = result.model_copy(update=_sealed(workspace, inputs, folder, steps))
    write_json(folder / STANDING, result.as_dict())
    return result


def digests(workspace: Workspace) -> dict[str, str]:
    """SHA-256 of everything that a standing is read from but who applied, by file."""
    return workspace.digests(*READ)


def _read(last: Last, inputs: BalanceInputs, history: Situation) -> Stood:
    if last.treated is None:
        return read_kept(last.folder)
    return read_kept(last.folder, recorded_facts(history, inputs.contract, last.treated))


def _sealed(
    workspace: Workspace, inputs: BalanceInputs, folder: Path, steps: Progress
) -> dict[str, object]:
    draft = drafted(workspace, inputs, folder, steps)
    if draft:
        with steps.step("Sealing"):
            document = read_document(folder / DRAFT, StrategyDocument)
            write_text(folder / SEALED, seal_document(workspace, document).text())
    return draft
