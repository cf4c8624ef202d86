"""Following the record: who decided against the strategy, and what became of decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.events import CaseDecided, OverrideEvent, OverrideMade
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.hindsight.models import Against, Loan
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.subscriptions import Subscription
from equipoise.strategy.decision import APPROVE, DECLINE

_ENDS: Mapping[str, str] = {
    "repaid": "good", "defaulted": "bad", "withdrawn": "gone", "lapsed": "gone",
}  # fmt: skip


def _take(events: Sequence[Recorded[Any]]) -> None:
    outcomes = [each for each in events if isinstance(each.event, OutcomeRecorded)]
    made = _decisions(outcomes)
    for each in events:
        if isinstance(each.event, OverrideEvent):
            _signed(each.entry.chain, each.entry.at, each.event)
        elif isinstance(each.event, CaseDecided):
            _reviewed(each.event)
        else:
            _became(each.event, made)


FOLLOWED = Subscription("hindsight.overrides", (OverrideEvent, CaseDecided, OutcomeRecorded), _take)


def _decisions(outcomes: Sequence[Recorded[Any]]) -> dict[str, DecisionMade]:
    chains = sorted({each.entry.chain for each in outcomes})
    return {each.event.decision: each.event for each in record.in_chains(chains, DecisionMade)}


def _signed(application: str, at: int, event: OverrideEvent) -> None:
    """The first signature says whose decision it is, the last one that it holds."""
    first = {
        "application": application,
        "machine": event.machine,
        "officer": event.by,
        "on": datetime.fromtimestamp(at / 1e6, UTC).date(),
    }
    row, _ = Against.objects.get_or_create(decision=event.decision, defaults=first)
    if isinstance(event, OverrideMade):
        row.person, row.reason, row.level = event.answer, event.reason, event.level
        row.save()


def _reviewed(event: CaseDecided) -> None:
    """An override that another person answered anew is against the strategy no more: what then
    comes of the decision counts once, as its own."""
    if event.answer != DECLINE:
        Against.objects.filter(decision=event.decision, machine=APPROVE, person=DECLINE).delete()


def _became(event: OutcomeRecorded, made: Mapping[str, DecisionMade]) -> None:
    decided = made.get(event.decision)
    if decided is None or event.outcome not in {"booked", *_ENDS}:
        return
    first = {"machine": decided.made["outcome"], "grade": decided.made["grade"] or ""}
    row, _ = Loan.objects.get_or_create(decision=event.decision, defaults=first)
    on = date.fromisoformat(event.on)
    if event.outcome == "booked":
        row.booked_on = on
    elif row.how != "bad":  # what has gone bad stays so
        row.how, row.ended_on = _ENDS[event.outcome], on
    row.save()
