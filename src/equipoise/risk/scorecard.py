"""The fitted scorecard: our own JSON card, the same points in Python, in frames and in SQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.risk.characteristic import Characteristic, characteristic_from_dict
from equipoise.risk.columns import column_of
from equipoise.risk.pd_table import PdTable, tabulate

if TYPE_CHECKING:
    import polars as pl

FORMAT = "equipoise-scorecard"
VERSION = 1
_LN_2 = float(np.log(2))
FARTHEST = 40.0  # log-odds that a table of PDs is drawn to: 4e-18 and as much below 1


@dataclass(frozen=True, slots=True)
class Scaling:
    """`base_score` points mean odds of `base_odds` goods to one bad; `pdo` more double them.

    A negative `pdo` is that of a card on which fewer points are safer.
    """

    pdo: float = 20.0
    base_odds: float = 50.0
    base_score: float = 600.0

    @property
    def factor(self) -> float:
        """Points per unit of log-odds."""
        return self.pdo / _LN_2

    @property
    def offset(self) -> float:
        """Points at even odds."""
        return float(self.base_score - self.factor * np.log(self.base_odds))


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A scorecard. Higher points are safer, unless its `pdo` is negative; totals are exact sums
    on a binary grid.

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

    kind: ClassVar[str] = "scorecard"

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
            points = find(record[name])
            if points is None:
                return None
            total += points
        return total

    def pd(self, record: Mapping[str, Any]) -> float | None:
        """PD of one record over the card's window; None where the card refuses."""
        total = self.points(record)
        return None if total is None else self.pd_table.at(total)

    def score(self, record: Mapping[str, Any]) -> tuple[float | None, float | None]:
        """Points and PD of one record; None where the card refuses."""
        total = self.points(record)
        return total, None if total is None else self.pd_table.at(total)

    def score_frame(self, frame: pl.DataFrame) -> tuple[FloatArray, FloatArray]:
        """Points and PD of each row (n,), NaN where refused."""
        totals = self._totals(frame)
        return totals, self.pd_table.over(totals)

    def attribute_points(self, record: Mapping[str, Any]) -> dict[str, float | None]:
        """Points of each characteristic for one record."""
        return {name: find(record[name]) for name, find in self._finders}

    def points_frame(self, frame: pl.DataFrame) -> pl.Series:
        """Total points of each row (Float64, null where refused). BadInput on a missing column."""
        import polars as pl

        return _nulls(pl.Series("points", self._totals(frame)))

    def pd_frame(self, frame: pl.DataFrame) -> pl.Series:
        """PD of each row over the card's window (Float64, null where refused)."""
        import polars as pl

        return _nulls(pl.Series("pd", self.pd_table.over(self._totals(frame))))

    def contributions(self, frame: pl.DataFrame) -> FloatArray:
        """Points by row and characteristic, NaN where refused; (rows, characteristics)."""
        columns = [each.points_table()[each.locate(frame[each.name])] for each in self._over(frame)]
        return np.column_stack(columns) if columns else np.empty((frame.height, 0))

    def risks_of(self, record: Mapping[str, Any]) -> list[float]:
        """What each characteristic adds to the log-odds of default: its points turned round."""
        factor = self.scaling.factor
        return [-(find(record[name]) or 0.0) / factor for name, find in self._finders]

    def risks(self, frame: pl.DataFrame) -> FloatArray:
        """The same of each row, NaN where refused; (rows, characteristics)."""
        return -self.contributions(frame) / self.scaling.factor

    def recalibrated(self, *, slope: float, shift: float, method: str = "none") -> Scorecard:
        """The card with the PD's log-odds replaced by shift + slope x (the card's own log-odds).

        Points stay as they are; only the table from points to PD changes.
        """
        from scipy.special import expit

        scaling = self.scaling

        def pd_of(points: FloatArray) -> FloatArray:
            log_odds_bad = -(points - scaling.offset) / scaling.factor
            return np.asarray(expit(shift + slope * log_odds_bad))

        far = FARTHEST * abs(scaling.factor)
        low, high = np.clip(self.reach(), scaling.offset - far, scaling.offset + far).tolist()
        return replace(
            self,
            pd_table=tabulate(pd_of, low, high, scaling.pdo),
            calibration={**self._source(), "method": method, "slope": slope, "shift": shift},
        )

    def reach(self) -> tuple[float, float]:
        """The lowest and the highest total that the card can give."""
        parts = [
            [a.points for a in each.all_attributes() if a.points is not None]
            for each in self.characteristics
        ]
        low = self.base_points + sum(min(each, default=0.0) for each in parts)
        return low, self.base_points + sum(max(each, default=0.0) for each in parts)

    def shifted(self, shift: float) -> Scorecard:
        """The card with `shift` added to its log-odds of default."""
        from scipy.special import expit, logit

        if "slope" in self.calibration or not self.calibration:
            return self._moved(shift)
        pds = expit(logit(np.asarray(self.pd_table.pds)) + shift)  # a curve that no line tells
        return replace(self, pd_table=replace(self.pd_table, pds=tuple(pds.tolist())))

    def _moved(self, shift: float) -> Scorecard:
        slope = float(self.calibration.get("slope", 1.0))
        before = float(self.calibration.get("shift", 0.0))
        return self.recalibrated(slope=slope, shift=before + shift, method="central tendency")

    def _source(self) -> dict[str, Any]:
        """Where a lender's own card came from; nothing for one of ours."""
        return {key: value for key, value in self.calibration.items() if key == "source"}

    def _totals(self, frame: pl.DataFrame) -> FloatArray:
        total = np.full(frame.height, self.base_points)
        for each in self._over(frame):
            total += np.take(each.points_table(), each.locate(frame[each.name]))
        return total

    def _over(self, frame: pl.DataFrame) -> tuple[Characteristic, ...]:
        for name in self.features:
            column_of(frame, name, "the scorecard reads")
        return self.characteristics

    @property
    def digest(self) -> str:
        """SHA-256 of the card's content."""
        text = json.dumps(self._content(), sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """The card as plain data; floats survive JSON exactly."""
        return {**self._content(), "digest": self.digest}

    sidecar = as_dict

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
