"""What was offered under a strategy and whether it was taken, for what is learnt from many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.reading_many import Several, followed
from equipoise.service.contexts.registry.reading import loaded
from equipoise.strategy.decision import LENT

_AT_ONCE = 500  # decisions that are read together


@dataclass(frozen=True, slots=True)
class Offered:
    """An application by the terms offered in its last decision: `asked` is the amount asked for,
    None where the strategy reads it from no field; `pd` as the strategy saw it. `taken` says that a
    loan was booked. It names nobody."""

    digest: str
    on: date
    apr: float
    amount: float
    asked: float | None
    pd: float
    taken: bool


@dataclass(frozen=True, slots=True)
class OffersMade:
    """The offers, how many people each version decided, and how many offers nobody can read any
    more, because the person was erased."""

    offers: tuple[Offered, ...]
    served: Mapping[str, int]
    unread: int


def offered(strategy: str, after: str, until: str, most: int, known_by: date) -> OffersMade:
    """Of a strategy's applications first decided between these two ids and not later than a day, so
    many decisions at most: what they were offered. For work of the service's own, as facts are
    opened of which only sums may be told."""
    people, _ = followed(strategy, after, until, most)
    people = [each for each in people if each.on <= known_by]
    served: dict[str, int] = {}
    for each in people:
        served[each.digest] = served.get(each.digest, 0) + 1
    lent = {each.application: each for each in people if each.outcome in LENT}
    offers, unread = list[Offered](), 0
    for application, row, facts in _opened(list(lent), until):
        terms = None if facts is None else _terms(row, facts)
        if terms is None:
            unread += 1
            continue
        each = lent[application]
        offers.append(Offered(each.digest, each.on, *terms, taken="booked" in each.recorded))
    return OffersMade(tuple(offers), served, unread)


def _opened(
    applications: list[str], until: str
) -> Iterator[tuple[str, Decision, dict[str, Any] | None]]:
    """The last decision of each before that id, and what is sealed of it; None where it is gone."""
    for at in range(0, len(applications), _AT_ONCE):
        piece = applications[at : at + _AT_ONCE]
        rows = Decision.objects.filter(application__in=piece, id__lt=until).order_by("id")
        last = {row.application: row for row in rows}
        among = Several(list(last.values()))
        for application, row in last.items():
            try:
                facts = among.facts(among.decision(row))
            except (Unreadable, Decision.DoesNotExist):
                facts = None
            yield application, row, facts


def _terms(
    row: Decision, facts: Mapping[str, Any]
) -> tuple[float, float, float | None, float] | None:
    from equipoise.strategy.offering import asked_terms

    pd = facts["trace"].get("pd")
    if not facts["offers"] or pd is None:
        return None
    offer = facts["offers"][0]
    asked = asked_terms(loaded(row.digest), facts["application"])
    return offer["apr"], offer["amount"], None if asked is None else asked.amount.asked, pd
