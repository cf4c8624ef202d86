"""The terms that a person may grant: how far they go, what any of them are worth and what the
strategy says to them, by the facts of a decision. Nothing of it is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.authority import SYSTEM, Authority, Required
from equipoise.errors import BadInput
from equipoise.service.contexts.asks.reading import facts_in
from equipoise.service.contexts.cases.signing import at_stake, exceptions_of
from equipoise.service.contexts.decisions.reading import DecisionView, opened_for
from equipoise.service.contexts.registry.reading import lender_day, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal

if TYPE_CHECKING:
    from equipoise.strategy import Decision
    from equipoise.strategy.offering import Granted, Limits, Terms


@dataclass(frozen=True, slots=True)
class Weighed:
    """Terms as an offer, with what the strategy decides if they are asked for, what they are worth
    (`measures`, expectations in money; None: it cannot tell), and who has to sign for them (None:
    the strategy gives nobody authority)."""

    granted: Granted
    required: Required | None


def limits_of(decision: DecisionView, by: Principal) -> Limits | None:
    """How far the terms go today; None where the strategy cannot tell. Raises Withheld where the
    reader may not read the facts, Unreadable after an erasure."""
    from equipoise.strategy.offering import limits

    facts = facts_of(decision, by)
    return limits(loaded(decision.row.digest), facts["application"], today(decision))


def facts_of(decision: DecisionView, by: Principal) -> Mapping[str, Any]:
    """The decision's facts, opened, with those that the applicant was asked for since. Raises
    Withheld, and Unreadable after an erasure."""
    facts = opened_for(by, decision.row, decision.sealed)
    asked = facts_in(decision.row.application, by)
    return {**facts, "application": {**facts["application"], **asked}} if asked else facts


def with_answers(decision: DecisionView, by: Principal) -> Decision | None:
    """What the strategy says today with the facts that the applicant was asked for since; None
    where there are none. A person decides. Raises as `facts_of`."""
    if decision.failed or not facts_in(decision.row.application, by):
        return None
    facts = facts_of(decision, by)
    said: Decision = loaded(decision.row.digest).decide(facts["application"], at=today(decision))
    return said


def weighed(decision: DecisionView, terms: Terms, by: Principal) -> Weighed:
    """What these terms mean today. Raises NotGranted beyond the limits, and as `limits_of`."""
    facts = facts_of(decision, by)
    granted = granted_to(decision, facts, terms, today(decision))
    return Weighed(granted, required(decision, facts, granted.offer.amount))


def offered(
    decision: DecisionView, facts: Mapping[str, Any], terms: Terms, on: date
) -> dict[str, Any]:
    """The terms as an offer, plain. Raises NotGranted beyond the limits."""
    return granted_to(decision, facts, terms, on).offer.as_dict()


def required(
    decision: DecisionView, facts: Mapping[str, Any], amount: float | None = None
) -> Required | None:
    """Who has to sign for that amount; for what was offered or asked for unless given. None where
    the strategy gives nobody authority. What the machine might give alone a person of the lowest
    level signs, once it was left to one."""
    section = loaded(decision.row.digest).content.strategy.authority
    if section is None:
        return None
    stake = at_stake(facts) if amount is None else amount
    product = facts["trace"]["terms"].get("product")
    needed = Authority(section).level_for(
        stake, decision.plain["grade"], exceptions_of(decision), product
    )
    return needed if needed.level != SYSTEM else replace(needed, level=section.levels[0].name)


def today(decision: DecisionView) -> date:
    """The lender's day."""
    return lender_day(decision.row.digest, clock.now())


def terms_of(amount: float, months: float, apr: float) -> Terms:
    """Terms, for rooms that know nothing of strategies."""
    from equipoise.strategy.offering import Terms

    return Terms(amount, months, apr)


def same_terms(terms: Terms | None, offer: Mapping[str, Any] | None) -> bool:
    """Whether the offer is of these terms; also where there is neither."""
    if terms is None or offer is None:
        return terms is None and offer is None
    return (terms.amount, terms.months, terms.apr) == (
        offer["amount"],
        offer["months"],
        offer["apr"],
    )


def granted_to(decision: DecisionView, facts: Mapping[str, Any], terms: Terms, on: date) -> Granted:
    """What the terms mean on that day, by the facts opened. Raises NotGranted beyond the limits."""
    from equipoise.strategy.offering import granted

    if decision.failed:
        raise BadInput(
            "no strategy made this decision, so that nothing says how far terms may go",
            field="terms",
            mend="have the application decided again, or decline it",
        )
    return granted(loaded(decision.row.digest), facts["application"], terms, on)
