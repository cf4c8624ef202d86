"""The pictures of the desks in `docs/pictures`, made anew: `make pictures`.

A demonstration is made, people of the lender's do on it what the tutorials say, and each page that
is shown there is taken. Pictures are stored with a palette, as they stand in the repository.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import browsers
import pytest
from PIL import Image
from processes import Server, command, until
from test_how_tos import DOCS
from test_tutorial import log_in

from equipoise.rehearsal.browser import Browser

FOLDER = Path(os.environ.get("PICTURES", DOCS / "pictures")).resolve()
APPLICANTS, APPLICATIONS = 20_000, 150  # of the history; of the demonstration
MOST_BYTES = 120_000
_COLOURS = 64
_SOON = 200  # milliseconds that a page is given to settle after each part of it came


@dataclass(frozen=True)
class Shown:
    """A picture: its name, who sees the page, in which language and how wide, how the page is come
    to, and how much of its height is shown, in CSS pixels."""

    name: str
    who: str
    come: Callable[[Any, str], None]
    language: str = "en"
    width: int = 1280
    height: int = 1000


def queue(page: Any, home: str) -> None:
    until(lambda: _rows(page, f"{home}/cases/"))


def case(page: Any, home: str) -> None:
    queue(page, home)
    page.locator("a[data-open]", has_text="Referred").first.click()
    page.locator("form[action$='/open'] button").click()
    page.locator("#answer-yes").check()


def balance(page: Any, home: str) -> None:
    page.goto(f"{home}/balance/new")
    page.locator("button[name=go][value=solve]").first.click()
    run = page.url
    until(lambda: _there(page, run, "#point svg"))


def process_map(page: Any, home: str) -> None:
    page.goto(f"{home}/experience/")
    drawn = page.locator("main p.soft time")
    before = drawn.first.inner_text() if drawn.count() else ""
    page.locator("form[action$='/draw'] button").click()
    until(
        lambda: (
            _there(page, f"{home}/experience/map/", "svg.process-map")
            and before != (page.locator("main p.soft time").first.inner_text())
        )
    )


def trace(page: Any, home: str) -> None:
    page.goto(f"{home}/audit/")
    page.locator("main a[href*='/audit/decisions/']").first.click()
    page.locator("form[action*='/replay'] button").click()


def risk(page: Any, home: str) -> None:
    until(lambda: _there(page, f"{home}/risk/", "table.heat"))


def failing_bureau(page: Any, home: str) -> None:
    until(lambda: _there(page, f"{home}/risk/indicators/bureau_failing/", ".chart"))


def stress(page: Any, home: str) -> None:
    until(lambda: _there(page, f"{home}/risk/stress/", ".chart"))
    page.locator("main form").first.evaluate("form => form.remove()")  # what came, not how to ask


def number(page: Any, home: str) -> None:
    until(lambda: _there(page, f"{home}/risk/portfolio/", ".chart"))
    page.locator("main table a[href*='/vintage?'][href$='at=12']").last.click()


PICTURES = (
    Shown("underwriter-queue", "uma", queue),
    Shown("underwriter-queue-zh", "uma", queue, "zh-CN", 375, 1200),
    Shown("underwriter-case", "uma", case, height=1300),
    Shown("analyst-balance", "ana", balance, height=1300),
    Shown("owner-map", "oskar", process_map, height=1200),
    Shown("auditor-trace", "ada", trace, height=1200),
    Shown("risk-overview", "ruth", risk, height=1200),
    Shown("risk-indicator", "ruth", failing_bureau, height=1000),
    Shown("risk-stress", "ruth", stress, height=1200),
    Shown("risk-number", "ruth", number, height=1000),
)


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    kept = os.environ.get("PICTURES_OF")  # a demonstration that is there already
    if kept:
        yield Path(kept)
        return
    folder = tmp_path_factory.mktemp("pictures") / "first"
    for words in (
        ("new", folder, "--example", "demo", "--applicants", APPLICANTS),
        ("fit", folder, "--threads", 1),
        ("balance", folder),
        ("strategy", "seal", folder),
        ("demo", folder, "--applicants", APPLICATIONS),
    ):
        code, said = command(*words)
        assert code == 0, said
    yield folder


@pytest.fixture(scope="module")
def desks(lender: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Where the service is, and the session of each of its people."""
    server = Server(lender).start()
    home = server.said["url"].rstrip("/")
    kept = json.loads((lender / "service" / "demo-people.json").read_text())
    sessions = {}
    for number, who in enumerate(kept):
        browser = Browser(home, f"10.2.0.{number}")
        log_in(browser, who)
        sessions[who["name"]] = next(
            each.value for each in browser._jar if each.name == "sessionid"
        )
    yield home, sessions
    server.stop()


@pytest.mark.parametrize("shown", PICTURES, ids=lambda shown: shown.name)
def test_pictures_of_the_desks(shown: Shown, desks: tuple[str, Mapping[str, str]]) -> None:
    home, sessions = desks
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        browsers.chromium() as chromium,
        _seat(chromium, shown, home, sessions[shown.who]) as page,
    ):
        shown.come(page, home)
        _keep(page, shown)


@contextmanager
def _seat(chromium: Any, shown: Shown, home: str, session: str) -> Iterator[Any]:
    context = chromium.new_context(
        viewport={"width": shown.width, "height": shown.height}, locale=shown.language
    )
    context.set_default_timeout(browsers.PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": session, "url": home}])
    yield context.new_page()
    context.close()


def _keep(page: Any, shown: Shown) -> None:
    """The part of the page that is in view, with as few colours as do."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(_SOON)
    page.evaluate("window.scrollTo(0, 0)")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
    file = FOLDER / f"{shown.name}.png"
    few.save(file, optimize=True)
    assert file.stat().st_size < MOST_BYTES, (file.name, file.stat().st_size)


def _rows(page: Any, address: str) -> bool:
    page.goto(address)
    return page.locator("tr[data-row]").count() > 0


def _there(page: Any, address: str, what: str) -> bool:
    page.goto(address)
    page.wait_for_timeout(_SOON)
    return page.locator(what).count() > 0
