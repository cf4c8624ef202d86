"""The measured book and what stands behind its numbers, in a real browser, in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import pytest
from fronting import listening
from people import logged_in, person
from test_numbers_of_the_book import a_measured_book

from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.project.wsgi import application

SHOTS = os.environ.get("SCREENSHOTS", "")
PAGES = {
    "book": "portfolio/?book={}",
    "roll": "portfolio/{}/roll?of=current",
    "capital": "portfolio/{}/capital?of=irb",
    "rules": "rules/",
}


@pytest.fixture
def measuring(sqlite_database: Any, tmp_path: Path) -> Iterator[int]:
    with a_measured_book(tmp_path / "lender") as measured:
        yield measured


def test_the_book_and_its_numbers_are_open_to_all(measuring: int) -> None:
    session = logged_in(person(Role.RISK_OFFICER, "rita")).cookies["sessionid"].value
    amiss: list[Any] = []
    with listening(application) as url, browsers.chromium() as chromium:
        for locale, look in browsers.IN_BOTH.items():
            context = chromium.new_context(
                viewport={"width": 1280, "height": 800}, locale=locale, bypass_csp=True
            )
            context.set_default_timeout(browsers.PATIENCE)
            context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
            page = context.new_page()
            for name, there in PAGES.items():
                page.set_viewport_size({"width": 1280, "height": 800})
                page.goto(f"{url}/risk/{there.format(measuring)}")
                _shot(page, f"{name}-{locale}-1280")
                page.set_viewport_size({"width": 320, "height": 800})
                _shot(page, f"{name}-{locale}-320")
                amiss += [(name, each) for each in look(page)]
            context.close()
    assert amiss == []


def _shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"number-{name}.png", full_page=True)
