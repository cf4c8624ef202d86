"""Risk at a glance, an indicator and an alert's room in a real browser, wide and narrow: an alert
is taken with the keyboard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import pytest
import watching
from fronting import listening
from lender import anew
from own_folder import own_folder
from people import acting, logged_in, person

from equipoise.service.contexts.watch import reading, services
from equipoise.service.contexts.watch.tasks import measure_watch, tell_of_alerts
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.project.wsgi import application

SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def there(sqlite_database: Any, tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """Where a service is whose indicator rings; a risk officer's session, and the alert."""
    (tmp_path / "watch.yaml").write_text(watching.TEXT, encoding="utf-8")
    watching.deliver(tmp_path, watching.QUIET)
    with anew(), own_folder(tmp_path):
        rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
        services.approve(services.bring_in(acting(rita)), acting(ben))
        measure_watch.call()
        watching.deliver(tmp_path, [*watching.QUIET, 0.9])
        measure_watch.call()
        tell_of_alerts.call()
        session = logged_in(rita).cookies["sessionid"].value
        (alert,) = reading.alerts()
        with listening(application) as url:
            yield url, session, alert.id


def test_an_alert_is_taken_with_the_keyboard_and_every_page_is_open_to_all(
    there: tuple[str, str, str],
) -> None:
    url, session, alert = there
    amiss: list[Any] = []
    pages = {
        "overview": "/risk/",
        "indicator": "/risk/indicators/late/",
        "rows": "/risk/indicators/late/rows?period=2026-09-01",
        "alerts": "/risk/alerts/",
        "alert": f"/risk/alerts/{alert}/",
    }
    with browsers.chromium() as chromium:
        for locale, look in browsers.IN_BOTH.items():
            context = chromium.new_context(
                viewport={"width": 1280, "height": 800}, locale=locale, bypass_csp=True
            )
            context.set_default_timeout(browsers.PATIENCE)
            context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
            page = context.new_page()
            for name, address in pages.items():
                page.set_viewport_size({"width": 1280, "height": 800})
                page.goto(url + address)
                _shot(page, f"{name}-{locale}-1280")
                page.set_viewport_size({"width": browsers.NARROW, "height": 800})
                _shot(page, f"{name}-{locale}-375")
                amiss += look(page)
            if locale == "en-GB":
                page.focus("button[value=acknowledge]")
                with page.expect_navigation():
                    page.keyboard.press("Enter")
            context.close()
    assert amiss == []
    assert reading.alert(alert).alert.stage == "acknowledged"


def _shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"risk-{name}.png", full_page=True)
