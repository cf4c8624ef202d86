"""The endpoint about runs of the balance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from equipoise.service.contexts.balances import reading
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action

router = Router(tags=["balance"])
_NEWEST = 50


class RunOut(Schema):
    """A run: where it stands, and the SHA-256 of what it found, empty before that."""

    id: int
    asked_by: str
    state: str
    applicants: int | None
    result: str
    made_at: datetime
    ended_at: datetime | None


class BalanceOut(Schema):
    """The newest runs of the balance, and why none can be found, empty where one can."""

    obstacle: str
    runs: list[RunOut]


@router.get("/balance", auth=May(Action.READ_BALANCE), response=BalanceOut)
def read_balance(request: HttpRequest) -> Any:
    """The newest runs of the balance; what each found is looked at on its page."""
    return BalanceOut(
        obstacle=reading.obstacle(),
        runs=[RunOut.from_orm(each) for each in reading.newest(_NEWEST)],
    )
