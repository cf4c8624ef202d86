"""Other terms of one application: what its strategy says to them today, of which nothing is
recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.opening import opened_for
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.contexts.registry.reading import lender_day, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    from equipoise.strategy import Decision, Offer, Strategy
    from equipoise.strategy.offering import Alternative, Asked, Recommended

MOST_OFFERS = 4


class NotOffered(EquipoiseError):
    """The strategy does not offer these terms as they are."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen: `offers`, first the one for what was asked for at the start, then the one
    for what was asked for last; which is `recommended` (None: there is but one); and what else may
    be asked for beside what was at the start (None: nothing)."""

    offers: Sequence[Alternative]
    recommended: Recommended | None
    asked: Asked | None


def choice_of(decision: DecisionView, by: Principal) -> Choice:
    """What can be chosen today, each decided by the strategy that decided. Raises Withheld where
    the reader may not read the facts, Unreadable after an erasure, Unusable."""
    from equipoise.strategy.offering import asked_terms, find_offers, recommended

    strategy, day = loaded(decision.row.digest), today(decision)
    last = _facts(decision, by)
    start = {**last, **_asked_at_start(decision, by, strategy)}
    also = {name: value for name, value in last.items() if start[name] != value}
    offers = find_offers(strategy, start, at=day, most=MOST_OFFERS, also=also or None)
    if not offers:
        start = dict(last)
        offers = find_offers(strategy, start, at=day, most=MOST_OFFERS)
    return Choice(offers, recommended(offers), asked_terms(strategy, start))


def _asked_at_start(decision: DecisionView, by: Principal, strategy: Strategy) -> dict[str, Any]:
    """The terms in the application's first decision."""
    from equipoise.strategy.offering import asked_terms

    first = next(iter(record.history(decision.row.application, DecisionMade))).event
    facts = opened_for(by, decision.row, first.facts)["application"]
    asked = asked_terms(strategy, facts)
    names = () if asked is None else (asked.amount.field, asked.months.field)
    return {name: facts[name] for name in names}


def stands(decision: DecisionView, by: Principal) -> bool:
    """Whether the strategy still makes today the offer that it made. Raises as `choice_of`."""
    from equipoise.strategy.offering import takeable

    now = loaded(decision.row.digest).decide(_facts(decision, by), at=today(decision))
    made = decision.answer()["offers"]
    return takeable(now) and [each.as_dict() for each in now.offers] == made


def said_to(decision: DecisionView, by: Principal, amount: float, months: float) -> Decision:
    """What the strategy says today if these terms are asked for; nothing of it is recorded.

    Raises BadInput where they cannot be asked for, and as `choice_of`.
    """
    answer: Decision = loaded(decision.row.digest).decide(
        {**_facts(decision, by), **changes_to(decision, by, amount, months)}, at=today(decision)
    )
    return answer


def offer_of(decision: Decision) -> Offer:
    """The offer that a decision makes as it is. Raises NotOffered."""
    from equipoise.strategy.offering import takeable

    if not takeable(decision):
        raise NotOffered("these terms are not offered as they are")
    return decision.offers[0]


def changes_to(
    decision: DecisionView, by: Principal, amount: float, months: float
) -> dict[str, Any]:
    """The fields that differ if these terms are asked for. Raises NotOffered where none can, and
    BadInput outside of what the contract allows."""
    from equipoise.strategy.offering import asked_terms, changed_terms

    asked = asked_terms(loaded(decision.row.digest), _facts(decision, by))
    if asked is None:
        raise NotOffered("no other terms can be asked for")
    return changed_terms(asked, amount, months)


def _facts(decision: DecisionView, by: Principal) -> Mapping[str, Any]:
    facts: Mapping[str, Any] = decision.parts_for(by).sealed["application"]
    return facts


def today(decision: DecisionView) -> date:
    """The lender's day."""
    return lender_day(decision.row.digest, clock.now())
