"""When somebody was at a draft, over which channel, and how far they came: as the record tells it,
which page was answered and never what was typed there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from equipoise.service.contexts.drafts.events import (
    DraftAnswered,
    DraftEnded,
    DraftEvent,
    DraftSent,
    DraftTook,
    DraftWentOn,
)
from equipoise.service.platform.record import services as record

APART = timedelta(minutes=30)
"""After so long without anything done, what comes next is another visit."""
_ENDS = {DraftSent: "sent", DraftWentOn: "went_on", DraftTook: "took", DraftEnded: "ended"}


@dataclass(frozen=True, slots=True)
class Visit:
    """From its first event to its last: over a `channel`, in whose hands (`by`), which `pages` were
    answered, each once, and what it came to: `sent`, `went_on` with what was asked for, `took`
    other terms, `ended`, or empty."""

    began_at: datetime
    ended_at: datetime
    channel: str
    by: str
    pages: tuple[str, ...]
    came_to: str

    def goes_on_with(self, event: DraftEvent) -> bool:
        """Whether the event belongs to it."""
        here = (self.channel, self.by) == (event.channel, event.by)
        return here and datetime.fromisoformat(event.at) - self.ended_at <= APART


def visits_of(draft: str) -> Sequence[Visit]:
    """The draft's visits, in the order in which they were made."""
    visits: list[Visit] = []
    for each in record.history(draft, DraftEvent):
        if visits and visits[-1].goes_on_with(each.event):
            visits[-1] = _with(visits[-1], each.event)
        else:
            at = datetime.fromisoformat(each.event.at)
            visits.append(
                _with(Visit(at, at, each.event.channel, each.event.by, (), ""), each.event)
            )
    return visits


def _with(visit: Visit, event: DraftEvent) -> Visit:
    page = (event.page,) if isinstance(event, DraftAnswered) else ()
    return Visit(
        visit.began_at,
        datetime.fromisoformat(event.at),
        visit.channel,
        visit.by,
        tuple(dict.fromkeys((*visit.pages, *page))),
        _ENDS.get(type(event), visit.came_to),
    )
