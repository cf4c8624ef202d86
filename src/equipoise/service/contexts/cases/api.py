"""The endpoint about overrides; beside them those of `ROUTERS` that have a file of their
own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from ninja import Router, Status

from equipoise.service.contexts.cases import overrides
from equipoise.service.contexts.cases.asking_api import router as asking
from equipoise.service.contexts.cases.deciding_api import router as deciding
from equipoise.service.contexts.cases.overrides import Wanted
from equipoise.service.contexts.cases.schemas import (
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
    UNUSABLE,
    gives,
)

router = Router(tags=["cases"])
ROUTERS = (router, asking, deciding, work)


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
