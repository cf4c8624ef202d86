"""Endpoints about officers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from ninja import Router, Status

from equipoise.service.contexts.officers import appointments
from equipoise.service.contexts.officers.appointments import Authority
from equipoise.service.contexts.officers.schemas import AppointmentOut, AuthorityIn
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import STATE, TWO_PEOPLE, UNUSABLE, gives

router = Router(tags=["officers"])


@router.get("/officers", auth=May(Action.READ_OFFICERS), response=list[AppointmentOut])
def list_officers(request: HttpRequest) -> Any:
    """Who has authority over cases, and for whom it is asked."""
    return list(appointments.listed())


@router.post("/officers", auth=May(Action.MANAGE_USERS), response={201: AppointmentOut})
@gives(TWO_PEOPLE, UNUSABLE)
def ask_for_authority(request: HttpRequest, body: AuthorityIn) -> Any:
    """Ask that a person gets authority. Another person confirms it; until then they keep what
    they have."""
    wanted = Authority(body.level, _set(body.products), _set(body.grades))
    return Status(201, appointments.ask(body.person, wanted, caller(request)))


@router.delete("/officers/{person}", auth=May(Action.MANAGE_USERS), response=AppointmentOut)
def end_authority(request: HttpRequest, person: str) -> Any:
    """Take a person's authority away, at once."""
    try:
        return appointments.end(person, caller(request))
    except ObjectDoesNotExist:
        raise Http404 from None


@router.post(
    "/appointments/{int:appointment_id}/confirm",
    auth=May(Action.CONFIRM_ROLES),
    response=AppointmentOut,
)
@gives(STATE, TWO_PEOPLE)
def confirm_authority(request: HttpRequest, appointment_id: int) -> Any:
    """Give the authority that another person asked for."""
    return _settled(appointments.confirm, request, appointment_id)


@router.post(
    "/appointments/{int:appointment_id}/refuse",
    auth=May(Action.CONFIRM_ROLES),
    response=AppointmentOut,
)
@gives(STATE)
def refuse_authority(request: HttpRequest, appointment_id: int) -> Any:
    """Do not give it, or take back what you asked for."""
    return _settled(appointments.refuse, request, appointment_id)


def _settled(step: Any, request: HttpRequest, appointment_id: int) -> Any:
    try:
        return step(appointment_id, caller(request))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None


def _set(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
