"""Those at the desk decide otherwise than a strategy where they may, and say what holds."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from equipoise.rehearsal.desk import Colleague, Desk, log_in, rule_of

OVERRIDE, SETTLE = "/v1/decisions/decision-1/override", "/v1/reviews/{}/settle"


def matter(overturned: bool) -> str:
    """The id of a review that a rule has overturned, or kept."""
    ids = (f"review-{number}" for number in count())
    fits = ((rule_of(each).share < 0.35) == overturned for each in ids)
    at = next(place for place, fit in enumerate(fits) if fit and rule_of(f"review-{place}").days)
    return f"review-{at}"


@dataclass
class Service:
    """Answers one colleague; `status` is what it says of an override, or of a review settled so."""

    review: str
    status: Mapping[str, int]
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def ask(self, method: str, where: str, body: Any = None) -> tuple[int, Any]:
        if method == "GET":
            listed = where.startswith("/v1/reviews?")
            one = {"id": self.review, "decision": "decision-1", "asked_at": "2026-03-02T09:00Z"}
            items = [one] if listed else []
            return 200, {"items": items, "next": None, "strategy": "corner"}
        self.asked.append((where, body))
        return self.status[body.get("outcome", "override")], {}


def worked(review: str, reasons: Mapping[str, str], **status: int) -> list[tuple[str, str]]:
    """What somebody with these reasons asked of the service: where, and the answer or outcome."""
    service = Service(review, status)
    desk = Desk([Colleague("uma", "", "", reasons)], str, lambda: None, lambda: NOW, fast=False)
    desk._browsers["uma"] = service  # type: ignore[assignment]
    desk.work()
    return [(where, body.get("outcome", body.get("reason"))) for where, body in service.asked]


NOW = datetime(2026, 3, 20, tzinfo=UTC)
MAY = {"garden": "SUN", "corner": "PAPERS"}


@dataclass
class LogIn:
    """A log-in that takes each code once; `taken` before anybody types."""

    taken: set[str]
    typed: list[str] = field(default_factory=list)

    def get(self, _where: str) -> Any:
        return shown("login")

    def send(self, _page: Any, _form: Any, filled: Mapping[str, str]) -> Any:
        if "login" in filled:
            return shown("code")
        self.typed.append(filled["code"])
        refused = filled["code"] in self.taken
        self.taken.add(filled["code"])
        return shown("code") if refused else shown("")

    def ask(self, _method: str, _where: str) -> tuple[int, Any]:
        return 200, {}


def shown(box: str) -> Any:
    form = SimpleNamespace(boxes=(box,))
    return SimpleNamespace(forms=[form] if box else [], url="", status=200)


def test_a_code_that_was_taken_before_is_followed_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where the server died before it said that it took it, or a slow one was too late."""
    moment = [1_000_000_000.0]
    monkeypatch.setattr("equipoise.rehearsal.desk.time.time", lambda: moment[0])
    monkeypatch.setattr(
        "equipoise.rehearsal.desk.time.sleep", lambda s: moment.__setitem__(0, moment[0] + s)
    )
    secret = base64.b32encode(b"12345678901234567890").decode()
    app = TOTP(b"12345678901234567890", 6, SHA1(), 30)  # noqa: S303 - as apps do
    first, second = (app.generate(int(moment[0]) + at).decode() for at in (0, 30))
    service = LogIn({first})
    log_in(service, Colleague("uma", "", secret))  # type: ignore[arg-type]
    assert service.typed == [first, second]


@pytest.mark.parametrize("status", [201, 409])
def test_a_share_of_reviews_is_overturned_for_the_strategy_s_own_reason(status: int) -> None:
    """409 where it was signed before, and its answer lost."""
    review = matter(overturned=True)
    assert worked(review, MAY, override=status, overturned=200) == [
        (OVERRIDE, "PAPERS"),
        (SETTLE.format(review), "overturned"),
    ]


def test_where_there_is_nothing_to_override_the_answer_is_kept() -> None:
    review = matter(overturned=True)
    assert worked(review, MAY, override=409, overturned=409, kept=200) == [
        (OVERRIDE, "PAPERS"),
        (SETTLE.format(review), "overturned"),
        (SETTLE.format(review), "kept"),
    ]


@pytest.mark.parametrize("reasons", [{}, {"garden": "SUN"}])
def test_who_may_not_keeps_the_answer(reasons: Mapping[str, str]) -> None:
    review = matter(overturned=True)
    assert worked(review, reasons, kept=200) == [(SETTLE.format(review), "kept")]


def test_beyond_their_authority_the_answer_is_kept() -> None:
    review = matter(overturned=True)
    assert worked(review, MAY, override=403, kept=200)[-1] == (SETTLE.format(review), "kept")


def test_other_reviews_are_kept_without_a_look_at_authority() -> None:
    review = matter(overturned=False)
    assert worked(review, MAY, kept=200) == [(SETTLE.format(review), "kept")]
