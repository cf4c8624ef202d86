"""The fitted scorecard: our own JSON card, the same points in Python, in frames and in SQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from equipoise.errors import BadInput, did_you_mean
from equipoise.risk.arrays import FloatArray
from equipoise.risk.characteristic import Characteristic, characteristic_from_dict
from equipoise.risk.pd_table import PdTable

FORMAT = "equipoise-scorecard"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Scaling:
    """`base_score` points mean odds of `base_odds` goods to one bad; `pdo` more double them."""

    pdo: float = 20.0
    base_odds: float = 50.0
    base_score: float = 600.0

    @property
    def factor(self) -> float:
        """Points per unit of log-odds."""
        return float(self.pdo / np.log(2))

    @property
    def offset(self) -> float:
        """Points at even odds."""
        return float(self.base_score - self.factor * np.log(self.base_odds))


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A fitted scorecard. Higher points are safer; totals are exact sums on a binary grid.

    A total is None (null in frames, NULL in SQL) where the card refuses: a missing value or a
    category that it declares no attribute for. `slope` and `intercept_shift` record the logistic
    recalibration that went into `pd_table`; the PD itself is read from that table.
    """

    name: str
    characteristics: tuple[Characteristic, ...]
    base_points: float
    intercept: float
    scaling: Scaling
    pd_table: PdTable
    window_months: int | None = None
    calibration: Mapping[str, Any] = field(default_factory=dict)
    _finders: tuple[tuple[str, Callable[[Any], float | None]], ...] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        finders = tuple((each.name, each.finder()) for each in self.characteristics)
        object.__setattr__(self, "_finders", finders)

    @property
    def features(self) -> list[str]:
        """Names of the features the card reads, in its own order."""
        return [each.name for each in self.characteristics]

    def points(self, record: Mapping[str, Any]) -> float | None:
        """Total points of one record; None where the card refuses. KeyError on a missing field."""
        total = self.base_points
        for name, find in self._finders:
            found = find(record[name])
            if found is None:
                return None
            total += found
        return total

    def pd(self, record: Mapping[str, Any]) -> float | None:
        """PD of one record over the card's window; None where the card refuses."""
        total = self.points(record)
        return None if total is None else self.pd_table.at(total)

    def attribute_points(self, record: Mapping[str, Any]) -> dict[str, float | None]:
        """Points of each characteristic for one record."""
        return {name: find(record[name]) for name, find in self._finders}

    def points_frame(self, frame: pl.DataFrame) -> pl.Series:
        """Total points of each row (Float64, null where refused). BadInput on a missing column."""
        return _nulls(pl.Series("points", self._totals(frame)))

    def pd_frame(self, frame: pl.DataFrame) -> pl.Series:
        """PD of each row over the card's window (Float64, null where refused)."""
        return _nulls(pl.Series("pd", self.pd_table.over(self._totals(frame))))

    def contributions(self, frame: pl.DataFrame) -> FloatArray:
        """Points by row and characteristic, NaN where refused; (rows, characteristics)."""
        columns = [each.points_table()[each.locate(frame[each.name])] for each in self._over(frame)]
        return np.column_stack(columns) if columns else np.empty((frame.height, 0))

    def _totals(self, frame: pl.DataFrame) -> FloatArray:
        total = np.full(frame.height, self.base_points)
        for each in self._over(frame):
            total += np.take(each.points_table(), each.locate(frame[each.name]))
        return total

    def _over(self, frame: pl.DataFrame) -> tuple[Characteristic, ...]:
        for name in self.features:
            if name not in frame.columns:
                raise BadInput(
                    f"the frame lacks '{name}', which the scorecard reads",
                    field=name,
                    mend=did_you_mean(name, frame.columns),
                )
        return self.characteristics

    @property
    def digest(self) -> str:
        """SHA-256 of the card's content."""
        text = json.dumps(self._content(), sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """The card as plain data; floats survive JSON exactly."""
        return {**self._content(), "digest": self.digest}

    def _content(self) -> dict[str, Any]:
        table, scaling = self.pd_table, self.scaling
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "window_months": self.window_months,
            "intercept": self.intercept,
            "base_points": self.base_points,
            "scaling": {
                "pdo": scaling.pdo,
                "base_odds": scaling.base_odds,
                "base_score": scaling.base_score,
            },
            "calibration": dict(self.calibration),
            "characteristics": [each.as_dict() for each in self.characteristics],
            "pd_table": {"start": table.start, "step": table.step, "pds": list(table.pds)},
        }

    def to_json(self) -> str:
        """The card's JSON text."""
        return json.dumps(self.as_dict(), indent=1, sort_keys=True, allow_nan=False)

    @staticmethod
    def from_json(text: str) -> Scorecard:
        """Read a card back, exactly. BadInput when it is not a card or was altered."""
        try:
            data = json.loads(text)
            if data.get("format") != FORMAT or data.get("version") != VERSION:
                raise BadInput(
                    f"this is not a version {VERSION} scorecard", mend="fit the workspace again"
                )
            card = _card(data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                f"the scorecard cannot be read: {error}", mend="fit the workspace again"
            ) from error
        if card.digest != data.get("digest"):
            raise BadInput(
                "the scorecard does not match its digest: it was altered after the fit",
                mend="fit the workspace again",
            )
        return card


def _card(data: Mapping[str, Any]) -> Scorecard:
    table = data["pd_table"]
    return Scorecard(
        name=data["name"],
        characteristics=tuple(characteristic_from_dict(each) for each in data["characteristics"]),
        base_points=data["base_points"],
        intercept=data["intercept"],
        scaling=Scaling(**data["scaling"]),
        pd_table=PdTable(table["start"], table["step"], tuple(table["pds"])),
        window_months=data["window_months"],
        calibration=data["calibration"],
    )


def _nulls(column: pl.Series) -> pl.Series:
    return column.fill_nan(None)
