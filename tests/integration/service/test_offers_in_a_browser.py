"""Somebody chooses an offer and signs in a real browser: both languages, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import browsers
import journeys
import pytest
from applying import ANSWERS, sealed_asking
from processes import Server, workspace

# The corner lender's, for people of whom nobody else tells anything.
GIVING: dict[str, Any] = {
    "languages": ["en", "zh"],
    "tiers": [{"name": "low", "journeys": ["quick", "full"]}],
    "table": {"rows": [{"tier": "low", "give": "quick_base_all"}]},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("offered") / "lender"
    running = Server(workspace(folder, sealed_asking(**GIVING)), background=False).start()
    yield running
    running.stop()


@pytest.mark.parametrize(("language", "width", "scheme"), browsers.SCENES)
def test_offers_and_the_agreement_are_open_to_everybody(
    server: Server, language: str, width: int, scheme: str
) -> None:
    with (
        browsers.chromium() as chromium,
        browsers.page_of(chromium, language, width, scheme) as page,
    ):
        journeys.answered(page, server.said["url"], ANSWERS)
        page.click(".offer summary >> nth=0")
        browsers.open_to_everybody(page)
        slider = page.locator("input[type=range]").first
        slider.focus()
        page.keyboard.press("ArrowLeft")  # a step less, by the keyboard
        page.keyboard.press("Tab")
        page.wait_for_selector(".wished, .needs")
        assert page.input_value("#amount") == "7500"
        browsers.open_to_everybody(page)
        with page.expect_navigation():
            page.click(".offer button >> nth=0")
        assert page.url.endswith("/agreement")
        with page.expect_navigation():
            page.click("form[action$=sign] button")
        browsers.open_to_everybody(page)
        page.check("#agreed")
        page.fill("#name", "Ana Bo López")
        with page.expect_navigation():
            page.click("form[action$=sign] button")
        browsers.open_to_everybody(page)
        assert "Ana Bo López" in page.inner_text("main")
