"""What others may know of overrides in hindsight: the figures that are for whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from equipoise.service.contexts.hindsight.models import Against, Judged
from equipoise.service.platform.accounts.permissions import Principal, Role

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Ends",
    "Finding",
    "Group",
    "Next",
    "Review",
    "Seen",
    "Side",
    "Worth",
    "by_row",
    "review_for",
]
_EVERYBODY, _ALL = "", "all"


class Ends(msgspec.Struct, frozen=True):
    """A figure and its interval."""

    value: float
    low: float
    high: float


class Next(msgspec.Struct, frozen=True):
    """What to do: see the library's `Next`."""

    action: str
    cases: int | None = None
    pd_up_to: float | None = None


class Side(msgspec.Struct, frozen=True):
    """Granted against the strategy (`observed`) or turned away (`inferred`): see the library's
    `Approved` and `Declined`. What was not reckoned is null."""

    basis: str
    n: int
    answer: str
    known: int = 0
    bad: int = 0
    expected_rate: float | None = None
    expected_bad: float | None = None
    bad_rate: Ends | None = None
    money: Ends | None = None
    bounds: tuple[float, float] | None = None
    inferred_rate: Ends | None = None
    inferred: Ends | None = None
    breaks_even_at: float | None = None
    next: Next | None = None


class Group(msgspec.Struct, frozen=True):
    """Overrides of one reason, person or level, or all; `people` is how many overrode."""

    by: str
    name: str
    decisions: int
    overrides: int
    people: int
    approved: Side
    declined: Side


class Finding(msgspec.Struct, frozen=True):
    """Something that can be said of a reason or a person, and what to do."""

    by: str
    name: str
    direction: str
    answer: str
    figures: Side
    next: Next


class Worth(msgspec.Struct, frozen=True):
    """What a loan loses and earns, as shares of its amount, as the lender declared."""

    loss: float
    margin: float


class Review(msgspec.Struct, frozen=True):
    """What came of all overrides, as far as it is for whoever looks; `withheld` people's figures
    are not. `unread` are those of whom nothing can be read, `not_taken` loans nobody took."""

    until: date
    horizon: int
    confidence: float
    false_share: float
    least: int
    worse: float
    people: int
    withheld: int
    findings: tuple[Finding, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...]
    unread: int
    not_taken: int
    worth: Worth | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A review and since when it stands."""

    at: datetime
    review: Review


def review_for(by: Principal) -> Seen | None:
    """What is for whoever looks: a risk officer sees everybody's figures, others their own and
    what is nobody's alone. None where nobody overrode, or nothing was judged yet."""
    wanted = [_ALL] if by.role is Role.RISK_OFFICER else [by.person, _EVERYBODY]
    rows = Judged.objects.in_bulk(wanted)
    row = next((rows[each] for each in wanted if each in rows), None)
    return None if row is None else Seen(row.at, msgspec.json.decode(row.told, type=Review))


def by_row() -> pl.DataFrame:
    """Every answer of a person's against the strategy's, one row for each: decided (a date), the
    machine's answer, the person's, the reason. For a worker: it loads polars."""
    import polars as pl

    rows = Against.objects.exclude(person="").order_by("pk")
    answers = rows.values_list("on", "machine", "person", "reason").iterator(1000)
    schema = {"decided": pl.Date, **dict.fromkeys(("machine", "person", "reason"), pl.String)}
    return pl.DataFrame(list(answers), schema=schema, orient="row")
