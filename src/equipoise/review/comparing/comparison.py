"""What a comparison of two strategies found, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from equipoise.review.comparing.intervals import Change, Rate
from equipoise.strategy.engine import Strategy

CellName = Literal["in_in", "in_out", "out_in", "out_out"]
CELLS: tuple[CellName, ...] = ("in_in", "in_out", "out_in", "out_out")


@dataclass(frozen=True, slots=True)
class Cell:
    """People by who offers them a loan: first strategy, then second.

    `bad_rate` is over the `known` people whose outcome was seen, with its Wilson interval.
    `loss_a` and `loss_b` are the expected loss per amount lent under either strategy, for those it
    offers a loan; None where it offers none, or expects nothing.
    """

    name: CellName
    people: int
    share: float
    mean_pd: float | None
    known: int
    bad: int
    bad_rate: float | None
    low: float | None
    high: float | None
    loss_a: Rate | None = None
    loss_b: Rate | None = None


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """One segment's swap set, and how its share of offers changes."""

    column: str
    segment: str
    cells: tuple[Cell, ...]
    offered: Change


@dataclass(frozen=True, slots=True)
class Prices:
    """How APRs change among people to whom both strategies offer a loan; shares of the loan."""

    people: int
    dearer: int
    cheaper: int
    mean: Change
    p05: float
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two strategies on the same applicants; `changes` are by measure, second less first.

    `transitions` counts people by both outcomes; `reasons` those given each reason code; `prices`
    is the change of APR among people both strategies offer a loan.
    """

    applicants: int
    confidence: float
    cells: tuple[Cell, ...]
    transitions: dict[str, dict[str, int]]
    changes: dict[str, Change]
    segments: tuple[SegmentChange, ...]
    reasons: dict[str, dict[str, int]]
    prices: Prices | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedStrategy:
    """What a page or a file calls a strategy, and how it chooses."""

    name: str
    version: int
    choose: str
    digest: str

    @classmethod
    def of(cls, strategy: Strategy) -> NamedStrategy:
        own = strategy.content.strategy
        return cls(own.name, own.version, own.choose, strategy.digest)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as JSON holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class StrategiesCompared:
    """A comparison with the strategies' names, its file, and the currency of its money."""

    a: NamedStrategy
    b: NamedStrategy
    file: str
    currency: str
    comparison: Comparison

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as `compare --json` prints it."""
        whole = asdict(self)
        comparison: dict[str, Any] = whole.pop("comparison")
        return {**whole, **comparison}
