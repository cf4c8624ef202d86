"""An underwriter asks, the applicant answers and the underwriter decides, in a real browser: in
both languages, wide and narrow, open to everybody."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import browsers
import pytest
from at_the_desk import follow
from django.conf import settings
from django.db import connections
from fronting import listening
from lender import AUTHORITY
from letter_lender import SAFE, applied, publish_speaking
from test_cases import officer

from equipoise.service.contexts.applications.reading import is_decided
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.project.wsgi import application

SHOTS = os.environ.get("SCREENSHOTS", "")
ASK = {"en": "Ask", "zh-CN": "询问"}
SCENES = [("en", "en", "dark"), ("zh-CN", "zh", "light")]


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any, tmp_path: Path) -> Iterator[None]:
    before = settings.CONFIGURATION
    settings.CONFIGURATION = replace(before, papers=str(tmp_path / "papers"))
    publish_speaking(authority=AUTHORITY)
    yield
    settings.CONFIGURATION = before


@pytest.mark.parametrize(("locale", "language", "scheme"), SCENES, ids=[one for one, *_ in SCENES])
def test_the_walk(locale: str, language: str, scheme: str) -> None:
    applicant = applied(SAFE, language, amount="12000")
    follow()
    sent = Draft.objects.get()
    _, client = officer("senior")
    client.post("/language", {"language": language})
    with listening(application) as url, browsers.chromium() as chromium:
        desk = _seated(chromium, locale, scheme, url, client)
        home = _seated(chromium, locale, scheme, url, applicant.client)
        desk.goto(f"{url}/cases/{sent.application}/")
        _go(desk, "section form button >> nth=0")
        _asked(desk, f"asking-{locale}")
        home.goto(f"{url}{applicant.home}progress")
        _looked(home, f"asked-progress-{locale}")
        _go(home, ".unclear a.button")
        _looked(home, f"asked-{locale}")
        _go(home, "#page button")
        assert home.locator("#fault").count() == 1
        _looked(home, f"asked-error-{locale}")
        home.fill("#answer", "Since May")
        _go(home, "#page button")
        _looked(home, f"asked-answered-{locale}")
        _apart(follow)
        desk.goto(f"{url}/cases/")
        _looked(desk, f"queue-answered-{locale}")
        desk.goto(f"{url}/cases/{sent.application}/")
        assert "Since May" in desk.text_content("main")
        _looked(desk, f"case-answered-{locale}")
        desk.check("#answer-no")
        desk.check("fieldset input[name=reasons] >> nth=0")
        desk.fill("#words", "It is clear now.")
        _go(desk, "button[value=sign]")
        home.goto(f"{url}{applicant.home}progress")
        _looked(home, f"asked-decided-{locale}")
    assert is_decided(sent.application)


def _apart(work: Callable[[], None]) -> None:
    """In a thread of its own: the browser's has an event loop, in which no database is asked."""

    def done() -> None:
        work()
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(done).result()


def _asked(desk: Any, name: str) -> None:
    """Ask on the page of the case, what is wrong first."""
    desk.click("section[aria-labelledby=asking] summary")
    desk.select_option("#subject", "question:text")
    desk.fill("#question_en", "Since when do you work there?")
    desk.fill("#question_zh", "您从何时起在那里工作？")
    _looked(desk, name)
    _go(desk, "section[aria-labelledby=asking] button")
    assert desk.locator("[role=alert]").count() == 1  # why is not said
    assert desk.input_value("#question_en") == "Since when do you work there?"
    desk.fill("#why_en", "Your payslips begin in March.")
    _go(desk, "section[aria-labelledby=asking] button")
    _looked(desk, f"{name}-done")


def _seated(chromium: Any, locale: str, scheme: str, url: str, client: Any) -> Any:
    context = chromium.new_context(
        viewport={"width": browsers.NARROW, "height": 800},
        color_scheme=scheme,
        locale=locale,
        bypass_csp=True,
    )
    context.set_default_timeout(browsers.PATIENCE)
    context.add_cookies(
        [{"name": name, "value": each.value, "url": url} for name, each in client.cookies.items()]
    )
    return context.new_page()


def _go(page: Any, button: str) -> None:
    with page.expect_navigation():
        page.click(button)


def _looked(page: Any, name: str) -> None:
    for width in (1280, browsers.NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        browsers.open_to_everybody(page)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
