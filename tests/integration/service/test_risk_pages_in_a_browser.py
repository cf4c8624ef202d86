"""Risk at a glance, an indicator and an alert's room in a real browser, wide and narrow: an alert
is taken with the keyboard."""

from __future__ import annotations

import json
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

from equipoise.service.contexts.books.models import Measuring, Of, State
from equipoise.service.contexts.disposals.events import WatchListMeasured
from equipoise.service.contexts.disposals.watching import _keep
from equipoise.service.contexts.watch import reading, services
from equipoise.service.contexts.watch.backtests import row_of
from equipoise.service.contexts.watch.events import WatchBacktested
from equipoise.service.contexts.watch.tasks import measure_watch, tell_of_alerts
from equipoise.service.platform import clock
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
        _backtested()
        _limited()
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
        "borrower": f"/risk/watch-list/{_listed()}/0/",
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


def _backtested() -> None:
    """A back-test as the record would tell it."""
    worth = {
        "alerts": 412, "open": 9, "hits": 120, "events": 230, "caught": 131, "lead": [1, 2, 4],
        "per_thousand": 8.53, "gain": 9_940.0,
        "precision": {"value": 0.3, "low": 0.25, "high": 0.34},
        "recall": {"value": 0.57, "low": 0.5, "high": 0.63},
    }  # fmt: skip
    at = [
        {"threshold": bound, "false_alarms_per_thousand": false, "warned_ahead": ahead}
        for bound, false, ahead in (
            (0.7, 0.4, 0.2), (0.52, 1.1, 0.7), (0.41, 3.0, 1.1), (0.31, 6.0, 1.6), (0.1, 31, 2.0)
        )
    ]  # fmt: skip
    red = {**worth, "threshold": 0.5, "false_alarms_per_thousand": 2.2, "warned_ahead": 0.8}
    test = {
        "indicator": "late", "as_it_is": red, "proposed": {**worth, **at[3]}, "frontier": at
    }  # fmt: skip
    event = WatchBacktested(
        by="user.1", digest="0" * 64, data="loans.parquet", snapshot="3f1c" * 16,
        since="2026-01-01", until="2026-09-01", tests=(test,), fault="",
        against={"event": "days >= 30", "horizon": 6, "alert_cost": 5.0, "saved": 100.0,
                 "outcome": None},
    )  # fmt: skip
    row_of(event, clock.now()).save()


def _limited() -> None:
    """A measured book of which the page reads the limits alone."""
    used = [
        {"name": "regions", "of": of, "exposure": 4e6 * use, "limit": 4e6, "use": use,
         "forecast": [ahead]}
        for of, use, ahead in (("N1", 1.04, 1.2), ("S2", 0.83, 1.01), ("W", 0.31, 0.29))
    ]  # fmt: skip
    told = {"summary": {"as_of": "2026-09-30", "currency": "EUR"}, "limits": used}
    Measuring.objects.create(
        of=Of.PORTFOLIO, state=State.DONE, result=json.dumps(told), made_at=clock.now()
    )


def _listed() -> str:
    """A watch list with one borrower, of whom the tape has nothing."""
    words = {"borrowers": [["L-1001", 0.183, 4.2, ["arrears", "income"], "call"]]}
    told = WatchListMeasured(period="2026-09-01", listed=1, found=61, events=100, words={})
    return _keep(words, told)


def _shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"risk-{name}.png", full_page=True)
