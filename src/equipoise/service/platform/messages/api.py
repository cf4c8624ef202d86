"""The endpoint at which a provider says what became of messages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.messages import reports
from equipoise.service.platform.messages.reports import Report

router = Router(tags=["messages"])


class ReportIn(Refusing):
    """What became of a message: its id, as it was sent, and whether it was `delivered`, came back
    for good as nobody is there (`bounced`), or was lost (`failed`)."""

    id: str = Field(
        pattern=r"^outgoing-[0-9a-f]{32}$",
        examples=["outgoing-019ab3c9d7e04f1c2b3a49586776a5b4"],
    )
    state: Report = Field(examples=["delivered"])


class ReportOut(Schema):
    """Where the message stands now."""

    id: str
    state: str


@router.post("/messages/reports", auth=May(Action.REPORT_MESSAGES), response=ReportOut)
def report_message(request: HttpRequest, body: ReportIn) -> Any:
    """Say what became of a message. Said again, or where more is known already, it changes nothing.
    After `bounced` nothing more goes to that address or number."""
    return {"id": body.id, "state": reports.report(body.id, body.state, caller(request))}
