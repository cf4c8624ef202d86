"""The page as text: whole, self-contained, and a line where a section has no rows."""

from __future__ import annotations

import copy
import re
from html.parser import HTMLParser
from typing import Any

import altair as alt
import pytest
from fixture import balance, drawn, fit, story_of

from equipoise.balance.result_document import BalanceResult
from equipoise.report import frontier_svg
from equipoise.report.charts.theme import LIGHT
from equipoise.report.drawing import asset
from equipoise.report.page import SECTIONS
from equipoise.report.story import Labels, thinned
from equipoise.review.learning.result_document import LearningResult

TITLES = (
    "The answer",
    "Where we stand, and what is reachable",
    "What each constraint costs",
    "What changes for whom",
    "The friction of checks: what each buys and costs",
    "How much rests on assumptions",
    "What would teach us most",
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
        if tag in {"td", "th"}:
            self.text.append(" ")

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
    return read(drawn(fit(), balance() | changes))


def specs(fit_result: dict[str, Any] | None, balance_result: dict[str, Any]) -> dict[str, Any]:
    story = story_of(balance_result, fit_result)
    return {f.key: f.spec for build in SECTIONS for f in build(story).figures}


@pytest.fixture(scope="module")
def html() -> str:
    return drawn(fit(), balance())


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
    assert drawn(fit(), balance()) == html


def test_every_spec_is_valid_vega_lite() -> None:
    figures = specs(fit(), balance())
    assert len(figures) >= 18
    for spec in figures.values():
        alt.Chart.from_dict(copy.deepcopy(spec))


def test_a_name_cannot_inject_markup() -> None:
    attack = '</script><img src=x onerror="alert(1)">'
    result = balance()
    result["friction"][0]["check"] = attack
    result["shadow_prices"][0]["row"] = attack
    reader = read(drawn(fit(), result, attack, commands=[attack]))
    assert reader.fetched == ["data:,"]
    assert attack in reader.words


def test_the_first_words_say_that_a_recommendation_does_not_survive() -> None:
    gain = balance()["gain"] | {"unfavourable": -0.4, "survives": False}
    words = page(gain=gain).words
    banner = words.index("This recommendation does not survive its assumptions.")
    assert banner < words.index("the recommended policy reaches")
    assert "the gain is −0.4 per 100 applicants" in words


def test_a_surviving_recommendation_has_no_banner(html: str) -> None:
    words = read(html).words
    assert "does not survive" not in words
    assert "+0.84 per 100 applicants is left, 21.2 % of it" in words


def test_the_first_screen_says_what_the_answer_rests_on(html: str) -> None:
    answer = read(html).words.split("Where we stand, and what is reachable 2")[-1]
    for said in (
        "Certified: the choice, given the model",
        "better by more than 0.0041 %",
        "10 inputs: 4 measured, 5 assumed, 1 simulated",
        "Heaviest assumptions: price response of take-up (gain 2.10 to 5.20)",
        "Today is assumed: the data do not say what each applicant is offered, its price",
        "held to 2.59 %, not today's 2.61 %",
        "45.3 % of offers (21 000 of 46 320) take the lowest price (3.00 percentage points below",
        "Amount lent +10.3 %, regulatory capital +10.3 %, applicants offered a loan unchanged",
        "Profit, USD 5 310 000 5 742 000 +432 000 (+8.14 %)",
    ):
        assert said in answer


def test_the_certificate_of_the_move_is_its_own() -> None:
    result = balance()
    result["certificate"] |= {"gap": 4.1e-5, "frontier_gap": 0.27}
    words = page(certificate=result["certificate"]).words
    assert "no policy within the same limits is better by more than 0.0041 %" in words
    assert "Along the frontier the widest gap of a point is 27.0 %" in words


def test_a_loss_under_both_policies_is_said_and_four_units_are_no_gain() -> None:
    result = balance()
    result["champion"]["measures"]["profit"] = -95_599.0
    result["recommended"]["same_risk"]["measures"]["profit"] = -95_595.0
    words = read(drawn(fit(), result)).words
    assert "Both policies lose money. Profit, USD −95 599 to −95 595, unchanged." in words
    assert "more profit" not in words


def test_amounts_without_a_currency_are_never_called_money() -> None:
    for currency in ("", "money"):
        result = balance() | {"currency": currency}
        for row in result["shadow_prices"]:
            row["unit"] = currency if row["unit"] == "USD" else row["unit"]
            row["reading"] = ""
        words = read(drawn(fit(), result)).words
        assert words.count("Amounts are in currency units") == 1
        assert not re.search(r"money \d|\d money|, money\b|money per", words)


def test_unfinished_points_and_an_unfinished_move_are_said() -> None:
    result = balance()
    result["frontier"][3]["finished"] = False
    result["recommended"]["same_risk"]["finished"] = False
    words = read(drawn(fit(), result)).words
    assert (
        "The limit of work ended the search for the move and 1 of the frontier's 18 points."
        in words
    )
    assert words.count("ended early") == 1


def test_a_model_that_may_not_rank_comes_first_and_answers_no() -> None:
    result = fit()
    result["models"][0] |= {"auc": 0.53, "auc_interval": [0.47, 0.59]}
    words = read(drawn(result, balance())).words
    first = words.index("The model does not discriminate.")
    assert first < words.index("the recommended policy reaches")
    assert "Can they be trusted? No: scorecard may not rank at all" in words


def test_what_the_fit_said_of_a_model_is_not_said_twice() -> None:
    result = fit()
    result["models"][0] |= {"auc": 0.45, "auc_interval": [0.41, 0.49]}
    said = "model 'scorecard' ranks the wrong way round: its test AUC is 0.450"
    words = read(drawn(result, balance() | {"warnings": [said]})).words
    assert f"Warning. {said}" in words
    assert "The model does not discriminate." not in words
    assert "No: scorecard ranks the wrong way round, with an AUC of 0.450" in words


def test_grades_outside_their_interval_are_flagged_on_both_sides() -> None:
    result = fit()
    rows = result["models"][0]["calibration"]
    rows[1] |= {"predicted": 0.02, "observed": 0.04, "low": 0.03, "high": 0.05}
    rows[3] |= {"predicted": 0.09, "observed": 0.05, "low": 0.04, "high": 0.06}
    words = read(drawn(result, balance())).words
    assert "With care: scorecard ranks with an AUC of 0.662" in words
    assert (
        "2 of 5 grades leave their interval: B (PD too low: 2.00 % foretold, 4.00 % came)" in words
    )
    assert "D (PD too high: 9.00 % foretold, 5.00 % came)" in words
    assert "Outside its interval: B: PD too low; D: PD too high." in words


@pytest.mark.parametrize(
    ("index", "bound", "shift"),
    [(0.005, 0.004, False), (0.06, 0.02, False), (0.12, 0.13, False), (0.12, 0.05, True)],
)
def test_one_rule_says_what_is_a_shift(index: float, bound: float, shift: bool) -> None:
    result = fit()
    result["models"] = result["models"][:1]
    result["models"][0]["psi"] = [
        {"month": "2018-01", "psi": index, "bound": bound, "n": 900, "alert": False}
    ]
    result["models"][0]["csi"] = [{"feature": "dti", "csi": index, "bound": bound}]
    words = read(drawn(result, balance())).words
    assert ("Shift in 2018-01." in words) is shift
    assert ("No month beyond its bound." in words) is not shift
    shown = [row for rows in specs(result, balance())["psi-0"]["datasets"].values() for row in rows]
    assert [(row["psi"] > row["bound"]) for row in shown] == [shift]
    assert f"dti {index:.3f} {max(bound, 0.1):.3f} {'shift' if shift else 'no shift'}" in words


def test_swap_sets_without_anybody_are_a_sentence() -> None:
    still = [row | {"swapped_in": 0, "swapped_out": 0} for row in balance()["swap_sets"]]
    result = balance() | {"swap_sets": still}
    assert "Nobody is swapped, so there is nothing to draw." in page(swap_sets=still).words
    assert not [key for key in specs(None, result) if key.startswith("swap-")]


def test_a_tornado_far_from_zero_leaves_zero_out() -> None:
    def axis(central: float) -> bool:
        bars = [
            row | {"gain_at_low": central - 0.5, "gain_at_high": central + 0.5}
            for row in balance()["tornado"]
        ]
        result = balance() | {"tornado": bars, "gain": balance()["gain"] | {"central": central}}
        return bool(specs(None, result)["tornado"]["layer"][0]["encoding"]["x"]["scale"]["zero"])

    assert not axis(26.2)
    assert axis(0.8)
    assert axis(0.2)


def test_labels_of_the_contract_stand_for_names_of_fields() -> None:
    labels = Labels({"region": "Part of the country"}, {"region": {"N1": "the north"}})
    words = read(drawn(fit(), balance(), labels=labels)).words
    assert "By Part of the country" in words
    assert "Part of the country the north" in words


def test_warnings_are_shown() -> None:
    assert "only 11 overrides" in page(warnings=["only 11 overrides in the window"]).words


def test_parts_without_rows_leave_their_section_with_a_line_saying_why() -> None:
    empty = ("shadow_prices", "treatments", "swap_sets", "friction", "provenance")
    result = balance() | {key: [] for key in empty}
    words = read(drawn(fit(), result)).words
    assert words.count("Left out:") == 5
    without_fit = [build(story_of(result)).absent for build in SECTIONS]
    assert sum(bool(why) for why in without_fit) == 7


def test_a_balance_without_a_move_at_todays_experience_is_drawn() -> None:
    recommended = balance()["recommended"] | {"same_experience": None}
    words = page(recommended=recommended).words
    assert "Same experience, less risk" not in words
    assert "Same risk, better experience" in words


def test_a_chart_of_many_treatments_shows_the_largest_and_says_so() -> None:
    many = [
        {"name": f"terms {i}", "label": "", "today": i, "recommended": 2 * i} for i in range(1, 41)
    ]
    result = balance() | {"treatments": many}
    shown = specs(None, result)["mix"]["datasets"].values()
    assert {row["name"] for rows in shown for row in rows} == {f"terms {i}" for i in range(27, 41)}
    html = drawn(fit(), result)
    assert "The 14 treatments with most people of 40; the table has all." in html
    assert '<th scope="row">terms 3</th>' in html


def test_a_long_roc_is_thinned_but_keeps_its_ends() -> None:
    points = [[i / 5000, (i / 5000) ** 0.5] for i in range(5001)]
    kept = thinned(points)
    assert len(kept) == 200
    assert (kept[0], kept[-1]) == (points[0], points[-1])


def test_an_empty_friction_table_is_left_out_with_a_reason() -> None:
    assert "Left out: no journey has a check" in page(friction=[]).words


def test_one_frontier_point_is_drawn_without_a_band() -> None:
    result = balance() | {"frontier": balance()["frontier"][:1]}
    marks = [layer["mark"]["type"] for layer in specs(None, result)["frontier-chart"]["layer"]]
    assert "rect" not in marks
    assert "circle" in marks


def test_the_light_theme_of_charts_and_page_is_one() -> None:
    root = asset("style.css").split("}")[0]
    for variable, colour in LIGHT.items():
        assert f"{variable[4:-1]}: {colour};" in root


def test_the_static_frontier_is_an_svg_in_plain_colours() -> None:
    svg = frontier_svg(BalanceResult.model_validate(balance()))
    assert svg.startswith("<svg")
    assert "var(--" not in svg
    assert "better experience" in svg


def ranked(**changes: Any) -> LearningResult:
    """A ranking of one assumption; its figures are nobody's."""
    figure = {"value": 1.5, "low": 0.5, "high": 2.5}
    experiment = {
        "kind": "price", "trial": True, "outcomes": 2310, "people": 2600, "recruiting_days": 30.0,
        "days": 70.0, "cost": 12_345.0, "risk": 678.0, "error": 2.0, "settles": False, "whom": 0.5,
        "treatments": ["fast_high"],
    }  # fmt: skip
    assumption = {
        "input": "take_up.price", "label": "Response to price", "value": -20.0, "low": -30.0,
        "high": -10.0, "unit": "", "provenance": "assumed", "source": "a book", "evpi": figure,
        "evsi": figure, "evpi_a_year": 1.0, "evsi_a_year": 1.0, "narrows": {**figure, "value": 0.4},
        "narrows_fully": figure, "left": 0.5, "tied": False, "tips_below": None,
        "tips_above": -12.0, "changed": 0.25, "experiment": experiment,
    }  # fmt: skip
    result = {
        "format": 1, "workspace": "harbour", "currency": "EUR", "by": "promise", "per_day": 40.0,
        "share": 0.2, "applicants": 100, "draws": 64, "policies": 3, "seed": 1, "refused": 0,
        "promise": {"measure": "profit", "label": "Profit", "low": 1.0, "middle": 2.0, "high": 3.0},
        "goal": "profit", "goal_label": "Profit", "everything": figure, "first_three": figure,
        "first_left": 0.6, "best_is_recommended": True, "assumptions": [assumption],
    }  # fmt: skip
    return LearningResult.model_validate(result | changes)


def test_what_would_teach_most_is_told_where_it_was_ranked(html: str) -> None:
    assert "assumptions were not ranked on this balance" in read(html).words
    page = read(drawn(fit(), balance(), learning=ranked()))
    assert any("What would teach us most" in each for each in page.headings)
    for words in (
        "After the first three the promise is 60 % as wide", "Try another price on a part",
        "a year does not settle it", "12 345", "2 600", "over -12: 25",
    ):  # fmt: skip
        assert words in page.words.replace("−", "-").replace("60%", "60 %"), words


def test_it_says_where_another_policy_does_better_on_average() -> None:
    page = read(drawn(fit(), balance(), learning=ranked(best_is_recommended=False)))
    assert "Over the ranges another policy does better on average" in page.words
    chinese = drawn(fit(), balance(), language="zh", learning=ranked())
    assert "最值得弄清的假设" in chinese
