"""The room of a run in a real browser: clocks and forms by the keyboard, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import pytest
from fronting import listening
from lender import anew, publish
from own_folder import own_folder
from people import acting, logged_in, person
from plan_text import TEXT

from equipoise.service.contexts.plans import reading, services
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.project.wsgi import application

SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def there(sqlite_database: Any, tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """Where a service is that drills a plan; a risk officer's session, and the run."""
    (tmp_path / "plans.yaml").write_text(TEXT, encoding="utf-8")
    with anew(), own_folder(tmp_path):
        publish()
        rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
        services.approve(services.bring_in(acting(rita)), acting(ben))
        services.prepare("bureau_down", "all_to_people", acting(rita))
        run = services.begin("bureau_down", "the spring drill", acting(rita), drill=True)
        session = logged_in(rita).cookies["sessionid"].value
        with listening(application) as url:
            yield url, session, run


def test_a_step_is_done_with_the_keyboard_alone_and_every_page_is_open_to_all(
    there: tuple[str, str, str],
) -> None:
    url, session, run = there
    amiss: list[Any] = []
    with browsers.chromium() as chromium:
        for locale, look in browsers.IN_BOTH.items():
            context = chromium.new_context(
                viewport={"width": 1280, "height": 800}, locale=locale, bypass_csp=True
            )
            context.set_default_timeout(browsers.PATIENCE)
            context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
            page = context.new_page()
            for name, address in {
                "plans": "/plans/",
                "plan": "/plans/bureau_down/",
                "run": f"/plans/runs/{run}/",
            }.items():
                page.set_viewport_size({"width": 1280, "height": 800})
                page.goto(url + address)
                _shot(page, f"{name}-{locale}-1280")
                page.set_viewport_size({"width": browsers.NARROW, "height": 800})
                _shot(page, f"{name}-{locale}-375")
                amiss += look(page)
            if locale == "en-GB":
                page.focus("#note-confirm")
                page.keyboard.type("they know of it")
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                assert "they know of it" in page.inner_text("#confirm")
            context.close()
    assert amiss == []
    assert reading.run(run).run.ended["confirm"].note == "they know of it"


def _shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"plans-{name}.png", full_page=True)
