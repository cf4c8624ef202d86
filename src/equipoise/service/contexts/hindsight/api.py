"""The endpoint about overrides in hindsight."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from equipoise.service.contexts.hindsight.reading import review_for
from equipoise.service.contexts.hindsight.schemas import HindsightOut
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action

router = Router(tags=["hindsight"])


@router.get("/hindsight", auth=May(Action.READ_CASES), response=HindsightOut)
def read_hindsight(request: HttpRequest) -> Any:
    """What came of overrides: of reasons, and of people to risk officers and themselves."""
    return HindsightOut.of(review_for(caller(request)))
