"""`balance`: the fitted population through the value model to the certified frontier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def balance_workspace(workspace: Workspace, progress: Progress | None = None) -> dict[str, Any]:
    """Find the balance, save it under build/ and return what balance.json holds.

    Raises BadInput where the workspace is not fitted or has changed since, GateRefused or
    Infeasible where the appetite cannot be met.
    """
    steps = progress or Silent()
    recover(workspace)
    inputs = read_balance_inputs(workspace, steps)
    summary, choices = balanced(workspace, inputs, steps)
    keep = (RISK_FOLDER, EXPERIENCE_FILE, FIT, POPULATION, REJECTS)
    with steps.step("Saving"), replacing_build(workspace, keep) as build:
        with replacing(build / CHOICES) as temporary:
            choices.write_parquet(temporary)
        write_json(build / BALANCE, summary)
    return summary


def balanced(
    workspace: Workspace, inputs: BalanceInputs, progress: Progress
) -> tuple[dict[str, Any], pl.DataFrame]:
    """What balance.json and choices.parquet hold for these inputs."""
    from equipoise.balance import find_balance

    balance = find_balance(
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
    )
    return _summary(balance, workspace, inputs), balance.choices.with_columns(inputs.scored["row"])


def _summary(balance: Balance, workspace: Workspace, inputs: BalanceInputs) -> dict[str, Any]:
    from equipoise.balance.describe import describe

    summary = describe(balance)
    summary.setdefault("workspace", workspace.name)
    summary.setdefault("versions", versions())
    files = dict.fromkeys([*inputs.fitted.get("documents", {}), *BALANCED_FROM])
    summary["documents"] = workspace.digests(*files)
    summary["warnings"] = [*_cautions(inputs), *summary.get("warnings", [])]
    if inputs.unscored:
        summary["warnings"].append(
            f"{inputs.unscored:,} applications have no PD and are left to a person: they are not "
            "valued"
        )
    return summary


def _cautions(inputs: BalanceInputs) -> list[str]:
    return [*inputs.risk.validation.get("cautions", []), *_unweighted(inputs.contract)]


def _unweighted(contract: Contract) -> list[str]:
    if contract.weight is None:
        return []
    return [
        f"sample weights ('{contract.weight}') shape the PD, and the sums here do not: each row "
        "counts as one applicant, so totals and shares are those of the sample"
    ]
