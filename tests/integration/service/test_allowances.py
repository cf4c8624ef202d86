"""How often one may ask for the applicants' pages: by address and by draft, over all processes."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from applying import Applicant, publish_asking, sealed_asking
from django.conf import settings
from lender import anew
from processes import PATIENCE, Server, workspace
from through_door import Client

from equipoise.service.pages.applicant import pacing
from equipoise.service.platform.allowances import leases
from equipoise.service.platform.allowances.leases import Allowance, UsedUp, take

MINUTE = timedelta(minutes=1)
MOST = 60


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment that it is, as a test sets it."""
    now = [datetime(2026, 5, 4, 12, 0, 30, tzinfo=UTC)]
    monkeypatch.setattr(leases.timezone, "now", lambda: now[0])
    return now


def taken(allowance: Allowance, tries: int) -> int:
    """How many of so many tries are let through, of which each may come to another process."""
    count = 0
    for number in range(tries):
        if number % 7 == 0:
            leases.forget()  # as a process that has just begun
        try:
            take(allowance, "192.0.2.7")
        except UsedUp:
            continue
        count += 1
    return count


@pytest.mark.parametrize("lease", [1, 4, 25])
def test_processes_together_let_through_no_more_than_the_allowance(
    database: Any, noon: list[datetime], lease: int
) -> None:
    allowance = Allowance("tries", 10, MINUTE, lease)
    assert 1 <= taken(allowance, 100) <= 10
    noon[0] += MINUTE
    leases.forget()
    take(allowance, "192.0.2.7")  # the next minute has its own


def test_one_process_hands_out_all_of_it_and_says_how_long_to_wait(
    database: Any, noon: list[datetime]
) -> None:
    allowance = Allowance("tries", 10, MINUTE, 4)
    for _ in range(10):
        take(allowance, "192.0.2.7")
    with pytest.raises(UsedUp) as refused:
        take(allowance, "192.0.2.7")
    assert refused.value.wait == timedelta(seconds=30)  # to the turn of the minute
    take(allowance, "192.0.2.8")  # somebody else
    assert leases.forget_over(noon[0]) == 0
    assert leases.forget_over(noon[0] + MINUTE) == 2


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lender that lets little through."""
    changed = dataclasses.replace(settings.CONFIGURATION, apply_requests=MOST, apply_beginnings=2)
    monkeypatch.setattr(settings, "CONFIGURATION", changed)


@pytest.mark.usefixtures("sqlite_database", "noon", "few")
def test_who_begins_again_and_again_is_told_to_wait_and_others_are_not() -> None:
    with anew():
        publish_asking()
        for _ in range(2):
            Applicant().begin()
        answer = Client(headers={"accept": "text/html"}).post("/apply/begin", {"product": "corner"})
        assert answer.status_code == 429
        assert "Please wait a little" in answer.content.decode()
        assert 1 <= int(answer["Retry-After"]) <= 3600
        assert Client(REMOTE_ADDR="192.0.2.8").post(
            "/apply/begin", {"product": "corner"}
        ).status_code == 302  # fmt: skip


@pytest.mark.usefixtures("sqlite_database", "noon")
def test_one_draft_cannot_be_asked_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_DRAFT", Allowance("requests of a draft", 5, MINUTE))
    with anew():
        publish_asking()
        first, second = Applicant().begin(), Applicant().begin()
        assert [first.get("").status_code for _ in range(6)] == [200] * 5 + [429]
        saved = first.type("amount", "8,000")
        assert saved.status_code == 429  # a refused page is not written
        assert second.get("").status_code == 200


def test_several_processes_share_the_allowance_of_an_address(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "lender", sealed_asking())
    more = {"EQUIPOISE_APPLY_REQUESTS": str(MOST)}
    server = Server(folder, workers=2, background=False, more=more).start()
    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            address = f"{server.said['url'].rstrip('/')}/apply/"
            begun = time.time()
            statuses = list(pool.map(_status, [address] * (8 * MOST)))
            minutes = time.time() // 60 - begun // 60 + 1  # each has an allowance of its own
    finally:
        server.stop()
    assert set(statuses) <= {200, 429}
    assert MOST // 2 <= statuses.count(200) <= MOST * minutes


def _status(address: str) -> int:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    try:
        return int(browser.open(address, timeout=PATIENCE).status)
    except urllib.error.HTTPError as error:
        return error.code
