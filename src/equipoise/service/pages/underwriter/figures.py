"""Terms and what they are worth, as a page of a case writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.contract import Contract
from equipoise.service.contexts.cases.reading import Weighed
from equipoise.strategy.offering import Limits
from equipoise.texts.currencies import decimals
from equipoise.texts.decisions import money, percent
from equipoise.texts.saying import marked, say
from equipoise.value.measures import NO_CURRENCY
from equipoise.value.schedule import major, paid_in_all, schedule

VERDICTS: Mapping[str, str] = {
    "approve": marked("The strategy alone would say yes to these terms."),
    "counter_offer": marked("The strategy alone would offer less than these terms."),
    "refer": marked("The strategy leaves these terms to a person too."),
    "decline": marked("The strategy alone would say no to these terms."),
    "ask_for_more": marked("The strategy would first ask for more at these terms."),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Terms in words: what is lent, for how long and at what price, each payment and all of them;
    the strategy's verdict and grade; its expected money (empty where it cannot tell); and who
    signs."""

    terms: str
    instalment: str
    total: str
    verdict: str
    grade: str
    profit: str
    loss: str
    gain: str
    level: str
    signatures: int


def figures_of(weighed: Weighed, contract: Contract) -> Figures:
    """What terms mean, in the language spoken now."""
    granted, currency = weighed.granted, contract.currency
    measures = granted.measures or {}
    required = weighed.required
    return Figures(
        offer_said(granted.offer.as_dict(), currency),
        money(granted.offer.instalment, currency),
        total_of(granted.offer.as_dict(), currency),
        say(VERDICTS[granted.verdict.outcome]),
        granted.verdict.grade or "",
        _money(measures, "profit", currency),
        _money(measures, "expected_loss", currency),
        _money(measures, "customer_surplus", currency),
        "" if required is None else required.level,
        0 if required is None else required.signatures,
    )


def offer_said(offer: Mapping[str, Any], currency: str) -> str:
    """An offer in one line."""
    return say(
        "{amount} over {months} months at {apr} a year, {instalment} a month",
        amount=money(offer["amount"], currency),
        months=f"{offer['months']:g}",
        apr=percent(offer["apr"]),
        instalment=money(offer["instalment"], currency),
    )


def total_of(offer: Mapping[str, Any], currency: str) -> str:
    """All that is paid for it."""
    places = decimals("" if currency in NO_CURRENCY else currency)
    payments = schedule(offer["amount"], offer["apr"], int(offer["months"]), places)
    return money(major(paid_in_all(payments), places), currency)


def span_of(within: Limits, currency: str) -> Mapping[str, str]:
    """How far each of the terms goes, in words."""
    return {
        "amount": _span(*(money(each, currency) for each in within.amount)),
        "months": _span(*(f"{each:g}" for each in within.months)),
        "apr": _span(*(percent(each) for each in within.apr)),
    }


def _span(low: str, high: str) -> str:
    return say("From {low} to {high}.", low=low, high=high)


def _money(measures: Mapping[str, float], name: str, currency: str) -> str:
    return money(measures[name], currency) if name in measures else ""
