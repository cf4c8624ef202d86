"""What offers are worth to whoever asked: the sealed value model, asked about these terms."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite

from equipoise.strategy.decision import Decision, Offer
from equipoise.strategy.engine import Strategy
from equipoise.value.compiled import Chosen, Valuer
from equipoise.value.measures import MEASURES
from equipoise.value.treatments import Amount, Price, Term, Treatment

_SURPLUS = MEASURES.index("customer_surplus")
_NEEDED = ("amount", "term_months", "monthly_income", "apr", "lgd")


def surpluses(strategy: Strategy, asked: Decision, offers: Sequence[Offer]) -> list[float | None]:
    """The expected customer surplus of each offer, in money, to the person of the decision `asked`.
    All None where the decision lacks what the formula needs."""
    valued = valued_as(strategy, asked, [(offer, offer.treatment) for offer in offers])
    worth = [None if each is None else float(each.measures[_SURPLUS]) for each in valued]
    return [None if each is None or not isfinite(each) else each for each in worth]


def valued_as(
    strategy: Strategy, asked: Decision, offers: Sequence[tuple[Offer, str]]
) -> list[Chosen | None]:
    """What each offer means, in the journey of the treatment beside it, to the person of the
    decision `asked`: the same formula as of the menu's treatments, at the offer's own price, amount
    and months beside the ones asked for there. All None where the decision lacks what the formula
    needs."""
    terms, pd = asked.trace.terms, asked.trace.pd
    figures = [terms.get(name) for name in _NEEDED]
    treatments = [_treatment(strategy, asked, *each) for each in offers]
    menu = [each for each in treatments if each is not None]
    if pd is None or None in figures or len(menu) < len(offers):
        return [None] * len(offers)
    amount, months, income, apr, lgd = (float(each) for each in figures if each is not None)
    person = (pd, lgd, amount, _whole(months), income, apr)
    compiled = strategy.compiled
    valuer = Valuer(compiled.valuer.figures, (compiled.valuer.menu[0], *menu))
    base = compiled.weights.base
    return [valuer.given(*person, base, at) for at in range(1, len(menu) + 1)]


def _treatment(strategy: Strategy, asked: Decision, offer: Offer, like: str) -> Treatment | None:
    """The offer as a treatment of whoever asked; None where the journey of the one that it is
    `like` is not valued."""
    valuer, terms = strategy.compiled.valuer, asked.trace.terms
    menu = {each.name: each for each in valuer.menu}
    treatment = menu.get(like)
    journey = None if treatment is None else treatment.journey
    if journey is None or journey.name not in valuer.figures.ways or not terms.get("amount"):
        return None
    months = int(offer.months - _whole(float(terms["term_months"])))
    return Treatment(
        name=offer.treatment,
        journey=journey,
        price=Price(name="offered", add=offer.apr - float(terms["apr"])),
        amount=Amount(name="offered", share=min(offer.amount / float(terms["amount"]), 2.0)),
        term=Term(name="offered", add_months=months),
    )


def _whole(months: float) -> float:
    return float(floor(months + 0.5))
