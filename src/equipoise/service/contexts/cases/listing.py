"""What waits, in the desk's order, a page at a time; and how much of it there is.

The order is kept with the rows, so that a page is read from an index that holds what is open alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, Literal

from django.db.models import Count, Q

from equipoise.service.contexts.cases.models import Work, WorkKind
from equipoise.service.contexts.cases.work import WorkView, free_at, view
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.api.paging import (
    Order,
    Paging,
    Part,
    page_of,
    read_moment,
    read_name,
)

Whose = Literal["", "mine", "free"]
When = Literal["", "overdue", "snoozed", "held"]


def _read_worth(value: Any) -> float:
    if type(value) not in (int, float) or not isfinite(value):
        raise ValueError(value)
    return float(value)


_BY_WORTH = Order("work", ("-worth", "opened_at", "id"), (_read_worth, read_moment, read_name))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which work: of a kind, theirs or nobody's, what is overdue, put off or held by the customer;
    in a branch, by a strategy. What is put off is shown only where it is asked for."""

    kind: WorkKind | None = None
    whose: Whose = ""
    when: When = ""
    branch: str = ""
    strategy: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits: all that is shown, by kind, what is theirs and what nobody has, what is
    overdue, held by the customer, and what is put off."""

    shown: int
    kinds: Mapping[WorkKind, int]
    mine: int
    free: int
    overdue: int
    held: int
    snoozed: int


def listed(by: Principal, over: Reach, wanted: Wanted, paging: Paging) -> Part[WorkView]:
    """A page of what waits within reach, first what is worth the next minute. Raises BadInput for a
    wrong cursor."""
    now = clock.now()
    rows = Work.objects.filter(rows_for(by, over), which(wanted, by, now))
    page = page_of(rows, _BY_WORTH, paging)
    return Part([view(row, now) for row in page.rows], page.next)


def counted(by: Principal, over: Reach) -> Counts:
    """How much waits within reach."""
    now = clock.now()
    rows = Work.objects.filter(rows_for(by, over), closed_at__isnull=True)
    awake = _awake(now)
    parts = {
        "shown": awake,
        "mine": awake & _mine(by, now),
        "free": awake & _free(now),
        "overdue": awake & _overdue(now),
        "held": awake & Q(held_since__isnull=False),
        "snoozed": Q(snoozed_until__gt=now),
        **{f"kind_{kind}": awake & Q(kind=kind) for kind in WorkKind},
    }
    counts = rows.aggregate(**{name: Count("pk", filter=part) for name, part in parts.items()})
    kinds = {kind: counts.pop(f"kind_{kind}") for kind in WorkKind}
    return Counts(kinds=kinds, **counts)


def which(wanted: Wanted, by: Principal, now: datetime) -> Q:
    """What is open and as wanted."""
    limit = Q(closed_at__isnull=True)
    limit &= Q(snoozed_until__gt=now) if wanted.when == "snoozed" else _awake(now)
    if wanted.when == "overdue":
        limit &= _overdue(now)
    elif wanted.when == "held":
        limit &= Q(held_since__isnull=False)
    if wanted.whose:
        limit &= _mine(by, now) if wanted.whose == "mine" else _free(now)
    if wanted.kind is not None:
        limit &= Q(kind=wanted.kind)
    if wanted.branch:
        limit &= Q(branch=wanted.branch)
    if wanted.strategy:
        limit &= Q(strategy=wanted.strategy)
    return limit


def _awake(now: datetime) -> Q:
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now)


def _mine(by: Principal, now: datetime) -> Q:
    return Q(claimed_by=by.id, lease_until__gt=now)


def _free(now: datetime) -> Q:
    return free_at(now) & Q(held_since__isnull=True)


def _overdue(now: datetime) -> Q:
    return Q(due_at__lt=now, held_since__isnull=True)
