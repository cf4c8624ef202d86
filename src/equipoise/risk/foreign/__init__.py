"""Models that other programs wrote, read from their text into our own card, trees and sums.

A reader is a module of this package with one function,

    read(raw: bytes) -> ForeignModel

which is pure: it touches no file, no network and no pickle, is bounded (`MAX_TREES` and the like),
and raises BadInput that names what it cannot read exactly and says how to mend it; the file's name
is added by the caller. `recognising.format_of` tells the format by the content.

What a reader returns is one of three:

- `Card`: points by attribute, as our own `Numeric` and `Categorical` characteristics, under the
  foreign names. Numeric bins are [edge, next edge) in float64; a program whose bins are (low, high]
  gives the edge `math.nextafter(high, inf)`. `Attribute.points` None refuses: a value in that bin
  gets no score (a gap between bins, a value outside the first or last). `missing` and `other` None
  refuse likewise. Make attributes with `attribute`; points are put on the grid of 2**-20 there.
- `TreeSum`: trees end to end (`equipoise.risk.trees.Trees`, LightGBM's decision types, see there),
  summed in tree order from `start` in the named precision. With float32 each input is rounded to
  float32 before it is compared, and so is every partial sum; a threshold stays a float64 that means
  the same comparison `<=` (for XGBoost's `<`, the float32 below). What is added last is a tree that
  is one leaf. A leaf of NaN refuses to score. A categorical input is the place of the text in
  `ForeignFeature.categories`, NaN for any other text and for a missing one; a categorical split
  sends NaN right, unless it carries `trees.NAN_BY_DEFAULT`.
- `Linear`: an intercept and terms, added from left to right in float64.

`output` says what the sum is of: the log-odds or the probability of `event`, or points. `event` is
the class as the file names it, None where it does not say; whether it is the bad one is never
guessed: risk.yaml says it (`predicts`). A card's `scaling` is what the file itself says of its
points, else None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Literal

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.risk.characteristic import Attribute, Characteristic, on_grid

if TYPE_CHECKING:
    from equipoise.risk.scorecard import Scaling
    from equipoise.risk.trees import Trees

Output = Literal["log_odds", "probability", "points"]
Precision = Literal["float32", "float64"]

MAX_BYTES = 200_000_000
MAX_TREES = 20_000
MAX_NODES = 2_000_000
MAX_DEPTH = 500
MAX_FEATURES = 5_000
MAX_ATTRIBUTES = 20_000


@dataclass(frozen=True, slots=True)
class ForeignFeature:
    """An input by its foreign name: a number, or a text among `categories` (a card's may be ())."""

    name: str
    kind: Literal["number", "category"] = "number"
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """Points by attribute; `scaling` where the file itself says what points mean."""

    characteristics: tuple[Characteristic, ...]
    base_points: float = 0.0
    scaling: Scaling | None = None


@dataclass(frozen=True, slots=True)
class TreeSum:
    """Trees summed from `start`; inputs are `ForeignModel.features`, in that order.

    `covers` (leaves,) is how much of the training data reached each leaf, as the file counts it;
    empty where it does not. The output is `slope` x (sum / `divisor`): LightGBM's `sigmoid`, and
    the number of trees of a forest that averages them. The probability of float32 log-odds is
    `equipoise.risk.single.sigmoid32` of them, as XGBoost rounds it.
    """

    trees: Trees
    covers: FloatArray = field(default_factory=lambda: np.ones(0))
    start: float = 0.0
    divisor: int = 1
    slope: float = 1.0
    precision: Precision = "float64"


@dataclass(frozen=True, slots=True)
class Term:
    """`coefficient` x (value - `centre`) / `scale`, or a text's own `coefficients`.

    A missing value counts as `missing`, before centring, or is refused where that is None; for a
    text `missing` is what the term comes to. `other` is what the term comes to for a text that
    `coefficients` does not name; None refuses it.
    """

    name: str
    coefficient: float = 0.0
    centre: float = 0.0
    scale: float = 1.0
    coefficients: Mapping[str, float] | None = None
    missing: float | None = None
    other: float | None = None


@dataclass(frozen=True, slots=True)
class Linear:
    """`intercept` and then the terms, added from left to right."""

    intercept: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ForeignModel:
    """What a reader returns. `format` is what a person would call the file; `notes` are shown."""

    format: str
    model: Card | TreeSum | Linear
    features: tuple[ForeignFeature, ...]
    output: Output
    event: str | None = None
    notes: tuple[str, ...] = ()


def attribute(label: str, points: float | None) -> Attribute:
    """A bin of a foreign card; None refuses to score what falls into it."""
    return Attribute(label, 0.0, None if points is None else on_grid(points))


READERS = {
    "scorecard": "card_table",
    "logistic": "logistic_json",
    "lightgbm": "lightgbm_text",
    "xgboost": "xgboost_model",
    "pmml": "pmml",
    "optbinning": "optbinning_table",
}


def read_model(raw: bytes, format: str) -> ForeignModel:  # noqa: A002 - risk.yaml's own word
    """Read a model file of a named format, see `READERS`. Raises BadInput."""
    if len(raw) > MAX_BYTES:
        raise BadInput(
            f"the model file has {len(raw):,} bytes, more than {MAX_BYTES:,}",
            mend="save fewer trees, or leave out what is not needed to score",
        )
    module = import_module(f"{__name__}.{READERS[format]}")
    read: ForeignModel = module.read(raw)
    return read
