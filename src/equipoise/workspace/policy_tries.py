"""`what-if`: a change of law or policy from a file, tried in a folder beside the workspace."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.balance.problem import Infeasible
from equipoise.balance.result_document import BalanceResult
from equipoise.documents import read_document
from equipoise.errors import BadInput
from equipoise.progress import Progress, Silent
from equipoise.review.policy.change import PolicyChange
from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.workspace.building import recover
from equipoise.workspace.folder import APPETITE, Workspace
from equipoise.workspace.policy_runs import CHANGE, refuse_unsound, run_book_change, run_change
from equipoise.workspace.results import read_balance
from equipoise.workspace.strategies import SHORT, seal_workspace
from equipoise.workspace.what_if import WHAT_IF


@dataclass(frozen=True, slots=True)
class Tried:
    """A change with what it does (`policy_runs`), the workspace's own balance and the one under it;
    `fault` instead of that where nothing meets the appetite any more. Of a change that is only
    about loans already made there is neither balance."""

    change: PolicyChange
    folder: Path
    effect: Mapping[str, Any]
    own: BalanceResult | None
    other: BalanceResult | None
    fault: Infeasible | None

    def as_dict(self) -> dict[str, Any]:
        """As `what-if --json` prints it."""
        return {
            "change": self.change.model_dump(mode="json"),
            "effect": dict(self.effect),
            "before": dict(self.own.recommended.same_risk.measures) if self.own else None,
            "after": dict(self.other.recommended.same_risk.measures) if self.other else None,
            "fault": self.fault.as_dict() if self.fault else None,
        }


def try_change(
    lender: Path,
    file: Path,
    sealed: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Tried:
    """Find what the change in a YAML file would do; writes what-if/NAME/, nothing in build/.

    Held against it are the sealed strategies, or the workspace's own as it would be sealed now. A
    change that is only about loans already made needs a loan tape and no more. Raises BadInput
    where the change is not sound, or asks something of new loans and the folder is no workspace
    with a balance of its own.
    """
    steps = progress or Silent()
    change = read_document(file, PolicyChange).value
    folder = lender / WHAT_IF / _folder_name(change)
    if change.rule is None:
        _emptied(folder)
        run_book_change(lender, change, folder, steps)
        return Tried(change, folder, json.loads((folder / CHANGE).read_bytes()), None, None, None)
    workspace = Workspace.open(lender)
    recover(workspace)
    refuse_unsound(change.rule, workspace.contract().value)
    _emptied(folder)
    own, strategies = read_balance(workspace), _strategies(workspace, sealed)
    other, fault = None, None
    try:
        appetite = workspace.folder / APPETITE
        other = run_change(workspace, appetite, change, folder, strategies, steps)
    except Infeasible as error:
        fault = error
    effect = json.loads((folder / CHANGE).read_bytes())
    return Tried(change, folder, effect, own, other, fault)


def _emptied(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CHANGE).unlink(missing_ok=True)


def _strategies(workspace: Workspace, sealed: Sequence[Path]) -> dict[str, Strategy]:
    if not sealed:
        return {workspace.name: Strategy(seal_workspace(workspace)[0])}
    loaded = [load_strategy(path) for path in sealed]
    named = {f"{each.content.strategy.name} v{each.content.strategy.version}": each
             for each in loaded}  # fmt: skip
    if len(named) < len(loaded):
        return {f"{name} {each.sealed.digest[:SHORT]}": each
                for each in loaded for name in [each.content.strategy.name]}  # fmt: skip
    return named


def _folder_name(change: PolicyChange) -> str:
    """A name that any file system takes: letters, digits and dashes of the change's own."""
    name = "-".join(re.findall(r"\w+", change.name.lower()))[:60]
    if not name:
        raise BadInput("the change has no name that a folder could have", field="name")
    return f"{name}-{change.on}"
