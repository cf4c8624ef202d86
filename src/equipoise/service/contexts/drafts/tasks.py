"""Scheduled work about drafts."""

from __future__ import annotations

from datetime import timedelta

from equipoise.service.contexts.drafts import helping, notices, sending, sought
from equipoise.service.contexts.drafts.ending import end, forget
from equipoise.service.contexts.drafts.hands import Closed, Hands
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.notices import KEPT
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import every, job
from equipoise.service.platform.record import subscriptions

_A_WHILE = timedelta(seconds=30)  # whoever pressed the button is at it themselves


@every(hours=1, by_age=True)
@job(attempts=1)
def expire_drafts() -> int:
    """End the drafts whose time is over; how many."""
    old = Draft.objects.filter(state=DraftState.OPEN, changed_at__lt=clock.now() - KEPT)
    count = 0
    for draft in old.values_list("id", flat=True)[:1000]:
        try:
            end(draft, "expired", Hands("service", "service"))
        except Closed:  # sent or deleted meanwhile
            continue
        count += 1
    return count


@every(minutes=1)
@job(attempts=1)
def send_on() -> int:
    """Send on what was cut off on its way, or waits for a source of facts; how many arrived."""
    return sending.resume(clock.now() - clock.passing(_A_WHILE))


@every(hours=1)
@job(attempts=1)
def warn_of_expiry() -> int:
    """Tell people that their draft ends soon; how many were told."""
    return notices.expiring()


@every(minutes=1)
@job(attempts=1)
def tell_applicants() -> int:
    """Tell people of what is new for them to do; how many events were looked at."""
    return subscriptions.forward([notices.TOLD])


@every(minutes=1)
@job(attempts=1)
def forget_drafts() -> int:
    """Empty what stands open of drafts whose keys are gone; how many events were looked at."""
    return subscriptions.forward([_ERASED])


@job(attempts=3)
def send_code(draft: str, reference: str, digests: list[str]) -> bool:
    """Send whoever applied a code that opens it elsewhere; whether there is anybody. Begun again
    at once, it finds that one was sent."""
    return sought.send_code(sought.Sought(draft, reference, tuple(digests)))


@job(attempts=3)
def send_help_code(known_by: str) -> bool:
    """Send an applicant a code to read out to whoever helps, by the digest of their reference;
    whether there is anybody."""
    return helping.send_code_for_helper(known_by)


@every(minutes=1)
@job(attempts=1)
def end_idle_help() -> int:
    """End help in which nothing was done for half an hour; how many."""
    return helping.end_idle()


_ERASED = subscriptions.of_erased("drafts.erased", forget)
