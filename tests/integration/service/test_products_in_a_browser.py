"""A person chooses among two loans in a real browser: a lender's first start puts both in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import browsers
import pytest
from applying import sealed_corner, sealed_garden
from processes import Server, workspace


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = workspace(tmp_path_factory.mktemp("choosing") / "lender", sealed_corner())
    (folder / "sealed" / "notes.json").write_bytes(b"{}")  # passed over
    (folder / "sealed" / "garden-v1.json").write_bytes(sealed_garden())
    running = Server(folder, background=False).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browsers.chromium() as opened:
        yield opened


def press(page: Any, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.parametrize(("language", "width", "scheme"), browsers.SCENES)
def test_from_the_finder_to_an_application_that_moves(
    server: Server, chromium: Any, language: str, width: int, scheme: str
) -> None:
    # axe is a script of the test's own; what the policy forbids of ours is looked for below
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        locale=language,
        bypass_csp=True,
    )
    context.set_default_timeout(browsers.PATIENCE)
    page, home = context.new_page(), server.said["url"].rstrip("/")

    def look(name: str) -> None:
        assert browsers.barriers(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.locator("h1").count() == 1, name

    page.goto(f"{home}/apply/")
    assert page.locator(".offer").count() == 2
    look("products")
    press(page, "a[href='/apply/find']")
    look("find")
    page.fill("#amount", "12.000,50")
    press(page, "button[value=on]")
    look("find-error")
    page.fill("#amount", "8000")
    page.select_option("#need", "car")
    press(page, "button[value=on]")
    look("found")
    press(page, "form[action='/apply/range'] button")
    look("range")
    assert page.input_value("form#page input:not([type=hidden])") == "8000"
    page.fill("form#page input:not([type=hidden])", "x")
    press(page, "button[value=on]")
    look("range-error")
    page.fill("form#page input:not([type=hidden])", "8000")
    press(page, "button[value=on]")
    look("idea")
    press(page, "form[action='/apply/begin'] button")
    look("tasks")
    press(page, "a[href$='/move']")
    look("move")
    press(page, ".offer a.button")
    look("move-check")
    press(page, "main form button")
    look("moved")
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_it_goes_without_scripts_and_within_the_policy(
    server: Server, chromium: Any, scripts: bool
) -> None:
    context = chromium.new_context(java_script_enabled=scripts)
    context.set_default_timeout(browsers.PATIENCE)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{server.said['url'].rstrip('/')}/apply/range")
    page.fill("form#page input:not([type=hidden])", "8000")
    press(page, "button[value=on]")
    press(page, "form[action='/apply/begin'] button")
    assert "/apply/draft-" in page.url
    assert complaints == []
    context.close()
