"""What a fit found, gathered for fit.json, the report and `fit --json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from equipoise.contract import Checked
from equipoise.documents import Nothing
from equipoise.experience import ExperienceFit
from equipoise.experience.summary import journey_summary
from equipoise.risk import RiskFit
from equipoise.risk.fit_result import (
    FORMAT,
    AnyModel,
    CardCharacteristic,
    FeatureStability,
    FitResult,
    GradeCalibration,
    GradeScale,
    GroupLoss,
    LossGivenDefault,
    Maturity,
    ModelComparison,
    Monotonicity,
    MonthMaturity,
    MonthStability,
    OutcomeCounts,
    SourcedInput,
)
from equipoise.workspace.versions import versions

YOUNG = "Months still young had less time to go bad."
_MODEL: TypeAdapter[AnyModel] = TypeAdapter(AnyModel)


def fit_summary(
    workspace: str, risk: RiskFit, experience: ExperienceFit, checked: Checked
) -> FitResult:
    """Models with their validation, LGD, maturity, experience, and the inputs."""
    validation = risk.validation
    return FitResult(
        format=FORMAT,
        workspace=workspace,
        rows=checked.rows_kept,
        refused=checked.rows_refused,
        models=tuple(_model(entry, used=risk.used) for entry in validation["models"]),
        used=risk.used,
        comparison=_comparison(validation["comparisons"]),
        lgd=_lgd(risk),
        maturity=_maturity(validation["by_month"]),
        experience=journey_summary(experience),
        provenance=_provenance(risk, experience),
        outcome=OutcomeCounts.model_validate(validation["outcome"]),
        grades=GradeScale(bounds=risk.grades.bounds, names=risk.grades.names),
        notes=(*validation["notes"], *experience.notes),
        seeds={},
        versions=versions(),
    )


def _model(entry: Mapping[str, Any], used: str) -> AnyModel:
    parts = {
        **entry,
        "used_for_pd": entry["name"] == used,
        "calibration_in_the_large": entry["calibration"],
        "calibration": [_grade(row) for row in entry["calibration_by_grade"]],
        "psi_overall": entry["psi"],
        "psi": [_month(row) for row in entry["psi_by_month"]],
        "csi": [
            FeatureStability(feature=row["feature"], csi=row["index"], bound=row["bound"])
            for row in entry["csi"]
        ],
        "monotone": _monotone(entry.get("monotone")),
        "characteristics": [_characteristic(row) for row in entry.get("characteristics", [])],
    }
    return _MODEL.validate_python(parts)


def _grade(row: Mapping[str, Any]) -> GradeCalibration:
    return GradeCalibration(
        grade=row["grade"],
        n=row["rows"],
        predicted=row["mean_pd"],
        observed=row["bad_rate"],
        low=row["low"],
        high=row["high"],
        p_value=row["p_value"],
        verdict=row["verdict"],
    )


def _month(row: Mapping[str, Any]) -> MonthStability:
    return MonthStability(
        month=row["month"],
        psi=row["index"],
        bound=row["bound"],
        n=row["rows"],
        alert=row["verdict"] != "stable",
    )


def _monotone(certificate: Mapping[str, Any] | None) -> Monotonicity | Nothing:
    if certificate is None:
        return Nothing()
    return Monotonicity(
        **certificate,
        certified=certificate["holds"],
        features=len(certificate["directions"]),
    )


def _characteristic(row: Mapping[str, Any]) -> CardCharacteristic:
    return CardCharacteristic(name=row["name"], iv=row["information_value"], bins=row["attributes"])


def _comparison(comparisons: list[Mapping[str, Any]]) -> ModelComparison | Nothing:
    if not comparisons:
        return Nothing()
    first = comparisons[0]
    return ModelComparison(
        a=first["first"],
        b=first["second"],
        p_a_better=first["better"],
        p_equal=first["equal"],
        p_b_better=first["worse"],
        rope=first["rope"],
    )


def _lgd(risk: RiskFit) -> LossGivenDefault:
    history = risk.validation["history"] or {}
    groups = history.get("lgd_by_group", [])
    return LossGivenDefault(
        **risk.lgd.model_dump(),
        by_grade=tuple(
            GroupLoss(grade=row["name"], lgd=row["mean"], n=row["loans"]) for row in groups
        ),
    )


def _maturity(months: list[Mapping[str, Any]]) -> Maturity:
    return Maturity(
        by_month=tuple(
            MonthMaturity(
                month=row["month"],
                n=row["rows"],
                bad_rate=row["bad_rate"],
                mature=row["settled"],
            )
            for row in months
        ),
        note=YOUNG,
    )


def _provenance(risk: RiskFit, experience: ExperienceFit) -> tuple[SourcedInput, ...]:
    inputs = {**risk.provenance(), **experience.quantities()}
    return tuple(
        SourcedInput(input=name, **quantity.model_dump()) for name, quantity in inputs.items()
    )
