"""Work for practice: cases from the lender's history, and forgetting."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import LONG, every, job
from equipoise.service.platform.record import subscriptions

KEPT = timedelta(days=730)
"""How long what somebody answered is kept: two years tell how they learn."""


@job(attempts=2, queue=LONG)
def draw_cases(source: str) -> str:
    """Draw cases of one of the lender's own sources, where somebody asked for them."""
    from equipoise.service.contexts.practice.drawing import draw
    from equipoise.service.contexts.practice.models import Source

    return draw(Source(source))


@every(minutes=1)
@job(attempts=1)
def forget_practised_cases() -> int:
    """Have no case of whoever was erased be practised on; how many events were looked at."""
    return subscriptions.forward([_ERASED])


@every(hours=24, by_age=True)
@job(attempts=1)
def forget_old() -> int:
    """Forget answers and drills that are two years old; how many rows went."""
    from equipoise.service.contexts.practice.models import Answer, Drilled

    before = clock.now() - KEPT
    answers, _ = Answer.objects.filter(answered_at__lt=before).delete()
    drilled, _ = Drilled.objects.filter(done_at__lt=before).delete()
    return answers + drilled


def _forget(chains: Collection[str]) -> int:
    from equipoise.service.contexts.practice.decided import forget

    return forget(chains)


_ERASED = subscriptions.of_erased("practice.erased", _forget)
