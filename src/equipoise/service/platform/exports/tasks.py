"""Scheduled work about exports."""

from __future__ import annotations

from equipoise.service.platform.exports import files
from equipoise.service.platform.jobs.registering import every, job


@every(minutes=10)
@job(attempts=1)
def remove_sent() -> int:
    """Remove files that have been sent; how many."""
    return files.sweep()
