"""Taking work: one person has it at a time, for as long as they go on with it.

A claim is a lease: each thing its holder does on it makes it last on, and it ends by itself. Of two
who take the same at once one has it, and the other is told who and since when. Whoever changes work
holds its chain first, so that the record's order is that in which things were done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from equipoise.errors import GateRefused
from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.arriving import moment_of
from equipoise.service.contexts.cases.conflicts import Conflicts
from equipoise.service.contexts.cases.events import (
    WorkClaimed,
    WorkClosed,
    WorkEvent,
    WorkReleased,
)
from equipoise.service.contexts.cases.folding import fold
from equipoise.service.contexts.cases.listing import Wanted, which
from equipoise.service.contexts.cases.models import Work
from equipoise.service.contexts.cases.shelf import shelf
from equipoise.service.contexts.cases.work import (
    WorkView,
    alone_with,
    is_claimed,
    view,
    workable,
)
from equipoise.service.contexts.officers.reading import check_here
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

LEASE = timedelta(minutes=15)
"""For how long somebody has work on which they do nothing."""
_AT_ONCE = 50  # candidates for the next case that are looked at together


class Taken(GateRefused):
    """Somebody else has it: `holder`, whose `name` is what they log in with, `since` then."""

    def __init__(self, row: Work) -> None:
        self.holder, self.since = row.claimed_by, row.claimed_at or row.opened_at
        self.name = accounts.usernames([self.holder]).get(self.holder, self.holder)
        super().__init__(
            f"{self.name} has it since {self.since.isoformat(timespec='minutes')}",
            field="work",
            mend="take another case, or ask them to hand it over",
        )


class Closed(GateRefused):
    """It waits for nobody any more."""

    def __init__(self, row: Work) -> None:
        self.how = row.closed
        super().__init__(
            f"it waits for nobody any more: {row.closed}", field="work", mend="take another case"
        )


def claim(work: str, by: Principal) -> WorkView:
    """Take it; whoever has it already goes on with it.

    Raises DoesNotExist where it is not within reach, Taken where another has it, Closed, Away, and
    SelfDealing, ConflictOfInterest, AlreadySigned or OwnDecision where it is not for `by`.
    """
    with transaction.atomic():
        row = held_alone(work, by)
        check_open(row)
        check_free(row, by)
        check_here(by.person)
        Conflicts(by.person).check(row)
        now = clock.now()
        if is_claimed(row, now):
            row.lease_until = now + LEASE
            row.save(update_fields=["lease_until"])
        else:
            until = (now + LEASE).isoformat()
            tell(row, WorkClaimed(work=row.id, until=until, by=by.id, key=by.key or None), now)
    return view(row, now)


def take_next(by: Principal, wanted: Wanted | None = None) -> WorkView | None:
    """Take the first that is free and shown, as wanted and in the desk's order, and that is neither
    in conflict with them nor above their level; None where there is none. Raises Away."""
    check_here(by.person)
    now, conflicts = clock.now(), Conflicts(by.person)
    free = replace(wanted or Wanted(), whose="free")
    rows = Work.objects.filter(workable(by), which(free, by, now))
    passed_over: list[str] = []
    while True:
        ordered = rows.exclude(pk__in=passed_over).order_by("-worth", "opened_at", "id")
        candidates = list(ordered[:_AT_ONCE])
        if not candidates:
            return None
        for row in candidates:
            passed_over.append(row.id)
            if conflicts.beyond(row) or conflicts.stand_against(row):
                continue
            try:
                return claim(row.id, by)
            except (GateRefused, Work.DoesNotExist):
                continue  # somebody was faster, or it has ended


def renew(work: str, by: Principal) -> bool:
    """Have a claim last on, while its holder has the case before them; whether it is theirs."""
    now = clock.now()
    mine = Work.objects.filter(pk=work, claimed_by=by.id, closed_at__isnull=True)
    return bool(mine.filter(lease_until__gt=now).update(lease_until=now + LEASE))


def release(work: str, by: Principal) -> WorkView:
    """Give it back. Raises as `claim` does; what nobody has stays free."""
    with transaction.atomic():
        row, now = held_alone(work, by), clock.now()
        check_open(row)
        check_free(row, by)
        if is_claimed(row, now):
            tell(row, WorkReleased(work=row.id, by=by.id, key=by.key or None), now)
    return view(row, now)


def close(work: str, how: str, by: Principal) -> WorkView:
    """Have it wait no more, by what a person did. Within the caller's transaction, if there is one.
    Raises DoesNotExist, Taken, Closed."""
    with transaction.atomic():
        row, now = held_alone(work, by), clock.now()
        check_open(row)
        check_free(row, by)
        tell(row, WorkClosed(work=row.id, how=how, by=by.id, key=by.key or None), now)
    return view(row, now)


def held_alone(work: str, by: Principal | None) -> Work:
    """The row, alone with it and with its chain until the commit. Raises DoesNotExist."""
    rows = Work.objects.all() if by is None else Work.objects.filter(workable(by))
    subjects.held(rows.values_list("chain", flat=True).get(pk=work))
    return alone_with(work, by)


def check_open(row: Work) -> None:
    """Raises Closed."""
    if row.closed_at is not None:
        raise Closed(row)


def check_free(row: Work, by: Principal) -> None:
    """Raises Taken where another has it."""
    if row.claimed_by != by.id and is_claimed(row, clock.now()):
        raise Taken(row)


def tell(row: Work, event: WorkEvent, at: datetime) -> None:
    """Do what the event says, and record it."""
    fold(row, event, at)
    row.save()
    record.append(record.event(row.chain, event))


def sealed(row: Work, words: str) -> Mapping[str, Any] | None:
    """What somebody says about it, under the key of its chain. Raises Unreadable."""
    subject = subjects.several([row.chain]).get(row.chain)
    if not words or subject is None:
        return None
    return subjects.seal_for(subject, {"words": words}).body


def again(each: Recorded[WorkEvent]) -> None:
    """Do what a recorded event says once more, as work is made anew from the record."""
    row = shelf().at(each.event.work)
    if row is not None:
        fold(row, each.event, moment_of(each))
        shelf().keep(row)
