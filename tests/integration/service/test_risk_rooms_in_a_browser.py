"""Incidents, disposals and the register in a real browser: wide and narrow, in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import browsers
import pytest
from fronting import listening
from lender import anew
from own_folder import own_folder
from people import acting, logged_in, person
from test_screenings import WATCH

from equipoise.letters import care_letter
from equipoise.service.contexts.disposals import services as disposals
from equipoise.service.contexts.disposals.services import Asked
from equipoise.service.contexts.incidents import services as incidents
from equipoise.service.contexts.incidents.services import ActionAsked, Draft, Report, TaskAsked
from equipoise.service.contexts.screenings.tasks import ask_owners
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Role
from equipoise.service.project.wsgi import application

SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def there(sqlite_database: Any, tmp_path: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Where a service is with an incident, a disposal and a register; a risk officer's session."""
    since = (clock.now().date() - timedelta(days=2)).isoformat()
    (tmp_path / "watch.yaml").write_text(WATCH.replace("SINCE", since), encoding="utf-8")
    with anew(), own_folder(tmp_path):
        rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
        incident, disposal = _incident(acting(rita)), _disposal(acting(rita), acting(ben))
        ask_owners.func()
        session = logged_in(rita).cookies["sessionid"].value
        pages = {
            "incidents": "/risk/incidents/",
            "incident": f"/risk/incidents/{incident}/",
            "post-mortem": f"/risk/incidents/{incident}/post-mortem/",
            "disposals": "/risk/disposals/",
            "disposal": f"/risk/disposals/{disposal}/",
            "disposal-new": "/risk/disposals/new?loan=L-78&measure=restructure",
            "register": "/risk/register/",
            "watch-list": "/risk/watch-list/",
        }
        with listening(application) as url:
            yield url, session, pages


def _incident(rita: Principal) -> str:
    now = clock.now()
    text = "One call in five is answered; people wait at the branches."
    of = Report("operational", "critical", "The bureau does not answer", text, "EUR", 24)
    incident = incidents.report(of, rita)
    incidents.take_role(incident, 0, "lead", "rita", rita)
    task = TaskAsked("Call the bureau's desk", "ben", now + timedelta(hours=2))
    incidents.add_task(incident, 1, task, rita)
    incidents.note(incident, 2, "answers grew slow", now - timedelta(hours=3), rita)
    draft = Draft(
        now - timedelta(days=2), now, "nobody counted scores", "people took over in minutes",
        "cut-off", [ActionAsked("count scores", "ben", now.date() + timedelta(days=9))], {},
    )  # fmt: skip
    incidents.write(incident, 3, draft, rita)
    return incident


def _disposal(rita: Principal, ben: Principal) -> str:
    letter = {each: care_letter("litigation", "L-77", each) for each in ("en", "zh")}
    due = clock.now().date() + timedelta(days=20)
    asked = Asked(
        "L-77", "litigation", "no answer since May", 500_000, 250_000, "EUR", "US",
        "America/New_York", letter=letter, dates=[("file the claim", due)],
    )  # fmt: skip
    disposal = disposals.propose(asked, rita)
    disposals.approve(disposal, 0, ben)
    disposals.begin(disposal, 1, rita)
    disposals.realise(disposal, 2, "B-1", 100_050, rita)
    disposals.record_contact(disposal, 3, "letter", "sent both letters", rita, talked=False)
    return disposal


def test_every_room_is_open_to_all_and_a_line_is_added_with_the_keyboard(
    there: tuple[str, str, dict[str, str]],
) -> None:
    url, session, pages = there
    amiss: list[Any] = []
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
                page.goto(url + pages["incident"])
                page.focus("#note-text")
                page.keyboard.type("they answer again")
                page.locator('form[action$="/note"] button').focus()
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                assert "they answer again" in page.inner_text("ol.timeline")
            context.close()
    assert amiss == []


def _shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"risk-{name}.png", full_page=True)
