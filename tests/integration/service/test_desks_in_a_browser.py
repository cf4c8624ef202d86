"""Every page of the lender's people in a real browser: open to everybody, in both languages, wide
and narrow, light and dark, by keyboard alone, and light to load."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import browsers
import lxml.html
import pytest
from crawling import ROLES, Way, a_working_lender, links, named
from fronting import listening

from equipoise.service.project.wsgi import application

LANGUAGES = {"en": "en", "zh-CN": "zh-Hans"}
SHOTS = os.environ.get("SCREENSHOTS", "")
# Two roles come to most of what there is; all of them are looked at where it may take its time.
FEW = ("underwriter", "auditor")


@dataclass(frozen=True)
class Seat:
    """A role's session, and where its forms led."""

    session: str
    led_to: list[str]


@pytest.fixture
def at_work(sqlite_database: Any) -> Iterator[tuple[str, dict[str, Seat]]]:
    """Where the service is, and the seat of each role."""
    with a_working_lender() as server, listening(application) as url:
        yield (
            url,
            {
                role.value: Seat(each.client.cookies["sessionid"].value, each.led_to)
                for role, each in server.items()
            },
        )


def seated(chromium: Any, language: str, url: str, session: str) -> Any:
    """A browser in which somebody is logged in."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 800}, locale=language, bypass_csp=True
    )
    context.set_default_timeout(browsers.PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    return context


def go_over(page: Any, url: str, way: Way, done: set[str], look: Any) -> list[str]:
    """Look at each page that has not been looked at, and say what is amiss."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    for path in way:
        if page.request.get(f"{url}{path}").headers.get("content-disposition"):
            continue  # a file
        page.goto(f"{url}{path}")
        if page.locator("h1").count() == 0:
            continue  # a part of a page
        way.leads_to(links(lxml.html.fromstring(page.content()), path))
        if named(path) not in done:
            done.add(named(path))
            faults += [f"{path}: {each}" for each in look(page)]
            _shoot(page, path)
    return faults


def _shoot(page: Any, path: str) -> None:
    if not SHOTS:
        return
    language = page.get_attribute("html", "lang")
    for width in (1280, browsers.NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        file = f"desk-{named(path)}-{language}-{width}.png"
        page.screenshot(path=Path(SHOTS) / file, full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


def all_of(at_work: Any, language: str, roles: Any, look: Any) -> list[str]:
    url, seats = at_work
    done: set[str] = set()
    faults: list[str] = []
    with browsers.chromium() as chromium:  # its loop ends before the database is put away
        for role in roles:
            context = seated(chromium, language, url, seats[role].session)
            way = Way(*seats[role].led_to)
            barriers = go_over(context.new_page(), url, way, done, look)
            faults += [f"{role}: {each}" for each in barriers]
            context.close()
    return faults


def test_the_desks_are_open_to_everybody_at_a_glance(at_work: Any) -> None:
    faults = all_of(at_work, "zh-CN", FEW, browsers.at_a_glance)
    assert faults == [], "\n".join(faults)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desks_are_open_to_everybody(at_work: Any, language: str) -> None:
    roles = [role.value for role in ROLES]
    faults = all_of(at_work, language, roles, browsers.looked_at)
    assert faults == [], "\n".join(faults)
