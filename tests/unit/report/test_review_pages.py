"""Pages of a comparison, a fairness audit and a trial: whole, offline, true to their figures."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import altair as alt
import pytest
from review_fixture import COMMANDS, audit, comparison, standing, trial

from equipoise.report import (
    render_comparison,
    render_fairness,
    render_standing,
    render_trial,
)


class Reader(HTMLParser):
    """What a browser would fetch, ids, named regions and charts, and the text outside scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.unnamed: list[str] = []
        self._text: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "style"}:
            self._inside.append(tag)
        for name in ("src", "href", "action", "srcset"):
            if name in given and not (given[name] or "").startswith("#"):
                self.fetched.append(given[name] or "")
        if "id" in given:
            self.ids.append(given["id"] or "")
        named = given.get("aria-label") or given.get("aria-labelledby")
        if given.get("role") in {"img", "region"} and not named:
            self.unnamed.append(str(given))

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._text.append(data)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self._text))


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {
        "comparison": render_comparison(comparison(), COMMANDS),
        "fairness": render_fairness(audit(), COMMANDS),
        "standing": render_standing(standing(), COMMANDS),
        "trial": render_trial(trial(), COMMANDS),
    }


@pytest.mark.parametrize("page", ["comparison", "fairness", "standing", "trial"])
def test_a_page_fetches_nothing_and_names_everything(pages: dict[str, str], page: str) -> None:
    reader = Reader(pages[page])
    assert reader.fetched == ["data:,"]
    assert "default-src 'none'" in pages[page]
    assert reader.unnamed == []
    assert sorted(set(reader.ids)) == sorted(reader.ids)
    assert COMMANDS[0] in reader.words


@pytest.mark.parametrize("page", ["comparison", "fairness", "standing", "trial"])
def test_every_chart_is_sound_and_has_a_place(pages: dict[str, str], page: str) -> None:
    match = re.search(r'id="specs">(.*?)</script>', pages[page], re.DOTALL)
    assert match is not None
    specs = json.loads(match[1])
    assert specs
    ids = Reader(pages[page]).ids
    for key, spec in specs.items():
        assert key in ids
        alt.Chart.from_dict({**spec, "width": 300}, validate=True)


def test_the_comparison_says_what_was_planted(pages: dict[str, str]) -> None:
    words = Reader(pages["comparison"]).words
    assert "harbour v1 (cutoff) and harbour v2 (balance)" in words
    assert "B offers a loan to 10 whom A does not, and none to 40 whom A does" in words
    assert "only A offers: 40" in words
    assert "5 of the 10 people swapped in have no known outcome" in words
    assert "DTI_HIGH" in words
    assert re.search(r"Good customers served 306 279 −27", words)


def test_three_answers_stand_as_word_and_icon_not_as_colour_alone(pages: dict[str, str]) -> None:
    words = Reader(pages["fairness"]).words
    assert "✗ Fail." in words
    matrix = re.search(r'id="verdicts".*?</table>', pages["fairness"], re.DOTALL)
    assert matrix is not None
    cells = Reader(matrix[0]).words
    assert "✗ fail 1 of 2 groups" in cells
    assert "? not enough evidence" in cells


def test_the_audit_shows_ways_back_and_prices_of_parity(pages: dict[str, str]) -> None:
    words = Reader(pages["fairness"]).words
    assert "74 of them" in words
    assert "31.4 to 31.6" in words
    assert "cannot be held" in words
    assert "age at 32, 41" in words


def test_a_trial_says_its_answers_and_what_broke(pages: dict[str, str]) -> None:
    words = Reader(pages["trial"]).words
    assert "dearer. Stop: it does harm." in words
    assert "faster. Go on: the plan has not ended" in words
    assert "✗ worse than tolerated" in words
    assert "? too few outcomes" in words
    assert "The arms are not filled by their shares." in words
    assert "at most +0.01" in words
    assert "must rise" in words


def test_what_is_absent_is_said() -> None:
    result = {**audit(), "recourse": None, "parity": None}
    words = Reader(render_fairness(result, COMMANDS)).words
    assert "Left out: ways back were not looked for" in words
    assert "Left out: no balanced workspace was given" in words
    bare = replace(comparison().comparison, segments=(), prices=None, reasons={})
    words = Reader(render_comparison(replace(comparison(), comparison=bare), COMMANDS)).words
    assert "Left out: no field of the file splits the applicants" in words


def test_people_without_known_outcomes_or_measures_leave_no_empty_chart() -> None:
    whole = comparison().comparison
    unknown = {"bad_rate": None, "low": None, "high": None, "known": 0}
    cells = tuple(replace(cell, **unknown, loss_a=None, loss_b=None) for cell in whole.cells)
    bare = replace(whole, cells=cells, changes={"offered": whole.changes["offered"]})
    reader = Reader(render_comparison(replace(comparison(), comparison=bare), COMMANDS))
    assert "bad-rates" not in reader.ids
    assert "losses" not in reader.ids


def test_a_page_is_made_of_text_not_of_markup_in_names() -> None:
    whole = comparison()
    attacked = tuple(
        replace(each, segment="</script><img src=x>") for each in whole.comparison.segments
    )
    result = replace(
        whole,
        a=replace(whole.a, name="<script>alert(1)</script>"),
        comparison=replace(whole.comparison, segments=attacked),
    )
    html = render_comparison(result, COMMANDS)
    assert "<script>alert" not in html
    assert Reader(html).fetched == ["data:,"]


def test_infinite_ends_are_drawn_at_the_edge() -> None:
    result = audit()
    result["findings"][0]["ratio"]["high"] = math.inf
    assert "∞" in Reader(render_fairness(result, COMMANDS)).words


def test_the_waterfall_ends_where_the_standing_is_and_its_bars_join(pages: dict[str, str]) -> None:
    match = re.search(r'id="specs">(.*?)</script>', pages["standing"], re.DOTALL)
    assert match is not None
    spec = json.loads(match[1])["waterfall"]
    bars = spec["datasets"][spec["data"]["name"]]
    ends = [(bar["low"], bar["high"]) for bar in bars]
    assert ends == [
        (0, pytest.approx(0.25)),
        (pytest.approx(0.25), pytest.approx(0.28)),
        (pytest.approx(0.27), pytest.approx(0.28)),
        (0, pytest.approx(0.27)),
    ]


def test_a_standing_too_far_says_so_with_its_draft(pages: dict[str, str]) -> None:
    words = Reader(pages["standing"]).words
    assert "Further from the frontier than is accepted." in words
    assert "standings/strategy.draft.yaml; it reaches 38.50" in words


def test_a_standing_that_cannot_be_told_says_why() -> None:
    untold = "the contract has other fields since"
    alone = standing().model_copy(update={"before": {}, "parts": {}, "untold": untold})
    assert untold in Reader(render_standing(alone, COMMANDS)).words
