"""How long is left of what a customer was promised, and to whom of one's area work can be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from equipoise.contract.days import time_zone
from equipoise.service.contexts.cases.promised import office
from equipoise.service.contexts.cases.work import WorkView
from equipoise.service.contexts.officers import reading as officers
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Action, Principal


@dataclass(frozen=True, slots=True)
class Promise:
    """Of a piece of work: business hours that it has `waited`, those `left` until it is due (below
    0: it is overdue; None while the customer has the ball, or nothing is promised), and `due` by
    the lender's clock."""

    waited: float
    left: float | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of one's area who has authority over cases, by the name they log in with."""

    person: str
    name: str


def promise_of(work: WorkView) -> Promise:
    """As it stands now."""
    now, desk = clock.now(), office(work.digest)
    waited = desk.hours(work.opened_at, work.held_since or now)
    if work.due_at is None:
        return Promise(waited, None, None)
    left = None if work.is_held else desk.hours(now, work.due_at)
    return Promise(waited, left, local(work, work.due_at))


def local(work: WorkView, moment: datetime) -> datetime:
    """The moment by the clock of whoever answers for the work."""
    return moment.astimezone(time_zone(office(work.digest).calendar.time_zone))


def colleagues(by: Principal) -> list[Colleague]:
    """Those to whom `by` can give work, by name; themselves too, where they have authority."""
    acting = accounts.acting(officers.in_force())
    here = [
        each.person
        for each in acting
        if each.reach(Action.WORK_CASES) is not None
        and (each.branch, each.region) == (by.branch, by.region)
    ]
    names = accounts.usernames(here)
    found = [Colleague(person, names.get(person, person)) for person in here]
    return sorted(found, key=lambda each: each.name)
