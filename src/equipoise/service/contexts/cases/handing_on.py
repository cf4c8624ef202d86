"""Giving work to another, putting it off, and both for many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.cases.claims import (
    check_free,
    check_open,
    held_alone,
    sealed,
    tell,
)
from equipoise.service.contexts.cases.conflicts import Conflicts
from equipoise.service.contexts.cases.events import WorkAssigned, WorkSnoozed, WorkWoken
from equipoise.service.contexts.cases.models import Work
from equipoise.service.contexts.cases.work import WorkView, view
from equipoise.service.contexts.officers.reading import check_here
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.accounts.services import covers

ASSIGNED_FOR = timedelta(days=1)
"""For how long somebody has what another gave them, until they begin on it."""
LONGEST_SNOOZE = timedelta(days=90)
MOST_AT_ONCE = 200
"""Pieces of work that are handed on together."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One that was left as it is, and why."""

    work: str
    error: EquipoiseError | None
    """None where it is not within reach."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of many: those done, and those refused, each with the reason."""

    done: tuple[WorkView, ...]
    refused: tuple[Refused, ...]


def assign(work: str, to: str, words: str, by: Principal) -> WorkView:
    """Give it to a person (`user.7`), with a note; they have it for a day, and then as they go on
    with it.

    Whoever gives it has it, or nobody does. Raises as `claims.claim`, of the one who gets it too;
    BadInput for a person who does not work on such cases there.
    """
    with transaction.atomic():
        row = held_alone(work, by)
        check_open(row)
        check_free(row, by)
        _check_worker(row, to)
        check_here(to)
        Conflicts(to).check(row)
        now = clock.now()
        until = (now + ASSIGNED_FOR).isoformat()
        note = sealed(row, words)
        tell(
            row,
            WorkAssigned(work=row.id, to=to, until=until, words=note, by=by.id, key=by.key or None),
            now,
        )
    return view(row, now)


def snooze(work: str, until: datetime, words: str, by: Principal) -> WorkView:
    """Put it off until a moment, for a reason; whoever had it has it no more.

    The promise to the customer runs on. Raises as above, BadInput for a moment that is over or more
    than 90 days away.
    """
    with transaction.atomic():
        row, now = held_alone(work, by), clock.now()
        if not now < until <= now + LONGEST_SNOOZE:
            raise BadInput(
                "it cannot be put off until then",
                field="until",
                mend=f"give a moment within {LONGEST_SNOOZE.days} days",
            )
        check_open(row)
        check_free(row, by)
        at = until.isoformat()
        tell(
            row,
            WorkSnoozed(
                work=row.id, until=at, words=sealed(row, words), by=by.id, key=by.key or None
            ),
            now,
        )
    return view(row, now)


def wake(work: str, by: Principal) -> WorkView:
    """Have it shown again, before its time."""
    with transaction.atomic():
        row, now = held_alone(work, by), clock.now()
        check_open(row)
        if row.snoozed_until is not None and row.snoozed_until > now:
            tell(row, WorkWoken(work=row.id, by=by.id, key=by.key or None), now)
    return view(row, now)


def many(works: Sequence[str], act: Callable[[str], WorkView]) -> Done:
    """Do the same with many, each for itself: what is refused of one stops no other.

    Raises BadInput where they are none, or too many.
    """
    if not 0 < len(works) <= MOST_AT_ONCE:
        raise BadInput(
            "no case is chosen" if not works else f"{len(works)} cases are chosen",
            field="works",
            mend=f"choose 1 to {MOST_AT_ONCE}",
        )
    done, refused = list[WorkView](), list[Refused]()
    for work in dict.fromkeys(works):
        try:
            done.append(act(work))
        except EquipoiseError as error:
            refused.append(Refused(work, error))
        except ObjectDoesNotExist:
            refused.append(Refused(work, None))
    return Done(tuple(done), tuple(refused))


def _check_worker(row: Work, to: str) -> None:
    """Raises BadInput where that person does not work on such cases there."""
    workers = accounts.acting([to])
    over = workers[0].reach(Action.WORK_CASES) if workers else None
    if over is None or not covers(workers[0], over, row):
        raise BadInput(
            f"'{to}' works on no cases there",
            field="to",
            mend="name a person of the same branch or region whose role decides cases",
        )
