"""Decisions, told to each who reads them, and what would turn them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as renamed
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Offer:
    """Terms offered."""

    treatment: str
    apr: float
    amount: float
    months: float
    instalment: float


@dataclass(frozen=True, slots=True)
class Condition:
    """A check that is still owed: its label, and what is needed from the applicant, by language."""

    name: str
    label: Mapping[str, str]
    need: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision. `outcome` is approve, counter_offer, refer, decline or ask_for_more; then
    `next_check` names the check. An approval or a counter-offer with `conditions` stands only once
    each of them is passed; see `stands`. `application` stays the same while checks come in;
    `digest` is the SHA-256 of the sealed strategy. `extra` is what stood beside the contract's
    fields, where it keeps that. Where there are any, it and `offers` are None to a key that may
    not read personal facts, and after an erasure. `test`: asked with a test key, and recorded
    nowhere."""

    id: str
    application: str
    outcome: str
    grade: str | None
    reasons: tuple[str, ...]
    offers: tuple[Offer, ...] | None
    journey: str | None
    conditions: tuple[Condition, ...]
    authority: str | None
    signatures: int
    next_check: str | None
    strategy: str
    digest: str
    decided_on: date
    made_at: datetime
    extra: Mapping[str, Any] | None
    test: bool

    @property
    def stands(self) -> bool:
        """Whether the loan may be paid out as offered: nothing is owed any more."""
        return self.outcome in ("approve", "counter_offer") and not self.conditions


@dataclass(frozen=True, slots=True)
class ByPerson:
    """A person's answer that holds in place of a decision's: approve, counter_offer or decline, by
    which reasons, in codes. It is `against` the strategy where that had given an answer of its own.
    `offer` is that of a yes: None where it has no terms, for a key that may not read personal
    facts, and after an erasure. It can be taken until `stands_until` (None: it has no end), and
    not before the checks that it waits for are met: those `unmet`."""

    decision: str
    application: str
    answer: str
    reasons: tuple[str, ...]
    against: bool
    at: datetime
    offer: Offer | None
    stands_until: date | None
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerWords:
    """The decision told to the customer; `text` is all of it. `whole` is false where the terms
    offered are left out, as the key may not read personal facts."""

    id: str
    language: str
    headline: str
    conditions: tuple[str, ...]
    offers: tuple[str, ...]
    reasons: tuple[str, ...]
    rights: str
    text: str
    whole: bool


@dataclass(frozen=True, slots=True)
class UnderwriterWords:
    """The decision told to the underwriter, the answer first."""

    id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditorTrace:
    """The decision's whole trace, a tree of steps."""

    id: str
    trace: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One fact changed, `start` to `to`, in so many days; `said` in each language."""

    field: str
    start: Any = renamed(metadata={"as": "from"})
    to: Any
    steps: int
    days: float
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that turn the answer; the whole strategy decided them. `kind` is counter_offer where
    only the loan's terms change, else recourse."""

    kind: str
    changes: tuple[Change, ...]
    outcome: str
    offers: tuple[Offer, ...]
    conditions: tuple[Condition, ...]
    days: float
    effort: float
    valid_until: date


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which the decision made again differs."""

    at: str
    then: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """The decision made again, and where it differs."""

    id: str
    identical: bool
    differences: tuple[Difference, ...]
