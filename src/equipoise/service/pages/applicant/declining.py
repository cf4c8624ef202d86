"""A no, as its applicant reads it: on which facts, what would change it, and other ways to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from equipoise.service.contexts.decisions.reading import Used, facts_used, other_ways
from equipoise.service.contexts.drafts.reading import ways_forward
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.pages.applicant.standing import Standing
from equipoise.texts.dates import written_day
from equipoise.texts.decisions import money, percent, phrase
from equipoise.texts.languages import text_in
from equipoise.texts.saying import marked, say, spoken

_THEN = {
    "approve": marked("Then the answer is yes."),
    "counter_offer": marked("Then we make you an offer."),
    "ask_for_more": marked("Then we go on, and ask you for more."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A way to another answer, in words: what changes, what the answer then is, what of it is
    offered and still owed, how long the change takes, and until when all of that holds. One that
    is `takeable` can be had by its `name`."""

    name: str
    takeable: bool
    changes: Sequence[str]
    then: str
    offers: Sequence[str]
    owed: Sequence[str]
    takes: str
    until: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What helps whoever was declined, in the language spoken now."""

    ways: Sequence[Way]
    typed: Sequence[Used]
    asked: Sequence[Used]
    others: Sequence[str]


def advice(standing: Standing) -> Advice:
    """Everything of a decline's page that is more than its own words."""
    found, currency = standing.found, standing.draft.product.contract.currency
    used = facts_used(found, FOR_APPLICANTS, spoken())
    return Advice(
        [_way(each, currency) for each in ways_forward(found)],
        [each for each in used if each.source == "applicant"],
        [each for each in used if each.source != "applicant"],
        other_ways(found, spoken()),
    )


def _way(way: Mapping[str, Any], currency: str) -> Way:
    return Way(
        name=way["name"],
        takeable=way["takeable"],
        changes=[text_in(each["said"], spoken()) for each in way["changes"]],
        then=say(_THEN[way["outcome"]]),
        offers=[_offer(each, currency) for each in way["offers"]],
        owed=[text_in(each["label"], spoken()) for each in way["conditions"]],
        takes=_takes(ceil(way["days"])),
        until=written_day(date.fromisoformat(way["valid_until"])),
    )


def _offer(offer: Mapping[str, Any], currency: str) -> str:
    return phrase(
        "offer",
        spoken(),
        amount=money(offer["amount"], currency),
        months=f"{offer['months']:g}",
        apr=percent(offer["apr"]),
        instalment=money(offer["instalment"], currency),
    )


def _takes(days: int) -> str:
    if days == 0:
        return say("You can have this at once.")
    return say("Such a change takes some {n} days.", n=days)
