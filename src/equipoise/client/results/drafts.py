"""Drafts of a front end of your own, and the taking of what is offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .products import Question


@dataclass(frozen=True, slots=True)
class Answered(Question):
    """A question with what was typed, by box, and how it is read: `value`, in words `said`, or what
    the `problem` is."""

    boxes: tuple[str, ...]
    typed: Mapping[str, str]
    value: bool | int | float | str | None
    said: str
    problem: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """How an applicant is reached, and what is wrong with it."""

    email: str
    phone: str
    problem: str


@dataclass(frozen=True, slots=True)
class Consent:
    """A purpose, what is read of it in this version, whether the person agreed, and what follows
    where they take it back."""

    purpose: str
    version: int
    title: str
    text: str
    needed: bool
    agreed: bool
    without: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody types before it is an application: `questions` are those asked now, `share` of
    the way is done. Once `complete` it can be sent, with `after`."""

    id: str
    reference: str
    product: str
    language: str
    state: str
    share: float
    complete: bool
    questions: tuple[Answered, ...]
    contact: Contact
    consents: tuple[Consent, ...]
    after: str
    application: str | None
    decision: str | None
    begun_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sent application stands, in words; `turn` is you, us or nobody, and with `takeable`
    there are offers to choose from. `by_person` is what a person answered in place of the decision
    (empty: none did). `asked` is asked besides; `not_asked` was not needed."""

    decision: str
    outcome: str
    by_person: str
    turn: str
    headline: str
    needed: tuple[str, ...]
    reasons: tuple[str, ...]
    rights: str
    offers: tuple[str, ...]
    takeable: bool
    asked: tuple[str, ...]
    not_asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of a schedule, as it is written."""

    number: int
    paid: str
    interest: str
    principal: str
    left: str


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer to take: `apr` is a fraction a year; `instalment`, `paid` (all of it) and `cost` are
    as they are written; it is `current` if it was asked for last. `texts` are read before it is
    taken."""

    title: str
    amount: float
    months: int
    apr: float
    instalment: str
    paid: str
    cost: str
    recommended: bool
    current: bool
    asked_amount: float | None
    asked_months: float | None
    payments: tuple[Payment, ...]
    texts: tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class TermsBox:
    """A box in which other terms can be asked for, and how far it goes, in plain numbers; `span`
    says that in words."""

    name: str
    label: str
    text: str
    low: str
    high: str
    step: str
    span: str


@dataclass(frozen=True, slots=True)
class Offers:
    """The offers to choose from, why one of them is recommended, and the `boxes` for other terms;
    none where none can be had."""

    offers: tuple[Offered, ...]
    reason: str
    boxes: tuple[TermsBox, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the strategy says to other terms: the `offer`, to be taken as any other; or that it
    offers nothing (`refused`), or what cannot be read or lies outside the range, by box."""

    problems: Mapping[str, str]
    refused: bool
    offer: Offered | None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the way: what it is called, and whether it is done, now or ahead."""

    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, in words."""

    at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sent application has come: the `share` of the way to the answer, 0 to 1, which
    never falls; when the answer `arrives`, in words, empty for who waits for nothing; and what
    happened so far, the newest first."""

    share: float
    arrives: str
    stages: tuple[Stage, ...]
    history: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """An agreement: the `texts` that are read before it is signed, or that were."""

    state: str
    texts: tuple[str, ...]
    seen: str
    signed_at: datetime | None
    withdraw_until: date | None


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A person looks again, by `due_on` where a day is set. `outcome` is kept or overturned, empty
    until they have."""

    id: str
    state: str
    outcome: str
    asked_at: datetime
    due_on: date | None
