"""A balance under an appetite that is not the workspace's own file: found into a folder beside it.

Nothing in the workspace or its build/ changes: what a desk tries is not what the lender's files
say until somebody writes it there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from equipoise.balance import AppetiteDocument
from equipoise.balance.mixture import between
from equipoise.balance.placed import placed
from equipoise.balance.result import Balance
from equipoise.balance.result_document import BalanceResult
from equipoise.balance.shadow_prices import prices_by_place
from equipoise.contract import Contract
from equipoise.documents import Loaded, read_document
from equipoise.errors import BadInput, EquipoiseError, Faults, Span
from equipoise.files import write_json, write_text
from equipoise.progress import Progress, Silent
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.sealing import Sealed
from equipoise.workspace.balance_inputs import BalanceInputs, read_balance_inputs
from equipoise.workspace.balancing import result_of, whole_balance
from equipoise.workspace.building import recover
from equipoise.workspace.folder import APPETITE, Workspace
from equipoise.workspace.references import appetite_faults
from equipoise.workspace.results import BALANCE, last_fit
from equipoise.workspace.strategies import STRATEGY, seal_document
from equipoise.workspace.taking import TakenFromFrontier, taken_from

PRICES = "prices.json"


@dataclass(frozen=True, slots=True)
class Tried:
    """An appetite as a file of its own, checked against a contract."""

    appetite: Loaded[AppetiteDocument]
    digest: str


def read_appetite(path: Path, contract: Contract) -> Tried:
    """The appetite in that file. Raises BadInput or Faults with line, field and mend."""
    loaded = read_document(path, AppetiteDocument)
    faults: list[EquipoiseError] = list(appetite_faults(loaded, contract))
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return Tried(loaded, hashlib.sha256(path.read_bytes()).hexdigest())


def refuse_unfitted(workspace: Workspace) -> None:
    """Raises BadInput where there is no fit to find a balance from, or no data beside it."""
    last_fit(workspace)
    contract = workspace.contract().value
    path = contract.data_path(workspace.folder)
    if not path.exists():
        raise BadInput("the workspace's data are not there", where=Span(str(path)))


def run_balance(
    workspace: Workspace, appetite: Path, folder: Path, progress: Progress | None = None
) -> BalanceResult:
    """Find the balance under that appetite, and write it into the folder: balance.json, the shadow
    prices at every place, and what each place means for everybody (`balance.placed`).

    Raises BadInput where the workspace is not fitted, or its files are not sound; Infeasible where
    nothing meets the appetite.
    """
    steps = progress or Silent()
    recover(workspace)
    tried = read_appetite(appetite, workspace.contract().value)
    inputs = replace(read_balance_inputs(workspace, steps), appetite=tried.appetite)
    balance = whole_balance(workspace, inputs, steps)
    return kept(workspace, folder, balance, inputs, (tried.digest, steps))


def kept(
    workspace: Workspace,
    folder: Path,
    balance: Balance,
    inputs: BalanceInputs,
    more: tuple[str, Progress],
) -> BalanceResult:
    """Write a balance into the folder, found under the appetite of that digest; the result."""
    digest, steps = more
    result = result_of(balance, workspace, inputs)
    documents = {**result.documents, APPETITE: digest}
    result = result.model_copy(update={"documents": documents})
    with steps.step("Saving"):
        placed(balance).write(folder)
        write_json(folder / PRICES, prices_by_place(balance))
        write_json(folder / BALANCE, result.as_dict())
    return result


def sealed_from(
    workspace: Workspace, folder: Path, point: str, progress: Progress | None = None
) -> tuple[Sealed, TakenFromFrontier]:
    """A point of the balance in that folder, taken into the workspace's strategy and sealed.

    Between two points it is solved anew at the level where their mixture stands, and so does no
    worse than that. The workspace's strategy.yaml stays as it is.

    Raises BadInput where there is no such point, or where the workspace's files have changed since
    the balance was found.
    """
    steps = progress or Silent()
    recover(workspace)
    balance = read_result(folder)
    _unchanged(workspace, balance)
    tried = read_appetite(folder / APPETITE, workspace.contract().value)
    inputs = replace(read_balance_inputs(workspace, steps), appetite=tried.appetite)
    name = _taken_as(balance, point)
    text, taken = taken_from(workspace, balance, inputs, name, None, steps)
    path = folder / STRATEGY
    write_text(path, text)
    with steps.step("Sealing"):
        return seal_document(workspace, read_document(path, StrategyDocument)), taken


def _taken_as(balance: BalanceResult, point: str) -> str:
    """As `strategy from-frontier` names it: between two points it is solved at the very level."""
    if between(point) is None:
        return point.removeprefix("point ")
    level = balance.place(point).measures[balance.axes.x.measure]
    return f"x={level!r}"


def read_result(folder: Path) -> BalanceResult:
    """The balance that was found into the folder. Raises OSError where it is gone."""
    return BalanceResult.model_validate_json((folder / BALANCE).read_bytes(), strict=True)


def _unchanged(workspace: Workspace, balance: BalanceResult) -> None:
    """Refuse a balance of files that are not what they were, but for its own appetite."""
    then = {name: digest for name, digest in balance.documents.items() if name != APPETITE}
    now = workspace.digests(*then)
    for name, digest in then.items():
        if now[name] != digest:
            raise BadInput(
                f"'{name}' has changed since this balance was found",
                where=Span(name),
                mend="solve it again, and take the point of that run",
            )
