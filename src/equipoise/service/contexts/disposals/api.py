"""Endpoints about loans in trouble and what is done about them. Programs may read; what is done,
people do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router, Status

from equipoise.service.contexts.disposals import answers, reading, services
from equipoise.service.contexts.disposals.schemas import (
    DisposalCareIn,
    DisposalContactedIn,
    DisposalContactIn,
    DisposalDateAddedIn,
    DisposalDateMetIn,
    DisposalIn,
    DisposalInFullOut,
    DisposalMoneyIn,
    DisposalOut,
    DisposalRefusalIn,
    DisposalsAsked,
    DisposalSeenIn,
    DisposalTotalsOut,
)
from equipoise.service.contexts.disposals.services import Asked
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import (
    GONE,
    SEALED,
    STATE,
    TWO_PEOPLE,
    Kind,
    View,
    gives,
)

router = Router(tags=["disposals"])
_READS, _ACTS = May(Action.READ_RISK), May(Action.ACT_ON_RISK)
_ONE = "/disposals/{disposal_id}"


def _acts(rest: str, *more: Kind) -> Callable[[View], View]:
    """An endpoint by which a person does something about a disposal, and reads how it stands then;
    `more` are the problems that not all of these endpoints give."""

    def routed(view: View) -> View:
        given = gives(STATE, *more, GONE, SEALED)(view)
        router.post(f"{_ONE}{rest}", auth=_ACTS, response=DisposalInFullOut)(given)
        return view

    return routed


@router.get("/disposals", auth=_READS, response=Page[DisposalOut])
def list_disposals(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[DisposalsAsked],
    paging: QueryOf[Paging],
) -> Any:
    """Disposals, those that were proposed last first."""
    today = clock.now().date()
    return page_out(request, response, reading.listed(asked.state, today, paging))


@router.post("/disposals", auth=_ACTS, response={201: DisposalInFullOut})
@gives(STATE, GONE, SEALED)
def propose_disposal(request: HttpRequest, body: DisposalIn) -> Any:
    """Propose one, for somebody else to decide on."""
    dates = [(each.what, each.due) for each in body.dates]
    given = {**body.model_dump(), "measure": body.measure.value, "dates": dates}
    return Status(201, _in_full(services.propose(Asked(**given), caller(request))))


@router.get("/disposals/totals", auth=_READS, response=DisposalTotalsOut)
def read_disposal_totals(request: HttpRequest) -> Any:
    """Expected against realised of all that was ended, by currency."""
    return {"totals": reading.totals()}


@router.get(_ONE, auth=_READS, response=DisposalInFullOut)
@gives(SEALED)
def read_disposal(request: HttpRequest, disposal_id: str) -> Any:
    """One disposal: what is proposed, who decided, its calendar, contacts and money."""
    return _in_full(disposal_id)


@_acts("/approval", TWO_PEOPLE)
def approve_disposal(request: HttpRequest, disposal_id: str, body: DisposalSeenIn) -> Any:
    """Approve it, as somebody who did not propose it."""
    services.approve(disposal_id, body.seen, caller(request))
    return _in_full(disposal_id)


@_acts("/refusal")
def refuse_disposal(request: HttpRequest, disposal_id: str, body: DisposalRefusalIn) -> Any:
    """Refuse it, as somebody who did not propose it."""
    services.refuse(disposal_id, body.seen, body.why, caller(request))
    return _in_full(disposal_id)


@_acts("/begin")
def begin_disposal(request: HttpRequest, disposal_id: str, body: DisposalSeenIn) -> Any:
    """What was approved is under way."""
    services.begin(disposal_id, body.seen, caller(request))
    return _in_full(disposal_id)


@_acts("/dates")
def add_disposal_date(request: HttpRequest, disposal_id: str, body: DisposalDateAddedIn) -> Any:
    """A date more of its calendar."""
    services.add_date(disposal_id, body.seen, body.what, body.due, caller(request))
    return _in_full(disposal_id)


@_acts("/dates/met")
def meet_disposal_date(request: HttpRequest, disposal_id: str, body: DisposalDateMetIn) -> Any:
    """A date of its calendar is met."""
    services.meet_date(disposal_id, body.seen, body.number, caller(request))
    return _in_full(disposal_id)


@_acts("/contacts")
def plan_disposal_contact(request: HttpRequest, disposal_id: str, body: DisposalContactIn) -> Any:
    """Plan a contact. One against the rules of the place is refused, with the first moment at which
    the customer may be contacted."""
    services.plan_contact(disposal_id, body.seen, body.channel, body.at, caller(request))
    return _in_full(disposal_id)


@_acts("/contacts/made")
def record_disposal_contact(
    request: HttpRequest, disposal_id: str, body: DisposalContactedIn
) -> Any:
    """A contact was made; it is recorded whatever the rules say."""
    services.record_contact(
        disposal_id, body.seen, body.channel, body.text, caller(request), talked=body.talked
    )
    return _in_full(disposal_id)


@_acts("/care")
def change_disposal_care(request: HttpRequest, disposal_id: str, body: DisposalCareIn) -> Any:
    """The customer is vulnerable from now on, or is no more."""
    services.change_care(
        disposal_id, body.seen, body.why, caller(request), vulnerable=body.vulnerable
    )
    return _in_full(disposal_id)


@_acts("/money")
def realise_disposal(request: HttpRequest, disposal_id: str, body: DisposalMoneyIn) -> Any:
    """Money came in because of it; nothing is booked here."""
    services.realise(disposal_id, body.seen, body.entry, body.amount, caller(request))
    return _in_full(disposal_id)


@_acts("/end")
def end_disposal(request: HttpRequest, disposal_id: str, body: DisposalSeenIn) -> Any:
    """It is over."""
    services.end(disposal_id, body.seen, caller(request))
    return _in_full(disposal_id)


def _in_full(disposal: str) -> dict[str, Any]:
    return answers.in_full(reading.shown(disposal, clock.now().date()))
