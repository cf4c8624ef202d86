"""Scheduled work about screenings."""

from __future__ import annotations

from equipoise.service.contexts.screenings.models import Screening
from equipoise.service.contexts.screenings.register import register
from equipoise.service.contexts.screenings.services import ask, chase
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import every, job


@every(hours=1)
@job(attempts=1)
def ask_owners() -> int:
    """Ask what is due of watch.yaml's duties, and chase who is late; how many were told. Two
    workers ask once: a round is a row of its own, and the other finds it there."""
    from equipoise.watch import asked_late, round_of  # which no server loads

    document, now = register(), clock.now()
    mails = 0
    for duty in document.duties if document is not None else ():
        round_ = round_of(duty, now.date())
        if round_ is not None:
            mails += ask(duty, asked_late(round_, duty, now.date()))
    late = Screening.objects.filter(answered_at=None, chased_at=None, due__lt=now.date())
    return mails + sum(chase(each, now) for each in late.values_list("pk", flat=True))
