"""What a person types on the applicant's pages stands in no log, address, referrer or metric: a
real server and worker, a real browser, planted values."""

from __future__ import annotations

import sqlite3
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import journeys
import pytest
from applying import ANSWERS, sealed_asking
from processes import PATIENCE, Server, until, workspace
from test_declines_in_a_browser import STRICT
from test_logs import forms

PLANTED = {
    "an address": "zebedee.plantagenet@planted.example",
    "an income": "813.57",
    "an amount typed wrongly": "eight planted thousand",
    "a question": "Can my lighthouse in Planthaven be security",
    "a person's own words": "My planted work begins in spring",
    "a reference of nobody": "PLNT-4711",
}
SECOND_LOOK = "#words"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str], str]]:
    """The lender's folder, every line that the browser sent of itself, and the metrics."""
    folder = workspace(tmp_path_factory.mktemp("walked") / "lender", sealed_asking(rules=STRICT))
    server = Server(folder, more={"EQUIPOISE_LOG_LEVEL": "DEBUG"}).start()
    sent: list[str] = []
    try:
        with (
            browsers.chromium() as chromium,
            browsers.page_of(chromium, "en", 1280, "light") as page,
        ):
            page.on("request", lambda request: sent.extend(_told_by(request)))
            page.on("console", lambda message: sent.append(message.text))
            _walk(page, server.said["url"])
        until(lambda: _delivered(folder))
        metrics = _metrics(server)
    finally:
        server.stop()
    yield folder, sent, metrics


def _told_by(request: Any) -> list[str]:
    """What of a request others on its way or behind it may keep: not the body."""
    return [request.url, *request.headers.values()]


def _walk(page: Any, home: str) -> None:
    """Apply with something wrong, ask, be declined, ask a person to look again, look for it."""
    journeys.begin(page, home)
    draft = page.url
    page.goto(f"{draft}q/amount")
    page.fill("#answer", PLANTED["an amount typed wrongly"])
    journeys.go_on(page)
    page.goto(draft)
    answers = {**ANSWERS, "income": PLANTED["an income"]}
    journeys.fill(page, answers, lambda _page, _name: None, PLANTED["an address"])
    _ask(page, draft, person=False)
    page.goto(f"{draft}check")
    journeys.send(page)
    page.goto(f"{draft}decline")
    page.click("summary")
    page.fill(SECOND_LOOK, PLANTED["a person's own words"])
    with page.expect_navigation():
        page.click("#page button")
    _ask(page, draft, person=True)
    page.goto(f"{draft}data")
    page.goto(f"{home.rstrip('/')}/apply/open")
    page.fill("#reference", PLANTED["a reference of nobody"])
    page.fill("#contact", PLANTED["an address"])
    journeys.go_on(page)


def _ask(page: Any, draft: str, *, person: bool) -> None:
    page.goto(f"{draft}ask")
    page.fill("#question", PLANTED["a question"])
    with page.expect_navigation():
        page.click(f"#page .ways button >> nth={int(person)}")


def _delivered(folder: Path) -> bool:
    with sqlite3.connect(folder / "service" / "service.sqlite3") as rows:
        states = rows.execute("select state from outbox_message").fetchall()
    return bool(states) and all(state != "queued" for (state,) in states)


def _metrics(server: Server) -> str:
    asked = urllib.request.Request(  # noqa: S310 - our own server's
        f"{server.said['url'].rstrip('/')}/metrics",
        headers={"Authorization": f"Bearer {server.key}"},
    )
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
        return str(answer.read(), "utf-8")


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_it_stands_nowhere(walked: tuple[Path, list[str], str], name: str) -> None:
    folder, sent, metrics = walked
    log = (folder / "log").read_text(encoding="utf-8")
    assert "/apply/" in log and any("/apply/" in each for each in sent) and "apply" in metrics
    for form in forms(PLANTED[name]):
        assert form not in log
        assert form not in metrics
        assert [each for each in sent if form in each] == []


def test_what_was_typed_did_arrive(walked: tuple[Path, list[str], str]) -> None:
    """Or the test above looks for what was never there."""
    folder, _, _ = walked
    with sqlite3.connect(folder / "service" / "service.sqlite3") as rows:
        count = {
            table: rows.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("drafts_draft", "reviews_review", "conversations_handedover")
        }
    assert min(count.values()) >= 1, count
