"""Somebody complains in a real browser, and has a fact corrected: open to everybody, in both
languages, wide and narrow, light and dark, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import browsers
import journeys
import pytest
from applying import ANSWERS, sealed_asking
from processes import Server, workspace


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("complained") / "lender"
    law = {"EQUIPOISE_JURISDICTION": "UK"}
    running = Server(workspace(folder, sealed_asking()), more=law).start()
    yield running
    running.stop()


@pytest.mark.parametrize(("language", "width", "scheme"), browsers.SCENES)
def test_the_pages_of_complaints_are_open_to_everybody(
    server: Server, language: str, width: int, scheme: str
) -> None:
    with (
        browsers.chromium() as chromium,
        browsers.page_of(chromium, language, width, scheme) as page,
    ):
        journeys.answered(page, server.said["url"], ANSWERS)
        page.click("footer .asides a[href*=complain]")
        browsers.open_to_everybody(page)
        page.click("#page button")
        browsers.open_to_everybody(page)
        page.fill("#words", "You asked me for the same letter twice.")
        page.click("#page button")
        page.wait_for_selector("#last")
        browsers.open_to_everybody(page)
        page.goto(page.url.partition("complain")[0] + "data/correct")
        browsers.open_to_everybody(page)
        page.select_option("#field", "income")
        page.fill("#words", "It is 3,300 since May.")
        page.click("#page button")
        page.wait_for_selector("#last")
        browsers.open_to_everybody(page)
        assert page.locator(".complaint").count() == 2
