"""Scheduled work about looks."""

from __future__ import annotations

from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.looks.following import follow


@every(minutes=1)
@job(attempts=1)
def file_looks() -> int:
    """File the looks that the record tells of since; how many events that were."""
    return follow()
