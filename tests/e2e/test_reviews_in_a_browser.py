"""A comparison, an audit and a trial in a real browser without network: wide, narrow, dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import pytest
from review_fixture import COMMANDS, audit, comparison, standing, trial

from equipoise.report import (
    render_comparison,
    render_fairness,
    render_standing,
    render_trial,
)

UNDRAWN = """() => [...document.querySelectorAll(".chart")].filter((place) => {
  const drawing = place.querySelector("svg");
  return !drawing || drawing.clientWidth < 100 ||
    !drawing.querySelector(".mark-rect path, .mark-rule line, .mark-symbol path");
}).map((place) => place.id)"""
# every section starts with its heading: a chart of the same name would be drawn over it
HEADLESS = """() => [...document.querySelectorAll("main section")]
  .filter((part) => part.firstElementChild?.tagName !== "H2").map((part) => part.id)"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reviews")
    html = {
        "comparison": render_comparison(comparison(), COMMANDS),
        "fairness": render_fairness(audit(), COMMANDS),
        "standing": render_standing(standing(), COMMANDS),
        "trial": render_trial(trial(), COMMANDS),
    }
    for name, text in html.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in html}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browsers.chromium() as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["comparison", "fairness", "standing", "trial"])
def test_a_review_opens_whole_and_quiet(
    chromium: Any, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, offline=True, color_scheme=scheme
    )
    context.set_default_timeout(browsers.PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(pages[name].as_uri())
    page.wait_for_selector("html[data-charts=drawn]", timeout=browsers.PATIENCE)
    assert complaints == []
    assert [url for url in requests if not url.startswith("data:")] == [pages[name].as_uri()]
    assert page.locator(".chart").count() >= 2
    assert page.evaluate(UNDRAWN) == []
    assert page.evaluate(HEADLESS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert browsers.barriers(page) == []
    context.close()
