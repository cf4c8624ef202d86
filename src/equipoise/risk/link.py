"""From a model's raw sum to a PD: what its file says, and what calibration makes of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isnan
from typing import Any, Literal

import numpy as np
from scipy.special import expit, logit

from equipoise.numeric.arrays import FloatArray
from equipoise.risk.sigmoid import logistic, logistic_of
from equipoise.risk.single import sigmoid32

Kind = Literal["logistic", "sigmoid", "sigmoid32", "identity", "curve"]
LOGISTIC = ("logistic", "sigmoid", "sigmoid32")
_WIDEST, _KNOTS = 14.0, 281  # log-odds between which a recalibrated probability has its knots
_LEAST = 1e-12


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight lines between knots, flat beyond them. Only +, - and x: the same in every engine.

    `slopes` are those of the lines. Values outside `bounds` have no PD.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    slopes: tuple[float, ...]
    bounds: tuple[float, float] | None = None

    @classmethod
    def through(
        cls, xs: FloatArray, ys: FloatArray, bounds: tuple[float, float] | None = None
    ) -> Curve:
        """The curve through knots whose `xs` rise."""
        slopes = np.diff(ys) / np.diff(xs)
        return cls(tuple(xs.tolist()), tuple(ys.tolist()), tuple(slopes.tolist()), bounds)

    def at(self, x: float) -> float | None:
        """The value at x; None outside the bounds."""
        if self.bounds is not None and not self.bounds[0] <= x <= self.bounds[1]:
            return None
        if x <= self.xs[0]:
            return self.ys[0]
        if x >= self.xs[-1]:
            return self.ys[-1]
        k = bisect_right(self.xs, x) - 1
        return self.ys[k] + (x - self.xs[k]) * self.slopes[k]

    def over(self, x: FloatArray) -> FloatArray:
        """The values at each x; NaN outside the bounds. The same operations as `at`."""
        xs, ys, slopes = (np.asarray(part) for part in (self.xs, self.ys, self.slopes))
        known = np.where(np.isnan(x), xs[0], x)
        k = np.clip(np.searchsorted(xs, known, side="right") - 1, 0, xs.size - 2)
        inside = ys[k] + (known - xs[k]) * slopes[k]
        values = np.where(known <= xs[0], ys[0], np.where(known >= xs[-1], ys[-1], inside))
        refused = np.isnan(x)
        if self.bounds is not None:
            refused |= (known < self.bounds[0]) | (known > self.bounds[1])
        return np.where(refused, np.nan, values)


@dataclass(frozen=True, slots=True)
class Link:
    """z = shift + slope x raw, and then the PD.

    `logistic` is the portable 1 / (1 + e^-z), `sigmoid` the C library's (what LightGBM calls),
    `sigmoid32` is XGBoost's in float32; `identity` takes z for the PD and refuses what is none,
    `curve` reads it off a curve.
    """

    kind: Kind
    slope: float = 1.0
    shift: float = 0.0
    curve: Curve | None = None

    def z(self, raw: FloatArray) -> FloatArray:
        """What the PD is read from (n,)."""
        return np.asarray(self.shift + self.slope * raw)

    def one(self, raw: float | None) -> float | None:
        """The PD of one raw sum; None where there is none."""
        if raw is None or isnan(raw):
            return None
        z = self.shift + self.slope * raw
        if self.kind == "logistic":
            return logistic(z)
        if self.kind == "sigmoid":
            return float(expit(z))
        if self.kind == "sigmoid32":
            return float(sigmoid32(np.array([z]))[0])
        if self.curve is not None:
            return self.curve.at(z)
        return z if 0.0 <= z <= 1.0 else None

    def over(self, raw: FloatArray) -> FloatArray:
        """The PD of each (n,); NaN where there is none."""
        z = self.z(raw)
        if self.kind == "logistic":
            return logistic_of(z)
        if self.kind == "sigmoid":
            return np.asarray(expit(z))
        if self.kind == "sigmoid32":
            return sigmoid32(z)
        if self.curve is not None:
            return self.curve.over(z)
        return np.where((z >= 0.0) & (z <= 1.0), z, np.nan)

    def log_odds(self, raw: FloatArray) -> FloatArray:
        """Log-odds of default of each (n,), as far from 0 and 1 as 1e-12."""
        if self.kind in LOGISTIC:
            return self.z(raw)
        return np.asarray(logit(np.clip(self.over(raw), _LEAST, 1 - _LEAST)))

    def recalibrated(self, slope: float, shift: float) -> Link:
        """The link whose log-odds of default are shift + slope x this one's."""
        if self.kind in LOGISTIC:
            # what is no longer the delivered margin is no float32 either
            kind: Kind = "sigmoid" if self.kind == "sigmoid32" else self.kind
            return replace(
                self, kind=kind, slope=slope * self.slope, shift=shift + slope * self.shift
            )

        def pd_of(log_odds: FloatArray) -> FloatArray:
            return np.asarray(expit(shift + slope * log_odds))

        return self.redrawn(pd_of)

    def redrawn(self, pd_of: Callable[[FloatArray], FloatArray]) -> Link:
        """The link whose PD is a function of this one's log-odds, drawn through knots."""
        if self.curve is not None:
            ys = pd_of(logit(np.clip(np.asarray(self.curve.ys), _LEAST, 1 - _LEAST)))
            curve = Curve.through(np.asarray(self.curve.xs), ys, self.curve.bounds)
            return replace(self, curve=curve)
        grid = np.linspace(-_WIDEST, _WIDEST, _KNOTS)
        curve = Curve.through(expit(grid), pd_of(grid), (0.0, 1.0))
        return replace(self, kind="curve", curve=curve)

    def as_dict(self) -> dict[str, Any]:
        """The link as plain data; floats survive JSON exactly."""
        curve = self.curve
        return {
            "kind": self.kind,
            "slope": self.slope,
            "shift": self.shift,
            "curve": None
            if curve is None
            else {
                "xs": list(curve.xs),
                "ys": list(curve.ys),
                "slopes": list(curve.slopes),
                "bounds": None if curve.bounds is None else list(curve.bounds),
            },
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Link:
        """Read a link back."""
        drawn = data["curve"]
        if drawn is None:
            return Link(data["kind"], data["slope"], data["shift"])
        bounds = None if drawn["bounds"] is None else (drawn["bounds"][0], drawn["bounds"][1])
        curve = Curve(tuple(drawn["xs"]), tuple(drawn["ys"]), tuple(drawn["slopes"]), bounds)
        return Link(data["kind"], data["slope"], data["shift"], curve)
