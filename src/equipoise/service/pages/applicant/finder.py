"""The finder: which of a lender's products fits what somebody looks for, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from equipoise.contract import Field
from equipoise.journey import read_answer
from equipoise.service.contexts.drafts.reading import Product, products
from equipoise.service.pages.applicant.products import NEEDS, WHOM, Card, card
from equipoise.strategy.offering import Fit, Portrait, Wish, fit
from equipoise.texts.decisions import money
from equipoise.texts.saying import marked, say, spoken


@dataclass(frozen=True, slots=True)
class When:
    """By when an answer is needed: within so many days, None where there is no hurry."""

    code: str
    label: str
    days: int | None


WHEN = (
    When("today", marked("today or tomorrow"), 1),
    When("week", marked("within a week"), 7),
    When("later", marked("there is no hurry"), None),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be said in the finder, each by its code and in words: for whom it is, for what, and
    by when an answer is needed."""

    whom: list[tuple[str, str]]
    needs: list[tuple[str, str]]
    when: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a product fits, or does not."""

    fits: bool
    text: str


@dataclass(frozen=True, slots=True)
class ProductFit:
    """A product, and how it fits."""

    card: Card
    fits: bool
    reasons: list[Reason]


def findable() -> list[Product]:
    """The products of which enough is told to find them."""
    return [each for each in products() if each.portrait.section is not None]


def choices(among: Sequence[Product]) -> Choices:
    """What can be said, in the language spoken now; of the needs, those that a product is for."""
    needs = {
        need for each in among if each.portrait.section for need in each.portrait.section.needs
    }
    return Choices(
        [(code, say(label)) for code, label in WHOM.items()],
        [(code, say(label)) for code, label in NEEDS.items() if code in needs],
        [(each.code, say(each.label)) for each in WHEN],
    )


def sought(typed: Mapping[str, str], among: Sequence[Product]) -> Wish:
    """What is looked for. Raises NotRead for an amount that cannot be read; a choice that there is
    not is none."""
    days = {each.code: each.days for each in WHEN}
    return Wish(
        typed["whom"] if typed["whom"] in WHOM else "",
        typed["need"] if typed["need"] in NEEDS else "",
        _amount(typed["amount"], among),
        days.get(typed["when"]),
    )


def fits_of(among: Sequence[Product], wish: Wish) -> list[ProductFit]:
    """Every product, those that fit first."""
    every = [_fit_of(each, wish) for each in among]
    return sorted(every, key=lambda each: (not each.fits, sum(not r.fits for r in each.reasons)))


def _fit_of(product: Product, wish: Wish) -> ProductFit:
    grounds = fit(product.portrait, wish)
    reasons = [Reason(each.fits, _why(each, product.portrait, wish)) for each in grounds]
    return ProductFit(card(product), all(each.fits for each in grounds), reasons)


def _why(ground: Fit, portrait: Portrait, wish: Wish) -> str:
    tell = {"whom": _of_whom, "need": _of_need, "days": _of_days}.get(ground.ground, _of_amount)
    return tell(ground, portrait, wish)


def _of_whom(_ground: Fit, portrait: Portrait, _wish: Wish) -> str:
    if portrait.section is not None and portrait.section.whom == "business":
        return say("It is for businesses.")
    return say("It is for people and their households.")


def _of_need(ground: Fit, _portrait: Portrait, wish: Wish) -> str:
    need = say(NEEDS[wish.need])
    if ground.fits:
        return say("It can be used for what you need: {need}.", need=need)
    return say("It is not meant for what you need: {need}.", need=need)


def _of_days(ground: Fit, _portrait: Portrait, _wish: Wish) -> str:
    if ground.fits:
        return say("An answer can be there in time; where we check papers it takes longer.")
    return say("An answer will hardly be there in time.")


def _of_amount(ground: Fit, portrait: Portrait, _wish: Wish) -> str:
    least, most = (money(each, portrait.currency) for each in portrait.amounts or (0.0, 0.0))
    if ground.fits:
        return say("The amount is among those that it is for.")
    if ground.ground == "least":
        return say("It begins at {least}.", least=least)
    return say("It goes up to {most}.", most=most)


def _amount(text: str, among: Sequence[Product]) -> float | None:
    """Read as money in the lender's currency."""
    if not text.strip():
        return None
    currencies = {each.contract.currency for each in among}
    currency = currencies.pop() if len(currencies) == 1 else ""
    field = Field(name="amount", type="number", unit="money", range=(0, None))
    answer = read_answer(field, {"": text}, spoken(), currency)
    return float(answer) if isinstance(answer, int | float) else None
