"""What a letter says: the words of the decision, or of the person who decided in its place, what
would change it, how to ask for a person, and what the law has it contain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from equipoise.errors import BadInput
from equipoise.journey import pages_of
from equipoise.jurisdiction import Deadline, LetterKind, Pack, When
from equipoise.letters import Due, Letter, Party, Review, Score, Terms
from equipoise.service.contexts.asks.reading import words_in
from equipoise.service.contexts.cases.reading import ByPerson, by_person, offer_of, unmet
from equipoise.service.contexts.decisions.reading import (
    DecisionView,
    explanation,
    facts_used,
    other_ways,
    told_reasons,
)
from equipoise.service.contexts.drafts.reading import ways_forward
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.notices.lender import FILE, Lender
from equipoise.service.contexts.notices.scores import scores_used
from equipoise.service.contexts.registry.reading import lender_day, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.law import last_day, pack_on
from equipoise.strategy.decision import COUNTER_OFFER, DECLINE
from equipoise.texts.currencies import decimals
from equipoise.texts.dates import written_day
from equipoise.texts.languages import text_in
from equipoise.texts.saying import joined, known, say, speaking, spoken
from equipoise.value.measures import NO_CURRENCY
from equipoise.value.schedule import major, paid_in_all, schedule

BUREAU = "bureau"
APPROVAL, LAPSED, UPHELD = "approval", "offer_lapsed", "upheld"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter, and by which law: the pack's name, and its notices that say what it contains."""

    letter: Letter
    law: str
    contains: tuple[str, ...]


def written(
    decision: DecisionView, kind: LetterKind, lender: Lender | None, replaces: date | None = None
) -> Written:
    """The letter about a decision that was opened, in its applicant's language; `replaces` is the
    day of the one whose place it takes.

    Raises BadInput where there is no lender to write it, and Unreadable after an erasure.
    """
    if lender is None:
        raise BadInput(f"there is no {FILE}", mend="write who the lender is into it")
    words = _words(decision)
    language = known(words["language"])
    with speaking(language):
        return _written(decision, kind, lender, words, replaces)


def _words(decision: DecisionView) -> Mapping[str, Any]:
    """In the applicant's language where the strategy speaks it, else in the strategy's own."""
    return explanation(decision, FOR_APPLICANTS, "customer", "")


def _written(
    decision: DecisionView,
    kind: LetterKind,
    lender: Lender,
    words: Mapping[str, Any],
    replaces: date | None,
) -> Written:
    language = known(words["language"])
    day = lender_day(decision.row.digest, clock.now())
    law = pack_on(day)
    by_machine = kind == decision.plain["outcome"] and by_person(decision.row.id) is None
    said = (
        _Said(words["headline"], tuple(words["reasons"]))
        if by_machine
        else _in_place_of(decision, kind, language, words)
    )
    used, scores = _used(decision, kind, law, lender, language)
    contract = loaded(decision.row.digest).content.contract
    ways = ways_forward(decision) if by_machine and kind == DECLINE else []
    offers = _offers(decision, by_machine) if kind == COUNTER_OFFER else ()
    letter = Letter(
        kind=kind,
        language=language,
        lender=Party(lender.named(language), lender.lines(language)),
        addressee=Party(_addressee(decision)),
        on=day,
        reference=_reference(decision),
        headline=said.headline,
        currency="" if contract.currency in NO_CURRENCY else contract.currency,
        reasons=said.reasons,
        changes=tuple(_changes(each, language) for each in ways),
        advice_until=min((date.fromisoformat(w["valid_until"]) for w in ways), default=None),
        offers=tuple(_terms(each, contract.currency) for each in offers),
        review=None if kind in (APPROVAL, UPHELD) else _review(kind, lender, language, day),
        other_ways=() if kind == APPROVAL else tuple(other_ways(decision, language)),
        scores=scores,
        replaces=replaces,
        required=law.contents(kind, used) if law else (),
        values=lender.values(language),
    )
    asked = law.notices_for(kind, used) if law else ()
    return Written(letter, law.name if law else "", tuple(each.id for each in asked))


@dataclass(frozen=True, slots=True)
class _Said:
    """The answer in a sentence (empty: the usual one of its kind), and its reasons."""

    headline: str
    reasons: tuple[str, ...]


def _in_place_of(
    decision: DecisionView, kind: LetterKind, language: str, words: Mapping[str, Any]
) -> _Said:
    """What is told in place of the decision's own answer: what a person decided, that an offer was
    not taken, or that the answer is upheld, and why it was given."""
    by = by_person(decision.row.id)
    if kind == LAPSED or (kind == UPHELD and by is None):
        return _Said("", tuple(words["reasons"]))
    if by is None:
        raise BadInput("nobody decided in place of the strategy", mend="look at its record")
    if kind == APPROVAL:
        return _Said(_yes(by, decision), ())
    if kind == UPHELD:
        return _Said("", told_reasons(decision, by.reasons, language))
    no = say("A person at our company looked at your application, and the answer is no.")
    other = say("A person at our company looked at your application, and makes you another offer.")
    headline = joined([other, *_waits_for(decision)]) if kind == COUNTER_OFFER else no
    return _Said(headline, told_reasons(decision, by.reasons, language))


def _waits_for(decision: DecisionView) -> Iterator[str]:
    """What a person's offer waits for, and until when; nothing where it waits for nothing."""
    waits = unmet(decision.row.id)
    if waits:
        words = words_in(decision.row.application, FOR_APPLICANTS)
        labels = ((each.about, words[each.id].question) for each in waits)
        what = joined((text_in(label, spoken()) or name for name, label in labels), "; ")
        until = written_day(min(each.due_on for each in waits))
        yield say(
            "The offer waits for this: {what}. Bring it by {day} on the page of your application:"
            " if it is not there by then, the offer ends.",
            what=what,
            day=until,
        )


def _yes(by: ByPerson, decision: DecisionView) -> str:
    yes = say("A person at our company looked at your application, and the answer is yes.")
    if waits := [*_waits_for(decision)]:
        return joined([yes, *waits])
    if offer_of(by, decision.row.id) is None:
        return joined([yes, say("We will be in touch with you about the loan.")])
    return joined([yes, say("You can read the offer and take it on the page of your application.")])


def _offers(decision: DecisionView, by_machine: bool) -> Sequence[Mapping[str, Any]]:
    """What is offered, by whoever decided."""
    if by_machine:
        return decision.answer()["offers"] or ()
    offer = offer_of(by_person(decision.row.id), decision.row.id)
    return () if offer is None else (offer,)


def _used(
    decision: DecisionView, kind: LetterKind, law: Pack | None, lender: Lender, language: str
) -> tuple[frozenset[When], tuple[Score, ...]]:
    """Which facts of others' were used in what the letter tells, and the scores among them, where
    the law asks for those."""
    facts = facts_used(decision, FOR_APPLICANTS, "en")
    used: set[When] = {"bureau"} if any(each.source == BUREAU for each in facts) else set()
    if law is None or law.contents(kind, {"score"}) == law.contents(kind):
        return frozenset(used), ()
    scores = scores_used(decision, lender, language, bought="bureau" in used)
    return frozenset(used | ({"score"} if scores else set())), scores


def _facts(decision: DecisionView) -> Mapping[str, Any]:
    facts: Mapping[str, Any] = decision.parts_for(FOR_APPLICANTS).sealed["application"]
    return facts


def _addressee(decision: DecisionView) -> str:
    """The name that the applicant gave, if they were asked for one."""
    contract = loaded(decision.row.digest).content.contract
    names = [each.field.name for each in pages_of(contract) if each.autocomplete == "name"]
    return next((str(_facts(decision)[name]) for name in names if _facts(decision).get(name)), "")


def _reference(decision: DecisionView) -> str:
    """What the applicant knows the application by; the decision where the contract has no such
    field."""
    identifier = loaded(decision.row.digest).content.contract.id
    return str(_facts(decision).get(identifier or "") or decision.row.id)


def _changes(way: Mapping[str, Any], language: str) -> str:
    return joined((text_in(each["said"], language) for each in way["changes"]), "; ")


def _terms(offer: Mapping[str, Any], currency: str) -> Terms:
    places = decimals(currency)
    payments = schedule(offer["amount"], offer["apr"], int(offer["months"]), places)
    total = major(paid_in_all(payments), places)
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
