"""Endpoints about where the lender stands: measurements begun, watched, read and ended."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router, Status

from equipoise.service.contexts.standings import reading, services
from equipoise.service.contexts.standings.schemas import MeasuredStandingOut, StandingInFullOut
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import STATE, gives

if TYPE_CHECKING:
    from equipoise.review.continuous import StandingResult

router = Router(tags=["balance"])
_READS, _RUNS = May(Action.READ_BALANCE), May(Action.RUN_BALANCE)
_ONE = "/standings/{int:standing_id}"
_TOLD = (
    "applicants", "goal", "risk_measure", "experience_measure", "figures", "before", "parts",
    "untold", "keep_within", "draft_reaches", "distance",
)  # fmt: skip


@router.get("/standings", auth=_READS, response=Page[MeasuredStandingOut])
def list_standings(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """Measurements, the newest first."""
    return page_out(request, response, reading.listed(asked))


@router.post("/standings", auth=_RUNS, response={202: StandingInFullOut})
@gives(STATE)
def begin_standing(request: HttpRequest) -> Any:
    """Have it measured now; one is measured at a time."""
    return Status(202, _in_full(services.ask(caller(request))))


@router.get(_ONE, auth=_READS, response=StandingInFullOut)
def read_standing(request: HttpRequest, standing_id: int) -> Any:
    """How far a measurement is, and what it found once it is done."""
    return _in_full(standing_id)


@router.post(f"{_ONE}/cancel", auth=_RUNS, response=StandingInFullOut)
@gives(STATE)
def cancel_standing(request: HttpRequest, standing_id: int) -> Any:
    """End it before it is done."""
    try:
        services.cancel(standing_id, caller(request))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    return _in_full(standing_id)


def _in_full(number: int) -> dict[str, Any]:
    try:
        of, result, sent = reading.measurement(number), reading.result(number), reading.sent(number)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    return {
        **asdict(of),
        "result": None if result is None else _result(result),
        "has_draft": reading.has_draft(number),
        "sent_as": None if sent is None else sent.version,
    }


def _result(of: StandingResult) -> dict[str, Any]:
    return {**{name: getattr(of, name) for name in _TOLD}, "beyond": of.is_beyond}
