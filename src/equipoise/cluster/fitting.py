"""Fitting risk over a DataFrame: the local fit's own steps, over counts and sums of the workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.cluster.gathering import Gathered, gather
from equipoise.contract import Contract
from equipoise.progress import Progress
from equipoise.risk import RiskDocument, RiskFit, fit_risk_on
from equipoise.risk.beside import fields_beside
from equipoise.risk.features import Where
from equipoise.risk.fit import checked_features

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def fit_on(
    applications: DataFrame,
    document: RiskDocument,
    contract: Contract,
    progress: Progress | None = None,
    *,
    folder: Path | None = None,
    where: Where | None = None,
    threads: int = 1,
) -> RiskFit:
    """Fit and validate every model of risk.yaml on past applications, as `fit_risk` does.

    `applications` has the contract's columns as they were written; each row is checked on its
    worker. Rows count in the order in which the DataFrame gives them. A scorecard is that of the
    local fit: bins by counts of all rows, points by Newton's steps over sums. Trees are taught on
    1,000,000 rows at most, at the level of all. The driver holds outcomes, dates, identifiers and
    PDs of every row. Raises as `fit_risk` does.
    """
    checked_features(document, contract, where)
    fields = fields_beside(document, contract)
    with gathered(applications, document, contract, fields, progress=progress) as data:
        return fit_risk_on(
            document,
            contract,
            data.checked.frame,
            progress,
            features=data.table.features,
            table=data.table,
            folder=folder,
            where=where,
            threads=threads,
        )


@contextmanager
def gathered(
    applications: DataFrame,
    document: RiskDocument,
    contract: Contract,
    fields: list[str],
    *,
    progress: Progress | None = None,
) -> Iterator[Gathered]:
    """`gather`, its blocks freed in the end."""
    data = gather(applications, document, contract, fields, progress)
    try:
        yield data
    finally:
        data.table.close()
