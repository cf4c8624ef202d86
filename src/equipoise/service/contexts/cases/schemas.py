"""Bodies and answers about overrides and rulings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from equipoise.service.contexts.cases.models import Override, Ruling, RulingState
from equipoise.service.contexts.decisions.schemas import OfferOut
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import Name, Reason


class GrantIn(Refusing):
    """Terms of a loan: money of the contract's currency, whole months, and the APR as a fraction
    a year."""

    amount: float = Field(gt=0, strict=True, examples=[8000.0])
    months: int = Field(gt=0, le=1200, strict=True, examples=[36])
    apr: float = Field(ge=0, le=10, strict=True, examples=[0.12])


class OverrideIn(Refusing):
    """A person's answer against the strategy's: `reason` is one that the strategy declares, `words`
    say why; they are sealed with the applicant's facts. A yes may name its `terms`: its applicant
    can then take that offer at once."""

    answer: Literal["approve", "decline"] = Field(examples=["decline"])
    reason: Name = Field(examples=["INCOME"])
    words: Reason = Field(examples=["The contract of employment was read, and is permanent."])
    terms: GrantIn | None = Field(None, examples=[None])


class OverrideOut(Schema):
    """What was signed so far; it holds once it is `complete`."""

    decision: str
    answer: str
    reason: str
    officers: list[str]
    level: str
    signatures: int
    complete: bool
    signed_at: datetime


def override_out(row: Override) -> dict[str, object]:
    """The row as it is answered."""
    return {name: getattr(row, name) for name in OverrideOut.model_fields}


class RulingIn(Refusing):
    """A person's answer where the strategy left it to one: a yes with its `terms`, or a no;
    `reasons` say, as codes of the strategy's texts, what the applicant is told of a no, and of
    terms that are other than they asked for. `words` say why to colleagues; they are sealed with
    the applicant's facts. Of checks that are still owed a yes waits for all, until each is met:
    but for those that are `waived`, by name, each with why."""

    answer: Literal["approve", "decline"] = Field(examples=["decline"])
    words: Reason = Field(examples=["The account statements show another loan."])
    terms: GrantIn | None = Field(None, examples=[None])
    reasons: Annotated[list[Name], Field(max_length=4)] = Field([], examples=[["STRAINED"]])
    waived: Annotated[dict[Name, Reason], Field(max_length=20)] = Field({}, examples=[{}])


class GivingBackIn(Refusing):
    """Why what waits for a signature gets none; the words are sealed."""

    words: Reason = Field(examples=["The payslips are of another employer; please ask again."])


class RulingOut(Schema):
    """What was answered so far. It is `passed` on by somebody without the authority, `signed` and
    waiting for more, `returned` to be answered anew, or `decided`: then it holds."""

    decision: str
    application: str
    state: RulingState
    answer: str
    reasons: list[str]
    officers: list[str]
    passed_by: str
    level: str
    signatures: int
    waived: list[str]
    signed_at: datetime


class SettlingIn(Refusing):
    """How one saw that a condition is met, or why it is not needed; the words are sealed."""

    words: Reason = Field(examples=["The payslips of three months were read."])


class ByPersonOut(Schema):
    """A person's answer that holds in place of the decision's: by which `reasons`, in codes, and
    the `offer` of a yes (null: none, or not for this reader). It is `against` the strategy where
    that had given an answer of its own. The offer can be taken until `stands_until`, a day of the
    lender's (null: no fact that it was made by grows old). `unmet` are the checks that it waits
    for: nothing is signed before."""

    decision: str
    application: str
    answer: str
    reasons: list[str]
    against: bool
    at: datetime
    offer: OfferOut | None
    stands_until: date | None
    unmet: list[str]


class TermEndsOut(Schema):
    """How far one of the terms goes."""

    least: float
    most: float


class LimitsOut(Schema):
    """How far the terms of a yes go."""

    amount: TermEndsOut
    months: TermEndsOut
    apr: TermEndsOut


class SignedWordsOut(Schema):
    """What somebody did about the decision, and why in their words."""

    what: str
    by: str
    at: datetime
    answer: str
    reasons: list[str]
    level: str
    words: str
    offer: OfferOut | None
    waived: dict[str, str]


class DecidingOut(Schema):
    """How the decision may be answered by a person: `left` to one by the strategy, or else only
    overridden; whether it is the application's `last`. `level` and `signatures` are needed for what
    is at stake (null: nobody has authority), `able` who may sign next, and `refusal` why you may
    not (empty: you may). `limits` are those of a yes (null: none can be granted), `reasons` the
    codes a no may be told by, `overrides` those of overrides with what they mean; `waits` is what
    was answered so far, and `said` why. A yes waits for the checks that are still `owed`, with
    their words by language, unless it waives them."""

    decision: str
    left: bool
    last: bool
    level: str | None
    signatures: int
    able: list[str]
    refusal: str
    limits: LimitsOut | None
    reasons: list[str]
    overrides: dict[str, str]
    waits: RulingSoFarOut | None
    said: list[SignedWordsOut]
    owed: dict[str, dict[str, str]]


class RulingSoFarOut(Schema):
    """What was answered so far."""

    state: str
    answer: str
    reasons: list[str]
    officers: list[str]
    passed_by: str
    level: str
    signatures: int
    at: datetime


class WeighedOut(Schema):
    """Terms as an `offer`; the `verdict` and the `grade` that the strategy gives if they are asked
    for, with its reasons; their expected `measures` per applicant, in money of the contract's
    currency (null: it cannot tell); and who has to sign."""

    offer: OfferOut
    verdict: str
    grade: str | None
    verdict_reasons: list[str]
    measures: dict[str, float] | None
    level: str | None
    signatures: int


DecidingOut.model_rebuild()


def ruling_out(row: Ruling) -> dict[str, object]:
    """The row as it is answered."""
    return {name: getattr(row, name) for name in RulingOut.model_fields}
