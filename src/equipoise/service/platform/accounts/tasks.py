"""Scheduled work about accounts."""

from __future__ import annotations

from equipoise.service.platform.accounts.factors import seal_factors_anew
from equipoise.service.platform.accounts.figures import ending
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.operations.logs import facts, log

_log = log("keys")


@every(days=1)
@job()
def seal_second_factors_anew() -> int:
    """Seal second factors under the newest master key; how many an older one had sealed."""
    return seal_factors_anew()


@every(hours=24)
@job(attempts=1)
def warn_of_ending_keys() -> int:
    """Say in the log, once a day, which keys end soon; how many."""
    keys = list(ending())
    for key in keys:
        ends = key.expires_at.isoformat()
        program = f"program.{key.program_id}"
        _log.warning("key ends", extra=facts(key=f"key.{key.pk}", program=program, ends=ends))
    return len(keys)
