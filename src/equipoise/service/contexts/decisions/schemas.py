"""The shapes of what is sent and answered about decisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import StrictFloat, StrictInt, StrictStr, StringConstraints, WrapValidator

from equipoise.service.contexts.decisions.outcomes import Outcome
from equipoise.service.platform.api.bodies import Day, Refusing
from equipoise.service.platform.api.paging import MOST
from equipoise.service.platform.api.short_text import Place

_LANGUAGE = r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$"
MOST_AT_ONCE = 1000  # applications in one request
Answer = Literal["approve", "counter_offer", "refer", "decline", "ask_for_more"]
Value = StrictStr | StrictInt | StrictFloat
Area = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]
Language = Annotated[str, StringConstraints(max_length=20, pattern=_LANGUAGE)]
StrategyName = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00]*$")]


class DecisionIn(Refusing):
    """An application to decide.

    `application` holds the contract's fields by name, null where a fact is not known, and under
    `checks` the results that are in. In flight (asked for more, referred, or with conditions open)
    what is left out is what was sent before. `strategy` may be left out where one only is in force;
    with a test key it may be a version's digest. `language` (as `zh` or `pt-BR`) is the one in
    which the applicant is spoken to from now on, where the strategy speaks it.
    """

    application: dict[str, Any] = Field(max_length=2000)
    strategy: StrategyName = ""
    branch: Place = ""
    region: Place = ""
    language: Language = ""


class ApplicationOfMany(DecisionIn):
    """One of many applications, under an Idempotency-Key of its own: the same as if it were sent
    alone, and answered alike when it is sent again, alone or among others."""

    idempotency_key: str = Field(max_length=200, examples=["5f0c1a9e-order-1"])


# Each is read by itself: what is wrong with one is told of that one.
_ReadLater = Annotated[ApplicationOfMany, WrapValidator(lambda value, _read: value)]


class ManyIn(Refusing):
    """Up to 1,000 applications, each with its key."""

    applications: list[_ReadLater] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ChecksIn(Refusing):
    """Results of checks by name. What is not here stays as it is known; a result that was there
    is replaced."""

    checks: dict[StrategyName, Literal["passed", "stopped"]] = Field(
        min_length=1, max_length=100, examples=[{"income_proof": "passed"}]
    )


class OfferOut(Schema):
    """Terms offered: `apr` as a fraction a year, money in the contract's currency."""

    treatment: str
    apr: float
    amount: float
    months: float
    instalment: float


class ConditionOut(Schema):
    """A check that is still owed: its label, and what is needed from the applicant, in words by
    language."""

    name: str
    label: dict[str, str]
    need: dict[str, str]


class DecisionOut(Schema):
    """A decision. With `conditions` an approval or a counter-offer stands only once each of these
    checks is passed: pay out nothing before. Of an `ask_for_more` they are the checks still owed;
    `next_check` is wanted now. `authority` is who must sign, `system` where nobody needs to;
    `application` stays the same while checks come in; `digest` is the sealed strategy's SHA-256.
    `extra` is what stood beside the contract's fields, where it keeps that. Where there are any, it
    and `offers` are null to readers without the right to personal facts, and to all once erased.
    `test`: it was asked with a test key, and is recorded nowhere."""

    id: str
    application: str
    outcome: Answer
    grade: str | None
    reasons: list[str]
    offers: list[OfferOut] | None
    journey: str | None
    conditions: list[ConditionOut]
    authority: str | None
    signatures: int
    next_check: str | None
    strategy: str
    digest: str
    decided_on: date
    made_at: datetime
    extra: dict[str, Any] | None
    test: bool


class AnswerOfMany(Schema):
    """What one application is answered: the status it would have alone, and with 201 its decision,
    else the problem (RFC 9457)."""

    status: int
    decision: DecisionOut | None = None
    problem: dict[str, Any] | None = None


class ManyOut(Schema):
    """The answers, in the order of the applications."""

    answers: list[AnswerOfMany]


class Difference(Schema):
    """A place at which the decision made again differs; null and null to readers without the right
    to personal facts."""

    at: str
    then: Any
    now: Any


class ReplayOut(Schema):
    """The decision made again by the strategy, the facts and the day of then."""

    id: str
    identical: bool
    differences: list[Difference]


class ChangeOut(Schema):
    """One fact changed, and in how many days that can be; `said` in each language."""

    field: str
    start: Any = Field(alias="from")
    to: Any
    steps: int
    days: float
    said: dict[str, str]


class WayOut(Schema):
    """Changes that turn the answer. `valid_until` is the last day on which that was looked at."""

    kind: Literal["counter_offer", "recourse"]
    changes: list[ChangeOut]
    outcome: str
    offers: list[OfferOut]
    conditions: list[ConditionOut]
    days: float
    effort: float
    valid_until: date


class RecourseOut(Schema):
    """Ways to a better answer, easiest first; each was decided by the whole strategy."""

    id: str
    ways: list[WayOut]


class CustomerWords(Schema):
    """The decision told to the customer: `text` is all of it. `whole` is false where the terms
    offered are left out, as the reader may not read personal facts."""

    id: str
    language: str
    headline: str
    conditions: list[str]
    offers: list[str]
    reasons: list[str]
    rights: str
    text: str
    whole: bool


class UnderwriterWords(Schema):
    """The decision told to the underwriter, the answer first."""

    id: str
    lines: list[str]


class AuditorTrace(Schema):
    """The decision's whole trace as a tree of steps."""

    id: str
    trace: dict[str, Any]


class Filters(Schema):
    """Which decisions: those of an application (its id here), with an outcome, by a strategy, by
    one version of it, by the champion or a challenger, and of some of the lender's days."""

    application: Area = ""
    outcome: Answer | None = None
    strategy: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00]*$")] = ""
    digest: Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9a-f]*$")] = ""
    way: Literal["champion", "challenger"] | None = None
    decided_from: Day | None = None
    decided_to: Day | None = None


class SearchIn(Refusing, Filters):
    """Whose decisions: of whoever has this identifier, or gave these values for the contract's
    searchable fields; and, of these, which."""

    identifier: Value | None = Field(None, examples=["A-1001"])
    facts: dict[str, Value] = Field(default_factory=dict, max_length=5)
    limit: int = Field(100, ge=1, le=MOST, strict=True)
    after: str = Field("", max_length=300)


class OutcomeIn(Refusing):
    """What became of the decision, and on which of the lender's days (today unless said); money
    in the contract's currency."""

    outcome: Outcome = Field(examples=["booked"])
    on: Day | None = None
    amount: float | None = Field(None, ge=0, le=1e15, strict=True, examples=[5000.0])


class OutcomeOut(Schema):
    """An outcome as recorded; `amount` is null to readers without the right to personal facts, and
    after an erasure."""

    decision: str
    outcome: Outcome
    on: date
    amount: float | None
