"""The endpoint about arrivals."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from equipoise.service.contexts.arrivals import reading
from equipoise.service.contexts.arrivals.schemas import StageOut
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action

router = Router(tags=["arrivals"])


@router.get("/arrivals", auth=May(Action.READ_METRICS), response=list[StageOut])
def list_arrivals(request: HttpRequest) -> Any:
    """How long applicants wait at each stage, as their pages tell it."""
    return reading.by_stage()
