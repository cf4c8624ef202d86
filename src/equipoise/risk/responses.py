"""The responses of default to price and burden that risk.yaml declares or asks to be measured."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.contract import Contract, forbid_protected
from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.expression import compile as compile_expression
from equipoise.risk.document import MEASURED, PdResponseSection
from equipoise.risk.model import RiskModel
from equipoise.risk.modelling import ModelData
from equipoise.risk.response import PdResponse, Slope, fit_pd_response


def pd_responses(
    section: PdResponseSection,
    contract: Contract,
    applications: pl.DataFrame,
    data: ModelData,
    model: RiskModel,
) -> tuple[Quantity, Quantity]:
    """Slopes of the log-odds on price and on burden, each as declared or as measured."""
    if MEASURED not in (section.price, section.burden):
        assert isinstance(section.price, Quantity)  # noqa: S101
        assert isinstance(section.burden, Quantity)  # noqa: S101
        return section.price, section.burden
    response = _measured(section, contract, applications, data, model)
    return (
        section.price
        if isinstance(section.price, Quantity)
        else _quantity(response.price, response),
        section.burden
        if isinstance(section.burden, Quantity)
        else _quantity(response.burden, response),
    )


def _measured(
    section: PdResponseSection,
    contract: Contract,
    applications: pl.DataFrame,
    data: ModelData,
    model: RiskModel,
) -> PdResponse:
    explored = section.explored
    assert explored is not None  # noqa: S101 - the document demands it
    columns = {}
    for name in ("where", "apr_difference", "burden_difference"):
        each = compile_expression(getattr(explored, name), contract.types())
        forbid_protected(contract, sorted(each.names), f"pd_response.explored.{name}")
        columns[name] = applications.select(each.polars().alias(name))[name]
    pd = data.table.pd(model)
    apr, burden = (
        columns[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for name in ("apr_difference", "burden_difference")
    )
    rows = (
        columns["where"].cast(pl.Boolean).fill_null(value=False).to_numpy()
        & data.outcomes.known
        & np.isfinite(pd)
        & np.isfinite(apr)
        & np.isfinite(burden)
    )
    if not rows.any():
        raise BadInput(
            "no explored loan with a known outcome: the price response cannot be measured",
            field="pd_response.explored.where",
            mend="widen `where`, or declare the response with its source",
        )
    weight = data.outcomes.weight[rows]
    declared = {
        name: given.value
        for name, given in (("price", section.price), ("burden", section.burden))
        if isinstance(given, Quantity)
    }
    bad = data.outcomes.bad[rows]
    return fit_pd_response(bad, pd[rows], apr[rows], burden[rows], weight, declared=declared)


def _quantity(slope: Slope, response: PdResponse) -> Quantity:
    low, high = slope.interval
    return Quantity(
        value=slope.value,
        low=low,
        high=high,
        provenance="measured",
        source=f"logistic regression on {response.rows:,} loans with explored terms",
        unit="log-odds of default per unit",
    )
