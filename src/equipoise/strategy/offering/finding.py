"""Finding what else a strategy approves for one person: every offer was decided, none is reckoned.

Looked at are fewer months and smaller amounts than were asked for, never more: what a person did
not ask for is not sold to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, Decision, Offer
from equipoise.strategy.engine import Strategy
from equipoise.strategy.offering.asked import Asked, Range, asked_terms, changed_terms
from equipoise.strategy.offering.surplus import surpluses

SHARES = (0.75, 0.5)  # of what was asked, besides all of it
YEAR = 12
SHORTER = 3  # whole years, the nearest to what was asked


@dataclass(frozen=True, slots=True)
class Alternative:
    """An offer that the strategy makes where the fields `asked` are changed so (none: as things
    stand). `surplus` is its expected customer surplus in money to somebody who asked for what was
    asked (None: the strategy cannot tell)."""

    asked: Mapping[str, Any]
    offer: Offer
    surplus: float | None


def takeable(decision: Decision) -> bool:
    """Whether its offer can be taken as it is."""
    offering = decision.outcome in (APPROVE, COUNTER_OFFER)
    return offering and bool(decision.offers) and not decision.conditions


def find_offers(
    strategy: Strategy,
    application: Mapping[str, Any],
    *,
    at: date | None = None,
    most: int = 4,
    also: Mapping[str, Any] | None = None,
) -> list[Alternative]:
    """The offer that stands; then the one of the changes `also`, whatever they ask for; then
    others: those that change one of the terms before those that change both, then by surplus, or by
    amount where that is not known. `most` at most, and none where nothing can be taken as things
    stand.

    At most 17 decisions are made. Raises BadInput where the application's shape is wrong.
    """
    base = strategy.decide(application, at=at)
    if not takeable(base):
        return []
    asked = asked_terms(strategy, application)
    first: list[Mapping[str, Any]] = [{}, also] if also else [{}]
    changes = [*first, *(_changes(asked, base.offers[0]) if asked else ())]
    day = base.trace.decided_on
    decisions = [base, *(strategy.decide({**application, **each}, at=day) for each in changes[1:])]
    made = _different(changes, decisions, asked, also)
    worth = surpluses(strategy, base, [offer for _, offer in made])
    alternatives = [Alternative(*each, surplus) for each, surplus in zip(made, worth, strict=True)]
    kept = sum(each.asked in first for each in alternatives)
    return [*alternatives[:kept], *sorted(alternatives[kept:], key=_rank)][:most]


def _rank(alternative: Alternative) -> tuple[int, float, float, float]:
    offer, surplus = alternative.offer, alternative.surplus
    worth = 0.0 if surplus is None else surplus
    return len(alternative.asked), -worth, -offer.amount, -offer.months


def _different(
    changes: Sequence[Mapping[str, Any]],
    decisions: Sequence[Decision],
    asked: Asked | None,
    also: Mapping[str, Any] | None,
) -> list[tuple[Mapping[str, Any], Offer]]:
    """Each set of terms once, of those that can be taken and, unless they were asked for, are no
    more than was."""
    made: dict[tuple[float, float], tuple[Mapping[str, Any], Offer]] = {}
    for change, decision in zip(changes, decisions, strict=True):
        if not takeable(decision):
            continue
        offer = decision.offers[0]
        fits = asked is None or not change or change == also or _within(offer, asked)
        if fits:
            made.setdefault((offer.amount, offer.months), (change, offer))
    return [*made.values()]


def _within(offer: Offer, asked: Asked) -> bool:
    return offer.amount <= asked.amount.asked and offer.months <= asked.months.asked


def _changes(asked: Asked, offer: Offer) -> Iterator[Mapping[str, Any]]:
    """What else to ask for; nearest to what was asked first."""
    amounts = [asked.amount.asked, *_smaller(asked.amount, offer.amount)]
    months = [asked.months.asked, *_shorter(asked.months)]
    for amount in amounts[:4]:
        for term in months:
            if (amount, term) != (asked.amount.asked, asked.months.asked):
                yield changed_terms(asked, amount, term)


def _smaller(amounts: Range, offered: float) -> list[float]:
    """Whole steps below what was asked; what was offered among them where that is less."""
    shares = [share * amounts.asked for share in SHARES]
    if offered < amounts.asked:
        shares = [offered, *shares]
    stepped = [amounts.low + _floor(each - amounts.low, amounts.step) for each in shares]
    fit = (each for each in stepped if amounts.low <= each < amounts.asked)
    return [*dict.fromkeys(round(each, 10) for each in fit)]


def _floor(value: float, step: float) -> float:
    return step * ((value + 1e-9) // step)


def _shorter(months: Range) -> list[float]:
    years = int((months.asked - 1) // YEAR)
    terms = (float(YEAR * year) for year in range(years, 0, -1))
    return [term for term in terms if months.low <= term <= months.high][:SHORTER]
