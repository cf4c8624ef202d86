"""The sentences a customer reads; a strategy's own texts fill in the reasons."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.texts.currencies import decimals, named
from equipoise.texts.numbers import with_currency, written
from equipoise.texts.saying import marked, say

SENTENCES: Mapping[str, str] = {
    "approve": marked("Yes: we can lend you what you asked for."),
    "approve_conditional": marked("Yes, once these checks are passed: {checks}."),
    "counter_offer": marked("We can make you another offer than you asked for."),
    "counter_offer_conditional": marked(
        "We can make you another offer than you asked for, once these checks are passed: {checks}."
    ),
    "refer": marked("A person at our company will decide, and will look at all of it."),
    "decline": marked("No: we cannot lend to you as things stand."),
    "ask_for_more": marked("We need one more thing before we decide: {check}."),
    "a_check": marked("a check"),
    "a_fact": marked("a fact about you"),
    "a_choice": marked("another choice"),
    "between": marked(", "),
    "needed": marked("{check}: {need}"),
    "to_follow": marked("After that we expect to ask for: {checks}."),
    "asked_only": marked("We ask for nothing else now. It takes about {minutes} minutes."),
    "nothing_more": marked("We need nothing more from you to decide."),
    "facts_to_come": marked("We need the rest of your answers before we decide: {check}."),
    "offer": marked("{amount} over {months} months at {apr} a year: {instalment} a month."),
    "reasons": marked("What stood in the way most:"),
    "reasons_refer": marked("Why a person looks at it:"),
    "right": marked(
        "You may ask for a person to decide again, say how you see it, and ask which "
        "facts about you were used."
    ),
    "label": marked("{label}: less favourable than with customers we lend to."),
    "changed": marked("{label}: {to} instead of {start}"),
    "yes": marked("yes"),
    "no": marked("no"),
}


def phrase(name: str, language: str, /, **values: object) -> str:
    """A sentence of ours by its name, with its places filled; in English where it has no other."""
    return say(SENTENCES[name], language, **values)


def money(value: float, currency: str) -> str:
    """An amount as a person reads it, in the decimals of its currency; whole ones without."""
    places = decimals(currency)
    text = f"{value:z,.{places}f}".removesuffix(f".{'0' * places}")
    return with_currency(text, named(currency))


def percent(value: float, language: str = "") -> str:
    """A share as a person reads it in the language, or in the one spoken now."""
    return f"{100 * value:z.2f}{written(language).percent}"
