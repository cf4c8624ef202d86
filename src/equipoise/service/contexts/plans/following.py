"""A run as the record tells it: folded from its chain, and what happens to it added there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from equipoise.record.events import Recorded
from equipoise.service.contexts.plans.documents import parsed
from equipoise.service.contexts.plans.events import (
    PersonCalled,
    RunBegun,
    RunClosed,
    RunEvent,
    StepDone,
    StepSkipped,
    SwitchedBack,
    SwitchedOn,
)
from equipoise.service.contexts.plans.models import PlanRun
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

if TYPE_CHECKING:
    from equipoise.watch.plans import Happening, PlansDocument, Run

SYSTEM = "system.plans"
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
_WHAT_WAS_SAID: Mapping[str, Callable[..., RunEvent]] = {
    "done": StepDone,
    "skipped": StepSkipped,
    "closed": RunClosed,
}
_DID: Mapping[type[RunEvent], str] = {
    StepDone: "done",
    StepSkipped: "skipped",
    PersonCalled: "called",
    SwitchedOn: "switched_on",
    SwitchedBack: "switched_back",
    RunClosed: "closed",
}
Opened = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Followed:
    """A run, its row, the plans it is of, and which message called whom, by step and person."""

    row: PlanRun
    document: PlansDocument
    run: Run
    turned: tuple[SwitchedOn | SwitchedBack, ...]
    messages: Mapping[tuple[str, str], str]


def follow(row: PlanRun) -> Followed:
    """The run as all that is recorded of it makes it."""
    from equipoise.watch.plans import folded, opened

    document = parsed(row.version.text)
    events = record.history(row.pk, RunBegun, RunEvent)
    opener = partial(subjects.opened, subjects.several([row.pk]).get(row.pk))
    first = opened(document.plan(row.plan), _happening(events[0], opener), drill=row.drill)
    run = folded(first, (_happening(each, opener) for each in events[1:]))
    happened = [each.event for each in events]
    return Followed(
        row,
        document,
        run,
        tuple(each for each in happened if isinstance(each, SwitchedOn | SwitchedBack)),
        {(e.what, e.whom): e.message for e in happened if isinstance(e, PersonCalled)},
    )


def add(row: PlanRun, events: Iterable[RunEvent]) -> None:
    """Append what happened, in the caller's transaction, which holds the row."""
    for each in events:
        row.serial += 1
        row.save(update_fields=["serial", "closed_at"])
        record.append(record.event(row.pk, each, rows=(row,)))


def event_of(row: PlanRun, happening: Happening, key: str | None) -> RunEvent:
    """A step done or left out, or the end, as the record tells it, with its words sealed."""
    words = None
    if happening.note:
        words = subjects.seal_for(subjects.held(row.pk), {"words": happening.note}).body
    return _WHAT_WAS_SAID[happening.did.value](
        by=happening.by, key=key, plan=row.plan, drill=row.drill, what=happening.what, words=words
    )


def _happening(recorded: Recorded[Any], opener: Opened) -> Happening:
    from equipoise.watch.plans import Did, Happening

    event = recorded.event
    on = _BEGAN + timedelta(microseconds=recorded.entry.at)
    if isinstance(event, RunBegun):
        return Happening(Did.OPENED, on, event.by, note=opener(event.words)["words"])
    words = getattr(event, "words", None)
    note = opener(words)["words"] if words else ""
    whom = event.whom if isinstance(event, PersonCalled) else ""
    return Happening(Did(_DID[type(event)]), on, event.by, event.what, whom, note)
