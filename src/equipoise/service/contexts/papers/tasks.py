"""Scheduled work about papers."""

from __future__ import annotations

from equipoise.service.contexts.papers import files, judging
from equipoise.service.contexts.papers.going import forget
from equipoise.service.contexts.papers.models import Paper
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.record import subscriptions


@every(minutes=1)
@job(attempts=1)
def scan_held() -> int:
    """Have the scanner look at held papers; how many were judged."""
    return judging.judge()


@every(minutes=1)
@job(attempts=1)
def forget_papers() -> int:
    """Remove the papers of drafts whose keys are gone; how many events were looked at."""
    return subscriptions.forward([_ERASED])


@every(hours=1, by_age=True)
@job(attempts=1)
def sweep_papers() -> int:
    """Remove the files that belong to no paper; how many were."""
    names = list(files.old_ones())
    known = set(Paper.objects.filter(pk__in=names).values_list("pk", flat=True))
    strays = [each for each in names if each not in known]
    for name in strays:
        files.remove(name)
    return len(strays)


_ERASED = subscriptions.of_erased("papers.erased", forget)
