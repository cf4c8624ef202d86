"""Have a service come to where its worker would have come by now (a process of its own): of a
million applications just stored, a worker that looks every few seconds would need hours to hear.

`begin` gives every subscription of the record its cursor, before much is stored. `past` follows
people's ways through all that was stored since (the funnel, the map and the lost stand on them),
and moves every other cursor to the end of the record: what was stored are answers of the strategy
to programs, which open no work, owe no letter, end no wait and have told nobody, so that those who
are handed them write nothing. `waiting` then hands everybody the rest, in full: it opens the work,
sets the desk's order and draws the picture of the process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from equipoise.service.commands.starting import make_ready

WAYS = "process.ways"
"""The subscription whose rows are made of what was stored."""


def begin() -> int:
    """Run once what a worker runs at regular times and is soon done; how many cursors there are."""
    from equipoise.service.platform.jobs.registering import SCHEDULE, SHORT, discover
    from equipoise.service.platform.record.models import Cursor

    discover()
    for scheduled in SCHEDULE.values():
        if scheduled.task.queue_name == SHORT:
            scheduled.task.func()
    return Cursor.objects.count()


def past() -> int:
    """Follow the ways, and move everybody else to the end; how many ways there are."""
    from equipoise.service.contexts.process import services as process
    from equipoise.service.contexts.process.models import Way
    from equipoise.service.platform.record.models import Cursor
    from equipoise.service.platform.record.safe_upto import settled

    while process.follow():
        pass
    Cursor.objects.exclude(name=WAYS).update(sequence=settled())
    return Way.objects.count()


def waiting() -> int:
    """Hand on what is left, and draw the process; how much waits."""
    from equipoise.service.contexts.cases.models import Work
    from equipoise.service.contexts.cases.tasks import follow_cases
    from equipoise.service.contexts.process.tasks import draw_process

    while follow_cases.func():
        pass
    begin()
    draw_process.func()
    return Work.objects.count()


STEPS: dict[str, Callable[[], int]] = {"begin": begin, "past": past, "waiting": waiting}


if __name__ == "__main__":
    make_ready(Path(sys.argv[1]))
    print(json.dumps(STEPS[sys.argv[2]]()))
