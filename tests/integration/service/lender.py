"""A lender who is open for business: strategies of the corner lender in force, and applications."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import Any

from corner_lender import SAFE, strategy
from people import acting, person, with_key
from through_door import Client

from equipoise.service.contexts.registry import compiled_cache as loaded
from equipoise.service.contexts.registry import publishing
from equipoise.service.contexts.registry import services as registry
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role

SCOPES = (
    "decisions.create",
    "decisions.read",
    "decisions.outcome",
    "decisions.replay",
    "personal.read",
)
# Two levels; the machine alone gives up to 10,000, and people may decide otherwise for a reason.
AUTHORITY = {
    "levels": [{"name": "junior"}, {"name": "senior"}],
    "matrix": [
        {"up_to": 10_000, "level": "system"},
        {"up_to": 15_000, "level": "junior"},
        {"level": "senior", "joint": 2},
    ],
    "overrides": {"level": "junior", "reasons": {"INCOME": "income is not as said"}},
}
_keys = count()
_sealed: dict[str, bytes] = {}


def sealed(version: int = 1, **changes: Any) -> bytes:
    """A sealed strategy's file; the same one is made once."""
    key = repr((version, sorted(changes.items())))
    if key not in _sealed:
        _sealed[key] = strategy(version=version, **changes).sealed.text().encode()
    return _sealed[key]


def publish(version: int = 1, *, raw: bytes = b"", **changes: Any) -> str:
    """Put a strategy in force by two people, and return its digest."""
    by = {role: User.objects.filter(role=role.value).first() or person(role) for role in
          (Role.ANALYST, Role.APPROVER)}  # fmt: skip
    author, approver = acting(by[Role.ANALYST]), acting(by[Role.APPROVER])
    made = registry.add_draft(raw or sealed(version, **changes), author)
    registry.check(made.pk, author)
    registry.submit(made.pk, author)
    registry.approve(made.pk, approver, "looks right")
    publishing.publish(made.pk, approver, "go")
    return made.digest


def facts(**changes: Any) -> dict[str, Any]:
    """A safe applicant as JSON, with facts changed; fresh as of today."""
    today = date.today()
    given = {**SAFE, "applied_on": today, "score_date": today, **changes}
    return json.loads(json.dumps(given, default=str))


RISKY = {"score": 650.0, "dti": 0.4, "employment": "own"}


def shop(**more: Any) -> Client:
    """A program that may do all that programs may do with their own decisions."""
    return with_key(person(Role.ADMINISTRATOR), *SCOPES, **{"rate": 1e4, "burst": 10_000, **more})[
        0
    ]


def ask(client: Client, given: Any = None, key: str | None = "", **more: Any) -> Any:
    """Ask for a decision, with a new key unless one is given; None sends none."""
    name = f"key-{next(_keys)}" if key == "" else key
    headers = {} if name is None else {"Idempotency-Key": name}
    body = given if isinstance(given, bytes) else {"application": given or facts(), **more}
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post("/v1/decisions", data, content_type="application/json", headers=headers)


@contextmanager
def anew() -> Iterator[None]:
    """Forget every loaded strategy, before and after."""
    loaded.forget()
    try:
        yield
    finally:
        loaded.forget()
