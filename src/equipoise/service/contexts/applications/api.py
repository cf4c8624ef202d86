"""Endpoints about applications."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from ninja import Router

from equipoise.service.contexts.applications import reading
from equipoise.service.contexts.applications.schemas import ApplicationOut
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action

_ID = re.compile(r"application-[0-9a-f]{32}")
router = Router(tags=["applications"])


@router.get(
    "/applications/{application_id}", auth=May(Action.READ_DECISIONS), response=ApplicationOut
)
def read_application(request: HttpRequest, application_id: str) -> Any:
    """Where an application stands. What was given in it is read with its decisions."""
    if not _ID.fullmatch(application_id):
        raise Http404
    try:
        return reading.visible(application_id, caller(request), reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None
