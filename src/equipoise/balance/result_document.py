"""balance.json: a balance as it is stored and shown, versioned and read strictly.

Money is in the contract's currency; measures are totals over applicants. Axes whose measure counts
people are per 100 applicants.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from equipoise.balance.mixture import Between, Spot, between, mixed
from equipoise.documents import Document

FORMAT = 1
Totals = Mapping[str, float]  # by measure


class Axis(Document):
    """What an axis of the frontier measures."""

    measure: str
    label: str
    unit: str
    better: str


class Axes(Document):
    """Risk along x, experience along y."""

    x: Axis
    y: Axis


class Certificate(Document):
    """The recommended move's proof, and the frontier's largest gap beside it."""

    gap: float
    violation: float
    value: float
    bound: float
    frontier_gap: float
    frontier_violation: float
    sandwich: float


class Champion(Document):
    """Where today's policy stands; `assumed` are its parts that stand in no column."""

    x: float
    y: float
    measures: Totals
    assumed: tuple[str, ...]


class Move(Document):
    """A recommended policy: where it stands, the prices of its rows and its certificate."""

    x: float
    y: float
    measures: Totals
    multipliers: Mapping[str, float]
    gap: float
    violation: float
    finished: bool


class Recommended(Document):
    """The moves: at today's risk, and where one was found at today's experience."""

    chosen: Literal["same_risk", "same_experience"]
    same_risk: Move
    same_experience: Move | None = None


class FrontierPoint(Move):
    """A point of the frontier, between its bounds."""

    lower: float
    upper: float


class ShadowPrice(Document):
    """What one unit more of a limit is worth."""

    row: str
    at_most: float
    used: float
    price: float
    unit: str
    reading: str


class TreatmentCount(Document):
    """How many applicants get a treatment under both policies."""

    name: str
    label: str
    today: int
    recommended: int


class MenuEdge(Document):
    """Offers at an end of the menu: `offers` of `of` recommended ones, `today` of today's."""

    part: str
    end: Literal["lowest", "highest"]
    at: float
    offers: int
    of: int
    today: int


class SwapSet(Document):
    """Who is offered a loan under one policy and not the other, in a segment."""

    field: str
    segment: str
    both_in: int
    swapped_in: int
    swapped_out: int
    both_out: int


class CheckFriction(Document):
    """What a check buys and costs among those who meet it."""

    check: str
    applicants: float
    minutes: float
    bad_avoided: float
    bad_avoided_money: float
    bad_left: float
    bad_left_money: float
    good_lost: float
    good_lost_money: float
    cost: float
    net: float
    net_low: float
    net_high: float


class TornadoBar(Document):
    """The gain with one input at either end of its range."""

    quantity: str
    label: str
    low: float
    high: float
    unit: str
    gain_at_low: float
    gain_at_high: float
    provenance: str
    source: str


class Gain(Document):
    """What the move gains, and what is left with all inputs at their unfavourable ends."""

    central: float
    unfavourable: float
    unit: str
    survives: bool
    risk_change: float


class CurseOfChoice(Document):
    """Why the move is held to less risk than today's."""

    ratio: float | None
    upper: float | None
    tightening: float
    outcomes: int
    inputs: float
    today: float
    budget: float
    note: str


class ParityGap(Document):
    """How far two groups are apart, by policy."""

    name: str
    group: str
    measure: str
    within: float | None
    enforced: bool
    difference: Mapping[str, float]


class InputSource(Document):
    """One input with its range and where it comes from."""

    input: str
    label: str
    value: float | str | None
    unit: str
    low: float | None
    high: float | None
    provenance: str
    source: str


class Changed(Document):
    """An input that a what-if set to another value."""

    was: float | str = Field(alias="from")
    to: float


class BalanceResult(Document):
    """All that a person or a program may want to read of a balance."""

    format: Literal[1]
    workspace: str
    currency: str
    applicants: int
    seconds: float
    axes: Axes
    certificate: Certificate
    champion: Champion
    recommended: Recommended
    frontier: tuple[FrontierPoint, ...]
    shadow_prices: tuple[ShadowPrice, ...]
    treatments: tuple[TreatmentCount, ...]
    menu_edges: tuple[MenuEdge, ...]
    swap_sets: tuple[SwapSet, ...]
    friction: tuple[CheckFriction, ...]
    tornado: tuple[TornadoBar, ...]
    gain: Gain
    curse: CurseOfChoice
    parity: tuple[ParityGap, ...]
    provenance: tuple[InputSource, ...]
    measure_units: Mapping[str, str]
    measure_labels: Mapping[str, str]
    warnings: tuple[str, ...]
    versions: Mapping[str, str] = Field(default_factory=dict)
    documents: Mapping[str, str] = Field(default_factory=dict)
    set: Mapping[str, Changed] | None = None

    def place(self, point: str) -> Champion | Move:
        """`today`, `same_risk`, `same_experience`, `point N`, or `point 7.35`, a mixture of the
        points 7 and 8. Raises LookupError, ValueError."""
        if point == "today":
            return self.champion
        two = between(point)
        if two is not None:
            return self._mixture(two)
        if point.startswith("point "):
            return self.frontier[int(point.removeprefix("point ")) - 1]
        move = getattr(self.recommended, point, None)
        if not isinstance(move, Move):
            raise LookupError(point)
        return move

    def _mixture(self, two: Between) -> FrontierPoint:
        left, right = self.frontier[two.left - 1], self.frontier[two.left]
        one, other = (Spot(each.x, each.y, each.measures, each.upper) for each in (left, right))
        mixture = mixed(one, other, two.share, (self.axes.x.measure, self.axes.y.measure))
        nearer = right if two.nearer > two.left else left
        upper = max(mixture.upper, mixture.y)
        return FrontierPoint(
            x=mixture.x,
            y=mixture.y,
            measures=mixture.measures,
            multipliers=nearer.multipliers,
            gap=(upper - mixture.y) / abs(upper) if upper else 0.0,
            violation=max(left.violation, right.violation),
            finished=left.finished and right.finished,
            lower=mixture.y,
            upper=upper,
        )

    def as_dict(self) -> dict[str, Any]:
        """As balance.json holds it."""
        whole = self.model_dump(mode="json", by_alias=True)
        for part, name in ((whole, "set"), (whole["recommended"], "same_experience")):
            if part[name] is None:
                del part[name]
        return whole
