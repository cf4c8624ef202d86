"""Somebody is declined in a real browser: the page helps everybody, in both languages, wide and
narrow, light and dark, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import browsers
import journeys
import pytest
from applying import ANSWERS, sealed_asking
from processes import Server, workspace

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
    running = Server(workspace(folder, sealed_asking(rules=STRICT)), background=False).start()
    yield running
    running.stop()


@pytest.mark.parametrize(("language", "width", "scheme"), browsers.SCENES)
def test_the_page_of_a_no_is_open_to_everybody(
    server: Server, language: str, width: int, scheme: str
) -> None:
    with (
        browsers.chromium() as chromium,
        browsers.page_of(chromium, language, width, scheme) as page,
    ):
        journeys.answered(page, server.said["url"], STRAINED)
        assert page.url.endswith("/decline")
        page.click("summary")
        browsers.open_to_everybody(page)
        page.fill("#words", "a" * 2001)
        with page.expect_navigation():
            page.click("#page button")
        browsers.open_to_everybody(page)
        page.fill("#words", "I began another job.")
        with page.expect_navigation():
            page.click("#page button")
        browsers.open_to_everybody(page)
        assert page.locator("#words").count() == 0
