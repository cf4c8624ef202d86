"""People who decide cases, and what waits for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from lender import ask, facts, shop
from people import colleague, logged_in, person, send

from equipoise.service.contexts.cases import tasks
from equipoise.service.contexts.cases.models import Work
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Principal, Role
from equipoise.service.platform.accounts.services import principal_of


def underwriter(level: str = "junior", *, branch: str = "north", **more: Any) -> User:
    """One of the branch who was given that authority by two people; none where it is empty."""
    user = person(Role.UNDERWRITER, branch=branch)
    if level:
        boss, second = logged_in(person(Role.ADMINISTRATOR)), logged_in(_second())
        body = {"person": f"user.{user.pk}", "level": level, **more}
        asked = send(boss, "POST", "/v1/officers", body)
        assert asked.status_code == 201, asked.content
        at = f"/v1/appointments/{asked.json()['id']}"
        assert send(second, "POST", f"{at}/confirm").status_code == 200
    return user


def who(user: User) -> Principal:
    """The person as whoever acts."""
    return principal_of(user)


def decided(branch: str = "north", **changes: Any) -> dict[str, Any]:
    """What an application of that branch is answered."""
    answer = ask(shop(branch=branch), facts(**changes))
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def referred(branch: str = "north", amount: float = 12_000.0, **changes: Any) -> dict[str, Any]:
    """One that the strategy leaves to a person, as the machine alone gives no such amount."""
    decision = decided(branch, amount=amount, **changes)
    assert decision["outcome"] == "refer", decision
    return decision


def follow() -> None:
    """Have the desk see what happened."""
    tasks.follow_cases.func()


def waiting(kind: str = "") -> list[Work]:
    """What waits, in the desk's order."""
    follow()
    rows = Work.objects.filter(closed_at__isnull=True)
    rows = rows.filter(kind=kind) if kind else rows
    return list(rows.order_by("-worth", "opened_at", "id"))


def at(moment: datetime, monkeypatch: Any) -> None:
    """Let it be that moment for what people are told of."""
    monkeypatch.setattr(clock, "now", lambda: moment)


def _second() -> User:
    user = colleague()
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    return user
