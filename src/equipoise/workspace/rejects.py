"""What the recommendation would come to if those who were not booked are worse than they look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from equipoise.documents import Document
from equipoise.errors import BadInput
from equipoise.files import write_json
from equipoise.numeric.arrays import FloatArray
from equipoise.progress import Progress, Silent
from equipoise.risk.accepted_only import Inferred, inferred_pds
from equipoise.risk.accepted_only.booked import booked_rows
from equipoise.risk.outcome import known_outcomes
from equipoise.value.population import read_population
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import CHOICES
from equipoise.workspace.strategies import (
    checked_applications,
    fitted_parts,
    with_pd,
    workspace_values,
)

REJECTS_FILE = "reject_inference.json"
SHOWN = ("expected_loss", "expected_loss_rate", "profit", "approvals")
NAMED = {"fuzzy": "fuzzy", "parcelling": "parcelling", "heckman": "selection"}


class Reading(Document):
    """Both policies' totals by measure, if those not booked have the PDs of this reading."""

    reading: str
    assumes: str
    pd_not_booked: float | None
    pd_all: float
    today: Mapping[str, float]
    recommended: Mapping[str, float]


class RejectSensitivity(Document):
    """Both policies under each reading; the first is the balance's own. `not_booked` is a share."""

    workspace: str
    applications: int
    not_booked: float
    multiple: float
    readings: tuple[Reading, ...]

    def as_dict(self) -> dict[str, Any]:
        """As reject_inference.json holds it."""
        return self.model_dump(mode="json")


def reject_sensitivity(workspace: Workspace, progress: Progress | None = None) -> RejectSensitivity:
    """Value today's policy and the recommended move under each reading of those not booked.

    Choices are those of the balance: nothing is chosen anew, and its own results stay as they are.
    Writes build/reject_inference.json. Raises BadInput before `balance`,
    and where too few were not booked.
    """
    steps = progress or Silent()
    section = workspace.risk().value.accepted_only
    with steps.step("Inferring those not booked"):
        facts, pd, readings, booked = _readings(workspace)
    if section.method != "none":
        readings = [each for each in readings if each.name.startswith(NAMED[section.method])]
    base = Inferred("base", "the PD as fitted on booked loans", pd)
    with steps.step("Valuing both policies under each"):
        rows = [_valued(workspace, facts, booked, each) for each in (base, *readings)]
    sensitivity = RejectSensitivity(
        workspace=workspace.name,
        applications=facts.height,
        not_booked=float(np.mean(~booked)),
        multiple=section.multiple,
        readings=tuple(rows),
    )
    write_json(workspace.build / REJECTS_FILE, sensitivity.as_dict())
    return sensitivity


def _readings(
    workspace: Workspace,
) -> tuple[pl.DataFrame, FloatArray, list[Inferred], np.ndarray[Any, np.dtype[np.bool_]]]:
    document, contract = workspace.risk().value, workspace.contract().value
    risk, _ = fitted_parts(workspace)
    facts, column = checked_applications(workspace)
    scored = column.is_not_null()
    facts, pd = facts.filter(scored), column.filter(scored).to_numpy()
    outcomes = known_outcomes(document, contract, facts)
    booked = booked_rows(document.accepted_only, contract, facts)
    section = document.accepted_only
    readings = inferred_pds(
        risk.features.frame(facts).select(risk.model.features),
        outcomes.bad,
        outcomes.known & booked,
        booked,
        pd,
        multiple=section.multiple,
        correlations=section.correlations,
        directions=risk.features.directions,
    )
    return facts, pd, readings, booked


def _valued(
    workspace: Workspace, facts: pl.DataFrame, booked: np.ndarray[Any, Any], reading: Inferred
) -> Reading:
    risk, experience = fitted_parts(workspace)
    path = workspace.build / CHOICES
    if not path.exists():
        raise BadInput(
            "there is no balance yet", mend=f"run `equipoise balance {workspace.folder}`"
        )
    choices = pl.read_parquet(path)
    contract = workspace.contract().value
    people = with_pd(facts, pl.Series(reading.pd)).with_columns(
        pl.Series("lgd", risk.lgd_of(facts)), facts.select(contract.bad().cast(pl.Float64))["bad"]
    )
    types = {**contract.types(), "pd": "number", "lgd": "number"}
    population = read_population(workspace.treatments(), people, types, experience)
    model = workspace_values(workspace, risk, experience)
    at = {each.name: k for k, each in enumerate(model.menu)}
    totals = {}
    for policy in ("today", "recommended"):
        chosen = choices[policy].replace_strict(at, return_dtype=pl.Int64).to_numpy()
        whole = model.of_choice(population, chosen).totals()
        totals[policy] = {name: float(whole[name]) for name in SHOWN}
    return Reading(
        reading=reading.name,
        assumes=reading.assumes,
        pd_not_booked=float(reading.pd[~booked].mean()) if (~booked).any() else None,
        pd_all=float(reading.pd.mean()),
        today=totals["today"],
        recommended=totals["recommended"],
    )
