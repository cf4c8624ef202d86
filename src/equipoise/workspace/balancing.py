"""`balance`: the fitted population through the value model to the certified frontier."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from equipoise.contract import Checked, Contract
from equipoise.documents import Quantity
from equipoise.errors import BadInput, Faults, Span
from equipoise.experience import ExperienceFit
from equipoise.files import replacing, write_json
from equipoise.progress import Progress, Silent
from equipoise.risk import RiskFit, load_risk
from equipoise.workspace.building import recover, replacing_build
from equipoise.workspace.checking import REJECTS
from equipoise.workspace.fitting import (
    EXPERIENCE_FILE,
    FIT,
    FITTED_FROM,
    POPULATION,
    RISK_FOLDER,
)
from equipoise.workspace.folder import Workspace
from equipoise.workspace.references import appetite_faults, treatments_faults
from equipoise.workspace.versions import versions

BALANCE, CHOICES = "balance.json", "choices.parquet"
ASSUMED_WINDOW = Quantity(
    value=12.0,
    source="no outcome window is declared; set target.window_months in contract.yaml",
    unit="months",
)


def balance_workspace(workspace: Workspace, progress: Progress | None = None) -> dict[str, Any]:
    """Find the balance, save it under build/ and return what balance.json holds.

    Raises BadInput where the workspace is not fitted or has changed since, GateRefused or
    Infeasible where the appetite cannot be met.
    """
    from equipoise.balance import find_balance

    steps = progress or Silent()
    recover(workspace)
    fit = read_fit(workspace)
    contract, treatments = workspace.contract(), workspace.treatments()
    appetite = workspace.appetite()
    _sound(treatments_faults(treatments, contract.value, workspace.experience()))
    _sound(appetite_faults(appetite, contract.value))
    with steps.step("Reading the fit"):
        risk = load_risk(workspace.build / RISK_FOLDER)
        experience = ExperienceFit.load(workspace.build / EXPERIENCE_FILE)
        population = pl.read_parquet(workspace.build / POPULATION)
    checked = workspace.applications(contract.value, steps)
    frame = _frame(contract.value, checked, population, risk)
    scored = frame.filter(pl.col("pd").is_not_null())
    found = find_balance(
        treatments=treatments,
        appetite=appetite,
        experience=experience,
        frame=scored.drop("row"),
        types={**contract.value.types(), "pd": "number", "lgd": "number"},
        window_months=float(risk.window_months or ASSUMED_WINDOW.value),
        pd_response=(risk.price_response, risk.burden_response),
        name=workspace.name,
        currency=contract.value.currency,
        extra_quantities=_quantities(risk, fit, scored),
        progress=steps,
    )
    said = [*risk.validation.get("cautions", []), *_unweighted(contract.value)]
    summary = _finished(dict(found.summary), workspace, frame.height - scored.height, said)
    choices = found.choices.with_columns(scored["row"])
    keep = (RISK_FOLDER, EXPERIENCE_FILE, FIT, POPULATION, REJECTS)
    with steps.step("Saving"), replacing_build(workspace, keep) as build:
        with replacing(build / CHOICES) as temporary:
            choices.write_parquet(temporary)
        write_json(build / BALANCE, summary)
    return summary


def read_fit(workspace: Workspace) -> dict[str, Any]:
    """fit.json. Raises BadInput where it is absent, or older than the documents it was made of."""
    fit = read_result(workspace, FIT, "fit")
    now = workspace.digests(*dict.fromkeys([*FITTED_FROM, *fit.get("documents", {})]))
    changed = [name for name, digest in now.items() if fit.get("documents", {}).get(name) != digest]
    if changed:
        raise BadInput(
            "the file has changed since the workspace was fitted",
            where=Span(str(workspace.folder / changed[0])),
            mend=f"run `equipoise fit {workspace.folder}` again",
        )
    return fit


def read_result(workspace: Workspace, file: str, command: str) -> dict[str, Any]:
    """A result of a command. Raises BadInput where it was not run or its file is damaged."""
    path = workspace.build / file
    mend = f"run `equipoise {command} {workspace.folder}`"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(
            f"there is no {file} yet", where=Span(str(path)), mend=f"{mend} first"
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise BadInput("the file is damaged", where=Span(str(path)), mend=f"{mend} again") from None
    return found


def _sound(faults: Iterator[Any]) -> None:
    found = list(faults)
    if found:
        raise found[0] if len(found) == 1 else Faults(found)


def _frame(
    contract: Contract, checked: Checked, population: pl.DataFrame, risk: RiskFit
) -> pl.DataFrame:
    """The checked applications with row, pd, lgd and bad (1, 0 or null)."""
    if not checked.rows.equals(population["row"]):
        raise BadInput(
            f"the data have {checked.rows_kept:,} usable rows and the fit was made on "
            f"{population.height:,}, or on others",
            field="data",
            mend="run `equipoise fit` again",
        )
    bad = checked.frame.select(contract.bad().cast(pl.Float64))["bad"]
    return checked.frame.with_columns(
        checked.rows.alias("row"),
        population["pd"],
        pl.Series("lgd", risk.lgd_of(checked.frame)),
        bad,
    )


def _quantities(risk: RiskFit, fit: dict[str, Any], scored: pl.DataFrame) -> dict[str, Quantity]:
    """Inputs the value model takes from risk that are not in experience.yaml or treatments.yaml."""
    mean = float(scored["pd"].mean() or 0.0)  # type: ignore[arg-type]
    source = f"model '{risk.used}', out of fold, fitted on {fit['rows']:,} applications"
    found = {
        "probability of default, mean": Quantity(
            value=mean, provenance="measured", source=source, unit="share"
        ),
        "lgd": risk.lgd,
    }
    if risk.central_tendency is not None:
        found["central tendency"] = risk.central_tendency
    if risk.window_months is None:
        found["outcome window"] = ASSUMED_WINDOW
    return found


def _unweighted(contract: Contract) -> list[str]:
    if contract.weight is None:
        return []
    return [
        f"sample weights ('{contract.weight}') shape the PD, and the sums here do not: each row "
        "counts as one applicant, so totals and shares are those of the sample"
    ]


def _finished(
    summary: dict[str, Any], workspace: Workspace, unscored: int, said: list[str]
) -> dict[str, Any]:
    summary["warnings"] = [*said, *summary.get("warnings", [])]
    summary.setdefault("workspace", workspace.name)
    summary.setdefault("versions", versions())
    if unscored:
        text = f"{unscored:,} applications have no PD and are left to a person: they are not valued"
        summary["warnings"] = [*summary.get("warnings", []), text]
    return summary
