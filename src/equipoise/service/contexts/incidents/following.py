"""An incident as the record tells it, and what happens to it added there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace as with_words

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.incidents.events import IncidentEvent, IncidentReported
from equipoise.service.contexts.incidents.folding import Happening, Story, Words, after, begun
from equipoise.service.contexts.incidents.models import Incident as Row
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

SYSTEM = "system.incidents"
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


def happenings(chain: str) -> list[Happening]:
    """What happened to an incident, in order, with its words; none where its key is gone."""
    subject = subjects.several([chain]).get(chain)
    return [
        Happening(
            _BEGAN + timedelta(microseconds=each.entry.at), each.event, _opened(subject, each.event)
        )
        for each in record.history(chain, IncidentEvent)
    ]


def follow(chain: str) -> Story:
    """The incident as all that is recorded of it makes it. Raises Unreadable without its key."""
    first, *others = happenings(chain)
    if not isinstance(first.event, IncidentReported):
        raise AssertionError("an incident begins with its report")
    story = begun(first.event, first.on, first.words)
    for each in others:
        story = after(story, each)
    return story


def add(row: Row, happened: Happening, story: Story) -> None:
    """Append what happened and left the incident as `story`, in the caller's transaction, which
    holds the row."""
    event = happened.event
    if happened.words:
        sealed = subjects.seal_for(subjects.held(row.pk), happened.words).body
        event = with_words(event, words=sealed)
    row.serial += 1
    row.severity, row.closed_at = story.incident.severity, story.incident.closed
    row.learnt = story.learnt
    row.save(update_fields=["serial", "severity", "closed_at", "learnt"])
    record.append(record.event(row.pk, event, rows=(row,)))


def _opened(subject: subjects.Subject | None, event: IncidentEvent) -> Words:
    if not event.words:
        return {}
    try:
        return subjects.opened(subject, event.words)
    except Unreadable:
        raise Unreadable(
            "what people wrote of this incident cannot be read", mend="take its key from a backup"
        ) from None
