"""Work in the background about disposals: who is late is told, and the watch list is measured."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.db import transaction

from equipoise.service.contexts.disposals.events import DisposalChased
from equipoise.service.contexts.disposals.folding import Happening, Story, after
from equipoise.service.contexts.disposals.following import SYSTEM, add, follow
from equipoise.service.contexts.disposals.models import Disposal
from equipoise.service.contexts.disposals.watching import measure
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import LONG, every, job
from equipoise.service.platform.record import subjects
from equipoise.service.platform.reminding import Reminder, remind
from equipoise.watch.disposal import State, overdue

_OPEN = (State.PROPOSED.value, State.APPROVED.value, State.UNDER_WAY.value)


@every(hours=1)
@job(attempts=1)
def chase_disposals() -> int:
    """Tell whoever proposed a disposal of dates that passed unmet and acceptances that ran out,
    each once; how many were."""
    rows = Disposal.objects.filter(state__in=_OPEN).order_by("proposed_at")
    return sum(_chased(each, clock.now()) for each in rows.values_list("pk", flat=True))


@every(hours=24)
@job(queue=LONG, attempts=1)
def measure_borrowers() -> str:
    """Measure the watch list, where the workspace watches anything; its id, or nothing."""
    if not (Path(settings.CONFIGURATION.workspace) / "watch.yaml").is_file():
        return ""
    from equipoise.workspace.watches import watch_of  # which no server loads

    watch = watch_of(Path(settings.CONFIGURATION.workspace))
    return measure() if watch.document.borrowers is not None else ""


def _chased(disposal: str, now: datetime) -> int:
    with transaction.atomic():
        row = Disposal.objects.select_for_update().get(pk=disposal)
        if row.application and subjects.unreadable([row.application]):
            return 0
        story, count = follow(row), 0
        person = story.disposal.proposal.by
        for name in overdue(story.disposal, now.date()):
            if name in story.chased:
                continue
            due = datetime.combine(_due(story, name), time(), now.tzinfo)
            reminder = Reminder("duty_late", person, name, story.disposal.proposal.loan, due)
            message = remind(row.application or row.pk, reminder)
            event = DisposalChased(by=SYSTEM, person=person, message=message)
            happened = Happening(now, event, {"name": name})
            story = after(story, happened)
            add(row, happened, story)
            count += 1
        return count


def _due(story: Story, name: str) -> date:
    """When what is late was due: a date of its calendar, or the end of an acceptance."""
    dues = {each.what: each.due for each in story.disposal.dates if each.met is None}
    due = dues.get(name, story.disposal.proposal.expires)
    if due is None:
        raise AssertionError("what is late was due some day")
    return due
