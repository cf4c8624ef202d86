"""The ledger's scheduled work."""

from __future__ import annotations

from equipoise.service.jobs.registering import LONG, Again, every, job, stopping
from equipoise.service.ledger import subjects
from equipoise.service.ledger.services import make_checkpoints


@every(minutes=5)
@job(attempts=1)
def sign_checkpoints() -> int:
    """Sign what was appended since the last checkpoint; how many checkpoints that made."""
    return len(make_checkpoints())


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
