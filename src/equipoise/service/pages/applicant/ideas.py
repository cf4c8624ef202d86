"""A first idea of each product's answer, from a few facts asked once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from equipoise.journey import NotRead, Page, page_of, pages_of, read_answer
from equipoise.service.contexts.drafts.reading import Product, asked_first, first_idea, products
from equipoise.service.pages.applicant.products import Card, Row, asks_first, card, is_for
from equipoise.strategy.estimating import DEPENDS, LIKELY, UNLIKELY, Estimate
from equipoise.texts.decisions import money, percent
from equipoise.texts.saying import joined, say, spoken

_CHANNEL = "web"
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that is asked for one or more products: its box, and their field."""

    box: str
    page: Page
    products: tuple[str, ...]

    @property
    def mode(self) -> str:
        """The keyboard that a telephone offers."""
        return "decimal" if self.page.kind == "amount" else "numeric"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as its box is shown: what stands in it, what is wrong with it, and the ids of what
    describes it."""

    asked: Asked
    text: str
    fault: str

    @property
    def described(self) -> str:
        """For `aria-describedby`."""
        box = self.asked.box
        ids = (f"{box}-help" if self.asked.page.help else "", f"{box}-fault" if self.fault else "")
        return " ".join(filter(None, ids))


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that goes along when the application begins: the contract's field, as typed."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Idea:
    """What is told of a product to somebody with these answers."""

    card: Card
    verdict: str
    said: str
    rows: list[Row]
    depends: str
    given: list[Given]


def with_idea(whom: str) -> list[Product]:
    """The products of which a first idea can be had, of those for whom the finder was told."""
    return [each for each in products() if asks_first(each) and is_for(each, whom)]


def asked(among: Iterable[Product]) -> list[Asked]:
    """What is asked for these products, each question once: fields of the same name, kind and
    words are one."""
    same: dict[tuple[str, str, str], list[str]] = {}
    pages: dict[tuple[str, str, str], Page] = {}
    for product in among:
        for page in pages_of(asked_first(product)):
            key = (page.field.name, page.kind, page.question)
            same.setdefault(key, []).append(product.name)
            pages.setdefault(key, page)
    return [
        Asked(f"fact-{at}-{pages[key].slug}", pages[key], tuple(names))
        for at, (key, names) in enumerate(same.items(), 1)
    ]


def facts(
    asked: Sequence[Asked], typed: Mapping[str, str], faults: Mapping[str, str]
) -> list[Fact]:
    """The boxes as they are shown."""
    return [Fact(each, typed.get(each.box, ""), faults.get(each.box, "")) for each in asked]


def unreadable(asked: Sequence[Asked], typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was typed, by box; an empty box is a fact that is not known."""
    faults: dict[str, str] = {}
    for each in asked:
        text = typed.get(each.box, "")
        try:
            if text.strip():
                read_answer(each.page.field, {"": text}, spoken())
        except NotRead as fault:
            faults[each.box] = fault.message
    if asked and not any(typed.get(each.box, "").strip() for each in asked):
        faults[asked[0].box] = say("Please answer at least one of these.")
    return faults


def ideas(among: Iterable[Product], asked: Sequence[Asked], typed: Mapping[str, str]) -> list[Idea]:
    """Each product's, the likeliest first."""
    every = [_idea(each, asked, typed) for each in among]
    order = (LIKELY, DEPENDS, UNLIKELY, "")
    return sorted(every, key=lambda each: order.index(each.verdict))


def caution() -> str:
    """What stands beside every idea: that it is none of our answers."""
    return say(
        "This is no decision, and nothing is promised. For every ten people with these answers who"
        " are made an offer, about nine are made one within the range."
    )


def _idea(product: Product, asked: Sequence[Asked], typed: Mapping[str, str]) -> Idea:
    raw = {
        each.page.field.name: {"": typed[each.box]}
        for each in asked
        if product.name in each.products and typed.get(each.box, "").strip()
    }
    given = [Given(name, text[""]) for name, text in raw.items()]
    estimate = first_idea(product, raw, spoken(), _CHANNEL)
    if estimate is None:
        said = say("We cannot tell beforehand. You can apply all the same.")
        return Idea(card(product), "", said, [], "", given)
    rows = [Row(label, text) for label, text in _ranges(product, estimate)]
    return Idea(
        card(product), estimate.verdict, _said(estimate), rows, _depends(product, estimate), given
    )


def _said(estimate: Estimate) -> str:
    """How likely an offer is, as a count of ten people; never better than it is."""
    if estimate.verdict == LIKELY:
        return say("Likely: at least 9 in 10 people with these answers are made an offer.")
    if estimate.verdict == UNLIKELY:
        return say("Unlikely: at most 1 in 10 people with these answers is made an offer.")
    said = say(
        "It depends: about {n} in 10 people with these answers are made an offer.",
        n=min(max(round(10 * estimate.offered), 1), 9),
    )
    if estimate.person >= 0.1:
        return joined((said, say("For some, a person decides.")))
    return said


def _ranges(product: Product, estimate: Estimate) -> Iterable[tuple[str, str]]:
    """What is offered to those who are, rounded away from the middle."""
    if estimate.verdict == UNLIKELY:
        return
    currency = product.contract.currency
    if estimate.amount is not None:
        yield say("How much"), _span(*(money(each, currency) for each in estimate.amount))
    if estimate.apr is not None:
        low, high = (
            floor(1000 * estimate.apr[0] + 1e-9) / 1000,
            ceil(1000 * estimate.apr[1] - 1e-9) / 1000,
        )
        yield say("Price a year"), _span(percent(low), percent(high))
    if estimate.instalment is not None:
        low, high = estimate.instalment
        yield say("Each month"), _span(money(floor(low), currency), money(ceil(high), currency))


def _span(low: str, high: str) -> str:
    return low if low == high else say("{low} to {high}", low=low, high=high)


def _depends(product: Product, estimate: Estimate) -> str:
    fields = {each.name: each for each in product.contract.fields}
    return joined((page_of(fields[name]).question for name in estimate.depends_on), ", ")
