"""The page of a book of loans as a person meets it: a file in a real browser with no network."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import browsers
import pytest
from loan_tapes import known_tape, read_known

from equipoise.documents import parse_document
from equipoise.portfolio import PORTFOLIO_DRAFT, PortfolioDocument, book_rules, measure_book
from equipoise.report import render_book

MORE = """\
own_funds: {net_capital: 900000, tier1: 700000, source: test}
limits: [{name: regions, by: region, at_most: 0.4}]
rates:
  source: test
  curve: [{years: 1, rate: 0.03}]
  liabilities: [{name: deposits, amount: 5000000, rate: 0.01, reprices_months: 1}]
"""
UNDRAWN = """() => [...document.querySelectorAll(".chart")].filter(
    (place) => !place.querySelector("svg") || place.querySelector("svg").clientWidth < 100
).map((place) => place.id)"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("book")
    reading = read_known(folder, known_tape(2500, 20, seed=2))
    document = parse_document(PORTFOLIO_DRAFT + MORE, PortfolioDocument, Path("p.yaml")).value
    rules = book_rules(["IFRS", "BASEL", "CN"], on=date(2023, 8, 31))
    measured = measure_book(reading, document, rules)
    made = {}
    for language in ("en", "zh"):
        made[language] = folder / f"book.{language}.html"
        html = render_book(measured, "harbour", ["equipoise portfolio report harbour"], language)
        made[language].write_text(html, encoding="utf-8")
    return made


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [375, 1280])
def test_every_chart_is_drawn_and_nothing_asks_or_complains(
    pages: dict[str, Path], language: str, width: int
) -> None:
    path = pages[language]
    with browsers.chromium() as opened:
        context = opened.new_context(viewport={"width": width, "height": 900}, offline=True)
        context.set_default_timeout(browsers.PATIENCE)
        page = context.new_page()
        complaints: list[str] = []
        requests: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-charts=drawn]", timeout=browsers.PATIENCE)
        assert page.locator(".chart").count() == 4
        assert page.evaluate(UNDRAWN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
    assert complaints == []
    assert [url for url in requests if not url.startswith("data:")] == [path.as_uri()]
