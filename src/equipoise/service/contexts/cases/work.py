"""Work as others see it, and the one row that somebody is about to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from equipoise.service.contexts.cases.models import Work, WorkKind
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.accounts.services import rows_for


@dataclass(frozen=True, slots=True)
class WorkView:
    """Something that waits for a person, as it stands at a moment (see `models.Work`). `claimed_by`
    is empty where nobody has it, or their lease is over; `snoozed_until` None where its time is.
    `amount` and `stake` are in minor units of `currency`, to two figures; `chance` is of `past`
    cases."""

    id: str
    kind: WorkKind
    chain: str
    application: str
    decision: str
    about: str
    begun_by: str
    branch: str
    region: str
    strategy: str
    digest: str
    grade: str
    level: str
    signatures: int
    why: tuple[str, ...]
    amount: int | None
    stake: int | None
    currency: str
    opened_at: datetime
    due_at: datetime | None
    last_day: date | None
    rule: str
    held_since: datetime | None
    claimed_by: str
    claimed_at: datetime | None
    lease_until: datetime | None
    snoozed_until: datetime | None
    news: str
    worth: float
    place: str
    unknown: tuple[str, ...]
    chance: float | None
    past: int
    closed_at: datetime | None
    closed: str

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_held(self) -> bool:
        """Whether the customer has the ball."""
        return self.held_since is not None


def view(row: Work, now: datetime) -> WorkView:
    """The row as others see it."""
    claimed = is_claimed(row, now)
    snoozed = row.snoozed_until is not None and row.snoozed_until > now
    return WorkView(
        id=row.id,
        kind=WorkKind(row.kind),
        chain=row.chain,
        application=row.application,
        decision=row.decision,
        about=row.about,
        begun_by=row.begun_by,
        branch=row.branch or "",
        region=row.region or "",
        strategy=row.strategy,
        digest=row.digest,
        grade=row.grade or "",
        level=row.level,
        signatures=row.signatures,
        why=tuple(row.why),
        amount=row.amount,
        stake=row.stake,
        currency=row.currency,
        opened_at=row.opened_at,
        due_at=row.due_at,
        last_day=row.last_day,
        rule=row.rule,
        held_since=row.held_since,
        claimed_by=row.claimed_by if claimed else "",
        claimed_at=row.claimed_at if claimed else None,
        lease_until=row.lease_until if claimed else None,
        snoozed_until=row.snoozed_until if snoozed else None,
        news=row.news,
        worth=row.worth,
        place=row.place,
        unknown=tuple(row.unknown.split()),
        chance=row.chance,
        past=row.past,
        closed_at=row.closed_at,
        closed=row.closed,
    )


def is_claimed(row: Work, now: datetime) -> bool:
    """Whether somebody has it now."""
    return bool(row.claimed_by) and row.lease_until is not None and row.lease_until > now


def free_at(now: datetime) -> Q:
    """Rows that nobody has."""
    return Q(claimed_by="") | Q(lease_until__lte=now)


def workable(by: Principal) -> Q:
    """Rows that the person may work on. Raises PermissionDenied where that is none."""
    over = by.reach(Action.WORK_CASES)
    if over is None:
        raise PermissionDenied
    return rows_for(by, over)


def alone_with(work: str, by: Principal | None) -> Work:
    """The row, alone with it until the commit; `by` None: for the service itself. Raises
    DoesNotExist where it is not within their reach."""
    rows = Work.objects.select_for_update()
    return (rows if by is None else rows.filter(workable(by))).get(pk=work)
