"""Endpoints about papers, for the desk that reads them."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from ninja import Router

from equipoise.service.contexts.applications.reading import ApplicationSummary, visible
from equipoise.service.contexts.papers import reading, services
from equipoise.service.contexts.papers.schemas import PaperOut
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.catalogue import GONE, SEALED, STATE, gives
from equipoise.service.platform.papers.handing_out import ENDINGS, as_file

router = Router(tags=["applications"])
_ID = re.compile(r"[a-z]+-[0-9a-f]{32}")
_FILE = {"schema": {"type": "string", "format": "binary"}}
_CONTENT: dict[str, Any] = {
    "responses": {200: {"description": "The file.", "content": dict.fromkeys(ENDINGS, _FILE)}}
}


@router.get(
    "/applications/{application_id}/papers",
    auth=May(Action.OVERRIDE),
    response=list[PaperOut],
)
@gives(GONE, SEALED)
def list_papers(request: HttpRequest, application_id: str) -> Any:
    """The documents that the applicant brought, in that order."""
    return list(reading.of_application(_application(request, application_id), caller(request)))


@router.get(
    "/applications/{application_id}/papers/{paper_id}",
    auth=May(Action.OVERRIDE),
    openapi_extra=_CONTENT,
)
@gives(STATE, GONE, SEALED)
def open_paper(request: HttpRequest, application_id: str, paper_id: str) -> Any:
    """What a document shows, as a file. Who opened it, and when, is recorded, and its applicant is
    told."""
    application = _application(request, application_id)
    if not _ID.fullmatch(paper_id):
        raise Http404
    try:
        kind, content = services.opened(application, paper_id, caller(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    return as_file(paper_id, kind, content)


def _application(request: HttpRequest, application_id: str) -> ApplicationSummary:
    if not _ID.fullmatch(application_id):
        raise Http404
    try:
        return visible(application_id, caller(request), reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None
