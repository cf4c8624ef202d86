"""One decision and its trace; everything said of it is read from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import NoneType
from typing import Any, Literal

Outcome = Literal["approve", "counter_offer", "refer", "decline", "ask_for_more"]
APPROVE: Outcome = "approve"
COUNTER_OFFER: Outcome = "counter_offer"
LENT = frozenset({APPROVE, COUNTER_OFFER})  # a loan is offered
REFER: Outcome = "refer"
DECLINE: Outcome = "decline"
ASK_FOR_MORE: Outcome = "ask_for_more"
OUTCOMES: tuple[Outcome, ...] = (APPROVE, COUNTER_OFFER, REFER, DECLINE, ASK_FOR_MORE)
# a loan is offered, be it once what is asked for is in
OFFERING: tuple[Outcome, ...] = (APPROVE, COUNTER_OFFER, ASK_FOR_MORE)
MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not more: a code, and for a model's reason the concept, its feature and its weight.

    `shortfall` is in log-odds of default against an applicant at the cut-off.
    """

    code: str
    concept: str = ""
    feature: str = ""
    shortfall: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "concept": self.concept or None,
            "feature": self.feature or None,
            "shortfall": self.shortfall,
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """Terms offered: APR as a fraction a year, amounts in the contract's currency."""

    treatment: str
    apr: float
    amount: float
    months: float
    instalment: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "treatment": self.treatment,
            "apr": self.apr,
            "amount": self.amount,
            "months": self.months,
            "instalment": self.instalment,
        }


@dataclass(frozen=True, slots=True)
class Condition:
    """A check that is still owed: its `label`, and what the applicant `need`s to give, in words by
    language."""

    name: str
    label: Mapping[str, str]
    need: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "label": dict(self.label), "need": dict(self.need)}


@dataclass(frozen=True, slots=True)
class Trace:
    """How the decision came about, in the order in which it did.

    `used` holds the fields that were read, with their values; `measures` are expectations per
    applicant under the treatment, money in the contract's currency; `prices` what each priced
    limit charged for it; `propensity` the chance with which this treatment was served. Where it
    was `explored`, `runner_up` is the better one that it stood in for. `asking` is there only of
    a strategy that asks step by step: what was weighed, in money.
    """

    used: Mapping[str, Any]
    decided_on: date | None
    doubt: str | None
    features: Mapping[str, Any]
    model: str
    model_digest: str
    points: float | None
    pd: float | None
    rules: Mapping[str, bool | None]
    fired: str | None
    tier: str | None
    way: str
    treatment: str | None
    terms: Mapping[str, Any]
    net: float | None = None
    runner_up: str | None = None
    runner_up_net: float | None = None
    measures: Mapping[str, float] = field(default_factory=dict)
    prices: Mapping[str, float] = field(default_factory=dict)
    checks: Mapping[str, str] = field(default_factory=dict)
    next_check: str | None = None
    propensity: float = 1.0
    explored: bool = False
    asking: Mapping[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            name: value if type(value := getattr(self, name)) in _AS_IT_IS else _plain(value)
            for name in self.__slots__
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What is answered: outcome, grade, reasons, offers, journey, and who may say so.

    `conditions` are the checks that are still owed, in order: an approval or a counter-offer stands
    once all of them are passed, and with none it stands as it is. Of what asks for more the first
    is asked for now. `level` is who must sign (`system` where nobody needs to) and `signatures` how
    many; `digest` is the strategy's.
    """

    id: str | None
    outcome: Outcome
    grade: str | None
    reasons: tuple[Reason, ...]
    offers: tuple[Offer, ...]
    journey: str | None
    conditions: tuple[Condition, ...]
    level: str | None
    signatures: int
    digest: str
    trace: Trace

    def answer(self) -> dict[str, Any]:
        """The decision without its trace."""
        return {
            "id": self.id,
            "outcome": self.outcome,
            "grade": self.grade,
            "reasons": [reason.code for reason in self.reasons],
            "offers": [offer.as_dict() for offer in self.offers],
            "journey": self.journey,
            "conditions": [condition.as_dict() for condition in self.conditions],
            "authority": self.level,
            "signatures": self.signatures,
            "digest": self.digest,
        }

    def as_dict(self) -> dict[str, Any]:
        """The decision and its trace as plain data."""
        answer = self.answer()
        answer["reasons"] = [reason.as_dict() for reason in self.reasons]
        return {**answer, "trace": self.trace.as_dict()}


_AS_IT_IS = frozenset({str, float, int, bool, NoneType})  # told apart first: nearly all are these


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, date):
        return value.isoformat()
    if type(value) is dict or isinstance(value, Mapping):
        return _each_plain(value)
    return value


def _each_plain(values: Mapping[str, Any]) -> dict[str, Any]:
    if _AS_IT_IS.issuperset(map(type, values.values())):
        return dict(values)
    return {name: _plain(each) for name, each in values.items()}
