"""Endpoints about officers and overrides; beside them those of `ROUTERS` that have a file of their
own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from ninja import Router, Status

from equipoise.service.contexts.cases import officers, overrides
from equipoise.service.contexts.cases.deciding_api import router as deciding
from equipoise.service.contexts.cases.officers import Authority
from equipoise.service.contexts.cases.overrides import Wanted
from equipoise.service.contexts.cases.schemas import (
    AppointmentOut,
    AuthorityIn,
    OverrideIn,
    OverrideOut,
    override_out,
)
from equipoise.service.contexts.cases.terms import terms_of
from equipoise.service.contexts.cases.work_api import router as work
from equipoise.service.contexts.decisions import reading
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import (
    AUTHORITY,
    GONE,
    SEALED,
    STATE,
    TWO_PEOPLE,
    UNUSABLE,
    gives,
)

router = Router(tags=["cases"])
ROUTERS = (router, deciding, work)


@router.get("/officers", auth=May(Action.READ_OFFICERS), response=list[AppointmentOut])
def list_officers(request: HttpRequest) -> Any:
    """Who has authority over cases, and for whom it is asked."""
    return list(officers.listed())


@router.post("/officers", auth=May(Action.MANAGE_USERS), response={201: AppointmentOut})
@gives(TWO_PEOPLE, UNUSABLE)
def ask_for_authority(request: HttpRequest, body: AuthorityIn) -> Any:
    """Ask that a person gets authority. Another person confirms it; until then they keep what
    they have."""
    wanted = Authority(body.level, _set(body.products), _set(body.grades))
    return Status(201, officers.ask(body.person, wanted, caller(request)))


@router.delete("/officers/{person}", auth=May(Action.MANAGE_USERS), response=AppointmentOut)
def end_authority(request: HttpRequest, person: str) -> Any:
    """Take a person's authority away, at once."""
    try:
        return officers.end(person, caller(request))
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
    return _settled(officers.confirm, request, appointment_id)


@router.post(
    "/appointments/{int:appointment_id}/refuse",
    auth=May(Action.CONFIRM_ROLES),
    response=AppointmentOut,
)
@gives(STATE)
def refuse_authority(request: HttpRequest, appointment_id: int) -> Any:
    """Do not give it, or take back what you asked for."""
    return _settled(officers.refuse, request, appointment_id)


@router.post(
    "/decisions/{decision_id}/override",
    auth=May(Action.OVERRIDE),
    response={200: OverrideOut, 201: OverrideOut},
)
@gives(AUTHORITY, STATE, GONE, SEALED, UNUSABLE)
def override_decision(request: HttpRequest, decision_id: str, body: OverrideIn) -> Any:
    """Decide otherwise than the strategy, within your authority: 201 where it holds now, 200 where
    it waits for another signature."""
    try:
        decision = reading.visible(decision_id, caller(request), reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    terms = body.terms
    wanted = Wanted(
        body.answer,
        body.reason,
        body.words,
        None if terms is None else terms_of(terms.amount, float(terms.months), terms.apr),
    )
    row = overrides.override(decision, wanted, caller(request))
    return Status(201 if row.complete else 200, override_out(row))


def _settled(step: Any, request: HttpRequest, appointment_id: int) -> Any:
    try:
        return step(appointment_id, caller(request))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None


def _set(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)
