"""What offers are worth to whoever asked: the sealed value model, asked about these terms."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite

from equipoise.strategy.decision import Decision, Offer
from equipoise.strategy.engine import Strategy
from equipoise.value.compiled import Valuer
from equipoise.value.measures import MEASURES
from equipoise.value.treatments import Amount, Price, Term, Treatment

_SURPLUS = MEASURES.index("customer_surplus")
_NEEDED = ("amount", "term_months", "monthly_income", "apr", "lgd")


def surpluses(strategy: Strategy, asked: Decision, offers: Sequence[Offer]) -> list[float | None]:
    """The expected customer surplus of each offer, in money, to the person of the decision `asked`:
    the same formula as of the menu's treatments, at the offer's own price, amount and months beside
    the ones asked for there. All None where the decision lacks what the formula needs."""
    terms, pd = asked.trace.terms, asked.trace.pd
    figures = [terms.get(name) for name in _NEEDED]
    treatments = [_treatment(strategy, asked, offer) for offer in offers]
    menu = [each for each in treatments if each is not None]
    if pd is None or None in figures or len(menu) < len(offers):
        return [None] * len(offers)
    amount, months, income, apr, lgd = (float(each) for each in figures if each is not None)
    person = (pd, lgd, amount, _whole(months), income, apr)
    compiled = strategy.compiled
    valuer = Valuer(compiled.valuer.figures, (compiled.valuer.menu[0], *menu))
    base = compiled.weights.base
    worth = [
        float(valuer.given(*person, base, at).measures[_SURPLUS]) for at in range(1, len(menu) + 1)
    ]
    return [each if isfinite(each) else None for each in worth]


def _treatment(strategy: Strategy, asked: Decision, offer: Offer) -> Treatment | None:
    """The offer as a treatment of whoever asked; None where its journey is not valued."""
    valuer, terms = strategy.compiled.valuer, asked.trace.terms
    menu = {each.name: each for each in valuer.menu}
    treatment = menu.get(offer.treatment)
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
