"""Finding ways back for one applicant, each of them decided by the whole strategy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil
from typing import Any

from equipoise.contract.days import today
from equipoise.strategy.decision import (
    APPROVE,
    ASK_FOR_MORE,
    COUNTER_OFFER,
    DECLINE,
    REFER,
    Decision,
    Outcome,
)
from equipoise.strategy.engine import Strategy
from equipoise.strategy.recourse.moves import moves_of
from equipoise.strategy.recourse.search import Search, State
from equipoise.strategy.recourse.way import COUNTER_OFFER as TERMS_ONLY
from equipoise.strategy.recourse.way import RECOURSE, Changed, WayBack, changed

ORDER: tuple[Outcome, ...] = (DECLINE, REFER, ASK_FOR_MORE, COUNTER_OFFER, APPROVE)
TURNED = (ASK_FOR_MORE, COUNTER_OFFER, APPROVE)
HOLDS_DAYS = 30


def find_recourse(
    strategy: Strategy,
    record: Mapping[str, Any],
    *,
    at: date | None = None,
    most: int = 5,
) -> list[WayBack]:
    """What would turn the answer to an application, easiest first; at most `most` ways.

    Outcomes are ordered decline, refer, ask_for_more, counter_offer, approve. Whoever is declined
    or referred is shown ways to any of the last three (ask_for_more goes on with the journey);
    whoever has a counter-offer, ways to an approval of more than that offers. Whoever is approved,
    or still has to bring something, gets no way.

    Each way was decided by the whole strategy; without any one of its changes, or with one step
    less of any, the answer does not turn. Ways are ranked by effort (see `Search.effort`), one for
    each set of fields. `valid_until` is the last day on which the strategy still gives the stated
    outcome, looking no further than 30 days after the longest change is made: facts that grow
    stale end it sooner.

    Raises BadInput where the application's shape is wrong.
    """
    base = strategy.decide(record, at=at)
    search = _search(strategy, record, base)
    if search is None:
        return []
    least: dict[frozenset[str], State] = {}
    for state in search.found():
        taken = zip(search.moves, state, strict=True)
        fields = frozenset(move.field.name for move, steps in taken if steps)
        if fields not in least or search.effort(state) < search.effort(least[fields]):
            least[fields] = state
    ranked = sorted(least.values(), key=lambda state: (search.effort(state), state))[:most]
    day = base.trace.decided_on or today(strategy.content.contract)
    return [_way(strategy, search, state, day) for state in ranked]


def has_way_back(
    strategy: Strategy, record: Mapping[str, Any], *, at: date | None = None
) -> bool | None:
    """Whether the search finds any way; None where the answer needs none."""
    base = strategy.decide(record, at=at)
    if base.outcome not in (DECLINE, REFER):
        return None
    search = _search(strategy, record, base)
    return search is not None and search.any()


def _search(strategy: Strategy, record: Mapping[str, Any], base: Decision) -> Search | None:
    if base.outcome in (APPROVE, ASK_FOR_MORE):
        return None
    moves = moves_of(strategy, strategy.compiled.intake.read(record).facts)
    if not moves:
        return None
    return Search(strategy, record, moves, base.trace.decided_on, _Better(base))


class _Better:
    """Whether an answer is better than the one that was given."""

    def __init__(self, base: Decision) -> None:
        self._offered = base.offers[0].amount if base.outcome == COUNTER_OFFER else None

    def __call__(self, decision: Decision) -> bool:
        if self._offered is None:
            return decision.outcome in TURNED
        return decision.outcome == APPROVE and decision.offers[0].amount > self._offered


def _way(strategy: Strategy, search: Search, state: State, at: date) -> WayBack:
    languages, currency = strategy.content.strategy.languages, strategy.content.contract.currency
    taken = [(m, k) for m, k in zip(search.moves, state, strict=True) if k]
    changes: tuple[Changed, ...] = tuple(changed(m, k, languages, currency) for m, k in taken)
    decision = search.decision(state)
    days = max(each.days for each in changes)
    return WayBack(
        kind=TERMS_ONLY if all(m.term for m, _ in taken) else RECOURSE,
        changes=changes,
        outcome=decision.outcome,
        offers=decision.offers,
        conditions=decision.conditions,
        days=days,
        effort=search.effort(state),
        valid_until=_last_day(strategy, search.application(state), decision.outcome, at, days),
    )


def _last_day(
    strategy: Strategy, application: Mapping[str, Any], outcome: Outcome, at: date, days: float
) -> date:
    """The last day on which the outcome stands, by bisection; ageing facts turn it but once."""

    def stands(after: int) -> bool:
        on = at + timedelta(days=after)
        return strategy.decide(application, at=on).outcome == outcome

    good, bad = 0, ceil(days) + HOLDS_DAYS
    if stands(bad):
        return at + timedelta(days=bad)
    while bad - good > 1:
        middle = (good + bad) // 2
        if stands(middle):
            good = middle
        else:
            bad = middle
    return at + timedelta(days=good)
