"""Numbers as text: what a reader sees for a value and its unit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.balance.result_document import FrontierPoint
from equipoise.report.charts.frontier import sandwich
from equipoise.report.measures import describe
from equipoise.texts import numbers


def spaced(text: str) -> str:
    """The text with ordinary spaces, to be readable here."""
    return text.replace(numbers.THIN, " ")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0231, "share", "2.31 %"),
        (0.99999, "share", "100 %"),
        (0.000041, "share", "0.0041 %"),
        (0.0, "share", "0 %"),
        (1_240_000, "USD", "USD 1 240 000"),
        (12_400_000, "USD", "USD 12.4 million"),
        (2.5e9, "money", "USD 2.50 billion"),
        (41.2, "USD", "USD 41"),
        (1.31, "USD", "USD 1.31"),
        (-279_000.0, "USD", "USD −279 000"),
        (2382.4, "customers", "2 382 customers"),
        (2.4, "days", "2.4 days"),
        (38.42, "per 100 applicants", "38.4 per 100 applicants"),
        (7.5, "%", "7.5 %"),
        (3, "", "3"),
        (None, "USD", "–"),
        (math.nan, "share", "–"),
        (math.inf, "days", "–"),
        (True, "", "–"),
        ("text", "", "–"),
    ],
)
def test_quantities_read_in_their_unit(value: object, unit: str, text: str) -> None:
    assert spaced(numbers.quantity(value, unit, "USD")) == text


def test_a_change_carries_its_sign() -> None:
    assert spaced(numbers.signed(numbers.count(1200))) == "+1 200"
    assert spaced(numbers.signed(numbers.count(-1200))) == "−1 200"


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_float_makes_an_unreadable_number(value: float) -> None:
    for text in (numbers.plain(value), numbers.percent(value), numbers.money(value, "USD")):
        assert "nan" not in text
        assert "inf" not in text
        assert not text.startswith(f"{numbers.MINUS}0{numbers.THIN}%")


@given(st.floats(min_value=-9e6, max_value=9e6))
def test_shown_numbers_stay_within_one_per_cent_of_the_value(value: float) -> None:
    shown = float(numbers.plain(value).replace(numbers.THIN, "").replace(numbers.MINUS, "-"))
    assert shown == pytest.approx(value, rel=0.06, abs=1e-6)


def test_a_measure_without_a_unit_is_read_from_its_name() -> None:
    assert describe("expected_loss_rate").unit == "share"
    assert describe("approval_share").unit == "share"
    assert describe("waiting_hours").unit == "hours"
    assert describe("odd_thing").label == "Odd thing"


@given(
    st.lists(st.floats(min_value=0, max_value=100), min_size=2, max_size=12, unique=True),
    st.floats(min_value=0, max_value=5),
)
def test_the_band_holds_any_monotone_frontier_through_its_points(
    heights: list[float], slack: float
) -> None:
    points = [
        FrontierPoint(
            x=float(i),
            y=y,
            lower=y,
            upper=y + slack,
            measures={},
            multipliers={},
            gap=0.0,
            violation=0.0,
            finished=True,
        )
        for i, y in enumerate(sorted(heights))
    ]
    for box, left, right in zip(sandwich(points), points, points[1:], strict=False):
        assert box["y"] <= left.y <= right.y <= box["y2"]
        assert (box["x"], box["x2"]) == (left.x, right.x)
