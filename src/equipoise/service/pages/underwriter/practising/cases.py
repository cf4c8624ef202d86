"""A case as a person reads it: its facts, and the answers to it side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from equipoise.contract import Field
from equipoise.journey import page_of, written_answer
from equipoise.review.practice import STEPS, Case, Deck
from equipoise.service.contexts.practice.reading import Answered, Source
from equipoise.texts.languages import text_in
from equipoise.texts.numbers import percent, plain, written
from equipoise.texts.saying import marked, say, spoken

SOURCES = {
    Source.SIMULATED: marked("Simulated cases"),
    Source.HISTORY: marked("This lender's past cases"),
    Source.DECIDED: marked("Cases decided here"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it reads."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """One answer: whose, what it was, the chance of going bad that it went by, and whether what
    came bears it out: None where it was no answer."""

    whose: str
    answer: str
    chance: str
    right: bool | None


def facts_of(case: Case, deck: Deck) -> list[Fact]:
    """The facts in the contract's order, in the language spoken now."""
    language = spoken()
    return [
        Fact(
            page_of(field).question,
            written_answer(field, _typed(field, value), deck.currency, language),
        )
        for field, value in zip(deck.fields, case.facts, strict=True)
    ]


def name_of(field: Field) -> str:
    """What a fact is called."""
    return page_of(field).question


def rounded(share: float) -> str:
    """A share as people say it: 5 %, 12.5 %, without decimals that nobody stated."""
    return f"{plain(round(share * 100, 1))}{written().percent}"


def chances() -> list[tuple[int, str, str]]:
    """The chances to pick from: the key that picks each, its value in a form, and how it reads."""
    return [(key, str(step), rounded(step)) for key, step in enumerate(STEPS, 1)]


def chance_named(text: str) -> float:
    """The chance that a form gives; -1, which is none, where it gives something else."""
    return {value: float(value) for _, value, _ in chances()}.get(text, -1.0)


def sides_of(given: Answered) -> list[Side]:
    """The person's answer, the model's, the strategy's and, where enough share, the others'."""
    return [
        Side(say("You"), _lent(given.approves), rounded(given.stated), given.approves != given.bad),
        _models(given),
        _strategys(given),
        *_others(given),
    ]


def reasons_of(case: Case, deck: Deck) -> Sequence[str]:
    """Why the strategy gives no more, in its own words."""
    texts = (deck.texts.get(key, {}) for key in case.reasons)
    said = (text_in(each, spoken()) or text_in(each, "en") for each in texts)
    return list(dict.fromkeys(filter(None, said)))


def reason_named(key: str, deck: Deck | None) -> str:
    """What a reason says; its code where the words are no longer at hand."""
    texts = {} if deck is None else deck.texts.get(key, {})
    return text_in(texts, spoken()) or text_in(texts, "en") or key.partition("/")[0]


def _models(given: Answered) -> Side:
    case = given.case
    if case is None or case.if_good is None or case.if_bad is None:
        return Side(say("The model"), "", percent(given.model), None)
    lends = (1 - case.pd) * case.if_good > case.pd * case.if_bad
    return Side(say("The model"), _lent(lends), percent(given.model), lends != given.bad)


def _strategys(given: Answered) -> Side:
    if not given.decides:
        return Side(say("The strategy"), say("Asks a person"), "", None)
    return Side(say("The strategy"), _lent(given.lends), "", given.lends != given.bad)


def _others(given: Answered) -> list[Side]:
    others = given.others
    if others is None:
        return []
    lent = say("{lent} of {n} lend", lent=others.lent, n=others.n)
    return [Side(say("Those who share"), lent, rounded(others.stated), None)]


def _lent(approves: bool) -> str:
    return say("Lend") if approves else say("Decline")


def _typed(field: Field, value: Any) -> Any:
    if field.type == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return float(value) if field.type == "number" and value is not None else value
