"""The customer has the ball: while they were asked for something, the promise to them stands
still."""

from __future__ import annotations

from django.db import transaction

from equipoise.service.contexts.cases.claims import (
    check_free,
    check_open,
    held_alone,
    sealed,
    tell,
)
from equipoise.service.contexts.cases.events import WorkHeld, WorkResumed
from equipoise.service.contexts.cases.work import WorkView, view
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal

_SERVICE = "system.cases"


def hold(work: str, why: str, by: Principal) -> WorkView:
    """The customer was asked for what `why` says (sealed). Whoever had the case has it no more;
    held already, it stays so.

    Raises DoesNotExist, Taken where another has it, Closed.
    """
    with transaction.atomic():
        row, now = held_alone(work, by), clock.now()
        check_open(row)
        check_free(row, by)
        if row.held_since is None:
            tell(
                row,
                WorkHeld(work=row.id, words=sealed(row, why), by=by.id, key=by.key or None),
                now,
            )
    return view(row, now)


def resume(work: str, by: Principal | None = None) -> WorkView:
    """It is a person's turn again: by whom of them, or as the customer answered. Where the strategy
    decides again and refers it, that is so by itself. Raises DoesNotExist, Closed."""
    with transaction.atomic():
        row, now = held_alone(work, by), clock.now()
        check_open(row)
        if row.held_since is not None:
            who, key = (_SERVICE, None) if by is None else (by.id, by.key or None)
            tell(row, WorkResumed(work=row.id, by=who, key=key), now)
    return view(row, now)
