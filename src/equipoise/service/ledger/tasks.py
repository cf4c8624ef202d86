"""The ledger's scheduled work."""

from __future__ import annotations

from equipoise.service.jobs.registering import every, job
from equipoise.service.ledger.services import make_checkpoints


@every(minutes=5)
@job(attempts=1)
def sign_checkpoints() -> int:
    """Sign what was appended since the last checkpoint; how many checkpoints that made."""
    return len(make_checkpoints())
