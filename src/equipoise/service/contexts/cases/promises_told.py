"""How long is left of what a customer was promised, and to whom of one's area work can be given."""

from __future__ import annotations

from collections.abc import Sequence
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


def promises_of(works: Sequence[WorkView]) -> list[Promise]:
    """As they stand now. All hours are reckoned together: one by one they cost a page of the queue
    more than everything else that it asks."""
    now, promises = clock.now(), dict[str, Promise]()
    for digest in {each.digest for each in works}:
        mine, desk = [each for each in works if each.digest == digest], office(digest)
        waited = desk.hours_of([(each.opened_at, each.held_since or now) for each in mine])
        left = desk.hours_of([(now, each.due_at or now) for each in mine])
        for each, *hours in zip(mine, waited, left, strict=True):
            promises[each.id] = _promise(each, *hours)
    return [promises[each.id] for each in works]


def _promise(work: WorkView, waited: float, left: float) -> Promise:
    if work.due_at is None:
        return Promise(waited, None, None)
    return Promise(waited, None if work.is_held else left, local(work, work.due_at))


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
    people = [Colleague(person, names.get(person, person)) for person in here]
    return sorted(people, key=lambda each: each.name)
