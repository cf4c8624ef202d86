"""A lender's model in `fit`: calibrated if asked, certified, and told apart from ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from equipoise.contract import Contract
from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.document import ExternalSection, RiskDocument
from equipoise.risk.external.binding import Binder, External
from equipoise.risk.external.calibrating import calibrated, scaled_by_outcomes
from equipoise.risk.external.card_report import card_rows
from equipoise.risk.external.certifying import certified
from equipoise.risk.features import FeatureSet, Where
from equipoise.risk.level import at_level
from equipoise.risk.model import RiskModel
from equipoise.risk.scorecard import Scorecard
from equipoise.risk.table import FrameTable
from equipoise.risk.validation import auc_interval

TRAINED_ON = {
    "unknown": "whether these applications taught it is unknown (say `trained_on: elsewhere` or "
    "`these`); if they did, AUC, calibration and the curse's measure flatter it",
    "these": "these applications taught it: AUC, calibration and the curse's measure flatter it",
    "elsewhere": "it was taught on other applications: its PDs here are out of sample",
}


def bound_externals(
    document: RiskDocument,
    contract: Contract,
    features: FeatureSet,
    *,
    folder: Path | None,
    where: Where,
) -> dict[str, External]:
    """Every external model of risk.yaml as delivered, before anything is fitted."""
    bound: dict[str, External] = {}
    for at, section in enumerate(document.models):
        if not isinstance(section, ExternalSection):
            continue

        def place(*keys: str | int, at: int = at) -> Any:
            return where("models", at, *keys)

        window = document.outcome.window_months or contract.target.window_months
        binder = Binder(section, contract, features, folder or Path(), place, window)
        bound[section.name] = binder.bound()
    return bound


def fit_external(
    section: ExternalSection,
    external: External,
    frame: pl.DataFrame,
    bad: Array,
    weight: FloatArray,
    *,
    directions: Mapping[str, int],
    tendency: Quantity | None,
) -> tuple[RiskModel, RiskModel, dict[str, Any]]:
    """The model calibrated on the training rows `frame` (n,), the same at the declared level, and
    what to say of it.

    With `calibration: none` both are the model as delivered. Raises BadInput where it scores
    nobody or ranks the wrong way round, and GateRefused where it breaks a declared direction.
    """
    delivered = external.model
    _check_ranking(section, delivered, frame, bad)
    certificate = certified(delivered, directions)
    if not external.scaled and isinstance(delivered, Scorecard):
        delivered = scaled_by_outcomes(delivered, frame, bad, weight)
    raw = calibrated(delivered, section.calibration, frame, bad, weight)
    final = raw if section.calibration == "none" else _leveled(raw, frame, weight, tendency)
    entry: dict[str, Any] = {
        "kind": "external",
        "format": external.format,
        "trained_on": section.trained_on,
        "calibration_method": section.calibration,
        "n_train": int(frame.height),
        "dropped": {},
        "notes": _notes(section, external, tendency),
    }
    if certificate is not None:
        entry["monotone"] = certificate.as_dict()
    if isinstance(final, Scorecard):
        entry["characteristics"] = card_rows(final, frame, bad, weight)
    return raw, final, entry


def refit_external(
    section: ExternalSection,
    model: RiskModel,
    frame: pl.DataFrame,
    bad: Array,
    weight: FloatArray,
    *,
    tendency: Quantity | None,
) -> RiskModel:
    """The model as it stands, its calibration (if it has one) made on these rows alone."""
    if section.calibration == "none":
        return model
    return _leveled(
        calibrated(model, section.calibration, frame, bad, weight), frame, weight, tendency
    )


def _leveled(
    model: RiskModel, frame: pl.DataFrame, weight: FloatArray, tendency: Quantity | None
) -> RiskModel:
    return at_level(model, FrameTable(frame), np.arange(frame.height), weight, tendency)


def external_notes(document: RiskDocument, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a reader of the whole fit must know of the lender's own models."""
    external = {each.name for each in document.models if isinstance(each, ExternalSection)}
    notes = [
        f"{entry['name']}: {note}"
        for entry in entries
        if entry["name"] in external
        for note in (*_unscored(entry), *entry["notes"])
    ]
    columns = [
        each.column
        for each in document.models
        if isinstance(each, ExternalSection) and each.column is not None
    ]
    if columns and len(external) < len(document.models):
        listed = ", ".join(f"'{name}'" for name in columns)
        notes.append(
            f"{listed}: the lender's own score is kept from our models, unless their `features` "
            "list it"
        )
    return notes


def _unscored(entry: Mapping[str, Any]) -> list[str]:
    count = int(entry["n_unscored"])
    if not count:
        return []
    return [
        f"it refuses to score {count:,} of the test rows (a missing value, or one that no row or "
        "term of it names): such applications go to a person"
    ]


def _notes(section: ExternalSection, external: External, tendency: Quantity | None) -> list[str]:
    """The source and what was done to it in one line, then what to beware of."""
    if section.column:
        source = f"column '{section.column}' as {section.means}"
    else:
        source = f"{Path(str(section.file)).name} ({external.format})"
    if section.calibration != "none":
        done = (
            f"calibrated on the training rows ({section.calibration}), and anew in each fold; the "
            "model itself is the same in all"
        )
    elif tendency is not None:
        done = (
            f"as delivered: neither calibrated nor moved to the central tendency of "
            f"{tendency.value:.4g} (ask for `calibration: level`)"
        )
    else:
        done = (
            "as delivered, not calibrated on these outcomes (ask for it by `calibration: level`, "
            "`platt` or `isotonic`)"
        )
    return [f"{source}; {done}", TRAINED_ON[section.trained_on], *external.notes]


def _check_ranking(
    section: ExternalSection, model: RiskModel, frame: pl.DataFrame, bad: Array
) -> None:
    if not frame.height:
        return
    pd = model.pd_frame(frame).to_numpy()
    scored = np.isfinite(pd)
    flags = np.asarray(bad, dtype=bool)[scored]
    if not scored.any():
        raise BadInput(
            f"'{section.name}' gives none of the {frame.height:,} training rows a PD",
            field=section.name,
            mend=_no_score(section),
        )
    if flags.all() or not flags.any():
        return
    low, high = auc_interval(flags, pd[scored])
    if high < 0.5:
        turned = (
            "`higher_is: riskier`"
            if section.means == "score" or isinstance(model, Scorecard)
            else "`predicts: good`"
        )
        raise BadInput(
            f"'{section.name}' ranks the wrong way round: on the training rows its AUC lies "
            f"between {low:.3f} and {high:.3f}",
            field=section.name,
            mend=f"if its numbers mean the opposite, say {turned}",
        )


def _no_score(section: ExternalSection) -> str:
    if section.means == "pd":
        return "a PD lies between 0 and 1; say `unit: percent` if it is one, or what it means"
    return "compare the values it names with the data's, and units with units"
