"""A lender's products as people compare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from equipoise.journey import pages_of
from equipoise.service.contexts.drafts.reading import Product
from equipoise.strategy.offering import Portrait
from equipoise.texts.decisions import money, percent
from equipoise.texts.saying import first_up, joined, marked, say, spoken

NEEDS: Mapping[str, str] = {
    "debts": marked("to pay off other debts"),
    "car": marked("a car"),
    "home": marked("your home"),
    "health": marked("medical costs"),
    "study": marked("study or training"),
    "equipment": marked("machines and tools"),
    "stock": marked("goods to sell"),
    "premises": marked("a shop, a workshop or an office"),
    "other": marked("something else"),
}
WHOM: Mapping[str, str] = {
    "person": marked("For you and your household"),
    "business": marked("For your business"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is told of a product."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A product as it is shown: `name` is the strategy's, `title` what people read, `amount_field`
    the field of its contract that asks how much, empty where none does."""

    name: str
    title: str
    about: str
    rows: list[Row]
    amount_field: str


def cards(products: Iterable[Product]) -> list[Card]:
    """Every product, in the language spoken now."""
    return [card(each) for each in products]


def card(product: Product) -> Card:
    """One product, in the language spoken now."""
    portrait = product.portrait
    rows = [Row(label, text) for label, text in _rows_of(product) if text]
    return Card(
        product.name, portrait.name(spoken()), portrait.about(spoken()), rows, portrait.amount_field
    )


def asks_first(product: Product) -> bool:
    """Whether a first idea can be had of it."""
    section = product.portrait.section
    return section is not None and bool(section.asks_first)


def is_for(product: Product, whom: str) -> bool:
    """Whether it is for them, as far as that was said and the product says it."""
    section = product.portrait.section
    return whom not in WHOM or (section is not None and section.whom == whom)


def _rows_of(product: Product) -> Iterable[tuple[str, str]]:
    portrait = product.portrait
    if portrait.section is not None:
        yield say("Whom it is for"), say(WHOM[portrait.section.whom])
        needs = joined((say(NEEDS[need]) for need in portrait.section.needs), ", ")
        yield say("What you can use it for"), first_up(needs)
    if portrait.amounts is not None:
        low, high = (money(each, portrait.currency) for each in portrait.amounts)
        yield say("How much"), say("{low} to {high}", low=low, high=high)
    if portrait.months is not None:
        low, high = (f"{each:g}" for each in portrait.months)
        yield say("How long"), say("{low} to {high} months", low=low, high=high)
    if portrait.section is not None:
        low, high = map(percent, portrait.section.rates)
        yield say("Price a year"), say("{low} to {high}", low=low, high=high)
    yield say("What we ask"), say("{n} questions", n=len(pages_of(product.first)))
    yield say("Until the answer"), _wait(portrait)


def _wait(portrait: Portrait) -> str:
    """How long until an answer; empty where the strategy has no words for people."""
    if portrait.section is None or portrait.days is None:
        return ""
    least, most = ceil(portrait.days[0]), ceil(portrait.days[1])
    if most == 0:
        return say("at once")
    if least == 0:
        return say("at once, or about {most} days where we check papers", most=most)
    return say("about {least} to {most} days", least=least, most=most)
