"""Somebody is declined in a real browser: the page helps everybody, in both languages, wide and
narrow, light and dark, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import browsers
import journeys
import pytest
from applying import ANSWERS, sealed_asking
from processes import Server, workspace

SCENES = [("en", 1280, "dark"), ("en", 375, "light"), ("zh-CN", 375, "dark")]
# The corner lender's, which asks nobody else here: a burden above 0.8 alone is declined.
STRICT = [
    {
        "name": "strained_and_risky",
        "when": "amount / (12 * income) > 0.8",
        "outcome": "decline",
        "reason": "STRAINED",
    }
]
STRAINED = {**ANSWERS, "income": "800"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("declined") / "lender"
    running = Server(workspace(folder, sealed_asking(rules=STRICT))).start()
    yield running
    running.stop()


@pytest.mark.parametrize(("language", "width", "scheme"), SCENES)
def test_the_page_of_a_no_is_open_to_everybody(
    server: Server, language: str, width: int, scheme: str
) -> None:
    with browsers.chromium() as chromium:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale=language,
            bypass_csp=True,  # axe is a script of the test's own
        )
        context.set_default_timeout(browsers.PATIENCE)
        page = context.new_page()
        page.goto(f"{server.said['url'].rstrip('/')}/apply/")
        with page.expect_navigation():
            page.click("main button")
        journeys.fill(page, STRAINED, lambda _page, _name: None)
        journeys.send(page)
        page.goto(page.url.replace("progress", "answer"))
        assert page.url.endswith("/decline")
        page.click("summary")
        look(page, width)
        page.fill("#words", "a" * 2001)
        with page.expect_navigation():
            page.click("#page button")
        look(page, width)
        page.fill("#words", "I began another job.")
        with page.expect_navigation():
            page.click("#page button")
        look(page, width)
        assert page.locator("#words").count() == 0
        context.close()


def look(page: Any, width: int) -> None:
    """Nothing bars anybody, and nothing stands beyond the edge."""
    assert browsers.barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
