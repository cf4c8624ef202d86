"""What a letter says: the decision's own words, what would change it, how to ask for a person, and
what the law has it contain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from equipoise.errors import BadInput
from equipoise.journey import pages_of
from equipoise.jurisdiction import Deadline, LetterKind
from equipoise.letters import Due, Letter, Party, Review, Terms
from equipoise.service.contexts.decisions.reading import (
    Found,
    explanation,
    facts_used,
    other_ways,
)
from equipoise.service.contexts.drafts.reading import ways_forward
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.notices.lender import FILE, Lender
from equipoise.service.contexts.registry.reading import lender_day, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.law import last_day, pack_on
from equipoise.strategy.decision import DECLINE
from equipoise.texts.currencies import decimals
from equipoise.texts.languages import text_in
from equipoise.texts.saying import joined, known, say, speaking
from equipoise.value.measures import NO_CURRENCY
from equipoise.value.schedule import major, schedule

BUREAU = "bureau"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter, and by which law: the pack's name, and its notices that say what it contains."""

    letter: Letter
    law: str
    contains: tuple[str, ...]


def written(found: Found, kind: LetterKind, lender: Lender | None) -> Written:
    """The letter about a decision that was opened, in its applicant's language.

    Raises BadInput where there is no lender to write it, and Unreadable after an erasure.
    """
    if lender is None:
        raise BadInput(f"there is no {FILE}", mend="write who the lender is into it")
    words = _words(found)
    language = known(words["language"])
    with speaking(language):
        return _written(found, kind, lender, words)


def _words(found: Found) -> Mapping[str, Any]:
    """In the applicant's language where the strategy speaks it, else in the strategy's own."""
    return explanation(found, FOR_APPLICANTS, "customer", "")


def _written(found: Found, kind: LetterKind, lender: Lender, words: Mapping[str, Any]) -> Written:
    language = known(words["language"])
    day = lender_day(found.row.digest, clock.now())
    law = pack_on(day)
    bureau = _used_a_bureau(found)
    contract = loaded(found.row.digest).content.contract
    ways = ways_forward(found) if kind == DECLINE else []
    letter = Letter(
        kind=kind,
        language=language,
        lender=Party(lender.named(language), lender.lines(language)),
        addressee=Party(_addressee(found)),
        on=day,
        reference=_reference(found),
        headline=words["headline"],
        currency="" if contract.currency in NO_CURRENCY else contract.currency,
        reasons=tuple(words["reasons"]),
        changes=tuple(_changes(each, language) for each in ways),
        advice_until=min((date.fromisoformat(w["valid_until"]) for w in ways), default=None),
        offers=tuple(_terms(each, contract.currency) for each in found.answer()["offers"] or ()),
        review=_review(kind, lender, language, day),
        other_ways=tuple(other_ways(found, language)),
        required=law.contents(kind, bureau=bureau) if law else (),
        values=lender.values(language),
    )
    asked = law.notices_for(kind, bureau=bureau) if law else ()
    return Written(letter, law.name if law else "", tuple(each.id for each in asked))


def _facts(found: Found) -> Mapping[str, Any]:
    facts: Mapping[str, Any] = found.parts_for(FOR_APPLICANTS).sealed["application"]
    return facts


def _addressee(found: Found) -> str:
    """The name that the applicant gave, if they were asked for one."""
    contract = loaded(found.row.digest).content.contract
    names = [each.field.name for each in pages_of(contract) if each.autocomplete == "name"]
    return next((str(_facts(found)[name]) for name in names if _facts(found).get(name)), "")


def _reference(found: Found) -> str:
    """What the applicant knows the application by; the decision where the contract has no such
    field."""
    identifier = loaded(found.row.digest).content.contract.id
    return str(_facts(found).get(identifier or "") or found.row.id)


def _changes(way: Mapping[str, Any], language: str) -> str:
    return joined((text_in(each["said"], language) for each in way["changes"]), "; ")


def _terms(offer: Mapping[str, Any], currency: str) -> Terms:
    places = decimals(currency)
    payments = schedule(offer["amount"], offer["apr"], int(offer["months"]), places)
    total = major(sum(each.paid for each in payments), places)
    return Terms(offer["amount"], offer["months"], offer["apr"], offer["instalment"], total)


def _review(kind: LetterKind, lender: Lender, language: str, day: date) -> Review:
    if kind == DECLINE:
        page = say("Press “Ask a person to look again” on the page of your application.")
    else:
        page = say("Press “Ask us” below the page of your application, and ask for a person.")
    how = joined(filter(None, [page, text_in(lender.person, language)]))
    asked_by = last_day("review_request", day)
    return Review(how, _due(asked_by))


def _due(deadline: Deadline | None) -> Due | None:
    return Due(deadline.day, deadline.how) if deadline and deadline.day else None


def _used_a_bureau(found: Found) -> bool:
    return any(each.source == BUREAU for each in facts_used(found, FOR_APPLICANTS, "en"))
