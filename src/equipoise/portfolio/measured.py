"""What a book was measured to be: plain figures, ready for a page or for JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from math import isfinite
from typing import Any, get_args, get_type_hints

from equipoise.portfolio.interest_risk import GapRow
from equipoise.portfolio.limits import LimitUse


@dataclass(frozen=True, slots=True)
class Summary:
    """The book at its last month; amounts in the currency's major unit. Shares are of the exposure,
    or of open loans where the tape has no balances. A vintage's loan is bad when it is more than
    `bad_days` past due, or, where `dated`, in default by the day that is told; `vintage_months`
    months are put together as one. From one month of the tape to the next it is `step_months`."""

    as_of: str
    first_month: str
    bad_days: int
    vintage_months: int
    step_months: int
    dated: bool
    currency: str
    loans: int
    open_loans: int
    loan_months: int
    exposure: float
    late30_share: float | None
    late90_share: float | None
    has_balance: bool


@dataclass(frozen=True, slots=True)
class Bucket:
    """Loans and exposure of one state at the last month."""

    state: str
    loans: int
    exposure: float


@dataclass(frozen=True, slots=True)
class VintageRow:
    """One vintage: cumulative bad rate by month on book; None where the cell is censored.
    `ever_bad` counts those of `loans` and `entered_late` that were bad in any month of the tape."""

    vintage: str
    loans: int
    entered_late: int
    ever_bad: int
    rate: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class RollRow:
    """Net roll rates into the month from the tape's one before, bucket by bucket; None where
    nothing could roll."""

    month: str
    rates: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """Chances of moving between states within `step_months`, with intervals and counts, of so many
    `months`; and of those who begin current, step by step, the part that has come to more than 90
    days or a write-off."""

    states: tuple[str, ...]
    months: int
    step_months: int
    counts: tuple[tuple[int, ...], ...]
    chance: tuple[tuple[float, ...], ...]
    low: tuple[tuple[float, ...], ...]
    high: tuple[tuple[float, ...], ...]
    bad: tuple[float, ...]
    bad_low: tuple[float, ...]
    bad_high: tuple[float, ...]
    pd_year_generator: float


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: loans, exposure, allowance (IFRS 9), and why loans are in it."""

    stage: int
    loans: int
    exposure: float
    allowance: float
    reasons: dict[str, int]


@dataclass(frozen=True, slots=True)
class OverlayUse:
    """A registered overlay: what it adds to the allowance; nothing once it has expired."""

    id: str
    owner: str
    reason: str
    until: str
    applied: bool
    added: float


@dataclass(frozen=True, slots=True)
class LossesMeasured:
    """Allowances: by stage, by scenario (without overlays), and the whole life (CECL)."""

    stages: tuple[StageRow, ...]
    scenarios: dict[str, float]
    overlays: tuple[OverlayUse, ...]
    allowance: float
    lifetime: float
    unseen_buckets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CapitalMeasured:
    """Risk-weighted assets by approach, the capital they ask for, and granularity's addition."""

    irb: float
    irb_expected_loss: float
    standardised: float
    ratio: float
    granularity: float
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradeRow:
    grade: str
    loans: int
    exposure: float


@dataclass(frozen=True, slots=True)
class GradeRule:
    """A rule that asked for a grade: its id in the pack, and its condition."""

    id: str
    at_least: str
    when: str


@dataclass(frozen=True, slots=True)
class GradesMeasured:
    """The five grades by the packs' rules, and the facts that rules ask for and nobody told."""

    rows: tuple[GradeRow, ...]
    not_told: tuple[str, ...]
    rules: tuple[GradeRule, ...]


@dataclass(frozen=True, slots=True)
class ConcentrationRow:
    """How the exposure gathers in the names of one dimension."""

    by: str
    names: int
    hhi: float
    hhi_normalised: float
    effective_number: float
    gini: float
    top10: float
    largest: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Funding:
    """What funds the book: an amount that reprices so many months ahead, its rate a year, and how
    much of a move of market rates it takes on."""

    months: float
    amount: float
    rate: float
    passed_on: float


@dataclass(frozen=True, slots=True)
class InterestMeasured:
    """Interest rate risk: value and duration (years) of what loans pay, the repricing gap, and the
    change of income (within a year) and of economic value under shocks; money in major units.

    `market_yield` is the one yield that values the flows as the `curve` (years and zero rates)
    does; `funding` is what funds the book. `term_told`: the tape tells terms, so that what is
    repaid before them is known.
    """

    left_out: int
    prepayment: float
    prepayment_seen: float
    value: float
    duration: float
    modified: float
    convexity: float
    gap: tuple[GapRow, ...]
    income_up: float
    income_down: float
    values: dict[str, float]
    shocks: dict[str, float]
    market_yield: float
    curve: tuple[tuple[float, float], ...]
    funding: tuple[Funding, ...]
    term_told: bool


@dataclass(frozen=True, slots=True)
class BookMeasured:
    """Everything, with the deliveries it rests on and the faults of the data."""

    summary: Summary
    buckets: tuple[Bucket, ...]
    vintages: tuple[VintageRow, ...]
    rolls: tuple[RollRow, ...]
    roll_mean: tuple[float | None, ...]
    moves: Moves | None
    losses: LossesMeasured | None
    capital: CapitalMeasured | None
    grades: GradesMeasured | None
    concentration: tuple[ConcentrationRow, ...]
    limits: tuple[LimitUse, ...]
    interest: InterestMeasured | None
    packs: tuple[str, ...]
    cautions: tuple[dict[str, str], ...]
    deliveries: tuple[dict[str, object], ...]
    faults: tuple[dict[str, object], ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for `--json`; what is not a number is null."""
        plain: dict[str, Any] = _plain(self)
        return plain


@cache
def measured_shape() -> str:
    """What names the fields of a measured book, nested ones too: figures that were kept under
    another are another version's."""
    return hashlib.sha256(" ".join(_names(BookMeasured)).encode()).hexdigest()[:16]


def _names(kind: Any) -> Iterator[str]:
    if is_dataclass(kind):
        for name, of in get_type_hints(kind).items():
            yield name
            yield from _names(of)
    for part in get_args(kind):
        yield from _names(part)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
