"""What a person may grant in place of the strategy: how far the terms go for one applicant, what
any of them are worth and what the strategy says to them; and the reasons that a no may be told by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import Any

from equipoise.errors import BadInput
from equipoise.strategy.content import Content
from equipoise.strategy.decision import REFER, Decision, Offer
from equipoise.strategy.engine import Strategy
from equipoise.strategy.offering.asked import asked_terms, changed_terms
from equipoise.strategy.offering.surplus import valued_as
from equipoise.texts.codes import CHECK_STOPPED, without_text
from equipoise.texts.currencies import decimals
from equipoise.value.compiled import Chosen
from equipoise.value.measures import MEASURES, NO_CURRENCY
from equipoise.value.schedule import major, schedule

BY_PERSON = "by_person"
"""The treatment that an offer names which a person made, and which is none of the menu."""
Ends = tuple[float, float]
_SAME = 1e-9  # of a price, as a share: nearer ones are one
_OTHER_TEXTS = ("SETTLE_", "OTHER_WAYS")


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms that a person would grant: money of the contract's currency, whole months, and the APR
    as a fraction a year."""

    amount: float
    months: float
    apr: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the terms go: an amount up to what was asked, months as the contract has them, and an
    APR from the least to the most that the prices of the lender's menu come to for this applicant.
    `asked` are the terms asked for, at the price that those start from."""

    amount: Ends
    months: Ends
    apr: Ends
    asked: Terms


@dataclass(frozen=True, slots=True)
class Granted:
    """Terms within the limits as an offer; whether they are `other` than the amount and the months
    asked for; what the strategy decides if they are what is asked for; and their expected measures
    (None: it cannot tell)."""

    offer: Offer
    other: bool
    verdict: Decision
    measures: Mapping[str, float] | None


class NotGranted(BadInput):
    """Nobody may grant these terms."""


def limits(strategy: Strategy, application: Mapping[str, Any], at: date) -> Limits | None:
    """How far a person may go with one application. None where the strategy cannot tell what was
    asked for, or at which price. Raises BadInput where the application's shape is wrong."""
    return _limits(strategy, application, strategy.decide(application, at=at))


def granted(strategy: Strategy, application: Mapping[str, Any], terms: Terms, at: date) -> Granted:
    """The terms as an offer. Raises NotGranted beyond the limits, and as `limits`."""
    base = strategy.decide(application, at=at)
    within = _limits(strategy, application, base)
    if within is None:
        raise NotGranted(
            "the strategy cannot tell what was asked for, or at which price",
            field="terms",
            mend="have what is unclear settled first, or declare a `product` with its `rates`",
        )
    _check(terms, within)
    asked = asked_terms(strategy, application)
    changes = changed_terms(asked, terms.amount, terms.months) if asked else {}
    verdict = strategy.decide({**application, **changes}, at=at) if changes else base
    offer, chosen = _valued(strategy, base, terms)
    other = (terms.amount, terms.months) != (within.asked.amount, within.asked.months)
    return Granted(offer, other, verdict, None if chosen is None else _measures(chosen))


def fresh_until(strategy: Strategy, application: Mapping[str, Any], on: date) -> date | None:
    """The last day on which none of the facts that are fresh `on` that day is older than the
    contract lets it be: until then the strategy would decide by the same facts. None where none of
    them grows old. Raises BadInput where the application's shape is wrong."""
    facts = strategy.compiled.intake.read(application).facts
    days = []
    for field in strategy.content.contract.fields:
        known = (
            facts.get(field.as_of) if field.as_of and facts.get(field.name) is not None else None
        )
        if field.fresh_days is not None and isinstance(known, date):
            days.append(known + timedelta(days=field.fresh_days))
    return min((day for day in days if day >= on), default=None)


def reasons_to_tell(content: Content) -> tuple[str, ...]:
    """The codes by which a person may say no: those of the strategy's texts that say, in each of
    its languages, what stood in the way. Why a case went to a person is no such reason."""
    document = content.strategy
    referring = {rule.reason for rule in document.rules if rule.outcome == REFER}
    codes = [
        code
        for code in (*document.texts, CHECK_STOPPED)
        if code not in referring and not code.startswith(_OTHER_TEXTS)
    ]
    silent = {code for code, _ in without_text(codes, document.languages, document.texts)}
    return tuple(code for code in dict.fromkeys(codes) if code not in silent)


def _limits(strategy: Strategy, application: Mapping[str, Any], base: Decision) -> Limits | None:
    known = base.trace.terms
    prices = _prices(strategy, base)
    asked = asked_terms(strategy, application)
    if prices is None:
        return None
    if asked is not None:
        wanted = Terms(asked.amount.asked, asked.months.asked, _start(base, prices))
        low = min(asked.amount.low, wanted.amount)
        return Limits((low, wanted.amount), (asked.months.low, asked.months.high), prices, wanted)
    amount, months = known.get("amount"), known.get("term_months")
    if not amount or not months:
        return None
    wanted = Terms(float(amount), float(round(months)), _start(base, prices))
    return Limits((0.0, wanted.amount), (wanted.months, wanted.months), prices, wanted)


def _start(base: Decision, prices: Ends) -> float:
    """The price that the others start from; the most where that is not known."""
    known = base.trace.terms.get("apr")
    return prices[1] if known is None else min(max(float(known), prices[0]), prices[1])


def _prices(strategy: Strategy, base: Decision) -> Ends | None:
    """The least and the most that the lender's prices come to for this applicant; the product's own
    ends where it cannot be told what they start from."""
    start = base.trace.terms.get("apr")
    if start is not None and isfinite(start):
        prices = strategy.content.treatments.prices
        priced = [min(max(float(start) + each.add, each.floor), each.cap) for each in prices]
        return min(priced), max(priced)
    product = strategy.content.strategy.product
    return None if product is None else product.rates


def _check(terms: Terms, within: Limits) -> None:
    named = (
        ("amount", terms.amount, within.amount),
        ("months", terms.months, within.months),
        ("apr", terms.apr, within.apr),
    )
    for name, value, (low, high) in named:
        if not (isfinite(value) and low * (1 - _SAME) <= value <= high * (1 + _SAME)):
            raise NotGranted(
                f"{name} lies outside of {low:.12g} to {high:.12g}",
                field=f"terms.{name}",
                mend="stay within what the strategy and its contract allow",
            )
    if terms.amount <= 0:
        raise NotGranted("nothing is lent", field="terms.amount", mend="name an amount")
    if terms.months != round(terms.months):
        raise NotGranted("months are whole", field="terms.months", mend="round them")


def _valued(strategy: Strategy, base: Decision, terms: Terms) -> tuple[Offer, Chosen | None]:
    own = next((each for each in base.offers if _same(each, terms)), None)
    name = BY_PERSON if own is None else own.treatment
    offer = own or Offer(name, terms.apr, terms.amount, terms.months, 0.0)
    like = _like(strategy, base) if own is None else name
    (chosen,) = valued_as(strategy, base, [(offer, like)])
    if own is None:
        instalment = _instalment(strategy, terms) if chosen is None else chosen.terms[3]
        offer = Offer(name, terms.apr, terms.amount, terms.months, instalment)
    return offer, chosen


def _same(offer: Offer, terms: Terms) -> bool:
    alike = (offer.amount, offer.months) == (terms.amount, terms.months)
    return alike and abs(offer.apr - terms.apr) <= _SAME


def _like(strategy: Strategy, base: Decision) -> str:
    """The treatment whose journey the applicant goes through: that of the decision, else one in
    which a person decides, else the first of the menu."""
    compiled = strategy.compiled
    names = [each.name for each in compiled.valuer.menu if each.journey is not None]
    if base.trace.treatment in names:
        return str(base.trace.treatment)
    by_person = zip(compiled.program.menu, compiled.by_person, strict=True)
    return next((each.name for each, person in by_person if person), names[0] if names else "")


def _instalment(strategy: Strategy, terms: Terms) -> float:
    currency = strategy.content.contract.currency
    places = decimals("" if currency in NO_CURRENCY else currency)
    return major(schedule(terms.amount, terms.apr, int(terms.months), places)[0].paid, places)


def _measures(chosen: Chosen) -> Mapping[str, float] | None:
    measures = dict(zip(MEASURES, chosen.measures.tolist(), strict=True))
    return measures if all(map(isfinite, measures.values())) else None
