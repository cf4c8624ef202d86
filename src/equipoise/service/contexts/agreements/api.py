"""Endpoints about agreements."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from equipoise.service.contexts.agreements.reading import agreement_of
from equipoise.service.contexts.agreements.schemas import AgreementOut
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action

_ID = re.compile(r"application-[0-9a-f]{32}")
router = Router(tags=["applications"])


@router.get(
    "/applications/{application_id}/agreement",
    auth=May(Action.READ_DECISIONS),
    response=AgreementOut,
)
def read_agreement(request: HttpRequest, application_id: str) -> Any:
    """Where the application's agreement stands: taken, signed, or withdrawn from. Terms are read
    with its decision."""
    if not _ID.fullmatch(application_id):
        raise Http404
    agreement = agreement_of(application_id, caller(request), reach(request))
    if agreement is None:
        raise Http404
    return agreement
