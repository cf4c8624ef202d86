"""What the strategies gave their applicants, for measuring where the lender stands by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.reading_many import Several
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.platform.record.subjects import first_id
from equipoise.strategy.decision import ASK_FOR_MORE, DECLINE

_AT_ONCE = 500  # decisions that are read together


@dataclass(frozen=True, slots=True)
class Given:
    """An application by its last decision: its facts, the treatment given by its name on the menu,
    and the APR that prices are relative to, a fraction a year."""

    decision: str
    facts: Mapping[str, Any]
    treatment: str
    apr: float


@dataclass(frozen=True, slots=True)
class Treatments:
    """The applications, and of how many more nobody can tell what was given: a rule left them to a
    person, a fault of ours did, or their facts are gone."""

    given: tuple[Given, ...]
    untold: int


def treated_since(strategies: Collection[str], since: date, most: int) -> Treatments:
    """The applications that those strategies decided from a day of the lender's on, the newest
    `most`. For work of the service's own, as facts are opened of which only sums may be told."""
    mark = first_id("decision", datetime.combine(since, time(), UTC) - timedelta(days=1))
    rows = Decision.objects.filter(
        strategy__in=strategies, id__gt=mark, decided_on__gte=since
    ).exclude(outcome=ASK_FOR_MORE)
    last = {row.application: row for row in reversed(rows.order_by("-id")[:most])}
    return _opened(list(last.values()))


def treated(decisions: Sequence[str]) -> Treatments:
    """The same of these decisions, as far as they can still be read."""
    rows: list[Decision] = []
    for at in range(0, len(decisions), _AT_ONCE):
        rows += Decision.objects.filter(id__in=decisions[at : at + _AT_ONCE]).order_by("id")
    return _opened(rows)


def _opened(rows: Sequence[Decision]) -> Treatments:
    given = tuple(each for each in _each(rows) if each is not None)
    return Treatments(given, len(rows) - len(given))


def _each(rows: Sequence[Decision]) -> Iterator[Given | None]:
    for at in range(0, len(rows), _AT_ONCE):
        piece = rows[at : at + _AT_ONCE]
        among = Several(piece)
        for row in piece:
            try:
                decision = among.decision(row)
                yield _given(decision, among.facts(decision))
            except (Unreadable, Decision.DoesNotExist):
                yield None


def _given(decision: DecisionView, facts: Mapping[str, Any]) -> Given | None:
    plain = decision.plain
    treatment = plain["trace"].get("treatment")
    if treatment is None and plain["outcome"] == DECLINE:
        treatment = DECLINE
    apr = (facts.get("trace") or {}).get("terms", {}).get("apr")
    if treatment is None or not apr:
        return None
    return Given(decision.row.id, facts["application"], treatment, float(apr))
