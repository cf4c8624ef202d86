"""The record's scheduled work."""

from __future__ import annotations

import time

from equipoise.service.platform.jobs.registering import LONG, Again, every, job, stopping
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.signing import NotSigned, make_checkpoints, many_unsigned

_REST = 60.0  # seconds
_refusals = [-_REST]  # when it was last refused, by the monotonic clock


def _many() -> bool:
    """Whether to sign before it is due; not again and again where it was refused."""
    return time.monotonic() - _refusals[0] > _REST and many_unsigned()


@every(minutes=5, sooner=_many)
@job(attempts=1)
def sign_checkpoints() -> int:
    """Sign what was appended since the last checkpoint; how many checkpoints that made."""
    try:
        return len(make_checkpoints())
    except NotSigned:
        _refusals[0] = time.monotonic()
        raise


@every(days=1)
@job(queue=LONG)
def wrap_keys_anew() -> int:
    """Wrap applicants' keys under the newest master key; how many an older one had wrapped."""
    count = 0
    for wrapped in subjects.rewrap():
        count += wrapped
        if stopping():
            raise Again
    return count
