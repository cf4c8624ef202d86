"""A piece of work as a row of the queue shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from equipoise.service.contexts.cases.reading import Promise, WorkView, local, promises_of
from equipoise.service.pages.underwriter import wording
from equipoise.service.pages.underwriter.addresses import case_of
from equipoise.service.platform.accounts import reading as accounts


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in the row of a piece of work; `case` is the address of its page, `holder` the
    name of whoever has it."""

    id: str
    case: str
    kind: str
    application: str
    why: tuple[str, ...]
    strategy: str
    branch: str
    amount: str
    grade: str
    level: str
    waited: str
    opened: datetime
    left: str
    late: bool
    due: datetime | None
    last_day: date | None
    place: str
    unknown: str
    chance: str
    holder: str
    mine: bool
    since: datetime | None
    snoozed: datetime | None


def rows_of(works: Sequence[WorkView], person: str) -> list[Row]:
    """The rows of these, for that person."""
    names = accounts.usernames({each.claimed_by for each in works if each.claimed_by})
    return [
        _row(work, promise, person, names.get(work.claimed_by, work.claimed_by))
        for work, promise in zip(works, promises_of(works), strict=True)
    ]


def _row(work: WorkView, promise: Promise, person: str, holder: str) -> Row:
    return Row(
        id=work.id,
        case=case_of(work),
        kind=wording.kind_of(work),
        application=work.application or work.chain,
        why=work.why,
        strategy=work.strategy,
        branch=work.branch,
        amount=wording.amount_of(work),
        grade=work.grade,
        level=work.level,
        waited=wording.lasting(promise.waited),
        opened=local(work, work.opened_at),
        left=wording.left_of(promise),
        late=promise.left is not None and promise.left < 0,
        due=promise.due,
        last_day=work.last_day,
        place=wording.place_of(work),
        unknown=wording.not_known(work),
        chance=wording.chance_of(work),
        holder=holder,
        mine=work.claimed_by == person,
        since=None if work.claimed_at is None else local(work, work.claimed_at),
        snoozed=None if work.snoozed_until is None else local(work, work.snoozed_until),
    )
