"""What a fit found, as the report and `fit --json` tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field as Setting

from equipoise.contract import Checked
from equipoise.documents import Document
from equipoise.experience import ExperienceFit
from equipoise.experience.summary import journey_summary
from equipoise.risk import RiskFit
from equipoise.workspace.versions import versions

FORMAT = 1
YOUNG = "Months still young had less time to go bad."


class FitResult(Document):
    """fit.json: models with their validation, LGD, maturity, experience, and the inputs.

    `seeds` and `documents` are those it was made with; the parts are as the report draws them.
    """

    format: Literal[1]
    workspace: str
    rows: int
    refused: int
    models: tuple[Mapping[str, Any], ...]
    used: str
    comparison: Mapping[str, Any]
    lgd: Mapping[str, Any]
    maturity: Mapping[str, Any]
    experience: Mapping[str, Any]
    provenance: tuple[Mapping[str, Any], ...]
    outcome: Mapping[str, Any]
    grades: Mapping[str, Any]
    notes: tuple[str, ...]
    seeds: Mapping[str, int]
    versions: Mapping[str, str]
    documents: Mapping[str, str] = Setting(default_factory=dict)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """As fit.json holds it."""
        return self.model_dump()


def fit_summary(
    workspace: str, risk: RiskFit, experience: ExperienceFit, checked: Checked
) -> FitResult:
    """Plain data: models with their validation, LGD, maturity, experience, and the inputs."""
    validation = risk.validation
    parts = {
        "format": FORMAT,
        "workspace": workspace,
        "rows": checked.rows_kept,
        "refused": checked.rows_refused,
        "models": [_model(entry, used=risk.used) for entry in validation["models"]],
        "used": risk.used,
        "comparison": _comparison(validation["comparisons"]),
        "lgd": _lgd(risk),
        "maturity": _maturity(validation),
        "experience": journey_summary(experience),
        "provenance": _provenance(risk, experience),
        "outcome": validation["outcome"],
        "grades": risk.grades.as_dict(),
        "notes": [*validation["notes"], *experience.notes],
        "seeds": {},
        "versions": versions(),
    }
    return FitResult.model_validate(parts)


def _model(entry: Mapping[str, Any], used: str) -> dict[str, Any]:
    return {
        **entry,
        "used_for_pd": entry["name"] == used,
        "calibration_in_the_large": entry["calibration"],
        "calibration": [
            {
                "grade": row["grade"],
                "n": row["rows"],
                "predicted": row["mean_pd"],
                "observed": row["bad_rate"],
                "low": row["low"],
                "high": row["high"],
                "p_value": row["p_value"],
                "verdict": row["verdict"],
            }
            for row in entry["calibration_by_grade"]
        ],
        "psi_overall": entry["psi"],
        "psi": [
            {
                "month": row["month"],
                "psi": row["index"],
                "bound": row["bound"],
                "n": row["rows"],
                "alert": row["verdict"] != "stable",
            }
            for row in entry["psi_by_month"]
        ],
        "csi": [
            {"feature": row["feature"], "csi": row["index"], "bound": row["bound"]}
            for row in entry["csi"]
        ],
        "monotone": _monotone(entry.get("monotone")),
        "characteristics": [_characteristic(row) for row in entry.get("characteristics", [])],
    }


def _monotone(certificate: Mapping[str, Any] | None) -> dict[str, Any]:
    if certificate is None:
        return {}
    return {
        **certificate,
        "certified": certificate["holds"],
        "features": len(certificate["directions"]),
    }


def _characteristic(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": row["name"], "iv": row["information_value"], "bins": row["attributes"]}


def _comparison(comparisons: list[dict[str, Any]]) -> dict[str, Any]:
    if not comparisons:
        return {}
    first = comparisons[0]
    return {
        "a": first["first"],
        "b": first["second"],
        "p_a_better": first["better"],
        "p_equal": first["equal"],
        "p_b_better": first["worse"],
        "rope": first["rope"],
    }


def _lgd(risk: RiskFit) -> dict[str, Any]:
    history = risk.validation["history"] or {}
    groups = history.get("lgd_by_group", [])
    return {
        **risk.lgd.model_dump(),
        "by_grade": [
            {"grade": row["name"], "lgd": row["mean"], "n": row["loans"]} for row in groups
        ],
    }


def _maturity(validation: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "by_month": [
            {
                "month": row["month"],
                "n": row["rows"],
                "bad_rate": row["bad_rate"],
                "mature": row["settled"],
            }
            for row in validation["by_month"]
        ],
        "note": YOUNG,
    }


def _provenance(risk: RiskFit, experience: ExperienceFit) -> list[dict[str, Any]]:
    inputs = {**risk.provenance(), **experience.quantities()}
    return [{"input": name, **quantity.model_dump()} for name, quantity in inputs.items()]
