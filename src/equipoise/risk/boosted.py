"""Boosted trees: LightGBM text beside a JSON sidecar; monotone where directions are declared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.files import write_json, write_text
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.risk.columns import column_of, encode
from equipoise.risk.trees import Trees, ranked_shares

if TYPE_CHECKING:
    import polars as pl

FORMAT = "equipoise-boosted"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Boosted:
    """A fitted LightGBM model of the PD.

    `features` are in the model's order. `categories` maps each text feature to its categories;
    a category's code is its place there, any other is taken for missing and flagged (`unseen`).
    `fills` holds, for numeric features without a missing value in training, the median that stands
    in for one that comes later; that is flagged too. PD = sigmoid(shift + slope x raw log-odds).
    """

    name: str
    model_text: str
    features: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]
    fills: Mapping[str, float]
    directions: Mapping[str, int]
    slope: float = 1.0
    shift: float = 0.0
    window_months: int | None = None
    _loaded: list[Any] = field(init=False, repr=False, compare=False, default_factory=list)
    _trees: Trees = field(init=False, repr=False, compare=False)
    _codes: Mapping[str, Mapping[str, int]] = field(init=False, repr=False, compare=False)

    kind: ClassVar[str] = "boosted"

    def __post_init__(self) -> None:
        if "\naverage_output" in self.model_text:
            raise BadInput("a boosted model that averages its trees is not scored", field="model")
        codes = {name: {c: i for i, c in enumerate(each)} for name, each in self.categories.items()}
        object.__setattr__(self, "_trees", Trees.read(self.model_text))
        object.__setattr__(self, "_codes", codes)

    @property
    def _booster(self) -> Any:
        """LightGBM's own form of the model: large, and only frames and reasons need it."""
        if not self._loaded:
            self._loaded.append(_booster_of(self.model_text))
        return self._loaded[0]

    def pd(self, record: Mapping[str, Any]) -> float:
        """PD of one record over the model's window, on one thread. KeyError on a missing field."""
        raw = self._trees.raw(self._row(record))
        return float(expit(self.shift + self.slope * raw[0]))

    def unseen(self, record: Mapping[str, Any]) -> list[str]:
        """Features whose value training never saw: an unknown category, a first missing value."""
        return [
            name
            for name in self.features
            if (record[name] is None and name in self.fills)
            or (
                record[name] is not None
                and name in self._codes
                and record[name] not in self._codes[name]
            )
        ]

    def score(self, record: Mapping[str, Any]) -> tuple[float | None, float | None]:
        """No points, and the PD of one record; None where training saw no such value."""
        return None, None if self.unseen(record) else self.pd(record)

    def score_frame(self, frame: pl.DataFrame) -> tuple[FloatArray, FloatArray]:
        """No points, and the PD of each row; NaN where training saw no such value."""
        pd = self.pd_frame(frame).to_numpy()
        nothing = np.full(frame.height, np.nan)
        return nothing, np.where(self._unseen_rows(frame), np.nan, pd)

    def _unseen_rows(self, frame: pl.DataFrame) -> BoolArray:
        unseen = np.zeros(frame.height, dtype=bool)
        for name in self.features:
            column = frame[name]
            if name in self.fills:
                unseen |= column.is_null().to_numpy()
            if name in self.categories:
                known = column.is_null() | column.is_in(list(self.categories[name]))
                unseen |= ~known.to_numpy()
        return unseen

    def pd_frame(self, frame: pl.DataFrame, threads: int = 1) -> pl.Series:
        """PD of each row over the model's window (Float64)."""
        import polars as pl

        raw = self._booster.predict(self.matrix(frame), raw_score=True, num_threads=threads)
        return pl.Series("pd", expit(self.shift + self.slope * np.asarray(raw)))

    def risks(self, frame: pl.DataFrame, threads: int = 1) -> FloatArray:
        """TreeSHAP values of the log-odds of default, (rows, features); rows sum to raw - mean."""
        contributions = self._booster.predict(
            self.matrix(frame), pred_contrib=True, num_threads=threads
        )
        return np.asarray(contributions)[:, :-1] * self.slope

    def risks_of(self, record: Mapping[str, Any]) -> list[float]:
        """As `risks`, of one record (features,). KeyError on a missing field."""
        contributions = self._booster.predict(self._row(record), pred_contrib=True, num_threads=1)
        listed: list[float] = (np.asarray(contributions)[0, :-1] * self.slope).tolist()
        return listed

    def shifted(self, shift: float) -> Boosted:
        """The model with `shift` added to its log-odds of default."""
        return replace(self, shift=self.shift + shift)

    def importance(self) -> dict[str, float]:
        """Share of the total gain by feature, largest first."""
        gains = np.asarray(self._booster.feature_importance("gain"), dtype=float)
        return ranked_shares(self.features, gains)

    def matrix(self, frame: pl.DataFrame) -> FloatArray:
        """The model's input (rows, features) with codes for categories and NaN for missing."""
        reads = "the boosted model reads"
        return np.column_stack(
            [self._column(column_of(frame, name, reads)) for name in self.features]
        )

    def _column(self, column: pl.Series) -> FloatArray:
        import polars as pl

        if column.name in self._codes:
            return encode(column, self._codes[column.name])
        values = column.cast(pl.Float64)
        fill = self.fills.get(column.name)
        return (values if fill is None else values.fill_null(fill)).to_numpy()

    def _row(self, record: Mapping[str, Any]) -> FloatArray:
        return np.array([[self._number(name, record[name]) for name in self.features]])

    def _number(self, name: str, value: Any) -> float:
        if name in self._codes:
            return float(self._codes[name].get(value, np.nan))
        if value is None:
            return self.fills.get(name, np.nan)
        return float(value)

    @property
    def digest(self) -> str:
        """SHA-256 of model text and sidecar."""
        text = json.dumps(self._content(), sort_keys=True, allow_nan=False)
        return hashlib.sha256((text + "\n" + self.model_text).encode()).hexdigest()

    def _content(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "features": list(self.features),
            "categories": {name: list(each) for name, each in self.categories.items()},
            "fills": dict(self.fills),
            "directions": dict(self.directions),
            "slope": self.slope,
            "shift": self.shift,
            "window_months": self.window_months,
        }

    def sidecar(self) -> dict[str, Any]:
        """All but the model's text, as plain data with the digest of both."""
        return {**self._content(), "digest": self.digest}

    def save(self, folder: Path) -> None:
        """Write NAME.lgb.txt and its sidecar NAME.json into `folder`."""
        write_text(folder / f"{self.name}.lgb.txt", self.model_text)
        write_json(folder / f"{self.name}.json", self.sidecar())

    @staticmethod
    def load(sidecar: Path) -> Boosted:
        """Read a model back from its sidecar. BadInput when it is not one or was altered."""
        try:
            data = json.loads(sidecar.read_text(encoding="utf-8"))
            text = sidecar.with_suffix("").with_suffix(".lgb.txt").read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise BadInput(
                f"the boosted model '{sidecar.name}' cannot be read: {error}",
                mend="fit the workspace again",
            ) from error
        return Boosted.from_parts(data, text, sidecar.name)

    @staticmethod
    def from_parts(data: Mapping[str, Any], text: str, name: str = "boosted") -> Boosted:
        """A model from its sidecar's data and its text. BadInput when they were altered."""
        try:
            if data["format"] != FORMAT or data["version"] != VERSION:
                raise BadInput(f"'{name}' is not a version {VERSION} boosted model")
            model = Boosted(
                name=data["name"],
                model_text=text,
                features=tuple(data["features"]),
                categories={each: tuple(named) for each, named in data["categories"].items()},
                fills=data["fills"],
                directions=data["directions"],
                slope=data["slope"],
                shift=data["shift"],
                window_months=data["window_months"],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                f"the boosted model '{name}' cannot be read: {error}",
                mend="fit the workspace again",
            ) from error
        if model.digest != data.get("digest"):
            raise BadInput(
                f"the boosted model '{name}' does not match its digest: it was altered",
                mend="fit the workspace again",
            )
        return model


def _booster_of(text: str) -> Any:
    try:
        import lightgbm
    except ImportError:
        raise BadInput(
            "a boosted model needs lightgbm",
            mend="install equipoise with its dependencies",
        ) from None
    try:
        return lightgbm.Booster(model_str=text)
    except lightgbm.basic.LightGBMError as error:
        raise BadInput(f"the LightGBM model text cannot be read: {error}") from error
