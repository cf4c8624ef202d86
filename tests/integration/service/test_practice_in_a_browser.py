"""The pages of practice in a real browser: open to everybody, narrow and wide, by keys alone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import browsers
import pytest
from people import logged_in, person
from test_practice import NEXT, practised, say
from through_door import Client

from equipoise.service import pages
from equipoise.service.platform.accounts.permissions import Role

pytestmark = pytest.mark.usefixtures("sqlite_database")
PAGES = Path(pages.__file__).parent
SHOTS = Path(os.environ["EQUIPOISE_SHOTS"]) if "EQUIPOISE_SHOTS" in os.environ else None


def whole(client: Client, address: str) -> str:
    """A page with its style sheet and scripts in it, as a browser without a server takes it."""
    text = client.get(address).content.decode()

    def within(match: re.Match[str]) -> str:
        app, name = match[1].split("/")
        held = (PAGES / app / "static" / app / name).read_text("utf-8")
        return f"<style>{held}</style>" if name.endswith("css") else f"<script>{held}</script>"

    text = re.sub(r'<link rel="stylesheet" href="/static/([\w/.]+)">', within, text)
    script = re.search(r'<script src="/static/([\w/.]+)" defer></script>', text)
    if script:
        text = text.replace(script[0], "").replace("</body>", f"{within(script)}</body>")
    return text


def test_practice_is_open_to_everybody_and_goes_by_keys() -> None:
    uma = logged_in(person(Role.UNDERWRITER, "uma"))
    practised(uma, 62)
    shared = logged_in(person(Role.RISK_OFFICER))
    uma.post("/practice/share", {"share": "yes"})
    drill = "/practice/drills/own-relative/"
    done = uma.post(drill, {"chosen": "1", "choice": "0"})["Location"]
    seen = {
        "practice": (uma, "/practice/"),
        "case": (uma, NEXT),
        "answer": (uma, say(uma)["Location"]),
        "results": (uma, "/practice/results/simulated/"),
        "drill": (uma, drill),
        "drilled": (uma, done),
        "shared": (shared, "/practice/shared/"),
    }
    with browsers.chromium() as chromium:
        for width, scheme, names in ((375, "light", [*seen]), (1100, "dark", ["results", "case"])):
            view = {"width": width, "height": 800}
            page = chromium.new_context(viewport=view, color_scheme=scheme).new_page()
            page.set_default_timeout(browsers.PATIENCE)
            for name in names:
                page.set_content(whole(*seen[name]))
                assert browsers.barriers(page) == [], (name, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                if SHOTS:
                    page.screenshot(path=SHOTS / f"practice-{name}-{width}.png", full_page=True)
        by_keys(chromium.new_context().new_page(), whole(uma, NEXT))


def by_keys(page: Any, html: str) -> None:
    page.set_default_timeout(browsers.PATIENCE)
    page.set_content(html)
    page.evaluate("document.querySelector('form.practice-answer').addEventListener('submit', "
                  "(e) => { e.preventDefault(); window.sent = e.submitter.value; })")  # fmt: skip
    page.keyboard.press("4")  # the focus is in the form from the start
    assert page.locator("[name=stated]:checked").input_value() == "0.1"
    page.keyboard.press("d")
    assert page.evaluate("window.sent") == "decline"
    page.evaluate("window.sent = ''; document.querySelector('header a').focus()")
    page.keyboard.press("l")  # elsewhere keys do nothing
    assert page.evaluate("window.sent") == ""
