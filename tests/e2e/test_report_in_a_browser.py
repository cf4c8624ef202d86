"""The report as a person meets it: a file opened in a real browser with no network."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import browsers
import pytest

from equipoise.balance.result_document import BalanceResult
from equipoise.report import render_summary
from equipoise.risk.fit_result import FitResult

ROOT = Path(__file__).parents[2]


def sample() -> ModuleType:
    """The realistic results that the unit tests use."""
    path = ROOT / "tests/unit/report/fixture.py"
    spec = importlib.util.spec_from_file_location("report_fixture", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = sample()
    path = tmp_path_factory.mktemp("report") / "report.html"
    html = results.drawn(results.fit(), results.balance())
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = sample()
    path = tmp_path_factory.mktemp("board") / "summary.html"
    fit = FitResult.model_validate(results.fit())
    balance = BalanceResult.model_validate(results.balance())
    html, _ = render_summary(fit, balance, "Harbour Lending")
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browsers.chromium() as opened:
        yield opened


class Visit:
    """An opened report, with everything it tried to fetch and everything it complained of."""

    def __init__(self, browser: Any, path: Path, width: int, **settings: Any) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, offline=True, **settings
        )
        self.context.set_default_timeout(browsers.PATIENCE)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())
        if self.page.locator("#specs").count():
            self.page.wait_for_selector("html[data-charts=drawn]", timeout=browsers.PATIENCE)


@pytest.fixture(scope="module")
def wide(chromium: Any, report: Path) -> Iterator[Visit]:
    visit = Visit(chromium, report, 1280)
    yield visit
    visit.context.close()


@pytest.fixture(scope="module")
def narrow(chromium: Any, report: Path) -> Iterator[Visit]:
    visit = Visit(chromium, report, 375)
    yield visit
    visit.context.close()


def undrawn(visit: Visit) -> list[str]:
    """The charts that hold no drawing of some size."""
    barriers: list[str] = visit.page.evaluate(
        """() => [...document.querySelectorAll(".chart")].filter((place) => {
             const drawing = place.querySelector("svg");
             return !drawing || drawing.clientWidth < 100 || !drawing.querySelector(
               ".mark-rect path, .mark-line path, .mark-symbol path");
           }).map((place) => place.id)"""
    )
    return barriers


def test_it_opens_without_a_request_or_a_complaint(wide: Visit, report: Path) -> None:
    assert wide.complaints == []
    assert [url for url in wide.requests if not url.startswith("data:")] == [report.as_uri()]


def test_every_chart_is_drawn(wide: Visit, narrow: Visit) -> None:
    assert wide.page.locator(".chart").count() >= 18
    assert undrawn(wide) == []
    assert undrawn(narrow) == []


def test_hovering_a_frontier_point_shows_its_measures(wide: Visit) -> None:
    point = wide.page.locator("#frontier-chart .mark-symbol path").nth(3)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    wide.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = wide.page.locator("#vg-tooltip-element.visible")
    card.wait_for(timeout=browsers.PATIENCE)
    shown = card.inner_text()
    assert shown.index("Expected loss rate") < shown.index("Profit") < shown.index("Duality gap")


def test_a_phone_needs_no_sideways_scroll(narrow: Visit) -> None:
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 375


def test_sources_can_be_filtered_by_where_they_come_from(wide: Visit) -> None:
    rows = wide.page.locator("#provenance-table tbody tr:visible")
    everything = rows.count()
    wide.page.locator(".filter input[value=measured]").uncheck()
    left = rows.count()
    assert 0 < left < everything
    assert "measured" not in {row.get_attribute("data-provenance") for row in rows.all()}
    wide.page.locator(".filter input[type=search]").fill("underwriter")
    assert rows.count() == 1


def test_charts_follow_the_page_into_dark_mode(chromium: Any, report: Path) -> None:
    visit = Visit(chromium, report, 1280, color_scheme="dark")
    painted = visit.page.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(
             document.querySelector("#frontier-chart .mark-text text")).fill]"""
    )
    visit.context.close()
    assert painted == ["rgb(21, 27, 34)", "rgb(169, 179, 191)"]


def test_paper_shows_every_table_and_every_chart_in_full(chromium: Any, report: Path) -> None:
    visit = Visit(chromium, report, 1280)
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert visit.page.locator("details:not([open])").count() == 0
    assert undrawn(visit) == []
    visit.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (375, "light")])
def test_axe_finds_no_violation(chromium: Any, report: Path, width: int, scheme: str) -> None:
    visit = Visit(chromium, report, width, color_scheme=scheme)
    barriers = browsers.barriers(visit.page)
    visit.context.close()
    assert barriers == []


@pytest.mark.parametrize("width", [1280, 375])
def test_the_source_of_an_input_keeps_room_to_be_read(
    chromium: Any, report: Path, width: int
) -> None:
    visit = Visit(chromium, report, width)
    rooms = visit.page.evaluate(
        """() => [...document.querySelectorAll("#provenance-table td.wide")].map(
             (cell) => cell.getBoundingClientRect()).map((box) => [box.left, box.right])"""
    )
    visit.context.close()
    assert len(rooms) == 10
    for left, right in rooms:
        assert right - left >= 280
        assert 0 <= left < right <= width


@pytest.mark.parametrize("width", [1280, 375])
def test_the_board_s_page_reads_at_any_width_and_prints_to_one(
    chromium: Any, board: Path, width: int
) -> None:
    visit = Visit(chromium, board, width)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    barriers = browsers.barriers(visit.page)
    paper = visit.page.pdf(prefer_css_page_size=True)
    visit.context.close()
    assert barriers == []
    assert visit.complaints == []
    assert paper.count(b"/Type /Page\n") == 1
