"""One characteristic of a scorecard: its attributes, and the points of a value.

Numeric attributes are [edge, next edge); a record's value finds its own by bisection. Points lie on
a binary grid (`on_grid`), so that sums of them are exact and no order of adding can change a total.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray

if TYPE_CHECKING:
    import polars as pl

GRID = 2.0**20
FEW_EDGES = 60


def on_grid(points: float) -> float:
    """The nearest multiple of 2**-20 (a millionth of a point): totals below 2**32 are exact."""
    return round(points * GRID) / GRID


@dataclass(frozen=True, slots=True)
class Attribute:
    """One bin. `woe` is ln(share of goods / share of bads): higher is safer.

    `points` None refuses: a card written elsewhere has no score for what falls into the bin.
    """

    label: str
    woe: float
    points: float | None
    share: float = 0.0  # of the training rows
    bad_rate: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "woe": self.woe,
            "points": self.points,
            "share": self.share,
            "bad_rate": self.bad_rate,
        }


def points_or_nan(attribute: Attribute | None) -> float:
    """An attribute's points as arrays hold them: NaN where the card refuses."""
    if attribute is None or attribute.points is None:
        return np.nan
    return attribute.points


def _bins_of(values: FloatArray, edges: tuple[float, ...]) -> Array:
    """Bin of each value; counting the edges below it beats bisection where edges are few."""
    if len(edges) > FEW_EDGES:
        return np.searchsorted(np.asarray(edges), values, side="right")
    bins = np.zeros(values.size, dtype=np.int16)
    for edge in edges:
        bins += values >= edge
    return bins


@dataclass(frozen=True, slots=True)
class Numeric:
    """Attributes between `edges` (one more than edges), a missing bin and special codes.

    `missing` None means that a missing value is refused: the card gives no score.
    """

    name: str
    coefficient: float
    edges: tuple[float, ...]
    attributes: tuple[Attribute, ...]
    missing: Attribute | None
    special: tuple[tuple[float, Attribute], ...] = ()
    information_value: float = 0.0

    def __post_init__(self) -> None:
        if len(self.attributes) != len(self.edges) + 1:
            raise BadInput(f"'{self.name}' needs one attribute more than it has edges")
        if any(not low < high for low, high in zip(self.edges, self.edges[1:], strict=False)):
            raise BadInput(f"the edges of '{self.name}' do not rise")

    def all_attributes(self) -> list[Attribute]:
        """Every attribute, in the order a table shows them: bins, special codes, missing."""
        tail = [self.missing] if self.missing else []
        return [*self.attributes, *(attribute for _, attribute in self.special), *tail]

    def finder(self) -> Callable[[Any], float | None]:
        """A function from one value to its points; None where the card refuses."""
        edges = list(self.edges)
        points = [attribute.points for attribute in self.attributes]
        missing = self.missing.points if self.missing else None
        special = {code: attribute.points for code, attribute in self.special}

        def find(value: Any) -> float | None:
            if value is None:
                return missing
            if value in special:
                return special[value]
            if isnan(value):  # the contract keeps NaN out, and no score is made of it here
                return None
            return points[bisect_right(edges, value)]

        return find

    def locate(self, column: pl.Series) -> Array:
        """Row by row, the position of the attribute in `points_table`."""
        import polars as pl

        values = column.cast(pl.Float64).to_numpy()
        bins = _bins_of(values, self.edges)
        for offset, (code, _) in enumerate(self.special):
            bins[values == code] = len(self.attributes) + offset
        # null arrives as NaN; a NaN that was there before is refused, not taken for missing
        lost = np.isnan(values)
        if lost.any():
            bins[lost] = len(self.attributes) + len(self.special) + 1
            bins[column.is_null().to_numpy()] -= 1
        return bins

    def points_table(self) -> FloatArray:
        """Points by position: bins, special codes, missing, refused (NaN)."""
        bins = map(points_or_nan, self.attributes)
        special = (points_or_nan(attribute) for _, attribute in self.special)
        return np.array([*bins, *special, points_or_nan(self.missing), np.nan])

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": "numeric",
            "coefficient": self.coefficient,
            "information_value": self.information_value,
            "edges": list(self.edges),
            "attributes": [attribute.as_dict() for attribute in self.attributes],
            "missing": self.missing.as_dict() if self.missing else None,
            "special": [{"code": code, **attribute.as_dict()} for code, attribute in self.special],
        }


@dataclass(frozen=True, slots=True)
class Categorical:
    """Attributes over groups of categories.

    `other` takes every category that no group names; None refuses it, and the card gives no score.
    """

    name: str
    coefficient: float
    groups: tuple[tuple[str, ...], ...]
    attributes: tuple[Attribute, ...]
    missing: Attribute | None
    other: Attribute | None
    information_value: float = 0.0
    _positions: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.attributes) != len(self.groups):
            raise BadInput(f"'{self.name}' needs one attribute for each group of categories")
        names = [name for group in self.groups for name in group]
        if len(set(names)) != len(names):
            raise BadInput(f"a category of '{self.name}' stands in two groups")
        positions = {name: at for at, group in enumerate(self.groups) for name in group}
        object.__setattr__(self, "_positions", positions)

    def all_attributes(self) -> list[Attribute]:
        """Every attribute, in the order a table shows them: groups, other, missing."""
        return [*self.attributes, *(a for a in (self.other, self.missing) if a is not None)]

    def finder(self) -> Callable[[Any], float | None]:
        """A function from one value to its points; None where the card refuses."""
        points = {name: self.attributes[at].points for name, at in self._positions.items()}
        other = self.other.points if self.other else None
        missing = self.missing.points if self.missing else None

        def find(value: Any) -> float | None:
            return missing if value is None else points.get(value, other)

        return find

    def locate(self, column: pl.Series) -> Array:
        """Row by row, the position of the attribute in `points_table`."""
        import polars as pl

        other = len(self.groups)
        texts = column.cast(pl.String)
        positions = texts.replace_strict(
            list(self._positions),
            list(self._positions.values()),
            default=other,
            return_dtype=pl.Int64,
        ).to_numpy(writable=True)
        positions[texts.is_null().to_numpy()] = other + 1
        return positions

    def points_table(self) -> FloatArray:
        """Points by position: groups, other, missing."""
        groups = map(points_or_nan, self.attributes)
        return np.array([*groups, points_or_nan(self.other), points_or_nan(self.missing)])

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": "categorical",
            "coefficient": self.coefficient,
            "information_value": self.information_value,
            "groups": [list(group) for group in self.groups],
            "attributes": [attribute.as_dict() for attribute in self.attributes],
            "missing": self.missing.as_dict() if self.missing else None,
            "other": self.other.as_dict() if self.other else None,
        }


Characteristic = Numeric | Categorical


def characteristic_from_dict(data: Mapping[str, Any]) -> Characteristic:
    """Read one characteristic back from the card's JSON."""
    shared = {
        "name": data["name"],
        "coefficient": data["coefficient"],
        "attributes": tuple(Attribute(**each) for each in data["attributes"]),
        "missing": Attribute(**data["missing"]) if data["missing"] else None,
        "information_value": data["information_value"],
    }
    if data["kind"] == "numeric":
        special = tuple(
            (each["code"], Attribute(**{k: v for k, v in each.items() if k != "code"}))
            for each in data["special"]
        )
        return Numeric(**shared, edges=tuple(data["edges"]), special=special)
    groups = tuple(tuple(group) for group in data["groups"])
    other = Attribute(**data["other"]) if data["other"] else None
    return Categorical(**shared, groups=groups, other=other)
