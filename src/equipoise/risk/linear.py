"""A sum of terms as a model of the PD: a logistic regression, or one column that holds a score."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isnan
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.risk.columns import column_of
from equipoise.risk.foreign import Term
from equipoise.risk.link import Link

if TYPE_CHECKING:
    import polars as pl

FORMAT, VERSION = "equipoise-linear", 1
Worth = Callable[[Any], float | None]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`intercept` and then the terms, added from left to right in float64; then the link.

    `delivered` is the link before calibration, `source` says which file or column it came from.
    """

    name: str
    intercept: float
    terms: tuple[Term, ...]
    link: Link
    delivered: Link
    source: Mapping[str, Any]
    window_months: int | None = None
    _worth: tuple[tuple[str, Worth], ...] = field(init=False, repr=False, compare=False)

    kind: ClassVar[str] = "linear"

    def __post_init__(self) -> None:
        worth = tuple((each.name, _worth_of(each)) for each in self.terms)
        object.__setattr__(self, "_worth", worth)

    @property
    def features(self) -> list[str]:
        """The features it reads, each once, in the order of the terms."""
        return list(dict.fromkeys(each.name for each in self.terms))

    def raw(self, record: Mapping[str, Any]) -> float | None:
        """The sum of one record; None where a term refuses. KeyError on a missing feature."""
        total = self.intercept
        for name, worth in self._worth:
            value = worth(record[name])
            if value is None:
                return None
            total += value
        return total

    def raw_frame(self, frame: pl.DataFrame) -> FloatArray:
        """The sum of each row (n,), NaN where a term refuses."""
        total = np.full(frame.height, self.intercept)
        for each in self.terms:
            total += term_values(each, _column(frame, each))
        return total

    def score(self, record: Mapping[str, Any]) -> tuple[float | None, float | None]:
        """No points, and the PD of one record."""
        return None, self.link.one(self.raw(record))

    def score_frame(self, frame: pl.DataFrame) -> tuple[FloatArray, FloatArray]:
        """No points, and the PD of each row."""
        return np.full(frame.height, np.nan), self.link.over(self.raw_frame(frame))

    def pd_frame(self, frame: pl.DataFrame) -> pl.Series:
        """PD of each row (Float64, null where refused)."""
        import polars as pl

        return pl.Series("pd", self.score_frame(frame)[1], nan_to_null=True)

    def risks_of(self, record: Mapping[str, Any]) -> list[float]:
        """What each feature adds to the log-odds of default, before calibration bends them."""
        risks = dict.fromkeys(self.features, 0.0)
        for name, worth in self._worth:
            risks[name] += (worth(record[name]) or 0.0) * self.link.slope
        return list(risks.values())

    def risks(self, frame: pl.DataFrame) -> FloatArray:
        """The same of each row, (rows, features)."""
        names = self.features
        risks = np.zeros((frame.height, len(names)))
        for each in self.terms:
            values = term_values(each, _column(frame, each)) * self.link.slope
            risks[:, names.index(each.name)] += np.where(np.isnan(values), 0.0, values)
        return risks

    def shifted(self, shift: float) -> LinearModel:
        """The model with `shift` added to its log-odds of default."""
        return replace(self, link=self.link.recalibrated(1.0, shift))

    @property
    def digest(self) -> str:
        """SHA-256 of the model's content."""
        text = json.dumps(self._content(), sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def sidecar(self) -> dict[str, Any]:
        """The model as plain data with its digest; floats survive JSON exactly."""
        return {**self._content(), "digest": self.digest}

    def _content(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "intercept": self.intercept,
            "terms": [_plain(each) for each in self.terms],
            "link": self.link.as_dict(),
            "delivered": self.delivered.as_dict(),
            "source": dict(self.source),
            "window_months": self.window_months,
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LinearModel:
        """Read a model back, exactly. BadInput when it is not one or was altered."""
        try:
            if data["format"] != FORMAT or data["version"] != VERSION:
                raise BadInput(f"this is not a version {VERSION} linear model")
            model = LinearModel(
                name=data["name"],
                intercept=data["intercept"],
                terms=tuple(Term(**each) for each in data["terms"]),
                link=Link.from_dict(data["link"]),
                delivered=Link.from_dict(data["delivered"]),
                source=data["source"],
                window_months=data["window_months"],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                f"the linear model cannot be read: {error}", mend="fit the workspace again"
            ) from error
        if model.digest != data.get("digest"):
            raise BadInput(
                "the linear model does not match its digest: it was altered",
                mend="fit the workspace again",
            )
        return model


def term_values(term: Term, column: pl.Series) -> FloatArray:
    """What a term comes to in each row (n,), NaN where it refuses."""
    import polars as pl

    missing = np.nan if term.missing is None else term.missing
    if term.coefficients is None:
        values = column.cast(pl.Float64)
        # a NaN that was there before is refused, not taken for missing
        filled = values if term.missing is None else values.fill_null(term.missing)
        return np.asarray((filled.to_numpy() - term.centre) / term.scale * term.coefficient)
    other = np.nan if term.other is None else term.other
    texts = column.cast(pl.String)
    worth: FloatArray = texts.replace_strict(
        list(term.coefficients),
        list(term.coefficients.values()),
        default=other,
        return_dtype=pl.Float64,
    ).to_numpy(writable=True)
    worth[texts.is_null().to_numpy()] = missing
    return worth


def _worth_of(term: Term) -> Worth:
    """A function from one value to what the term comes to; None where it refuses."""
    missing, other = term.missing, term.other
    if term.coefficients is not None:
        known = dict(term.coefficients)
        return lambda value: missing if value is None else known.get(value, other)
    coefficient, centre, scale = term.coefficient, term.centre, term.scale

    def worth(value: Any) -> float | None:
        if value is None:
            if missing is None:
                return None
            value = missing
        term: float = (value - centre) / scale * coefficient
        return None if isnan(term) else term

    return worth


def _column(frame: pl.DataFrame, term: Term) -> pl.Series:
    return column_of(frame, term.name, "the model reads")


def _plain(term: Term) -> dict[str, Any]:
    return {
        "name": term.name,
        "coefficient": term.coefficient,
        "centre": term.centre,
        "scale": term.scale,
        "coefficients": None if term.coefficients is None else dict(term.coefficients),
        "missing": term.missing,
        "other": term.other,
    }
