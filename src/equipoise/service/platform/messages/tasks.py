"""Background work about messages and codes."""

from __future__ import annotations

from django.utils import timezone

from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.messages import codes


@every(hours=1, by_age=True)
@job(attempts=1)
def forget_codes() -> int:
    """Forget codes that nobody can use any more; how many."""
    return codes.forget_over(timezone.now())
