"""Reason codes that every strategy has, and the words for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from equipoise.texts.languages import look_up, text_in
from equipoise.texts.saying import marked, our_languages, say

NOT_A_NUMBER = "NOT_A_NUMBER"
MISSING_FACT = "MISSING_FACT"
OUTSIDE_RANGE = "OUTSIDE_RANGE"
UNSEEN_VALUE = "UNSEEN_VALUE"
STALE_FACT = "STALE_FACT"
FUTURE_DATE = "FUTURE_DATE"
NO_SCORE = "NO_SCORE"
NO_TERMS = "NO_TERMS"
NOT_ELIGIBLE = "NOT_ELIGIBLE"
NO_OFFER = "NO_OFFER"
TO_A_PERSON = "TO_A_PERSON"
ABOVE_AUTHORITY = "ABOVE_AUTHORITY"
CHECK_STOPPED = "CHECK_STOPPED"

TEXTS: Mapping[str, str] = {
    NOT_A_NUMBER: marked(
        "A figure in your application could not be read, so a person will look at it."
    ),
    MISSING_FACT: marked(
        "Something we need to know is missing, so a person will look at your application."
    ),
    OUTSIDE_RANGE: marked("A figure is outside what we usually see, so a person will look at it."),
    UNSEEN_VALUE: marked("An answer is new to us, so a person will look at your application."),
    STALE_FACT: marked("A fact about you is too old to decide by; it has to be fetched again."),
    FUTURE_DATE: marked(
        "A date in your application is still to come, so a person will look at it."
    ),
    NO_SCORE: marked("We could not assess your application automatically, so a person will do it."),
    NO_TERMS: marked(
        "The amount, the term or the income could not be worked with; a person will look."
    ),
    NOT_ELIGIBLE: marked(
        "None of our offers fits what was asked for; a person will look for another way."
    ),
    NO_OFFER: marked("On the facts given, none of our offers would cover what it costs to lend."),
    TO_A_PERSON: marked("Your application is close to the line, so a person decides it."),
    ABOVE_AUTHORITY: marked("A loan of this size is decided by a person."),
    CHECK_STOPPED: marked("A check of what was handed in did not come out as needed."),
}


def concept_code(concept: str) -> str:
    """The reason code of a concept: `debts and income` is DEBTS_AND_INCOME."""
    code = re.sub(r"[^A-Za-z0-9]+", "_", concept).strip("_").upper()
    return code if code[:1].isalpha() else f"FACT_{code}"


def words(
    code: str, language: str, texts: Mapping[str, Mapping[str, str]], fallback: str = ""
) -> str:
    """What the customer reads for a code: the strategy's own text, else ours, else `fallback`."""
    own = text_in(texts.get(code, {}), language)
    ours = say(TEXTS[code], language) if _is_ours(code, language) else ""
    return own or ours or fallback or code


def without_text(
    codes: Iterable[str], languages: Iterable[str], texts: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str]]:
    """(code, language) pairs for which no text is written."""
    return [
        (code, language)
        for code in dict.fromkeys(codes)
        for language in languages
        if not text_in(texts.get(code, {}), language) and not _is_ours(code, language)
    ]


def _is_ours(code: str, language: str) -> bool:
    """Whether we have words for the code in the language itself: never English for another."""
    return code in TEXTS and look_up(language, our_languages()) is not None
