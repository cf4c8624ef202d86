"""What a balance is found from: applications with their risk, and what they are valued by.

`balance`, its what-ifs and `strategy from-frontier` read it here, so that they value the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from equipoise.balance import AppetiteDocument
from equipoise.contract import Checked, Contract
from equipoise.documents import Loaded, Quantity
from equipoise.errors import BadInput, Faults
from equipoise.experience import ExperienceFit
from equipoise.progress import Progress, Silent
from equipoise.risk import RiskFit, load_risk
from equipoise.risk.fit_result import FitResult
from equipoise.value.model import ValueModel, value_model
from equipoise.value.treatments import TreatmentsDocument
from equipoise.workspace.fitting import EXPERIENCE_FILE, POPULATION, RISK_FOLDER
from equipoise.workspace.folder import Workspace
from equipoise.workspace.references import appetite_faults, treatments_faults
from equipoise.workspace.results import read_fit

ASSUMED_WINDOW = Quantity(
    value=12.0,
    source="no outcome window is declared; set target.window_months in contract.yaml",
    unit="months",
)


@dataclass(frozen=True, slots=True)
class BalanceInputs:
    """Applications that have a PD, the fits, and what the lender offers and will not exceed.

    `scored` holds the facts with row, pd and bad (1, 0 or null); `unscored` counts the rest.
    """

    contract: Contract
    treatments: Loaded[TreatmentsDocument]
    appetite: Loaded[AppetiteDocument]
    risk: RiskFit
    experience: ExperienceFit
    fitted: FitResult
    scored: pl.DataFrame
    facts: pl.DataFrame
    unscored: int

    @property
    def types(self) -> dict[str, str]:
        """The types of what expressions may read."""
        return {**self.contract.types(), "pd": "number", "lgd": "number"}

    @property
    def applications(self) -> pl.DataFrame:
        """`scored` with each application's LGD."""
        return self.scored.with_columns(pl.Series("lgd", self.risk.lgd_of(self.facts)))

    @property
    def window_months(self) -> float:
        """The months that a PD is for."""
        return float(self.risk.window_months or ASSUMED_WINDOW.value)

    @property
    def pd_response(self) -> tuple[Quantity, Quantity]:
        """How default answers to price and to burden."""
        return self.risk.price_response, self.risk.burden_response

    def model(self) -> ValueModel:
        """The value model of all of it."""
        extra = {"lgd": self.risk.lgd}
        return value_model(
            self.treatments, self.experience, self.window_months, self.pd_response, extra
        )

    def quantities(self) -> dict[str, Quantity]:
        """Inputs that stand neither in experience.yaml nor in treatments.yaml."""
        mean = float(self.scored["pd"].mean() or 0.0)  # type: ignore[arg-type]
        rows = self.fitted.rows
        source = f"model '{self.risk.used}', out of fold, fitted on {rows:,} applications"
        quantities = {
            "probability of default, mean": Quantity(
                value=mean, provenance="measured", source=source, unit="share"
            ),
            "lgd": self.risk.lgd,
        }
        if self.risk.central_tendency is not None:
            quantities["central tendency"] = self.risk.central_tendency
        if self.risk.window_months is None:
            quantities["outcome window"] = ASSUMED_WINDOW
        return quantities


def read_balance_inputs(workspace: Workspace, progress: Progress | None = None) -> BalanceInputs:
    """Read and check everything. Raises BadInput where the workspace is not fitted or has changed
    since, Faults where a document is not sound.
    """
    steps = progress or Silent()
    fitted = read_fit(workspace)
    contract, treatments = workspace.contract().value, workspace.treatments()
    appetite = workspace.appetite()
    _sound(treatments_faults(treatments, contract, workspace.experience()))
    _sound(appetite_faults(appetite, contract))
    with steps.step("Reading the fit"):
        risk = load_risk(workspace.build / RISK_FOLDER)
        experience = ExperienceFit.load(workspace.build / EXPERIENCE_FILE)
        population = pl.read_parquet(workspace.build / POPULATION)
    checked = workspace.applications(contract, steps)
    frame = _with_outcomes(contract, checked, population)
    known = population["pd"].is_not_null()
    return BalanceInputs(
        contract=contract,
        treatments=treatments,
        appetite=appetite,
        risk=risk,
        experience=experience,
        fitted=fitted,
        scored=frame.filter(known),
        facts=checked.frame.filter(known),
        unscored=int((~known).sum()),
    )


def _sound(faults: Iterator[Any]) -> None:
    every = list(faults)
    if every:
        raise every[0] if len(every) == 1 else Faults(every)


def _with_outcomes(contract: Contract, checked: Checked, population: pl.DataFrame) -> pl.DataFrame:
    """The checked applications with row, pd and bad (1, 0 or null)."""
    if not checked.rows.equals(population["row"]):
        raise BadInput(
            f"the data have {checked.rows_kept:,} usable rows and the fit was made on "
            f"{population.height:,}, or on others",
            field="data",
            mend="run `equipoise fit` again",
        )
    bad = checked.frame.select(contract.bad().cast(pl.Float64))["bad"]
    return checked.frame.with_columns(checked.rows.alias("row"), population["pd"], bad)
