"""The board's page: whatever it has to say, it is one A4 page, and says what the report says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fixture import balance, fit, story_of
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as markup

from equipoise.balance.result_document import BalanceResult
from equipoise.report import render_summary
from equipoise.report.page import frontier_svg
from equipoise.report.paper import CHART_HEIGHT, CHART_WIDTH, HEIGHT, WIDTH, page_svg
from equipoise.report.summary import summarise
from equipoise.risk.fit_result import FitResult
from equipoise.texts.lettering import BOLDER, broken, printable, width_of

NAMES = {"svg": "http://www.w3.org/2000/svg"}


def long_winded() -> dict[str, Any]:
    """A balance whose names and warnings are far too long for a page."""
    result = balance()
    for row in result["tornado"]:
        row["label"] = f"{row['quantity']} of the lender's own making, " * 6
    result["warnings"] = ["Something that cannot be said in few words at all. " * 20] * 12
    result["recommended"]["same_risk"]["measures"]["profit"] = -1.0
    return result


def board(of_balance: dict[str, Any], name: str) -> tuple[str, bytes]:
    """The board's page and its paper."""
    result = BalanceResult.model_validate(of_balance)
    return render_summary(FitResult.model_validate(fit()), result, name)


def lines(summary_of: dict[str, Any], name: str) -> list[tuple[float, float, str]]:
    """What stands on the page outside its chart: x, y and text of each line."""
    story = story_of(summary_of, fit(), name)
    chart = frontier_svg(BalanceResult.model_validate(summary_of), CHART_WIDTH, CHART_HEIGHT)
    page = etree.fromstring(page_svg(summarise(story), chart).encode())
    return [
        (float(text.get("x")), float(text.get("y")), "".join(text.itertext()))
        for text in page.iterfind("svg:g/svg:text", NAMES)
    ]


@pytest.mark.parametrize("found", [balance(), long_winded()], ids=["usual", "long"])
@pytest.mark.parametrize("name", ["Harbour Lending", "信用" * 60, "W" * 300, "A & <B>"])
def test_the_paper_is_one_page_and_nothing_stands_below_it(
    found: dict[str, Any], name: str
) -> None:
    _, paper = board(found, name)
    assert paper.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", paper)) == 1
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert [float(side) for side in box] == pytest.approx([WIDTH, HEIGHT], abs=1)
    for x, y, text in lines(found, name):
        assert 0 < x < WIDTH, text
        assert 0 < y < HEIGHT, text


def test_page_and_paper_say_what_the_report_s_first_screen_says() -> None:
    html, _ = board(balance(), "Harbour Lending")
    words = re.sub(r"\s+", " ", markup.fromstring(html).text_content())
    paper = " ".join(text for _, _, text in lines(balance(), "Harbour Lending"))
    for said in ("Certified:", "10 inputs:", "Today is assumed:", "At the menu's edge:"):
        assert said in words
        assert said in paper
    assert "What could go wrong" in words
    assert "the gain is 0.84 per 100 applicants, not 3.97" in words
    assert "Can the model be trusted? Yes, on loans it had not seen" in words


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    html, _ = board(long_winded(), '</title><script>alert("1")</script>')
    page = markup.fromstring(html)
    assert page.xpath("//script") == []
    sources = page.xpath("//@src | //@href")
    assert all(source.startswith("data:") for source in sources)


def test_the_same_results_make_the_same_page() -> None:
    once, again = (board(balance(), "Harbour Lending")[0] for _ in range(2))
    assert once == again


@given(st.text(max_size=200), st.floats(min_value=30, max_value=300))
def test_broken_lines_fit_and_lose_nothing_but_spaces(text: str, width: float) -> None:
    said = printable(text)
    parts = broken(said, width, 9.0)
    assert "".join(parts).replace(" ", "") == said.replace(" ", "")
    assert all(width_of(part, 9.0) <= width or len(part) == 1 for part in parts)


def test_widths_are_those_of_the_font_or_a_little_more() -> None:
    # Adobe's metrics: 722 + 556 + 222 + 500 + 556 + 278 + 222 + 500 + 556 thousandths
    assert 4112 <= width_of("Helvetica", 1000) <= 4112 * 1.05
    assert width_of("abc", 10, bold=True) == pytest.approx(width_of("abc", 10) * BOLDER)
