"""Fit risk: from checked applications to validated models, grades, LGD and responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from equipoise.contract import Contract, forbid_protected
from equipoise.documents import Quantity
from equipoise.errors import BadInput, Span
from equipoise.numeric.arrays import Array, FloatArray, IntArray
from equipoise.progress import Progress, Silent
from equipoise.risk.accepted_only.booked import accepted_only_caution
from equipoise.risk.assessment import assess
from equipoise.risk.cautions import customer_notes, undiscerning
from equipoise.risk.compare import on_one_test_set
from equipoise.risk.directions import contradictions, direction_notes
from equipoise.risk.document import HistorySection, RiskDocument
from equipoise.risk.external.fitting import bound_externals, external_notes
from equipoise.risk.features import FeatureSet, Where, feature_set
from equipoise.risk.grades import Grades, find_grades
from equipoise.risk.grounds import learning_ground
from equipoise.risk.history import History, read_history
from equipoise.risk.maturity import MonthTable, bad_rate_by_month
from equipoise.risk.model import RiskModel
from equipoise.risk.modelling import Fitted, ModelData, fit_model
from equipoise.risk.reasons import AtCutoff, at_cutoff
from equipoise.risk.responses import pd_responses
from equipoise.risk.result import RiskFit
from equipoise.risk.table import FeatureTable, FrameTable

JUDGED_TRAINING_ROWS = 100_000
JUDGED_TEST_ROWS = 1_000_000
REFERENCE_ROWS = 20_000
DEFAULT_CUTOFF_QUANTILE = 0.8


def fit_risk(
    document: RiskDocument,
    contract: Contract,
    frame: pl.DataFrame,
    progress: Progress | None = None,
    *,
    folder: Path | None = None,
    where: Where | None = None,
    threads: int = 1,
    without_outcome: int = 0,
) -> RiskFit:
    """Fit and validate every model of risk.yaml on checked applications.

    `frame` is what the contract's check kept; rows without a known outcome (declined, young) are
    never learnt from. `folder` is where relative paths of risk.yaml start; `where` gives places
    in its file, as `Loaded.span` does. `threads` is LightGBM's. `without_outcome` counts rows that
    the check refused for want of an outcome. Raises BadInput for data that cannot be fitted and
    GateRefused where a protected field would reach a model or a monotone direction is broken.
    """
    features = checked_features(document, contract, where)
    with (progress or Silent()).step("Features"):
        table = FrameTable(features.frame(frame))
    return fit_risk_on(
        document,
        contract,
        frame,
        progress,
        features=features,
        table=table,
        folder=folder,
        where=where,
        threads=threads,
        without_outcome=without_outcome,
    )


def checked_features(
    document: RiskDocument, contract: Contract, where: Where | None = None
) -> FeatureSet:
    """`feature_set`, refused where a protected field would reach a model."""
    features = feature_set(document, contract, where)
    forbid_protected(contract, _read_by(features), "the features of risk.yaml")
    return features


def fit_risk_on(
    document: RiskDocument,
    contract: Contract,
    frame: pl.DataFrame,
    progress: Progress | None = None,
    *,
    features: FeatureSet,
    table: FeatureTable,
    folder: Path | None = None,
    where: Where | None = None,
    threads: int = 1,
    without_outcome: int = 0,
) -> RiskFit:
    """The same of features wherever they lie.

    Of the applications, `frame` may hold `fields_beside` alone; `table` has their features, row by
    row.
    """
    steps, place = progress or Silent(), where or (lambda *_: Span("risk.yaml"))
    externals = bound_externals(document, contract, features, folder=folder, where=place)
    with steps.step("Outcomes"):
        ground = learning_ground(document, contract, frame, place)
        data = ModelData(features, table, ground.outcomes, ground.split, ground.customers)
        months = _by_month(data)
    with steps.step("Losses of past loans"):
        history = _history(document, folder, place)
        tendency = _central_tendency(document, frame, history)
    fitted: dict[str, Fitted] = {}
    for section in document.models:
        with steps.step(f"Fitting {section.name}") as step:
            fitted[section.name] = fit_model(
                section,
                document,
                data,
                tendency,
                externals=externals,
                threads=threads,
                advance=step.advance,
            )
    with steps.step("Validating") as step:
        rows, judged_note = _judged_rows(data)
        used = [name for each in fitted.values() for name in each.model.features]
        judged = data.subset(rows, list(dict.fromkeys(used)))
        pds = {n: judged.table.pd(each.model) for n, each in fitted.items()}
        grades = _grades(document, judged, pds[document.used])
        entries = [_entry(each, judged, grades, pds[n]) for n, each in fitted.items()]
        cautions = [
            *accepted_only_caution(document.accepted_only, contract, frame, without_outcome),
            *undiscerning(entries, document.used),
        ]
        cutoff, note = _cutoff(document, pds[document.used][judged.train])
        references = {n: _reference(each.model, judged, cutoff) for n, each in fitted.items()}
    with steps.step("Response of default to price"):
        pd = fitted[document.used].model
        price, burden = pd_responses(document.pd_response, contract, frame, data, pd)
    return RiskFit(
        models={name: each.model for name, each in fitted.items()},
        used=document.used,
        features=features,
        types={n: t for n, t in contract.types().items() if n in _read_by(features)},
        grades=grades,
        references=references,
        concepts=document.concepts,
        window_months=data.outcomes.window_months,
        lgd=_lgd(document, history),
        lgd_by_group={each.name: each.mean for each in history.lgd_by_group} if history else {},
        lgd_group_field=_group_field(document),
        price_response=price,
        burden_response=burden,
        central_tendency=tendency,
        validation={
            "models": entries,
            "comparisons": list(_comparisons(judged, pds)),
            "outcome": data.outcomes.summary(),
            "by_month": months.as_list() if months else [],
            "history": _tables(history),
            "cautions": cautions,
            "notes": [
                *cautions,
                *_direction_notes(document, data, fitted),
                *data.split.notes,
                *data.outcomes.notes,
                *customer_notes(data.customers),
                *_month_notes(months),
                *note,
                *judged_note,
                *external_notes(document, entries),
            ],
        },
    )


def _read_by(features: FeatureSet) -> list[str]:
    return sorted({name for each in features.expressions.values() for name in each.names})


def _judged_rows(data: ModelData) -> tuple[IntArray, list[str]]:
    """All test rows, or very many of them, and enough training rows to compare them with."""
    train, test = np.flatnonzero(data.train), np.flatnonzero(data.split.test)
    taken, notes = _some_of(test, JUDGED_TEST_ROWS), []
    if taken.size < test.size:
        notes.append(f"models judged on a random {taken.size:,} of {test.size:,} test rows")
    return np.sort(np.concatenate([_some_of(train, JUDGED_TRAINING_ROWS), taken])), notes


def _some_of(rows: IntArray, most: int) -> IntArray:
    """At most so many of the rows, drawn at random, in their order."""
    if rows.size <= most:
        return rows
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))


def _history(document: RiskDocument, folder: Path | None, place: Where) -> History | None:
    if not isinstance(document.lgd, HistorySection):
        return None
    return read_history(document.lgd, folder or Path(), place)


def _lgd(document: RiskDocument, history: History | None) -> Quantity:
    if isinstance(document.lgd, Quantity):
        return document.lgd
    assert history is not None  # noqa: S101 - a history section was read
    return history.quantity()


def _group_field(document: RiskDocument) -> str | None:
    return document.lgd.group_field if isinstance(document.lgd, HistorySection) else None


def _central_tendency(
    document: RiskDocument, frame: pl.DataFrame, history: History | None
) -> Quantity | None:
    if document.central_tendency != "history":
        return document.central_tendency
    field = _group_field(document)
    if history is None or not history.default_rates or field not in frame.columns:
        raise BadInput(
            "a central tendency from history needs `group` and `group_field`",
            field="lgd.group_field",
            mend="name the file's column and the contract's field that hold the same groups",
        )
    return history.central_tendency(frame[str(field)])


def _grades(document: RiskDocument, judged: ModelData, pd: FloatArray) -> Grades:
    section = document.grades
    if section.bounds is not None:
        return Grades(section.bounds, tuple(chr(65 + at) for at in range(len(section.bounds) + 1)))
    rows = judged.train & np.isfinite(pd)
    return find_grades(
        pd[rows],
        judged.outcomes.bad[rows],
        count=section.count,
        min_share=section.min_share,
        weight=_rows(judged.outcomes.sample, rows),
    )


def _entry(each: Fitted, judged: ModelData, grades: Grades, pd: FloatArray) -> dict[str, Any]:
    as_fitted = pd if each.model is each.raw else judged.table.pd(each.raw)
    entry = assess(
        each.raw,
        judged.table.some(np.arange(judged.table.height)),
        judged.outcomes.bad,
        train=judged.train,
        test=judged.test,
        split=judged.split,
        grades=grades,
        grade=grades.of(pd),
        pd=as_fitted,
        weight=judged.outcomes.sample,
        customers=judged.customers,
    )
    entry["digest"] = each.model.digest
    scored = judged.split.test & np.isfinite(pd)
    weight = _rows(judged.outcomes.sample, scored)
    entry["mean_pd_test"] = float(np.average(pd[scored], weights=weight))
    return {**entry, **each.entry}


def _rows(values: Any, rows: Array) -> Any:
    """Some rows of an array that may be absent."""
    return None if values is None else values[rows]


def _cutoff(document: RiskDocument, pd: FloatArray) -> tuple[float, list[str]]:
    if document.cutoff is not None:
        return document.cutoff, []
    cutoff = float(np.nanquantile(pd, DEFAULT_CUTOFF_QUANTILE))
    return cutoff, [
        f"no cut-off is declared: reasons are measured against a PD of {cutoff:.4g}, which a fifth "
        "of the training rows exceed"
    ]


def _reference(model: RiskModel, judged: ModelData, cutoff: float) -> AtCutoff:
    rows = _some_of(np.flatnonzero(judged.train), REFERENCE_ROWS)
    return at_cutoff(model, judged.table.some(rows), cutoff)


def _comparisons(judged: ModelData, pds: Mapping[str, FloatArray]) -> Iterator[dict[str, Any]]:
    for first, second in combinations(pds, 2):
        rows = judged.test & np.isfinite(pds[first]) & np.isfinite(pds[second])
        comparison = on_one_test_set(
            judged.outcomes.bad[rows],
            pds[first][rows],
            pds[second][rows],
            weight=_rows(judged.outcomes.sample, rows),
            customer=_rows(judged.customers, rows),
        )
        yield {"first": first, "second": second, **comparison.as_dict()}


def _direction_notes(
    document: RiskDocument, data: ModelData, fitted: Mapping[str, Fitted]
) -> list[str]:
    named = [name for name in data.features.directions if name in data.table.columns]
    if not named:
        return []
    rows = _some_of(np.flatnonzero(data.train), JUDGED_TRAINING_ROWS)
    contradicted = contradictions(
        data.table.some(rows, named),
        data.outcomes.bad[rows],
        data.features.directions,
        special=document.special,
        weight=_rows(data.outcomes.sample, rows),
    )
    return direction_notes(
        contradicted, {name: each.model.features for name, each in fitted.items()}
    )


def _by_month(data: ModelData) -> MonthTable | None:
    months, judged = data.split.months, data.outcomes.judged
    if months is None:
        return None
    return bad_rate_by_month(data.outcomes.bad[judged], months[judged])


def _month_notes(months: MonthTable | None) -> list[str]:
    if months is None or not months.unsettled:
        return []
    return [
        f"the bad rate of {', '.join(months.unsettled)} lies below that of earlier months, as "
        "young loans' does: their outcomes may not have settled"
    ]


def _tables(history: History | None) -> dict[str, Any] | None:
    if history is None:
        return None
    return {
        "source": history.source,
        "loans": history.loans,
        "lgd": history.lgd.as_dict(),
        "lgd_by_group": [each.as_dict() for each in history.lgd_by_group],
        "groups": list(history.groups),
    }
