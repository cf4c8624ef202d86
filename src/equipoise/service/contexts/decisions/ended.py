"""Decisions of which it is known what came: the loan was repaid, or went bad."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.outcomes import Outcome
from equipoise.service.contexts.decisions.reading_many import Several
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.record import services as record

_AT_ONCE = 500
_BAD = {Outcome.REPAID.value: False, Outcome.DEFAULTED.value: True}


@dataclass(frozen=True, slots=True)
class Ended:
    """A decision, its application, its grade (empty where it has none), and whether its loan went
    bad."""

    decision: str
    application: str
    grade: str
    bad: bool


def ended(most: int) -> list[Ended]:
    """The decisions whose loans ended last, so many at most, in the order of their ends. What went
    bad once stays so. For a worker: all outcomes are read."""
    ends: dict[str, tuple[str, bool]] = {}  # by decision: its chain, and whether it went bad
    for each in record.read((OutcomeRecorded,)):
        event = each.event
        if event.outcome in _BAD:
            _, before = ends.pop(event.decision, ("", False))
            ends[event.decision] = (each.entry.chain, before or _BAD[event.outcome])
    last = dict([*ends.items()][-most:])
    grades = _grades(sorted({chain for chain, _ in last.values()}))
    return [
        Ended(decision, chain, grades[decision], bad)
        for decision, (chain, bad) in last.items()
        if decision in grades
    ]


def _grades(chains: Sequence[str]) -> Mapping[str, str]:
    """Of each decision in these chains."""
    made = record.in_chains(chains, DecisionMade)
    return {each.event.decision: each.event.made["grade"] or "" for each in made}


def opened_to(by: Principal, decisions: Collection[str]) -> Sequence[DecisionView]:
    """Those of these decisions whose facts the reader may read, opened, in the order of their ids;
    of whoever was erased there are none. Whoever shows facts records that they were looked at."""
    over = by.reach(Action.READ_PERSONAL)
    if over is None:
        return []
    wanted, opened = sorted(decisions), list[DecisionView]()
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Decision.objects.filter(
            rows_for(by, over), pk__in=wanted[start : start + _AT_ONCE]
        ).order_by("pk")
        piece = list(rows)
        among = Several(piece)
        opened += [among.seen_by(by, among.decision(row)) for row in piece]
    return [each for each in opened if each.facts is not None]
