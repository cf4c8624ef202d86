"""A disposal as the record tells it, and what happens to it added there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace as with_words

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.disposals.events import DisposalEvent, DisposalProposed
from equipoise.service.contexts.disposals.folding import Happening, Story, Words, after, begun
from equipoise.service.contexts.disposals.models import Disposal as Row
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

SYSTEM = "system.disposals"
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


def keyholder(row: Row) -> str:
    """The chain under whose key its words stand: the applicant's, else its own."""
    return str(row.application or row.pk)


def happenings(row: Row) -> list[Happening]:
    """What happened to a disposal, in order; without words once the applicant was erased."""
    subject = subjects.several([keyholder(row)]).get(keyholder(row))
    return [
        Happening(
            _BEGAN + timedelta(microseconds=each.entry.at), each.event, _opened(subject, each.event)
        )
        for each in record.history(row.pk, DisposalEvent)
    ]


def folded(happened: list[Happening]) -> Story:
    """The disposal that these make, the first of them its proposal."""
    first, *others = happened
    if not isinstance(first.event, DisposalProposed):
        raise AssertionError("a disposal begins with its proposal")
    story = begun(first.event, first.on, first.words)
    for each in others:
        story = after(story, each)
    return story


def follow(row: Row) -> Story:
    """The disposal as all that is recorded of it makes it."""
    return folded(happenings(row))


def add(row: Row, happened: Happening, story: Story) -> None:
    """Append what happened and left the disposal as `story`, in the caller's transaction, which
    holds the row. Raises Unreadable where it has words and the applicant was erased."""
    event = happened.event
    if happened.words:
        sealed = subjects.seal_for(subjects.held(keyholder(row)), happened.words)
        event = with_words(event, words=sealed.body)
    row.serial += 1
    row.state, row.recovered = story.disposal.state.value, story.disposal.recovered
    row.save(update_fields=["serial", "state", "recovered"])
    record.append(record.event(row.pk, event, rows=(row,)))


def _opened(subject: subjects.Subject | None, event: DisposalEvent) -> Words:
    try:
        return subjects.opened(subject, event.words) if event.words else {}
    except Unreadable:
        return {}
