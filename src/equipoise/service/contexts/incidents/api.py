"""Endpoints about incidents and what is learned of them. Programs may read; what is done, people
do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router, Status

from equipoise.service.contexts.incidents import answers, reading, services
from equipoise.service.contexts.incidents.schemas import (
    IncidentClosingIn,
    IncidentGradeIn,
    IncidentIn,
    IncidentInFullOut,
    IncidentLinkIn,
    IncidentNoteIn,
    IncidentOut,
    IncidentRoleIn,
    IncidentsAsked,
    IncidentSeenIn,
    IncidentStableIn,
    IncidentTaskDoneIn,
    IncidentTaskIn,
    PostMortemActionDoneIn,
    PostMortemIn,
    PostMortemReturnIn,
)
from equipoise.service.contexts.incidents.services import ActionAsked, Draft, Report, TaskAsked
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import (
    SEALED,
    STATE,
    TWO_PEOPLE,
    Kind,
    View,
    gives,
)

router = Router(tags=["incidents"])
_READS, _ACTS = May(Action.READ_RISK), May(Action.ACT_ON_RISK)
_ONE = "/incidents/{incident_id}"
_LEARNED = "/post-mortem"


def _acts(rest: str, *more: Kind) -> Callable[[View], View]:
    """An endpoint by which a person does something about an incident, and reads how it stands then;
    `more` are the problems that not all of these endpoints give."""

    def routed(view: View) -> View:
        given = gives(STATE, *more, SEALED)(view)
        router.post(f"{_ONE}{rest}", auth=_ACTS, response=IncidentInFullOut)(given)
        return view

    return routed


@router.get("/incidents", auth=_READS, response=Page[IncidentOut])
def list_incidents(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[IncidentsAsked],
    paging: QueryOf[Paging],
) -> Any:
    """Incidents, those that were reported last first."""
    return page_out(request, response, reading.listed(asked.state or "", clock.now(), paging))


@router.post("/incidents", auth=_ACTS, response={201: IncidentInFullOut})
@gives(STATE)
def report_incident(request: HttpRequest, body: IncidentIn) -> Any:
    """Report one."""
    return Status(201, _in_full(services.report(Report(**body.model_dump()), caller(request))))


@router.get(_ONE, auth=_READS, response=IncidentInFullOut)
@gives(SEALED)
def read_incident(request: HttpRequest, incident_id: str) -> Any:
    """One incident: who leads it, what happened, what is to be done, and what is learned of it."""
    return _in_full(incident_id)


@_acts("/notes")
def note_incident(request: HttpRequest, incident_id: str, body: IncidentNoteIn) -> Any:
    """Add a line to its timeline; none is ever changed."""
    services.note(incident_id, body.seen, body.text, body.happened_at, caller(request))
    return _in_full(incident_id)


@_acts("/severity")
def grade_incident(request: HttpRequest, incident_id: str, body: IncidentGradeIn) -> Any:
    """Say that it is worse, or less bad."""
    services.regrade(incident_id, body.seen, body.severity, body.why, caller(request))
    return _in_full(incident_id)


@_acts("/roles")
def give_incident_role(request: HttpRequest, incident_id: str, body: IncidentRoleIn) -> Any:
    """Give a role to somebody, or have it given back."""
    if body.person is None:
        services.give_back_role(incident_id, body.seen, body.role, caller(request))
    else:
        services.take_role(incident_id, body.seen, body.role, body.person, caller(request))
    return _in_full(incident_id)


@_acts("/tasks")
def add_incident_task(request: HttpRequest, incident_id: str, body: IncidentTaskIn) -> Any:
    """Give somebody something to do; they are told when it is late."""
    task = TaskAsked(body.name, body.owner, body.due)
    services.add_task(incident_id, body.seen, task, caller(request))
    return _in_full(incident_id)


@_acts("/tasks/done")
def end_incident_task(request: HttpRequest, incident_id: str, body: IncidentTaskDoneIn) -> Any:
    """A task is done."""
    services.do_task(incident_id, body.seen, body.name, caller(request))
    return _in_full(incident_id)


@_acts("/links")
def link_incident(request: HttpRequest, incident_id: str, body: IncidentLinkIn) -> Any:
    """Something belongs to it."""
    services.link(incident_id, body.seen, body.what, body.which, caller(request))
    return _in_full(incident_id)


@_acts("/notice")
def give_incident_notice(request: HttpRequest, incident_id: str, body: IncidentSeenIn) -> Any:
    """The regulator was told, now."""
    services.give_notice(incident_id, body.seen, caller(request))
    return _in_full(incident_id)


@_acts("/stable")
def stabilise_incident(request: HttpRequest, incident_id: str, body: IncidentStableIn) -> Any:
    """It does no more harm."""
    services.stabilise(incident_id, body.seen, body.text, caller(request))
    return _in_full(incident_id)


@_acts("/closing", TWO_PEOPLE)
def close_incident(request: HttpRequest, incident_id: str, body: IncidentClosingIn) -> Any:
    """Close it, as somebody who does not lead it."""
    services.close(incident_id, body.seen, body.loss, caller(request))
    return _in_full(incident_id)


@_acts(_LEARNED)
def write_post_mortem(request: HttpRequest, incident_id: str, body: PostMortemIn) -> Any:
    """Write what is learned, or write it anew; each threshold proposed is replayed on history in
    the background."""
    draft = Draft(
        body.visible_at,
        body.noticed_at,
        body.cause,
        body.went_well,
        body.failed_control,
        [ActionAsked(each.what, each.owner, each.due) for each in body.actions],
        body.thresholds,
    )
    services.write(incident_id, body.seen, draft, caller(request))
    return _in_full(incident_id)


@_acts(f"{_LEARNED}/return")
def return_post_mortem(request: HttpRequest, incident_id: str, body: PostMortemReturnIn) -> Any:
    """Have it written anew."""
    services.hand_back(incident_id, body.seen, body.why, caller(request))
    return _in_full(incident_id)


@_acts(f"{_LEARNED}/accept", TWO_PEOPLE)
def accept_post_mortem(request: HttpRequest, incident_id: str, body: IncidentSeenIn) -> Any:
    """Accept it with the replays of its thresholds, as somebody who did not write it."""
    services.accept(incident_id, body.seen, caller(request))
    return _in_full(incident_id)


@_acts(f"{_LEARNED}/actions/done")
def end_post_mortem_action(
    request: HttpRequest, incident_id: str, body: PostMortemActionDoneIn
) -> Any:
    """An action is done."""
    services.do_action(incident_id, body.seen, body.what, body.evidence, caller(request))
    return _in_full(incident_id)


def _in_full(incident: str) -> dict[str, Any]:
    return answers.in_full(reading.shown(incident, clock.now()))
