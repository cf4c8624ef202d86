"""Background work about webhooks."""

from __future__ import annotations

import time
from datetime import timedelta

from equipoise.service.platform.jobs.registering import STEADY, Again, every, job, stopping
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.webhooks.postman import Postman
from equipoise.service.platform.webhooks.tidying import tidy

_log = log("webhooks")
_PAUSE = 0.5  # seconds between two looks while nothing happens
_AFTER_A_FAULT = timedelta(seconds=5)
_SHIFT = 600.0  # seconds after which it begins anew, so that nothing gathers in one process


@every(minutes=1)  # begins it the first time
@job(attempts=1000, queue=STEADY)  # a killed worker counts as one; no fault of ours does
def carry() -> None:
    """Tell addresses what happens, for as long as the worker works."""
    postman, end = Postman(), time.monotonic() + _SHIFT
    try:
        while not stopping() and time.monotonic() < end:
            postman.round(_PAUSE)
        postman.hurry()
        postman.finish()
    except Exception as error:  # likely the database: what was on its way is sent again
        postman.hurry()
        _log.error("webhooks cannot be carried", exc_info=error)
        raise Again(_AFTER_A_FAULT) from error
    raise Again


@every(hours=1, by_age=True)
@job(attempts=1)
def tidy_webhooks() -> int:
    """Remove what the logs of deliveries no longer need; how many deliveries that were."""
    return tidy()
