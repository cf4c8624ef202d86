"""Who is told that something of theirs is late: each thing once, in the transaction that records
it, so that a worker that is killed has either told them or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.db import transaction
from django.db.models import Q

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.incidents.events import IncidentChased
from equipoise.service.contexts.incidents.folding import Happening, Story, after
from equipoise.service.contexts.incidents.following import SYSTEM, add, follow
from equipoise.service.contexts.incidents.models import Incident, Learnt
from equipoise.service.platform.reminding import Reminder, remind
from equipoise.watch.incidents import overdue, overdue_actions

NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Late:
    """Something late: a `task`, a `notice` or an `action`, what it is, whose, and since when."""

    what: str
    name: str
    person: str
    due: datetime


def late(story: Story, now: datetime) -> Iterator[Late]:
    """What of an incident is late."""
    of = story.incident
    names = overdue(of, now)
    for task in of.tasks:
        if task.name in names and task.done is None and task.due < now:
            yield Late("task", task.name, task.owner, task.due)
    if NOTICE in names and of.notice_due is not None and of.notified is None:
        yield Late(NOTICE, NOTICE, of.lead or of.by, of.notice_due)
    written = story.post_mortem
    if written is not None and written.accepted_by:
        for action in overdue_actions(written, now.date()):
            yield Late(
                "action", action.what, action.owner, datetime.combine(action.due, time.max, UTC)
            )


def chase_all(now: datetime) -> int:
    """Tell everybody whose is late and who was not told; how many things that were."""
    open_ = Incident.objects.filter(Q(closed_at=None) | Q(learnt=Learnt.ACCEPTED))
    return sum(_chased(each, now) for each in open_.values_list("pk", flat=True))


def _chased(chain: str, now: datetime) -> int:
    with transaction.atomic():
        row = Incident.objects.select_for_update().get(pk=chain)
        try:
            story = follow(chain)
        except Unreadable:
            return 0
        count = 0
        for each in late(story, now):
            if (each.what, each.name) in story.chased:
                continue
            message = remind(
                chain,
                Reminder("duty_late", each.person, each.name, story.incident.title, each.due),
            )
            chased = IncidentChased(by=SYSTEM, what=each.what, person=each.person, message=message)
            happened = Happening(now, chased, {"name": each.name})
            story = after(story, happened)
            add(row, happened, story)
            count += 1
        return count
