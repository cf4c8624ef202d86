"""Background work about webhooks."""

from __future__ import annotations

import time

from equipoise.service.jobs.registering import STEADY, Again, every, job, stopping
from equipoise.service.webhooks.postman import Postman
from equipoise.service.webhooks.tidying import tidy

_PAUSE = 0.5  # seconds between two looks while nothing happens
_SHIFT = 600.0  # seconds after which it begins anew, so that nothing gathers in one process


@every(minutes=1)  # begins it, and again where it was given up
@job(attempts=3, queue=STEADY)
def carry() -> None:
    """Tell addresses what happens, for as long as the worker works."""
    postman, end = Postman(), time.monotonic() + _SHIFT
    try:
        while not stopping() and time.monotonic() < end:
            postman.round(_PAUSE)
    finally:
        postman.hurry()
        postman.finish()
    raise Again


@every(hours=1)
@job(attempts=1)
def tidy_webhooks() -> int:
    """Remove what the logs of deliveries no longer need; how many deliveries that were."""
    return tidy()
