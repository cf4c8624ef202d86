"""Somebody of whom a check is wanted answers what it needs, in a real browser, and sends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import browsers
import journeys
import pytest
from applying import ANSWERS
from processes import Server, workspace
from stepping import sealed_stepping

# Of everybody the check `income` is wanted, and nothing is asked of a bureau.
ALL_CHECKED: dict[str, Any] = {
    "tiers": [{"name": "all", "journeys": ["half", "full"]}],
    "table": {"rows": [{"give": "half_base_all"}]},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("stepping") / "lender"
    running = Server(workspace(folder, sealed_stepping(**ALL_CHECKED)), background=False).start()
    yield running
    running.stop()


@pytest.mark.parametrize(("language", "width", "scheme"), browsers.SCENES)
@pytest.mark.parametrize("scripts", [True, False])
def test_what_a_check_needs_is_answered_by_everybody(
    server: Server, language: str, width: int, scheme: str, scripts: bool
) -> None:
    with browsers.chromium() as chromium:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale=language,
            java_script_enabled=scripts,
            bypass_csp=True,  # axe is a script of the test's own
        )
        context.set_default_timeout(browsers.PATIENCE)
        page = context.new_page()

        def look(_page: Any = None, _name: str = "") -> None:
            if scripts:
                assert browsers.barriers(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("h1").count() == 1

        page.goto(f"{server.said['url'].rstrip('/')}/apply/")
        with page.expect_navigation():
            page.click("main button")
        journeys.fill(page, ANSWERS, lambda _page, _name: None)
        journeys.send(page)
        look()
        assert page.locator("ol.tasks li").count() == 2
        with page.expect_navigation():
            page.click("main a.button")
        for answer in ("", "Planted & Sons", "12"):
            look()
            page.fill("#answer", answer)
            journeys.go_on(page)
        assert page.url.endswith("/check")
        look()
        journeys.send(page)
        assert page.locator("ol.tasks").count() == 0
        look()
        context.close()
