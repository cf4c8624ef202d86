"""Authority lent while somebody is away: asked for by one person, confirmed by another, ended at
once. What a lender may not lend themselves is refused by the same rules as wherever a directory of
officers is made (`authority.Directory`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from equipoise.authority import AuthoritySection, Directory, Officer
from equipoise.authority import Delegation as Lent
from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.officers import appointments
from equipoise.service.contexts.officers.events import (
    DelegationAsked,
    DelegationConfirmed,
    DelegationEnded,
    DelegationEvent,
    DelegationRefused,
)
from equipoise.service.contexts.officers.lent import standing
from equipoise.service.contexts.officers.models import AppointmentState, Delegation
from equipoise.service.contexts.registry.reading import in_force, lender_day, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.accounts.rights import TwoPeople, check_confirmer
from equipoise.service.platform.accounts.services import hold
from equipoise.service.platform.record import services as record

State = AppointmentState
LONGEST = timedelta(days=366)
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be lent: a level up to an amount (None: as far as the level goes), between two
    days, to whom, and why."""

    to: str
    level: str
    starts: date
    ends: date
    reason: str
    up_to: float | None = None


def ask(lender: str, wanted: Wanted, by: Principal) -> Delegation:
    """Ask that the lender's authority is lent. Raises BadInput or Faults for what cannot be lent
    so, GateRefused where `by` is neither the lender nor somebody who manages people."""
    if by.person != lender and by.reach(Action.MANAGE_USERS) is None:
        raise GateRefused("nobody lends another's authority", mend="ask them, or an administrator")
    today = today_here()
    if wanted.ends < today or wanted.ends - wanted.starts > LONGEST:
        raise BadInput(
            "these days cannot be", field="ends", mend="end it after today, within a year"
        )
    with transaction.atomic():
        hold(accounts.number_of(lender))
        _check(lender, wanted)
        row = Delegation.objects.create(
            lender=lender, borrower=wanted.to, level=wanted.level, up_to=wanted.up_to,
            starts=wanted.starts, ends=wanted.ends, reason=wanted.reason, asked_by=by.id,
            asked_at=clock.now(),
        )  # fmt: skip
        asked = DelegationAsked(
            reason=row.reason, **_delegation_out(row), by=by.id, key=by.key or None
        )
        record.append(record.event(row.lender, asked, rows=(row,)))
    return row


def confirm(delegation_id: int, by: Principal) -> Delegation:
    """Let it be lent. Raises TwoPeople where `by` is no second person beside lender, borrower and
    whoever asked, GateRefused where it is settled, Faults where it cannot be lent any more."""
    with transaction.atomic():
        row = _asked(delegation_id)
        if by.person == row.lender:
            raise TwoPeople("nobody confirms what they lend", mend="ask someone else to confirm it")
        check_confirmer(
            by.person,
            person=row.borrower,
            asked_by=row.asked_by,
            handed_over=accounts.has_taken_over(by.person),
        )
        wanted = Wanted(row.borrower, row.level, row.starts, row.ends, row.reason, row.up_to)
        _check(row.lender, wanted)
        _settle(row, State.IN_FORCE, by, DelegationConfirmed)
    return row


def refuse(delegation_id: int, by: Principal) -> Delegation:
    """Do not let it; whoever asked may take it back by this too."""
    with transaction.atomic():
        row = _asked(delegation_id)
        _settle(row, State.REFUSED, by, DelegationRefused)
    return row


def end(delegation_id: int, by: Principal) -> Delegation:
    """End it at once. Raises GateRefused where it is not in force, or `by` is neither lender nor
    borrower nor somebody who manages people."""
    with transaction.atomic():
        row = _locked(delegation_id)
        theirs = by.person in (row.lender, row.borrower)
        if row.state != State.IN_FORCE or not (theirs or by.reach(Action.MANAGE_USERS)):
            raise GateRefused("this cannot be ended here", field="state")
        row.revoked = today_here()
        row.save(update_fields=["revoked"])
        _settle(row, State.ENDED, by, DelegationEnded)
    return row


def listed() -> list[Delegation]:
    """What is asked for, and what is in force or will be, the next to end first."""
    rows = Delegation.objects.filter(
        state__in=(State.ASKED, State.IN_FORCE), ends__gte=today_here()
    )
    return list(rows.order_by("ends", "pk")[:_SHOWN])


def today_here() -> date:
    """The lender's day, by the strategy that answers where none is named."""
    digest = next(iter(in_force().values()), None)
    now = clock.now()
    return now.date() if digest is None else lender_day(digest, now)


def _check(lender: str, wanted: Wanted) -> None:
    """Whether the strategies in force let it be lent: every one that knows both officers."""
    new = Lent(
        lender, wanted.to, wanted.level, wanted.starts, wanted.ends, wanted.reason, wanted.up_to
    )
    known = False
    for section in _sections():
        people: Sequence[Officer] = appointments.appointed(section)
        ids = {each.id for each in people}
        if {lender, wanted.to} <= ids:
            known = True
            Directory(section, people, [*standing(ids), new])
    if not known:
        raise BadInput(
            "both have to have authority of their own, by a strategy in force",
            field="to",
            mend="give it to them first",
        )


def _sections() -> list[AuthoritySection]:
    authorities = (loaded(digest).content.strategy.authority for digest in in_force().values())
    return [section for section in authorities if section is not None]


def _locked(delegation_id: int) -> Delegation:
    lender = Delegation.objects.values_list("lender", flat=True).get(pk=delegation_id)
    hold(accounts.number_of(lender))
    return Delegation.objects.get(pk=delegation_id)


def _asked(delegation_id: int) -> Delegation:
    row = _locked(delegation_id)
    if row.state != State.ASKED:
        raise GateRefused(
            f"it is {row.state} already, by {row.settled_by}", field="state", mend="look at it anew"
        )
    return row


def _settle(
    row: Delegation, state: AppointmentState, by: Principal, type_: type[DelegationEvent]
) -> None:
    row.state, row.settled_by, row.settled_at = state, by.id, clock.now()
    row.save(update_fields=["state", "settled_by", "settled_at"])
    event = type_(**_delegation_out(row), by=by.id, key=by.key or None)
    record.append(record.event(row.lender, event, rows=(row,)))


def _delegation_out(row: Delegation) -> dict[str, Any]:
    return {
        "delegation": row.pk,
        "to": row.borrower,
        "level": row.level,
        "starts": row.starts.isoformat(),
        "ends": row.ends.isoformat(),
    }
