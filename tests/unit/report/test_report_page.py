"""The page as text: whole, self-contained, tolerant of what is absent, safe against what is not."""

from __future__ import annotations

import copy
import json
import math
import re
from html.parser import HTMLParser
from typing import Any

import altair as alt
import pytest
from fixture import COMMANDS, balance, fit

from equipoise.report import frontier_svg, render
from equipoise.report.charts.theme import LIGHT
from equipoise.report.frame import asset
from equipoise.report.page import SECTIONS
from equipoise.report.story import Story, thinned

TITLES = (
    "The answer",
    "Where we stand, and what is reachable",
    "What each constraint costs",
    "What changes for whom",
    "The friction ledger: what each check buys and costs",
    "How much rests on assumptions",
    "Can the models be trusted",
    "The journey: where people wait, leave, accept",
    "Where each number comes from",
    "How to make this report again",
)


class Reader(HTMLParser):
    """Collects what a browser would fetch, the headings, and the text outside scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.headings: list[str] = []
        self.text: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "link", "input", "br"}:
            self._inside.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "action", "srcset"} and not (value or "").startswith("#"):
                self.fetched.append(value or "")
        if tag == "h2":
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self._inside):
            self.text.append(data)
        if "h2" in self._inside:
            self.headings[-1] += data

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.text))


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def page(**changes: Any) -> Reader:
    return read(render(fit(), balance() | changes, COMMANDS, "Harbour Lending"))


def specs(fit_result: dict[str, Any], balance_result: dict[str, Any]) -> dict[str, Any]:
    story = Story.of(fit_result, balance_result, COMMANDS, "Harbour Lending")
    return {f.key: f.spec for build in SECTIONS for f in build(story).figures}


@pytest.fixture(scope="module")
def html() -> str:
    return render(fit(), balance(), COMMANDS, "Harbour Lending")


def test_sections_come_in_order(html: str) -> None:
    headings = [re.sub(r"^\d+ ", "", text.strip()) for text in read(html).headings]
    assert headings == list(TITLES)


def test_nothing_is_fetched_and_the_charting_library_is_there_once(html: str) -> None:
    assert read(html).fetched == ["data:,"]
    assert html.count("window.vegaEmbed=") == 1
    assert "default-src 'none'" in html


def test_every_anchor_is_unique(html: str) -> None:
    anchors = re.findall(r'\bid="([^"]+)"', html.split('<script type="module">', maxsplit=1)[0])
    assert len(anchors) == len(set(anchors))


def test_the_same_input_gives_the_same_text(html: str) -> None:
    assert render(fit(), balance(), COMMANDS, "Harbour Lending") == html


def test_every_spec_is_valid_vega_lite() -> None:
    drawn = specs(fit(), balance())
    assert len(drawn) >= 18
    for spec in drawn.values():
        alt.Chart.from_dict(copy.deepcopy(spec))


def test_a_name_cannot_inject_markup() -> None:
    attack = '</script><img src=x onerror="alert(1)">'
    found = balance()
    found["friction_ledger"][0]["check"] = attack
    found["shadow_prices"][0]["row"] = attack
    reader = read(render(fit(), found, [attack], attack))
    assert reader.fetched == ["data:,"]
    assert attack in reader.words


def test_the_first_words_say_that_a_recommendation_does_not_survive() -> None:
    gain = {"central": 3.97, "unfavourable": -0.4, "unit": "per 100 applicants", "survives": False}
    words = page(gain=gain).words
    banner = words.index("This recommendation does not survive its assumptions.")
    assert banner < words.index("today's policy reaches")
    assert "the gain is −0.4 per 100 applicants" in words


def test_a_surviving_recommendation_has_no_banner(html: str) -> None:
    words = read(html).words
    assert "does not survive" not in words
    assert "0.84 per 100 applicants of the gain is left" in words


def test_the_answer_counts_customers_and_money(html: str) -> None:
    words = read(html).words
    assert "2 382 more good customers served and USD 432 000 more profit" in words
    assert "no policy within the same appetite is better by more than 0.0041 %" in words


def test_warnings_are_shown() -> None:
    assert "only 11 overrides" in page(warnings=["only 11 overrides in the window"]).words


def test_absent_results_leave_every_section_with_a_line_saying_why() -> None:
    words = read(render({}, {}, [], "Nobody")).words
    assert words.count("Left out:") == len(SECTIONS)


@pytest.mark.parametrize("absent", sorted(balance()))
def test_any_key_of_the_balance_may_be_absent(absent: str) -> None:
    found = balance()
    del found[absent]
    assert len(read(render({}, found, COMMANDS, "Harbour Lending")).headings) == len(TITLES)


@pytest.mark.parametrize("absent", sorted(fit()))
def test_any_key_of_the_fit_may_be_absent(absent: str) -> None:
    found = fit()
    del found[absent]
    assert len(read(render(found, {}, COMMANDS, "Harbour Lending")).headings) == len(TITLES)


def test_a_chart_of_many_treatments_shows_the_largest_and_says_so() -> None:
    many = [{"name": f"terms {i}", "today": i, "recommended": 2 * i} for i in range(1, 41)]
    found = balance() | {"treatments": many}
    drawn = specs({}, found)["mix"]["datasets"].values()
    assert {row["name"] for rows in drawn for row in rows} == {f"terms {i}" for i in range(27, 41)}
    html = render({}, found, COMMANDS, "Harbour Lending")
    assert "The 14 treatments with most people of 40; the table has all." in html
    assert '<th scope="row">terms 3</th>' in html


def test_a_long_roc_is_thinned_but_keeps_its_ends() -> None:
    points = [[i / 5000, (i / 5000) ** 0.5] for i in range(5001)]
    kept = thinned(points)
    assert len(kept) == 200
    assert (kept[0], kept[-1]) == (points[0], points[-1])


def test_an_empty_ledger_is_left_out_with_a_reason() -> None:
    assert "Left out: no journey has a check" in page(friction_ledger=[]).words


def test_one_frontier_point_is_drawn_without_a_band() -> None:
    found = balance() | {"frontier": balance()["frontier"][:1]}
    marks = [layer["mark"]["type"] for layer in specs({}, found)["frontier-chart"]["layer"]]
    assert "rect" not in marks
    assert "circle" in marks


def spoiled(value: Any, with_: Any) -> Any:
    """The same result with every float replaced."""
    if isinstance(value, float):
        return with_
    if isinstance(value, dict):
        return {key: spoiled(item, with_) for key, item in value.items()}
    return [spoiled(item, with_) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("value", [math.nan, math.inf, None], ids=str)
def test_nan_and_missing_numbers_never_reach_the_page(value: Any) -> None:
    html = render(spoiled(fit(), value), spoiled(balance(), value), COMMANDS, "Harbour Lending")
    assert not re.search(r"\b(nan|NaN|inf|Infinity|None)\b", read(html).words)
    embedded = html.split('id="specs">')[1].split("</script>")[0]
    json.loads(embedded, parse_constant=lambda text: pytest.fail(f"{text} in a spec"))


def test_the_light_theme_of_charts_and_page_is_one() -> None:
    root = asset("style.css").split("}")[0]
    for variable, colour in LIGHT.items():
        assert f"{variable[4:-1]}: {colour};" in root


def test_the_static_frontier_is_an_svg_in_plain_colours() -> None:
    svg = frontier_svg(balance())
    assert svg.startswith("<svg")
    assert "var(--" not in svg
    assert "better experience" in svg


def test_the_static_frontier_needs_only_one_point() -> None:
    assert frontier_svg({"frontier": [{"x": 1.0, "y": 2.0}]}).startswith("<svg")
