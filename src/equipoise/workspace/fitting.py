"""`fit`: risk and experience from the checked applications, saved under build/ all at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from equipoise.contract import Checked, Contract, EventLog, read_event_log
from equipoise.contract.confirming import require_confirmed
from equipoise.documents import Loaded
from equipoise.experience import ExperienceDocument, ExperienceFit, fit_experience
from equipoise.files import replacing, write_json
from equipoise.progress import Progress, Silent
from equipoise.risk import RiskDocument, RiskFit, cross_fitted_pd_on, fit_risk_on
from equipoise.risk.beside import fields_beside
from equipoise.risk.customers import first_rows, fold_of_customers
from equipoise.risk.document import ExternalSection
from equipoise.risk.features import FeatureSet
from equipoise.risk.fit import checked_features
from equipoise.risk.fit_result import FitResult
from equipoise.risk.table import FeatureTable, FrameTable
from equipoise.workspace.building import replacing_build
from equipoise.workspace.checking import REJECTS
from equipoise.workspace.fit_summary import fit_summary
from equipoise.workspace.folder import CONTRACT, EXPERIENCE, RISK, Workspace

RISK_FOLDER, EXPERIENCE_FILE = "risk", "experience.json"
FIT, POPULATION = "fit.json", "population.parquet"
FOLDS, SEED = 5, 0
MANY_ROWS = 100_000
FITTED_FROM = (CONTRACT, RISK, EXPERIENCE)


@dataclass(frozen=True, slots=True)
class _Learnt:
    """Checked applications and the table of their features, which may lie with Spark's workers."""

    checked: Checked
    features: FeatureSet
    table: FeatureTable


def fit_workspace(
    workspace: Workspace,
    progress: Progress | None = None,
    threads: int | None = None,
    *,
    spark: Any = None,
) -> FitResult:
    """Fit risk and experience, save both with fit.json, and return what fit.json holds.

    The PD that a balance rests on is each application's out-of-fold PD where its outcome is known
    and the model's own elsewhere; it stands in population.parquet, by row of the data. `threads`
    is LightGBM's: all cores unless given, one where the data are small. With a Spark session
    (`spark`) its workers read the data and keep the features; the files are the same. Raises as
    the fits of risk and experience do.
    """
    begun, steps = perf_counter(), progress or Silent()
    contract, risk = workspace.contract(), workspace.risk()
    require_confirmed(contract)
    experience = workspace.experience()
    with _learnt(workspace, (contract, risk, experience), steps, spark) as learnt:
        checked = learnt.checked
        known = checked.frame.select(contract.value.bad().is_not_null().sum()).item()
        cores = threads or _cores(int(known))
        fitted = fit_risk_on(
            risk.value,
            contract.value,
            checked.frame,
            steps,
            features=learnt.features,
            table=learnt.table,
            folder=workspace.folder,
            where=risk.span,
            threads=cores,
            without_outcome=_without_outcome(checked, contract.value),
        )
        with steps.step("PD out of fold"):
            population = _population(fitted, risk.value, contract.value, learnt, cores)
    applications = checked.frame.with_columns(population["pd"])
    journey = _journey(workspace, experience, applications, steps, spark)
    summary = fit_summary(workspace.name, fitted, journey, checked)
    result = summary.model_copy(
        update={
            "seeds": {"folds": SEED},
            "documents": workspace.digests(*FITTED_FROM, *model_files(risk.value)),
            "seconds": perf_counter() - begun,
        }
    )
    with steps.step("Saving"), replacing_build(workspace) as build:
        _save(build, fitted, journey, checked, population)
        write_json(build / FIT, result.as_dict())
    return result


@contextmanager
def _learnt(
    workspace: Workspace,
    documents: tuple[Loaded[Contract], Loaded[RiskDocument], Loaded[ExperienceDocument]],
    steps: Progress,
    spark: Any,
) -> Iterator[_Learnt]:
    contract, risk, experience = documents
    features = checked_features(risk.value, contract.value, risk.span)
    if spark is None:
        checked = workspace.applications(contract.value, steps)
        with steps.step("Features"):
            table = FrameTable(features.frame(checked.frame))
        yield _Learnt(checked, features, table)
        return
    from equipoise.cluster.fitting import gathered
    from equipoise.cluster.reading import read_applications

    beside = {*fields_beside(risk.value, contract.value), *experience.value.columns()}
    fields = [each.name for each in contract.value.fields if each.name in beside]
    with (
        read_applications(spark, workspace.folder, contract.value, steps) as applications,
        gathered(applications, risk.value, contract.value, fields, progress=steps) as data,
    ):
        yield _Learnt(data.checked, features, data.table)


def model_files(document: RiskDocument) -> list[str]:
    """The lender's own model files that risk.yaml names."""
    sections = (each for each in document.models if isinstance(each, ExternalSection))
    return [each.file for each in sections if each.file is not None]


def _without_outcome(checked: Checked, contract: Contract) -> int:
    target = pl.col("field") == contract.target.field
    missing = checked.counts.filter(target & (pl.col("rule") == "missing"))
    return int(missing["rows"].sum())


def _cores(known: int) -> int:
    """More threads than one only cost time on small data."""
    return 1 if known < MANY_ROWS else os.cpu_count() or 1


def _population(
    fitted: RiskFit, document: RiskDocument, contract: Contract, learnt: _Learnt, threads: int
) -> pl.DataFrame:
    """Columns row (1-based, of the data), pd (null where the model refuses) and fold."""
    frame, table = learnt.checked.frame, learnt.table
    known = frame.select(contract.bad())["bad"].is_not_null().to_numpy()
    out_of_fold = cross_fitted_pd_on(
        fitted, document, contract, frame, table=table, folds=FOLDS, seed=SEED, threads=threads
    )
    pd = np.where(known & np.isfinite(out_of_fold), out_of_fold, table.pd(fitted.model))
    return pl.DataFrame(
        {
            "row": learnt.checked.rows,
            "pd": pl.Series(pd, nan_to_null=True),
            "fold": fold_of_customers(frame.height, first_rows(contract, frame), FOLDS, SEED),
        }
    )


def _journey(
    workspace: Workspace,
    experience: Loaded[ExperienceDocument],
    applications: pl.DataFrame,
    steps: Progress,
    spark: Any,
) -> ExperienceFit:
    if spark is not None and experience.value.log is not None:
        from equipoise.cluster.event_reading import event_source
        from equipoise.cluster.experiencing import experience_on

        rows = event_source(spark, workspace.folder, experience.value.log)
        if rows is not None:
            return experience_on(rows, experience.value, applications, steps, where=experience.span)
    with steps.step("Reading the event log"):
        log = event_log(workspace, experience)
    return fit_experience(
        experience.value,
        None if log is None else log.events,
        None if log is None else log.cases,
        applications,
        steps,
        where=experience.span,
    )


def event_log(workspace: Workspace, experience: Loaded[ExperienceDocument]) -> EventLog | None:
    """The log that experience.yaml names, None where it names none. Raises BadInput."""
    section = experience.value.log
    if section is None:
        return None
    named: dict[str, Any] = {str(part): column for part, column in section.columns.items()}
    return read_event_log(workspace.folder / section.path, **named)


def _save(
    build: Path,
    fitted: RiskFit,
    journey: ExperienceFit,
    checked: Checked,
    population: pl.DataFrame,
) -> None:
    fitted.save(build / RISK_FOLDER)
    journey.save(build / EXPERIENCE_FILE)
    checked.write_rejects(build / REJECTS)
    with replacing(build / POPULATION) as temporary:
        population.write_parquet(temporary)
