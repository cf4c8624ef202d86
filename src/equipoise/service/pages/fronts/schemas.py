"""Bodies and answers about drafts that a program holds for applicants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.contexts.drafts.reading import DraftState
from equipoise.service.contexts.drafts.schemas import QuestionOut
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import Name, Place

Typed = Annotated[str, StringConstraints(max_length=500)]


class DraftIn(Refusing):
    """For what somebody begins to apply, in which language, and how they came: one of the values of
    the contract's field `channel`, where it has one. `answers` and the `need` that were typed
    before there was a draft go along, as far as the product asks for them."""

    product: Name = Field(examples=["corner"])
    language: Place = Field("", examples=["en"])
    channel: Literal["web", "mobile", "branch", "broker", "telephone"] = Field(
        "web", examples=["web"]
    )
    answers: Mapping[str, Typed] = Field({}, examples=[{}])
    need: Place = Field("", examples=[""])


class AnswersIn(Refusing):
    """Answers as they were typed, by field: one text, or one to each of a date's boxes. All are
    kept, readable or not."""

    answers: Mapping[str, Typed | Mapping[str, Typed]] = Field(
        {}, examples=[{"on_sick_leave": "no"}]
    )


class ContactIn(Refusing):
    """How the person is reached."""

    email: Typed = Field("", examples=["ada@example.com"])
    phone: Typed = Field("", examples=[""])


class ConsentsIn(Refusing):
    """All the purposes that the person agrees to, by name; others they do not, any more."""

    purposes: list[Place] = Field([], examples=[["decision", "sources"]])


class RevocationIn(Refusing):
    """What the person does not agree to any more."""

    purpose: Name = Field(examples=["asking_back"])


class LanguageIn(Refusing):
    """In which language the person is spoken to."""

    language: Name = Field(examples=["en"])


class SendIn(Refusing):
    """Empty the first time; then what the draft says under `after`, for what was asked besides."""

    after: Place = Field("", examples=[""])


class AcceptanceIn(Refusing):
    """Which offer, by what the person `seen` of it; with its `asked_amount` and `asked_months`,
    where the offer has them."""

    seen: Typed = Field(examples=["c0ffee"])
    amount: float | None = Field(None, strict=True, examples=[None])
    months: float | None = Field(None, strict=True, examples=[None])


class SignatureIn(Refusing):
    """The name that the person typed to sign, and what they have `seen`."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = (
        Field(examples=["Ada Byron"])
    )
    seen: Typed = Field(examples=["c0ffee"])


class SecondLookIn(Refusing):
    """What the person says to the decision, if anything; sealed with their facts."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(
        "", examples=["My debts are paid."]
    )


class SecondLookOut(Schema):
    """A person looks again, by `due_on` where a day is set. `outcome` is kept or overturned, empty
    until they have."""

    id: str
    state: str
    outcome: str
    asked_at: datetime
    due_on: date | None


class PaymentOut(Schema):
    """One payment of a schedule, as it is written."""

    number: int
    paid: str
    interest: str
    principal: str
    left: str


class OfferedOut(Schema):
    """An offer to take: `apr` is a fraction a year; `instalment`, `paid` (all of it) and `cost` are
    as they are written, and `current` what was asked for last. Show `texts` beside the button, and
    send `seen` with the acceptance."""

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
    payments: list[PaymentOut]
    texts: list[str]
    seen: str


class TermsBoxOut(Schema):
    """A box in which other terms can be asked for, and how far it goes, in plain numbers; `span`
    says that in words."""

    name: str
    label: str
    text: str
    low: str
    high: str
    step: str
    span: str


class OffersOut(Schema):
    """The offers to choose from, why one of them is recommended, and the `boxes` for other terms;
    none where none can be had."""

    offers: list[OfferedOut]
    reason: str
    boxes: list[TermsBoxOut]


class TermsIn(Refusing):
    """Other terms, as they were typed; and whether that offer is `wanted`, to be the application's
    from now on, or is only tried."""

    amount: Typed = Field(examples=["7,000"])
    months: Typed = Field(examples=["36"])
    wanted: bool = Field(False, strict=True)


class TermsOut(Schema):
    """What the strategy says to other terms: the `offer`, to be taken as any other; or that it
    offers nothing (`refused`), or what cannot be read or lies outside the range, by box."""

    problems: Mapping[str, str]
    refused: bool
    offer: OfferedOut | None


class WayStageOut(Schema):
    """A stage of the way: what it is called, and whether it is done, now or ahead."""

    title: str
    state: str


class HappenedOut(Schema):
    """One thing that happened, in words."""

    at: datetime
    said: str


class ProgressOut(Schema):
    """How far a sent application has come: the `share` of the way to the answer, 0 to 1, which
    never falls; when the answer `arrives`, in words, empty for who waits for nothing; and what
    happened so far, the newest first."""

    share: float
    arrives: str
    stages: list[WayStageOut]
    history: list[HappenedOut]


class ReadingOut(Schema):
    """An agreement: what is read before it is signed, with `seen` to be sent with the signature;
    once it was signed, what was read then."""

    state: str
    texts: list[str]
    seen: str
    signed_at: datetime | None
    withdraw_until: date | None


class AnsweredOut(QuestionOut):
    """A question with what was typed, by box, and as it is read: `value` is JSON's, `said` in
    words, `problem` says what cannot be read, in the words of the pages."""

    boxes: list[str]
    typed: Mapping[str, str]
    value: bool | int | float | str | None
    said: str
    problem: str
    answered: bool


class ContactOut(Schema):
    """How the person is reached, and what is wrong with it."""

    email: str
    phone: str
    problem: str


class ConsentOut(Schema):
    """A purpose, what the person reads of it in this version, whether they agreed, and what follows
    where they take it back."""

    purpose: str
    version: int
    title: str
    text: str
    needed: bool
    agreed: bool
    without: str


class DraftOut(Schema):
    """A draft. `share` of the way is done, 0 to 1, and never falls; `questions` are those asked
    now, and once all is there it is `complete` and can be sent, with `after`."""

    id: str
    reference: str
    product: str
    language: str
    state: DraftState
    share: float
    complete: bool
    questions: list[AnsweredOut]
    contact: ContactOut
    consents: list[ConsentOut]
    after: str
    application: str | None
    decision: str | None
    begun_at: datetime
    sent_at: datetime | None


class ApplicationStandingOut(Schema):
    """Where a sent application stands, in words: whose `turn` it is (you, us, nobody), what is
    `needed`, why it is no, what is `asked` besides, and what was `not_asked` as it was not needed.
    `takeable` says that there are offers to choose from, and `by_person` what a person answered in
    place of the decision (empty: none did)."""

    decision: str
    outcome: str
    by_person: str
    turn: str
    headline: str
    needed: list[str]
    reasons: list[str]
    rights: str
    offers: list[str]
    takeable: bool
    asked: list[str]
    not_asked: list[str]
