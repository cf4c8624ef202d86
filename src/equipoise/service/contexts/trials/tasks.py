"""When shadows are worked out, and trials that were overtaken closed."""

from __future__ import annotations

from equipoise.service.contexts.registry.events import Published, Withdrawn
from equipoise.service.contexts.trials import shadows, telling, watching
from equipoise.service.platform.jobs.registering import LONG, Again, every, job, stopping
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.subscriptions import Subscription


@every(minutes=1)
@job(attempts=1, queue=LONG)
def catch_up_shadows() -> int:
    """Hold every shadow against the decisions made since; how many there were."""
    count = 0
    for arm in shadows.open_arms():
        while more := shadows.catch_up(arm):
            count += more
            if stopping():
                raise Again
    return count


@every(minutes=10)
@job(attempts=1, queue=LONG)
def look_at_trials() -> int:
    """Work out what may be said of trials by now."""
    return watching.look_anew()


OVERTAKEN = Subscription(
    "trials.overtaken", (Published, Withdrawn), lambda _: telling.close_overtaken()
)


@every(minutes=1)
@job(attempts=1)
def close_overtaken_trials() -> int:
    """Say of trials whose champion was replaced that they ended; how many publications and
    withdrawals there were."""
    return subscriptions.forward([OVERTAKEN])
