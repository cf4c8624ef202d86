"""What `equipoise fit` found out about risk: models, grades, LGD, responses, validation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.files import write_json, write_text
from equipoise.numeric.arrays import FloatArray
from equipoise.risk.boosted import Boosted
from equipoise.risk.features import FeatureSet, restored
from equipoise.risk.grades import Grades
from equipoise.risk.model import RiskModel, read_model
from equipoise.risk.reasons import AtCutoff, Reason, reasons

FORMAT, VERSION = "equipoise-risk", 1
INDEX = "risk.json"


@dataclass(frozen=True, slots=True)
class RiskFit:
    """Fitted risk models and what is known of them.

    `used` names the model that gives the PD. `validation` is plain data: `models` (a list),
    `comparisons`, `by_month`, `history`, `notes`. `references` holds each model's profile at the
    cut-off. `types` are the contract fields that features read.
    """

    models: Mapping[str, RiskModel]
    used: str
    features: FeatureSet
    types: Mapping[str, str]
    grades: Grades
    references: Mapping[str, AtCutoff]
    concepts: Mapping[str, str]
    window_months: int | None
    lgd: Quantity
    lgd_by_group: Mapping[str, float]
    lgd_group_field: str | None
    price_response: Quantity
    burden_response: Quantity
    central_tendency: Quantity | None
    validation: Mapping[str, Any]

    @property
    def model(self) -> RiskModel:
        """The model that gives the PD."""
        return self.models[self.used]

    def pd(self, applications: pl.DataFrame, model: str | None = None) -> FloatArray:
        """PD of each application (n,), NaN where the model refuses to score."""
        chosen = self.models[model or self.used]
        return chosen.pd_frame(self.features.frame(applications)).to_numpy()

    def pd_of(self, record: Mapping[str, Any], model: str | None = None) -> float | None:
        """PD of one application; None where the model refuses, or saw no such value in training."""
        chosen = self.models[model or self.used]
        return chosen.score(self.features.record(record))[1]

    def reasons_of(self, record: Mapping[str, Any], model: str | None = None) -> list[Reason]:
        """Reason codes of one application, measured against the cut-off; four at most."""
        name = model or self.used
        values = self.features.record(record)
        return reasons(self.models[name], values, self.references[name], self.concepts)

    def lgd_of(self, applications: pl.DataFrame) -> FloatArray:
        """LGD of each application (n,): its group's where measured by group, else the mean."""
        field = self.lgd_group_field
        if field is None or field not in applications.columns or not self.lgd_by_group:
            return np.full(applications.height, self.lgd.value)
        lgd = (
            applications[field]
            .cast(pl.String)
            .replace_strict(
                list(self.lgd_by_group),
                list(self.lgd_by_group.values()),
                default=self.lgd.value,
                return_dtype=pl.Float64,
            )
        )
        return lgd.fill_null(self.lgd.value).to_numpy()

    def provenance(self) -> dict[str, Quantity]:
        """The inputs that are numbers with a source."""
        quantities = {
            "lgd": self.lgd,
            "pd_response.price": self.price_response,
            "pd_response.burden": self.burden_response,
        }
        if self.central_tendency is not None:
            quantities["central_tendency"] = self.central_tendency
        return quantities

    def save(self, folder: Path) -> None:
        """Write the models (JSON, LightGBM text) and, last, the index risk.json into `folder`."""
        for name, model in self.models.items():
            if isinstance(model, Boosted):
                model.save(folder)
            else:
                write_text(folder / f"{name}.json", _json(model))
        write_json(folder / INDEX, self._index())

    def _index(self) -> dict[str, Any]:
        tendency = self.central_tendency
        return {
            "format": FORMAT,
            "version": VERSION,
            "models": {
                name: {"kind": model.kind, "digest": model.digest}
                for name, model in self.models.items()
            },
            "used": self.used,
            "features": self.features.texts(),
            "types": dict(self.types),
            "grades": self.grades.as_dict(),
            "references": {name: each.as_dict() for name, each in self.references.items()},
            "concepts": dict(self.concepts),
            "window_months": self.window_months,
            "lgd": self.lgd.model_dump(),
            "lgd_by_group": dict(self.lgd_by_group),
            "lgd_group_field": self.lgd_group_field,
            "price_response": self.price_response.model_dump(),
            "burden_response": self.burden_response.model_dump(),
            "central_tendency": None if tendency is None else tendency.model_dump(),
            "validation": dict(self.validation),
        }


def load_risk(folder: Path) -> RiskFit:
    """Read a saved fit back. Raises BadInput where it is missing, unreadable or altered."""
    path = folder / INDEX
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT or data["version"] != VERSION:
            raise BadInput(f"{path} is not a version {VERSION} risk fit")
        models = {name: _model(folder, name, each) for name, each in data["models"].items()}
        tendency = data["central_tendency"]
        return RiskFit(
            models=models,
            used=data["used"],
            features=restored(data["features"], data["types"]),
            types=data["types"],
            grades=Grades.from_dict(data["grades"]),
            references={n: AtCutoff.from_dict(each) for n, each in data["references"].items()},
            concepts=data["concepts"],
            window_months=data["window_months"],
            lgd=Quantity.model_validate(data["lgd"]),
            lgd_by_group=data["lgd_by_group"],
            lgd_group_field=data["lgd_group_field"],
            price_response=Quantity.model_validate(data["price_response"]),
            burden_response=Quantity.model_validate(data["burden_response"]),
            central_tendency=None if tendency is None else Quantity.model_validate(tendency),
            validation=data["validation"],
        )
    except FileNotFoundError as error:
        raise BadInput(
            f"there is no fitted risk in {folder}", mend="run `equipoise fit` first"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path} cannot be read: {error}", mend="fit the workspace again") from error


def _json(model: RiskModel) -> str:
    return json.dumps(model.sidecar(), indent=1, sort_keys=True, allow_nan=False)


def _model(folder: Path, name: str, entry: Mapping[str, Any]) -> RiskModel:
    path = folder / f"{name}.json"
    if entry["kind"] == Boosted.kind:
        model: RiskModel = Boosted.load(path)
    else:
        model = read_model(entry["kind"], json.loads(path.read_text(encoding="utf-8")))
    if model.digest != entry["digest"]:
        raise BadInput(
            f"model '{name}' is not the one this fit was validated with",
            mend="fit the workspace again",
        )
    return model
