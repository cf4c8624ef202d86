"""How work for people begins and ends.

Of an application at most one piece of each kind is open: where the strategy refers it again, it is
the same that waits, with the newest decision. The id says what opened it, so that work made anew
from the record is the same work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import floor, log10
from typing import Any

from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.models import Work, WorkKind
from equipoise.service.contexts.cases.promised import office, own_hours, promised_hours
from equipoise.service.contexts.cases.shelf import shelf
from equipoise.service.contexts.decisions.reading import DecisionView, read
from equipoise.texts.currencies import decimals

OF_DECISIONS = (WorkKind.REFERRED, WorkKind.SIGNATURE)
_FIGURES = 2  # of an amount: who is asked for which sum stays sealed


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that begins to wait for a person at a moment: its kind, what opens it, in which
    chain its events stand, which application and decision it is about, by which day the law has it
    answered and by which rule. `strategy` and `digest` say who answers it where there is no
    decision."""

    kind: WorkKind
    about: str
    chain: str
    at: datetime
    application: str = ""
    decision: str = ""
    begun_by: str = ""
    strategy: str = ""
    digest: str = ""
    last_day: date | None = None
    rule: str = ""


def moment_of(each: Recorded[Any]) -> datetime:
    """When an event was recorded."""
    return datetime.fromtimestamp(each.entry.at / 1e6, UTC)


def open_work(arrival: Arrival) -> None:
    """Have it wait, or where that kind waits for the application, be about the newest decision."""
    decision = read(arrival.decision) if arrival.decision else None
    row = _known(arrival) or _begun(arrival)
    if decision is not None:
        _about(row, decision)
    if row.due_at is None:
        row.due_at = _promised(row)
    if row.held_since is not None:
        resumed(row, arrival.at)
    shelf().keep(row)


def end_work(chain: str, kinds: tuple[WorkKind, ...], at: datetime, how: str) -> None:
    """Have nothing of these kinds wait in that chain any more."""
    for row in shelf().waiting(chain):
        if row.kind in kinds:
            shelf().change(row, closed_at=at, closed=how)


def settle_work(kind: WorkKind, about: str, at: datetime, how: str) -> None:
    """Have the one not wait any more that this opened."""
    row = shelf().at(work_id(kind, about))
    if row is not None:
        shelf().change(row, closed_at=at, closed=how)


def resumed(row: Work, at: datetime) -> None:
    """The customer has the ball no more: what was left of the promise is left from now on."""
    if row.held_since is None:
        return
    desk = office(row.digest)
    row.held = [*row.held, [row.held_since.isoformat(), at.isoformat()]]
    if row.due_at is not None and row.due_at > row.held_since:
        row.due_at = desk.due(at, desk.hours(row.held_since, row.due_at))
    row.held_since = None


def work_id(kind: WorkKind, about: str) -> str:
    """The id of the work that this opens."""
    return f"work-{kind}-{about.partition('-')[2] or about}"[:80]


def _known(arrival: Arrival) -> Work | None:
    """What waits already: of a decision's kinds one, of the others one for each thing."""
    for row in shelf().waiting(arrival.chain):
        same = row.kind in OF_DECISIONS or row.about == arrival.about
        if row.kind == arrival.kind and same:
            return row
    return None


def _begun(arrival: Arrival) -> Work:
    return Work(
        id=work_id(arrival.kind, arrival.about),
        kind=arrival.kind,
        chain=arrival.chain,
        application=arrival.application,
        about=arrival.about,
        begun_by=arrival.begun_by,
        strategy=arrival.strategy,
        digest=arrival.digest,
        opened_at=arrival.at,
        last_day=arrival.last_day,
        rule=arrival.rule,
    )


def _promised(row: Work) -> datetime:
    """By when: the hours of the desk; where the person was told a day, that day, or sooner where
    the lender promises that kind of work hours of its own."""
    desk, own = office(row.digest), own_hours(row.kind)
    if row.kind in OF_DECISIONS or row.last_day is None:
        return desk.due(row.opened_at, promised_hours(row.kind))
    end_of_day = desk.end_of(row.last_day)
    return end_of_day if own is None else min(end_of_day, desk.due(row.opened_at, own))


def _about(row: Work, decision: DecisionView) -> None:
    """What the decision tells of the work."""
    of, plain = decision.row, decision.plain
    desk = office(of.digest)
    row.decision, row.application = of.id, of.application
    row.begun_by, row.branch, row.region = of.begun_by, of.branch, of.region
    row.strategy, row.digest, row.currency = of.strategy, of.digest, desk.currency
    row.grade, row.level = plain["grade"], plain["authority"] or ""
    row.signatures = max(1, plain["signatures"])
    row.why = [each["code"] for each in plain["reasons"]]
    row.amount, row.stake = _money(decision, desk.currency)


def _money(decision: DecisionView, currency: str) -> tuple[int | None, int | None]:
    """What is asked for, and what the strategy expects of it: the other answer is worth nothing."""
    if decision.facts is None:
        return None, None
    trace, unit = decision.facts.get("trace", {}), 10 ** decimals(currency)
    figures = (trace.get("terms", {}).get("amount"), trace.get("measures", {}).get("profit"))
    amount, stake = (None if each is None else _rough(abs(each) * unit) for each in figures)
    return amount, stake


def _rough(value: float) -> int:
    """To two figures."""
    if value < 1:
        return 0
    step = 10 ** max(0, floor(log10(value)) + 1 - _FIGURES)
    return int(round(value / step) * step)
