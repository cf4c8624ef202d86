"""Endpoints about feedback."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router

from equipoise.errors import BadInput
from equipoise.service.contexts.feedback import reading, summary
from equipoise.service.contexts.feedback.schemas import CommentOut, FeedbackOut, WhichFeedback
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.paging import Page, Paging, page_out

router = Router(tags=["feedback"])
_LATELY = timedelta(days=90)


@router.get("/feedback/summary", auth=May(Action.READ_FEEDBACK), response=FeedbackOut)
def summarise_feedback(request: HttpRequest, asked: QueryOf[WhichFeedback]) -> Any:
    """How satisfied people are and how easy it was, by group, with n and intervals."""
    until = asked.until or clock.now().date() + timedelta(days=1)
    since = asked.since or until - _LATELY
    if since >= until:
        raise BadInput("these days are none", field="since", mend="name a day before `until`")
    groups = summary.summary(_midnight(since), _midnight(until), list(dict.fromkeys(asked.by)))
    shown = [each for each in groups if each.asked >= summary.LEAST]
    few = sum(each.asked for each in groups) - sum(each.asked for each in shown)
    return {"since": since, "until": until, "groups": [asdict(each) for each in shown], "few": few}


@router.get("/feedback/comments", auth=May(Action.ANSWER_PEOPLE), response=Page[CommentOut])
def list_feedback_comments(
    request: HttpRequest, response: HttpResponse, paging: QueryOf[Paging]
) -> Any:
    """What people added in their own words, asked last first."""
    page = reading.comments(paging)
    return page_out(request, response, page, reading.said(page.rows))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
