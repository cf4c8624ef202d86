"""`balance`: the fitted population through the value model to the certified frontier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.contract import Contract
from equipoise.files import replacing, write_json
from equipoise.progress import Progress, Silent
from equipoise.workspace.balance_inputs import BalanceInputs, read_balance_inputs
from equipoise.workspace.building import recover, replacing_build
from equipoise.workspace.checking import REJECTS
from equipoise.workspace.fitting import EXPERIENCE_FILE, FIT, POPULATION, RISK_FOLDER
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import BALANCE, BALANCED_FROM, CHOICES
from equipoise.workspace.versions import versions

if TYPE_CHECKING:
    import polars as pl

    from equipoise.balance import Balance
    from equipoise.balance.find import Within
    from equipoise.balance.result_document import BalanceResult
    from equipoise.balance.search import Over


def balance_workspace(
    workspace: Workspace, progress: Progress | None = None, over: Over | None = None
) -> BalanceResult:
    """Find the balance, save it under build/ and return what balance.json holds.

    `over` searches for it elsewhere than in this process's memory. Raises BadInput where the
    workspace is not fitted or has changed since, GateRefused or Infeasible where the appetite
    cannot be met.
    """
    steps = progress or Silent()
    recover(workspace)
    inputs = read_balance_inputs(workspace, steps)
    result, choices = balanced(workspace, inputs, steps, over)
    keep = (RISK_FOLDER, EXPERIENCE_FILE, FIT, POPULATION, REJECTS)
    with steps.step("Saving"), replacing_build(workspace, keep) as build:
        with replacing(build / CHOICES) as temporary:
            choices.write_parquet(temporary)
        write_json(build / BALANCE, result.as_dict())
    return result


def balanced(
    workspace: Workspace, inputs: BalanceInputs, progress: Progress, over: Over | None = None
) -> tuple[BalanceResult, pl.DataFrame]:
    """What balance.json and choices.parquet hold for these inputs."""
    balance = whole_balance(workspace, inputs, progress, over)
    choices = balance.choices.with_columns(inputs.scored["row"])
    return result_of(balance, workspace, inputs), choices


def whole_balance(
    workspace: Workspace,
    inputs: BalanceInputs,
    progress: Progress,
    over: Over | None = None,
    within: Within | None = None,
) -> Balance:
    """The balance of these inputs, whole; `within` as in `find_balance`."""
    from equipoise.balance import find_balance
    from equipoise.balance.search import InMemory

    return find_balance(
        treatments=inputs.treatments,
        appetite=inputs.appetite,
        experience=inputs.experience,
        frame=inputs.applications.drop("row"),
        types=inputs.types,
        window_months=inputs.window_months,
        pd_response=inputs.pd_response,
        name=workspace.name,
        currency=inputs.contract.currency,
        extra_quantities=inputs.quantities(),
        progress=progress,
        over=over or InMemory,
        within=within,
    )


def result_of(balance: Balance, workspace: Workspace, inputs: BalanceInputs) -> BalanceResult:
    """A found balance as balance.json holds it."""
    from equipoise.balance.describe import describe

    result = describe(balance)
    warnings = [*_cautions(inputs), *result.warnings]
    if inputs.unscored:
        warnings.append(
            f"{inputs.unscored:,} applications have no PD and are left to a person: they are not "
            "valued"
        )
    files = dict.fromkeys([*inputs.fitted.documents, *BALANCED_FROM])
    return result.model_copy(
        update={
            "versions": versions(),
            "documents": workspace.digests(*files),
            "warnings": tuple(warnings),
        }
    )


def _cautions(inputs: BalanceInputs) -> list[str]:
    return [*inputs.risk.validation.get("cautions", []), *_unweighted(inputs.contract)]


def _unweighted(contract: Contract) -> list[str]:
    if contract.weight is None:
        return []
    return [
        f"sample weights ('{contract.weight}') shape the PD, and the sums here do not: each row "
        "counts as one applicant, so totals and shares are those of the sample"
    ]
