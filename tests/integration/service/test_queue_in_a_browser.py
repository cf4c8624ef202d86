"""The queue and what is found in a real browser: open to everybody, narrow and wide, by keys."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import browsers
import pytest
from at_the_desk import referred, underwriter, waiting, who
from lender import AUTHORITY, anew, publish
from people import logged_in
from test_practice_in_a_browser import whole

from equipoise.service.contexts.cases import services
from equipoise.service.platform import clock

SHOTS = Path(os.environ["EQUIPOISE_SHOTS"]) if "EQUIPOISE_SHOTS" in os.environ else None


@pytest.fixture(autouse=True)
def _in_force(sqlite_database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def test_the_queue_is_open_to_everybody_and_goes_by_keys() -> None:
    user, other = underwriter(), underwriter("senior")
    client = logged_in(user)
    for amount in (11_000.0, 12_500.0, 14_000.0, 40_000.0):
        referred(amount=amount)
    mine, theirs, held, _free = waiting()
    services.claim(mine.id, who(user))
    services.assign(theirs.id, who(other).id, "please", who(user))
    services.hold(held.id, "the payslip of June", who(user))
    services.snooze(_free.id, clock.now() + timedelta(days=1), "the employer calls", who(user))
    referred(amount=13_000.0)
    waiting()
    shown = {"queue": whole(client, "/cases/"), "find": whole(client, "/find/")}
    with browsers.chromium() as chromium:
        for width, scheme in ((375, "light"), (1100, "dark")):
            view = {"width": width, "height": 800}
            page = chromium.new_context(viewport=view, color_scheme=scheme).new_page()
            page.set_default_timeout(browsers.PATIENCE)
            for name, html in shown.items():
                page.set_content(html)
                assert browsers.barriers(page) == [], (name, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                if SHOTS:
                    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
        by_keys(chromium.new_context().new_page(), shown["queue"])


def by_keys(page: Any, html: str) -> None:
    page.set_default_timeout(browsers.PATIENCE)
    page.set_content(html)
    page.evaluate("document.querySelector('[data-next]').form.addEventListener('submit', "
                  "(e) => { e.preventDefault(); window.taken = true; })")  # fmt: skip
    row = "[...document.querySelectorAll('[data-row]')].findIndex"
    here = f"{row}((each) => each.contains(document.activeElement))"
    page.keyboard.press("j")
    assert page.evaluate(here) == 0
    page.keyboard.press("j")
    assert page.evaluate(here) == 1
    page.keyboard.press("x")
    assert page.locator("[data-row]").nth(1).locator("input").is_checked()
    page.keyboard.press("k")
    assert page.evaluate(here) == 0
    page.focus("#words")
    page.keyboard.press("n")  # where something is typed, it is typed
    assert page.input_value("#words") == "n"
    assert not page.evaluate("Boolean(window.taken)")
    page.focus("[data-next]")
    page.keyboard.press("n")
    assert page.evaluate("window.taken")
