"""PDs out of fold: of each application by the used model, fitted without its own fold."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from equipoise.contract import Contract
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.cross import cross_fit
from equipoise.risk.customers import first_rows, fold_of_customers
from equipoise.risk.document import RiskDocument
from equipoise.risk.modelling import refit
from equipoise.risk.outcome import known_outcomes
from equipoise.risk.result import RiskFit
from equipoise.risk.split import month_labels
from equipoise.risk.table import FeatureTable, FrameTable


def cross_fitted_pd(
    fit: RiskFit,
    document: RiskDocument,
    contract: Contract,
    frame: pl.DataFrame,
    *,
    folds: int = 5,
    seed: int = 0,
    threads: int = 1,
) -> FloatArray:
    """PD of each application (n,) by the used model's settings fitted without its own fold.

    Rows whose outcome is unknown were learnt from by no model; they are scored out of fold too.
    """
    table = FrameTable(fit.features.frame(frame))
    return cross_fitted_pd_on(
        fit, document, contract, frame, table=table, folds=folds, seed=seed, threads=threads
    )


def cross_fitted_pd_on(
    fit: RiskFit,
    document: RiskDocument,
    contract: Contract,
    frame: pl.DataFrame,
    *,
    table: FeatureTable,
    folds: int = 5,
    seed: int = 0,
    threads: int = 1,
) -> FloatArray:
    """The same of features wherever they lie; `frame` may hold `fields_beside` alone."""
    outcomes = known_outcomes(document, contract, frame)
    months = None if contract.date is None else month_labels(frame[contract.date])
    section = next(each for each in document.models if each.name == fit.used)
    entry = next(each for each in fit.validation["models"] if each["name"] == fit.used)

    def fit_fold(numbers: pl.DataFrame, _: Array) -> Any:
        rows = numbers["row"].to_numpy()
        rows = rows[outcomes.weight[rows] > 0]
        model = refit(
            fit.model,
            table,
            rows,
            outcomes.bad[rows],
            outcomes.weight[rows],
            months=None if months is None else months[rows],
            section=section,
            document=document,
            entry=entry,
            tendency=fit.central_tendency,
            threads=threads,
        )
        return lambda others: table.pd(model, others["row"].to_numpy())

    numbered = pl.DataFrame({"row": np.arange(frame.height)})
    fold = fold_of_customers(frame.height, first_rows(contract, frame), folds, seed)
    return cross_fit(numbered, outcomes.bad, fit_fold, fold=fold)
