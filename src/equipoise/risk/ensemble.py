"""Trees that another program grew, as a model of the PD: scored and explained without it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.risk.columns import column_of, encode
from equipoise.risk.foreign import TreeSum
from equipoise.risk.link import Link
from equipoise.risk.tree_shap import Paths, contributions, paths_of
from equipoise.risk.trees import Trees, ranked_shares

if TYPE_CHECKING:
    import polars as pl

FORMAT, VERSION = "equipoise-trees", 1
_ARRAYS = ("splits", "leaves", "features", "kinds", "left", "right", "bounds", "words")
_FLOATS = ("thresholds", "values")


@dataclass(frozen=True)
class Ensemble:
    """A sum of trees and its link.

    `features` are in the trees' order. `categories` maps each text feature to its categories; a
    category's code is its place there, any other text goes where a missing value goes. `delivered`
    is the link before calibration, `source` says which file it came from.
    """

    name: str
    features: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    sum: TreeSum
    link: Link
    delivered: Link
    source: Mapping[str, Any]
    window_months: int | None = None

    kind: ClassVar[str] = "trees"

    def raw(self, matrix: FloatArray) -> FloatArray:
        """The trees' sum or mean (rows,) of a matrix (rows, features), as their program sums.

        NaN is missing; a sum is NaN where the trees refuse.
        """
        trees, start = self.sum.trees, self.sum.start
        single = self.sum.precision == "float32"
        total = trees.raw32(matrix, start) if single else trees.raw(matrix, start)
        return total if self.sum.divisor == 1 else total / self.sum.divisor

    def score(self, record: Mapping[str, Any]) -> tuple[float | None, float | None]:
        """No points, and the PD of one record. KeyError on a missing feature."""
        return None, self.link.one(float(self.raw(self._row(record))[0]))

    def score_frame(self, frame: pl.DataFrame) -> tuple[FloatArray, FloatArray]:
        """No points, and the PD of each row."""
        return np.full(frame.height, np.nan), self.link.over(self.raw(self.matrix(frame)))

    def pd_frame(self, frame: pl.DataFrame) -> pl.Series:
        """PD of each row (Float64, null where refused)."""
        import polars as pl

        return pl.Series("pd", self.score_frame(frame)[1], nan_to_null=True)

    def risks_of(self, record: Mapping[str, Any]) -> list[float]:
        """TreeSHAP values of one record, before calibration bends them (features,)."""
        contributions_of_row: list[float] = self._contributions(self._row(record))[0].tolist()
        return contributions_of_row

    def risks(self, frame: pl.DataFrame) -> FloatArray:
        """The same of each row, (rows, features)."""
        return self._contributions(self.matrix(frame))

    def shifted(self, shift: float) -> Ensemble:
        """The model with `shift` added to its log-odds of default."""
        return replace(self, link=self.link.recalibrated(1.0, shift))

    def importance(self) -> dict[str, float]:
        """Share of the training data that each feature's splits divide, largest first."""
        weights = np.zeros(len(self.features))
        steps = self._paths
        leaves = np.repeat(np.arange(steps.starts.size - 1), np.diff(steps.starts))
        np.add.at(weights, self.sum.trees.features[steps.nodes], self._covers[leaves])
        return ranked_shares(self.features, weights)

    def matrix(self, frame: pl.DataFrame) -> FloatArray:
        """The trees' input (rows, features) with codes for categories and NaN for missing."""
        columns = [self._column(column_of(frame, name, "the trees read")) for name in self.features]
        return np.column_stack(columns) if columns else np.empty((frame.height, 0))

    def _column(self, column: pl.Series) -> FloatArray:
        import polars as pl

        codes = self._codes.get(column.name)
        return column.cast(pl.Float64).to_numpy() if codes is None else encode(column, codes)

    @cached_property
    def _codes(self) -> dict[str, dict[str, int]]:
        return {name: {c: i for i, c in enumerate(each)} for name, each in self.categories.items()}

    @cached_property
    def _covers(self) -> FloatArray:
        covers = self.sum.covers
        return covers if covers.size else np.ones(self.sum.trees.values.size)

    @cached_property
    def _paths(self) -> Paths:
        return paths_of(self.sum.trees, self._covers)

    def _contributions(self, matrix: FloatArray) -> FloatArray:
        seen = matrix
        if self.sum.precision == "float32":
            seen = matrix.astype(np.float32).astype(np.float64)
        shap = contributions(self.sum.trees, self._paths, seen, len(self.features))
        return np.asarray(shap * (self.link.slope / self.sum.divisor))

    def _row(self, record: Mapping[str, Any]) -> FloatArray:
        return np.array([[self._number(name, record[name]) for name in self.features]])

    def _number(self, name: str, value: Any) -> float:
        if value is None:
            return np.nan
        codes = self._codes.get(name)
        return float(value) if codes is None else float(codes.get(value, np.nan))

    @property
    def digest(self) -> str:
        """SHA-256 of the model's content."""
        text = json.dumps(self._content(), sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def sidecar(self) -> dict[str, Any]:
        """The model as plain data with its digest; floats survive JSON exactly."""
        return {**self._content(), "digest": self.digest}

    def _content(self) -> dict[str, Any]:
        trees = self.sum.trees
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "features": list(self.features),
            "categories": {name: list(each) for name, each in self.categories.items()},
            "trees": {name: getattr(trees, name).tolist() for name in _ARRAYS}
            | {name: _plain(getattr(trees, name)) for name in _FLOATS},
            "covers": self.sum.covers.astype(np.float64).tolist(),
            "start": float(self.sum.start),
            "divisor": self.sum.divisor,
            "slope": float(self.sum.slope),
            "precision": self.sum.precision,
            "link": self.link.as_dict(),
            "delivered": self.delivered.as_dict(),
            "source": dict(self.source),
            "window_months": self.window_months,
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Ensemble:
        """Read a model back, exactly. BadInput when it is not one or was altered."""
        try:
            if data["format"] != FORMAT or data["version"] != VERSION:
                raise BadInput(f"these are not version {VERSION} trees")
            model = _ensemble(data)
            intact = model.digest == data.get("digest")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                f"the trees cannot be read: {error}", mend="fit the workspace again"
            ) from error
        if not intact:
            raise BadInput(
                "the trees do not match their digest: they were altered",
                mend="fit the workspace again",
            )
        return model


def _ensemble(data: Mapping[str, Any]) -> Ensemble:
    held = data["trees"]
    whole: dict[str, Any] = {name: np.array(held[name], dtype=np.int64) for name in _ARRAYS}
    floats: dict[str, Any] = {name: np.array(held[name], dtype=np.float64) for name in _FLOATS}
    trees = Trees(**whole, **floats)
    return Ensemble(
        name=data["name"],
        features=tuple(data["features"]),
        categories={name: tuple(each) for name, each in data["categories"].items()},
        sum=TreeSum(
            trees,
            covers=np.array(data["covers"], dtype=np.float64),
            start=data["start"],
            divisor=data["divisor"],
            slope=data["slope"],
            precision=data["precision"],
        ),
        link=Link.from_dict(data["link"]),
        delivered=Link.from_dict(data["delivered"]),
        source=data["source"],
        window_months=data["window_months"],
    )


def _plain(values: FloatArray) -> list[float | str | None]:
    """Floats as JSON may hold them: null for NaN, and infinite thresholds by name."""
    return [
        None if math.isnan(each) else each if math.isfinite(each) else str(each)
        for each in values.tolist()
    ]
