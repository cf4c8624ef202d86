"""What waits for people, and what they did about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .decisions import Offer


@dataclass(frozen=True, slots=True)
class Work:
    """Something that waits for a person. `worth` sorts it; `amount` and `stake` are in minor units.
    By `due_at` a person answers; since `held_since` that stands still, as the customer has the
    ball; `last_day` is the law's. `chance` is that a person's answer is another than without one,
    drawn from `past` cases. `claimed_by` has it until `lease_until`."""

    id: str
    kind: str
    application: str
    decision: str
    about: str
    branch: str
    region: str
    strategy: str
    grade: str
    level: str
    signatures: int
    why: tuple[str, ...]
    amount: int | None
    stake: int | None
    currency: str
    opened_at: datetime
    due_at: datetime | None
    last_day: date | None
    held_since: datetime | None
    claimed_by: str
    claimed_at: datetime | None
    lease_until: datetime | None
    snoozed_until: datetime | None
    news: str
    chance: float | None
    past: int
    worth: float
    place: str
    unknown: tuple[str, ...]
    closed_at: datetime | None
    closed: str


@dataclass(frozen=True, slots=True)
class WorkNote:
    """What somebody said as they handed it on; None where you may not read it."""

    what: str
    by: str
    at: datetime
    words: str | None


@dataclass(frozen=True, slots=True)
class WorkInFull(Work):
    """The same with what was said about it."""

    notes: tuple[WorkNote, ...]


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much waits: all that is shown, by kind, yours, nobody's, overdue, held by the customer,
    and put off."""

    shown: int
    kinds: Mapping[str, int]
    mine: int
    free: int
    overdue: int
    held: int
    snoozed: int


@dataclass(frozen=True, slots=True)
class TermEnds:
    """How far one of the terms goes."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the terms of a yes go."""

    amount: TermEnds
    months: TermEnds
    apr: TermEnds


@dataclass(frozen=True, slots=True)
class SignedWords:
    """What somebody did about the decision, and why in their words."""

    what: str
    by: str
    at: datetime
    answer: str
    reasons: tuple[str, ...]
    level: str
    words: str
    offer: Offer | None
    waived: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RulingSoFar:
    """What was answered so far, and by whom."""

    state: str
    answer: str
    reasons: tuple[str, ...]
    officers: tuple[str, ...]
    passed_by: str
    level: str
    signatures: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Deciding:
    """How you may decide it: `refusal` says why you may not, empty where you may; `waits` is what
    was answered so far."""

    decision: str
    left: bool
    last: bool
    level: str | None
    signatures: int
    able: tuple[str, ...]
    refusal: str
    limits: Limits | None
    reasons: tuple[str, ...]
    overrides: Mapping[str, str]
    waits: RulingSoFar | None
    said: tuple[SignedWords, ...]
    owed: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What terms mean: the strategy's verdict, their value, and who has to sign."""

    offer: Offer
    verdict: str
    grade: str | None
    verdict_reasons: tuple[str, ...]
    measures: Mapping[str, float] | None
    level: str | None
    signatures: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's answer: `decided` once it holds; `signed` waits for another signature; where it is
    `passed` or `returned` somebody is to answer."""

    decision: str
    application: str
    state: str
    answer: str
    reasons: tuple[str, ...]
    officers: tuple[str, ...]
    passed_by: str
    level: str
    signatures: int
    waived: tuple[str, ...]
    signed_at: datetime
