"""The words for levels and changes: no gain out of rounding, the sign of a profit, the points."""

from __future__ import annotations

import pytest
from fixture import balance, story_of
from hypothesis import given
from hypothesis import strategies as st

from equipoise.report.story import Story
from equipoise.report.wording import NOISE, decimals_between, levels, shown, sign, unchanged
from equipoise.texts.numbers import MINUS, THIN, aligned, percent, points

levels_of_money = st.floats(min_value=-1e9, max_value=1e9)


def story(before: float, after: float, gap: float = 0.0) -> Story:
    result = balance() | {"currency": ""}
    result["champion"]["measures"] |= {"profit": before}
    result["recommended"]["same_risk"] |= {"gap": gap, "measures": {"profit": after}}
    return story_of(result)


AT_REST = story(0.0, 0.0)


def figure(text: str) -> float:
    return float(
        text.split("percentage", maxsplit=1)[0]
        .replace(THIN, "")
        .replace("%", "")
        .replace(MINUS, "-")
    )


@given(levels_of_money, st.floats(min_value=-NOISE * 0.99, max_value=NOISE * 0.99))
def test_a_change_within_the_noise_is_never_told_as_a_gain(before: float, part: float) -> None:
    text = shown(AT_REST, before, before + part * abs(before), "money")
    assert text.change == "unchanged"


@given(levels_of_money, levels_of_money)
def test_a_change_is_the_difference_of_the_levels_shown(before: float, after: float) -> None:
    text = shown(AT_REST, before, after, "money")
    if text.change != "unchanged":
        difference = round(figure(text.after) - figure(text.before), 2)
        assert figure(text.change) == pytest.approx(difference, abs=0.005)


@given(st.floats(min_value=0, max_value=1), st.floats(min_value=0, max_value=1))
def test_differences_of_shares_are_percentage_points_of_the_shares_shown(
    before: float, after: float
) -> None:
    text = shown(AT_REST, before, after, "share")
    if text.change != "unchanged":
        assert text.change.endswith(" percentage points")
        places = decimals_between(before * 100, after * 100, "share")
        difference = figure(text.after) - figure(text.before)
        assert figure(text.change) == pytest.approx(difference, abs=10**-places / 2)


def test_less_than_the_certificate_s_gap_is_unchanged() -> None:
    assert unchanged(1000.0, 1040.0, gap=0.05)
    assert not unchanged(1000.0, 1060.0, gap=0.05)
    assert not unchanged(0.0, 1.0)


@given(levels_of_money, levels_of_money)
def test_a_loss_is_called_a_loss(before: float, after: float) -> None:
    said = sign("profit", before, after)
    assert ("loses money" in said) == (before < 0 and after < 0)
    assert ("from a loss" in said) == (before < 0 <= after)
    assert ("to a loss" in said) == (after < 0 <= before)
    assert sign("exposure", before, after) == ""


def test_the_levels_of_a_lender_that_loses_money_are_told() -> None:
    text = levels(story(-95_599.1, -95_594.7), "profit").replace(THIN, " ")
    assert text == "Profit −95 599 to −95 595, unchanged: loses money under both"


def test_a_column_has_one_format() -> None:
    assert [text.replace(THIN, " ") for text in aligned([0.165, 0.0282, None], "share")] == [
        "16.5 %",
        "2.8 %",
        "–",
    ]
    assert [text.replace(THIN, " ") for text in aligned([1000, 12])] == ["1 000", "12"]
    assert aligned([10.0, 14.57]) == ["10.0", "14.6"]
    assert aligned([]) == []


def test_points_are_not_per_cent() -> None:
    assert points(-0.0327) == "−3.27 percentage points"
    assert percent(-0.0327).replace(THIN, " ") == "−3.27 %"
