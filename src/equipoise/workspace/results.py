"""Results of commands under build/: read, and held against the documents they were made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from equipoise.balance.result_document import BalanceResult
from equipoise.errors import BadInput, Span
from equipoise.risk.fit_result import FitResult
from equipoise.workspace.fitting import FIT, FITTED_FROM
from equipoise.workspace.folder import APPETITE, TREATMENTS, Workspace

if TYPE_CHECKING:
    from equipoise.review.learning.result_document import LearningResult

Result = TypeVar("Result", FitResult, BalanceResult)
BALANCE, CHOICES, LEARNING = "balance.json", "choices.parquet", "learning.json"
BALANCED_FROM = (TREATMENTS, APPETITE)


def read_fit(workspace: Workspace) -> FitResult:
    """fit.json. Raises BadInput where it is absent, or older than the files it was made of."""
    fit = last_fit(workspace)
    _current(workspace, fit, FITTED_FROM, "fit")
    return fit


def read_balance(workspace: Workspace) -> BalanceResult:
    """balance.json. Raises BadInput where it is absent, or older than its files or the fit."""
    balance = last_balance(workspace)
    _current(workspace, balance, (*FITTED_FROM, *BALANCED_FROM), "balance")
    return balance


def last_fit(workspace: Workspace) -> FitResult:
    """fit.json, whatever has changed since. Raises BadInput where it is absent or damaged."""
    return _read(workspace, FIT, "fit", FitResult)


def last_balance(workspace: Workspace) -> BalanceResult:
    """balance.json, whatever has changed since. Raises BadInput where it is absent or damaged."""
    return _read(workspace, BALANCE, "balance", BalanceResult)


def _read(workspace: Workspace, file: str, command: str, kind: type[Result]) -> Result:
    """A result of a command, read strictly. Raises BadInput where it was not run, or its file is
    damaged or written by another version."""
    path = workspace.build / file
    mend = f"run `equipoise {command} {workspace.folder}`"
    try:
        return kind.model_validate_json(path.read_bytes(), strict=True)
    except FileNotFoundError:
        raise BadInput(
            f"there is no {file} yet", where=Span(str(path)), mend=f"{mend} first"
        ) from None
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise BadInput(
            f"the file is damaged, or of another version: {place}: {first['msg']}",
            where=Span(str(path)),
            mend=f"{mend} again",
        ) from None


def _current(
    workspace: Workspace, result: FitResult | BalanceResult, documents: Sequence[str], command: str
) -> None:
    """Refuse a result older than its documents, or than a lender's own model that it read."""
    made_from = result.documents
    now = workspace.digests(*dict.fromkeys([*documents, *made_from]))
    changed = [name for name, digest in now.items() if made_from.get(name) != digest]
    if changed:
        made = "fitted" if command == "fit" else "balanced"
        raise BadInput(
            f"the file has changed since the workspace was {made}",
            where=Span(str(workspace.folder / changed[0])),
            mend=f"run `equipoise {command} {workspace.folder}` again",
        )


def last_learning(workspace: Workspace, balance: BalanceResult) -> LearningResult | None:
    """What `learn` found of that balance; None where it was not run, or on other inputs."""
    from equipoise.review.learning.result_document import LearningResult  # large

    try:
        text = (workspace.build / LEARNING).read_bytes()
        learning = LearningResult.model_validate_json(text, strict=True)
    except (OSError, ValueError):
        return None
    stated = {each.input: each.value for each in balance.provenance}
    same = all(stated.get(each.input, each.value) == each.value for each in learning.assumptions)
    return learning if same and learning.applicants <= balance.applicants else None
