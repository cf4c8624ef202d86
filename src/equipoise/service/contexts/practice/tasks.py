"""Work for practice: cases from the lender's history, and forgetting."""

from __future__ import annotations

from datetime import timedelta

from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import LONG, every, job

KEPT = timedelta(days=730)
"""How long what somebody answered is kept: two years tell how they learn."""


@job(attempts=2, queue=LONG)
def draw_from_history() -> str:
    """Draw cases from the lender's own history, where somebody asked for them."""
    from equipoise.service.contexts.practice.history import draw

    return draw()


@every(hours=24, by_age=True)
@job(attempts=1)
def forget_old() -> int:
    """Forget answers and drills that are two years old; how many rows went."""
    from equipoise.service.contexts.practice.models import Answer, Drilled

    before = clock.now() - KEPT
    answers, _ = Answer.objects.filter(answered_at__lt=before).delete()
    drilled, _ = Drilled.objects.filter(done_at__lt=before).delete()
    return answers + drilled
