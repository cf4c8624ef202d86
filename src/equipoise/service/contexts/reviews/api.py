"""Endpoints about reviews."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router, Status

from equipoise.errors import BadInput
from equipoise.service.contexts.applications.reading import visible as application
from equipoise.service.contexts.cases.reading import terms_of
from equipoise.service.contexts.decisions.reading import visible as decision
from equipoise.service.contexts.reviews import reading, services
from equipoise.service.contexts.reviews.schemas import (
    DecisionReviewIn,
    DecisionReviewOut,
    Listed,
    ReviewInFullOut,
    SettleIn,
)
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import (
    AUTHORITY,
    GONE,
    SEALED,
    STATE,
    UNUSABLE,
    gives,
)

router = Router(tags=["reviews"])
_CHANNEL = "api"


@router.post(
    "/applications/{application_id}/reviews",
    auth=May(Action.DECIDE),
    response={201: DecisionReviewOut},
)
@gives(STATE, GONE, SEALED)
def ask_for_review(request: HttpRequest, application_id: str, body: DecisionReviewIn) -> Any:
    """Ask, for the applicant, that a person looks again at the application's last decision. Asked
    for again, it is the same review."""
    by, over = caller(request), reach(request)
    try:
        last = application(application_id, by, over).decision
        made = decision(last, by, over)
    except ObjectDoesNotExist:
        raise Http404 from None
    return Status(201, services.ask(made, body.words, by, _CHANNEL))


@router.get("/reviews", auth=May(Action.READ_DECISIONS), response=Page[DecisionReviewOut])
def list_reviews(
    request: HttpRequest, response: HttpResponse, asked: QueryOf[Listed], paging: QueryOf[Paging]
) -> Any:
    """Reviews, the newest first."""
    state = "" if asked.state is None else asked.state.value
    return page_out(
        request, response, reading.listed(caller(request), reach(request), state, paging)
    )


@router.get("/reviews/{review_id}", auth=May(Action.READ_DECISIONS), response=ReviewInFullOut)
@gives(GONE, SEALED)
def read_review(request: HttpRequest, review_id: str) -> Any:
    """A review, with what the applicant said; that needs the right to read personal facts."""
    try:
        review, words = reading.visible(review_id, caller(request), reach(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    return {**asdict(review), "words": words}


@router.post("/reviews/{review_id}/settle", auth=May(Action.OVERRIDE), response=DecisionReviewOut)
@gives(AUTHORITY, STATE, GONE, SEALED, UNUSABLE)
def settle_review(request: HttpRequest, review_id: str, body: SettleIn) -> Any:
    """Say what a person came to. To overturn what the strategy decided, override it first; to
    overturn what a person did, name the terms of the yes in its place. Where those need another
    signature, the review is still `asked`, and another person settles it with the same."""
    by, over = caller(request), reach(request)
    try:
        came = services.CameTo(body.outcome, body.words, _granted(body))
        return services.settle(review_id, came, by, over)
    except ObjectDoesNotExist:
        raise Http404 from None


def _granted(body: SettleIn) -> services.Granted | None:
    if body.terms is None:
        if body.reasons:
            raise BadInput("reasons come with other terms", field="reasons", mend="name the terms")
        return None
    terms = terms_of(body.terms.amount, float(body.terms.months), body.terms.apr)
    return services.Granted(terms, tuple(body.reasons))
