"""Erasures in the background."""

from __future__ import annotations

from datetime import timedelta

from equipoise.service.contexts.erasing import register
from equipoise.service.contexts.erasing.carrying import carry_on, carry_on_all
from equipoise.service.contexts.erasing.models import Erasure, State
from equipoise.service.platform.jobs.registering import LONG, Again, every, job

_PAUSE = timedelta(seconds=5)
_TRIES = 12  # soon after each other; then every minute


@job(queue=LONG, attempts=_TRIES)
def carry_out(erasure: str) -> str:
    """Carry an erasure out, as far as it goes now."""
    row = carry_on(Erasure.objects.get(pk=erasure))
    if row.state != State.DONE and (row.report.get("waits") or [""])[0].endswith("tried again"):
        raise Again(_PAUSE)
    return str(row.state)


@every(minutes=1)
@job(queue=LONG, attempts=1)
def carry_on_erasures() -> int:
    """Go on with the erasures that are not done; how many still are not."""
    return carry_on_all()


@every(minutes=10)
@job(attempts=1)
def apply_register() -> int:
    """Erase again whom a restore of an older database has brought back; how many there were."""
    path = register.register_file()
    return register.apply(register.read(path)) if path.is_file() else 0
