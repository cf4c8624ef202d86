"""A person applies in a real browser at a real server: both languages, wide and narrow, light and
dark, by keyboard alone, with and without JavaScript."""

from __future__ import annotations

import gzip
import urllib.request
from collections.abc import Iterator
from typing import Any

import browsers
import journeys
import pytest
from applying import ANSWERS, sealed_asking
from processes import PATIENCE, Server, workspace

FIRST_LOAD = 60_000  # bytes, compressed: the page and all that it loads


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = workspace(tmp_path_factory.mktemp("applying") / "lender", sealed_asking())
    running = Server(folder, background=False).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browsers.chromium() as opened:
        yield opened


def url(server: Server, path: str) -> str:
    return f"{server.said['url'].rstrip('/')}{path}"


@pytest.mark.parametrize(("language", "width", "scheme"), browsers.SCENES)
def test_every_page_is_open_to_everybody(
    server: Server, chromium: Any, language: str, width: int, scheme: str
) -> None:
    complaints: list[str] = []
    with browsers.page_of(chromium, language, width, scheme) as page:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        seen: list[str] = []

        def look(page: Any, name: str) -> None:
            seen.append(name)
            browsers.open_to_everybody(page)
            tag = "zh-Hans" if language.startswith("zh") else "en"
            assert page.get_attribute("html", "lang") == tag, name

        page.goto(url(server, "/apply/"))
        look(page, "products")
        with page.expect_navigation():
            page.click("main button")
        journeys.fill(page, ANSWERS, look)
        journeys.send(page)
        look(page, "progress")
        page.goto(page.url.replace("progress", "answer"))
        look(page, "answer")
        assert len(seen) >= 5 + 2 * len(ANSWERS)
        assert complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_journey_goes_without_scripts_and_within_the_policy(
    server: Server, chromium: Any, scripts: bool
) -> None:
    context = chromium.new_context(java_script_enabled=scripts)
    context.set_default_timeout(browsers.PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    loaded: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(url(server, "/apply/"))
    with page.expect_navigation():
        page.click("main button")
    journeys.fill(page, ANSWERS, lambda _page, _name: None)
    journeys.send(page)
    assert "/progress" in page.url
    # A browser says in its console that a page came with 422; the policy it would name by name.
    assert [each for each in complaints if "422" not in each] == []
    home = url(server, "/")
    assert [each for each in loaded if not each.startswith((home, "data:"))] == []
    context.close()


def test_the_keyboard_is_enough(server: Server, chromium: Any) -> None:
    context = chromium.new_context()
    context.set_default_timeout(browsers.PATIENCE)
    page = context.new_page()
    page.goto(url(server, "/apply/"))
    with page.expect_navigation():
        page.focus("main button")
        page.keyboard.press("Enter")
    page.goto(f"{page.url}q/amount")
    page.focus("#answer")
    page.keyboard.type("8000")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # goes on, and does not switch the language
    assert page.url.endswith("/q/term")
    assert page.get_attribute("html", "lang") == "en"
    context.close()


def test_the_first_load_is_light(server: Server) -> None:
    pages = [url(server, path) for path in ("/apply/", "/static/applicant/apply.css",
                                            "/static/frame/htmx.min.js")]  # fmt: skip
    assert sum(map(_weight, pages)) <= FIRST_LOAD


def _weight(address: str) -> int:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - our own server's
        return len(gzip.compress(answer.read()))
