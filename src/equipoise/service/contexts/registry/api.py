"""Endpoints about strategies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja import Query as QueryOf

from equipoise.authority.gates import Verdict
from equipoise.authority.lifecycle import Move
from equipoise.service.contexts.registry import default, publishing, reading, services
from equipoise.service.contexts.registry.models import Default, Publication, Version
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.paging import (
    Order,
    Page,
    Paging,
    page_of,
    page_out,
    read_number,
)
from equipoise.service.platform.api.short_text import Reason
from equipoise.service.platform.operations.catalogue import (
    FAULTS,
    NOT_PASSED,
    OWN_WORK,
    STATE,
    TWO_PEOPLE,
    UNUSABLE,
    gives,
)

router = Router(tags=["strategies"])
_steps = gives(STATE, OWN_WORK, TWO_PEOPLE, NOT_PASSED, FAULTS, UNUSABLE)
_VERSIONS = Order("strategies", ("-id",), (read_number,))
_PUBLICATIONS = Order("publications", ("-id",), (read_number,))
_UPLOAD = {
    "requestBody": {
        "required": True,
        "description": "A sealed strategy: the file that `equipoise strategy seal` wrote.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


class VersionOut(Schema):
    """A version of a strategy, and where it stands."""

    id: int
    strategy: str
    number: int
    label: str
    digest: str
    state: str
    authors: list[str]
    made_at: datetime


class GateOut(Schema):
    """What a gate said. `nothing_to_compare` is no pass: it had nothing to hold the version
    against."""

    gate: str
    verdict: Verdict
    message: str


class GateDetailOut(GateOut):
    """What a gate said, with what backs it."""

    detail: dict[str, Any]


class CheckedOut(VersionOut):
    """A version that was checked, and what its gates said."""

    gates: list[GateDetailOut]


class StandingOut(Schema):
    """How a person came to their account and role. `handed_over_at`: since when the account is
    theirs alone; `reset_at`: when the owner of the machine gave them another password."""

    person: str
    invited_by: str
    handed_over_at: datetime | None
    role_asked_by: str
    role_confirmed_by: str
    reset_at: datetime | None


class ReviewOut(Schema):
    """The people behind a version. `notices` say what is odd about them; `refused` why an approval
    by whoever asks would not count."""

    authors: list[StandingOut]
    reviewer: StandingOut
    notices: list[str]
    refused: str


class PublicationOut(Schema):
    """The pointer moved: from now on this version decides; or, by a withdrawal, none does."""

    strategy: str
    serial: int
    move: Move
    version_id: int
    by: str
    reason: str
    gates: list[GateOut]
    at: datetime


class DefaultOut(Schema):
    """The strategy that answers where none is named; `version_id` is the one in force, if any."""

    strategy: str
    version_id: int | None
    by: str
    reason: str
    at: datetime


class Because(Refusing):
    """Why."""

    reason: Reason = Field(examples=["Reviewed against the appetite of this quarter."])


class MeantAgain(Because):
    """Why. `again` says that a version which was rolled back from, or taken out of force, is to
    serve all the same."""

    again: bool = Field(False, strict=True)


@router.get("/strategies", auth=May(Action.READ_STRATEGIES), response=Page[VersionOut])
def list_versions(
    request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging], strategy: str = ""
) -> Any:
    """All versions, newest first; of one strategy where it is named."""
    rows = Version.objects.defer("content")
    rows = rows.filter(strategy=strategy) if strategy else rows
    return page_out(request, response, page_of(rows, _VERSIONS, asked))


@router.post(
    "/strategies",
    auth=May(Action.WRITE_STRATEGY),
    response={201: VersionOut},
    openapi_extra=_UPLOAD,
)
@_steps
def add_draft(request: HttpRequest) -> Any:
    """Take in a sealed strategy as a draft."""
    return Status(201, services.add_draft(request.body, caller(request)))


@router.get("/strategies/{int:version_id}", auth=May(Action.READ_STRATEGIES), response=VersionOut)
def read_version(request: HttpRequest, version_id: int) -> Version:
    """One version."""
    return _version(version_id)


@router.get(
    "/strategies/{int:version_id}/review", auth=May(Action.READ_STRATEGIES), response=ReviewOut
)
def read_review(request: HttpRequest, version_id: int) -> Any:
    """Who wrote it, who would approve it, and whether they are two people, as far as is known."""
    return reading.review_of(_version(version_id).pk, caller(request))


@router.get("/strategies/{int:version_id}/file", auth=May(Action.READ_STRATEGIES))
def read_file(request: HttpRequest, version_id: int) -> HttpResponse:
    """The sealed file, to the byte."""
    return HttpResponse(bytes(_version(version_id).content), content_type="application/json")


@router.post(
    "/strategies/{int:version_id}/check", auth=May(Action.WRITE_STRATEGY), response=CheckedOut
)
@_steps
def check(request: HttpRequest, version_id: int) -> Any:
    """Compile it, and let it decide made-up applications under its contract: the example, an empty
    one, each fact at its bounds, and some between. Refused where it cannot, or refers them all."""
    version, gates = services.check(_version(version_id).pk, caller(request))
    answer = VersionOut.from_orm(version).dict()
    return {**answer, "gates": [each.as_dict() for each in gates]}


@router.post(
    "/strategies/{int:version_id}/submit", auth=May(Action.WRITE_STRATEGY), response=VersionOut
)
@_steps
def submit(request: HttpRequest, version_id: int) -> Version:
    """Ask for review."""
    return services.submit(_version(version_id).pk, caller(request))


@router.post(
    "/strategies/{int:version_id}/approve", auth=May(Action.APPROVE_STRATEGY), response=VersionOut
)
@_steps
def approve(request: HttpRequest, version_id: int, body: Because) -> Version:
    """Approve what someone else wrote."""
    return services.approve(_version(version_id).pk, caller(request), body.reason)


@router.post(
    "/strategies/{int:version_id}/reject", auth=May(Action.APPROVE_STRATEGY), response=VersionOut
)
@_steps
def reject(request: HttpRequest, version_id: int, body: Because) -> Version:
    """Send it back to its author."""
    return services.reject(_version(version_id).pk, caller(request), body.reason)


@router.post(
    "/strategies/{int:version_id}/publish",
    auth=May(Action.PUBLISH_STRATEGY),
    response=PublicationOut,
)
@_steps
def publish(request: HttpRequest, version_id: int, body: MeantAgain) -> Publication:
    """Put it in force, if no gate refuses."""
    by = caller(request)
    return publishing.publish(_version(version_id).pk, by, body.reason, again=body.again)


@router.post(
    "/strategies/{int:version_id}/retire", auth=May(Action.PUBLISH_STRATEGY), response=VersionOut
)
@_steps
def retire(request: HttpRequest, version_id: int, body: Because) -> Version:
    """Put it away for good. What is in force is taken out of force first."""
    return services.retire(_version(version_id).pk, caller(request), body.reason)


@router.post(
    "/strategies/{strategy}/rollback",
    auth=May(Action.PUBLISH_STRATEGY),
    response=PublicationOut,
)
@_steps
def roll_back(request: HttpRequest, strategy: str, body: Because) -> Publication:
    """Put the former version back in force: never one that was itself rolled back from or taken
    out of force."""
    return publishing.roll_back(strategy, caller(request), body.reason)


@router.post(
    "/strategies/{strategy}/withdraw",
    auth=May(Action.PUBLISH_STRATEGY),
    response=PublicationOut,
)
@gives(STATE)
def withdraw(request: HttpRequest, strategy: str, body: Because) -> Publication:
    """Take the strategy out of force, be it the only one: nothing decides by its name any more.

    Whoever wrote it may do so too: it approves nothing, and harm cannot wait.
    """
    return publishing.withdraw(strategy, caller(request), body.reason)


@router.get("/strategies/default", auth=May(Action.READ_STRATEGIES), response=DefaultOut)
def read_default(request: HttpRequest) -> Any:
    """Which strategy answers where none is named."""
    return _default_out(Default.objects.get())


@router.post(
    "/strategies/{strategy}/default", auth=May(Action.PUBLISH_STRATEGY), response=DefaultOut
)
@gives(STATE, OWN_WORK, NOT_PASSED)
def make_default(request: HttpRequest, strategy: str, body: Because) -> Any:
    """Let it answer where none is named. It must be able to decide what the former default did."""
    return _default_out(default.make_default(strategy, caller(request), body.reason))


@router.get("/publications", auth=May(Action.READ_STRATEGIES), response=Page[PublicationOut])
def list_publications(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """Each time a version was put in force or taken out of it, newest first."""
    return page_out(request, response, page_of(Publication.objects.all(), _PUBLICATIONS, asked))


def _default_out(row: Default) -> dict[str, Any]:
    version = publishing.in_force(row.strategy)
    answer = {name: getattr(row, name) for name in ("strategy", "by", "reason", "at")}
    return {**answer, "version_id": version.pk if version else None}


def _version(version_id: int) -> Version:
    # Larger numbers than the database can hold name no version either.
    if not 0 < version_id < 2**31:
        raise Http404
    return Version.objects.get(pk=version_id)
