"""Who may decide cases, and how far: asked for by one person, confirmed by another.

Whoever could widen authority alone could decide alone: so it takes two, as roles do. Authority is
taken away at once. Levels are names that strategies declare; one that no strategy in force declares
is refused, and an officer whose level the strategy of a case does not know has none over it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from equipoise.authority import AuthoritySection, Directory, Officer
from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.service.contexts.officers.events import (
    AppointmentEvent,
    OfficerAsked,
    OfficerConfirmed,
    OfficerEnded,
    OfficerRefused,
)
from equipoise.service.contexts.officers.lent import directory_of
from equipoise.service.contexts.officers.models import Appointment, AppointmentState
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Action, Principal, Role
from equipoise.service.platform.accounts.rights import TwoPeople, check_confirmer
from equipoise.service.platform.accounts.services import hold
from equipoise.service.platform.record import services as record

State = AppointmentState


@dataclass(frozen=True, slots=True)
class Authority:
    """What is asked for: a level, in some products and grades (None: in all)."""

    level: str
    products: frozenset[str] | None = None
    grades: frozenset[str] | None = None


def ask(person: str, wanted: Authority, by: Principal) -> Appointment:
    """Ask that the person (`user.7`) gets that authority; the last word counts.

    Raises BadInput for a person who is not there or whose role decides no cases, and for a level
    that no strategy in force declares; TwoPeople where someone asks for themselves.
    """
    if by.person == person:
        raise TwoPeople("nobody asks for authority of their own", mend="ask another administrator")
    _check_person(person)
    _check_level(wanted.level)
    with transaction.atomic():
        asked = _locked(person).filter(state=State.ASKED).first()
        if asked is not None:
            _settle(asked, State.REFUSED, by)
        row = Appointment.objects.create(
            person=person, level=wanted.level, asked_by=by.id, asked_at=clock.now(),
            products=_listed(wanted.products), grades=_listed(wanted.grades),
        )  # fmt: skip
        _tell(OfficerAsked, row, by)
    return row


def confirm(appointment_id: int, by: Principal) -> Appointment:
    """Put it in force, in place of what the person had. Raises TwoPeople where `by` is no second
    person, GateRefused where it is settled."""
    with transaction.atomic():
        row = _asked(appointment_id)
        check_confirmer(
            by.person,
            person=row.person,
            asked_by=row.asked_by,
            handed_over=accounts.has_taken_over(by.person),
        )
        former = _locked(row.person).filter(state=State.IN_FORCE).first()
        if former is not None:
            _settle(former, State.ENDED, by)
        _settle(row, State.IN_FORCE, by)
    return row


def refuse(appointment_id: int, by: Principal) -> Appointment:
    """Do not give it; whoever asked may take it back by this too."""
    with transaction.atomic():
        row = _asked(appointment_id)
        _settle(row, State.REFUSED, by)
    return row


def end(person: str, by: Principal) -> Appointment:
    """Take away what the person has, at once. Raises DoesNotExist where they have none."""
    with transaction.atomic():
        row = _locked(person).get(state=State.IN_FORCE)
        _settle(row, State.ENDED, by)
    return row


def listed() -> QuerySet[Appointment]:
    """What is in force and what is asked for, by person."""
    return Appointment.objects.filter(state__in=(State.IN_FORCE, State.ASKED)).order_by(
        "person", "-state"
    )


def in_force() -> list[str]:
    """Those who have authority now, by person."""
    rows = Appointment.objects.filter(state=State.IN_FORCE).order_by("person")
    return list(rows.values_list("person", flat=True))


def directory(section: AuthoritySection) -> Directory:
    """Those who have authority under these levels, may log in, and whose role decides cases; with
    what they lend each other, and whom they may not decide about."""
    return directory_of(section, appointed(section))


def appointed(section: AuthoritySection) -> list[Officer]:
    """The same people, each with their own authority alone."""
    levels = {level.name for level in section.levels}
    rows = Appointment.objects.filter(state=State.IN_FORCE, level__in=levels)
    acting = _acting([row.person for row in rows])
    return [_officer(row) for row in rows if row.person in acting]


def _acting(people: Collection[str]) -> frozenset[str]:
    able = accounts.acting(people)
    return frozenset(each.person for each in able if each.reach(Action.OVERRIDE) is not None)


def _officer(row: Appointment) -> Officer:
    products, grades = (None if x is None else frozenset(x) for x in (row.products, row.grades))
    return Officer(row.person, row.level, products, grades)


def _check_person(person: str) -> None:
    principal = accounts.principal(person)
    if principal is None:
        raise BadInput(f"there is no person '{person}'", field="person", mend="see /v1/users")
    if principal.reach(Action.OVERRIDE) is None:
        raise BadInput(
            f"the role of '{person}' decides no cases",
            field="person",
            mend=f"give them the role '{Role.UNDERWRITER.value}' first",
        )


def _check_level(level: str) -> None:
    sections = (
        registry.loaded(digest).content.strategy.authority
        for digest in registry.in_force().values()
    )
    names = {each.name for section in sections if section for each in section.levels}
    if level not in names:
        raise BadInput(
            f"no strategy in force declares the level '{level}'",
            field="level",
            mend=did_you_mean(level, sorted(names)) or "levels stand under `authority: levels`",
        )


def _listed(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def _locked(person: str) -> QuerySet[Appointment]:
    """The person's appointments, alone with them until the commit."""
    hold(accounts.number_of(person))
    return Appointment.objects.filter(person=person)


def _asked(appointment_id: int) -> Appointment:
    person = Appointment.objects.values_list("person", flat=True).get(pk=appointment_id)
    row = _locked(person).get(pk=appointment_id)
    if row.state != State.ASKED:
        raise GateRefused(
            f"the appointment is {row.state} already", field="state", mend="see /v1/officers"
        )
    return row


_EVENTS: dict[AppointmentState, type[AppointmentEvent]] = {
    State.IN_FORCE: OfficerConfirmed,
    State.REFUSED: OfficerRefused,
    State.ENDED: OfficerEnded,
}


def _settle(row: Appointment, state: AppointmentState, by: Principal) -> None:
    row.state, row.settled_by, row.settled_at = state, by.id, clock.now()
    row.save(update_fields=["state", "settled_by", "settled_at"])
    _tell(_EVENTS[state], row, by)


def _tell(type_: type[AppointmentEvent], row: Appointment, by: Principal) -> None:
    event = type_(appointment=row.pk, level=row.level, by=by.id, key=by.key or None)
    record.append(record.event(row.person, event, rows=(row,)))
