"""Types, ranges and names read from columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from equipoise.contract.inference import generous_range, guess_type, sentinels
from equipoise.contract.naming import name_fault, plain_names, words
from equipoise.contract.separation import separation


@pytest.mark.parametrize(
    ("values", "kind", "written"),
    [
        (["1", "22", "-3"], "integer", ""),
        (["1.0", "2.0"], "integer", ""),
        (["1.5", "2e3", "inf"], "number", ""),
        (["007", "123"], "string", ""),
        (["12345678901234567890", "22345678901234567890"], "string", ""),
        (["13.99%", "7 %"], "number", "1,234.5%"),
        (["1,234.50", "12"], "number", "1,234.5"),
        (["$1,000", "$20"], "number", "1,234.5"),
        (["1.234,5", "3,25"], "number", "1.234,5"),
        (["yes", "No"], "boolean", ""),
        (["t", "f"], "boolean", ""),
        (["T", "no"], "string", ""),
        (["2018-05-01", "2018-12-31T10:00:00"], "date", ""),
        (["2018/5/1", "2018/12/1"], "date", ""),
        (["Jan-2018", "Dec-2017"], "date", "%b-%Y"),
        (["31.12.2018", "01.02.2018"], "date", "%d.%m.%Y"),
        (["12/31/2018", "01/02/2018"], "date", "%m/%d/%Y"),
        (["31/12/2018", "01/02/2018"], "date", "%d/%m/%Y"),
        (["may", "june"], "string", ""),
        (["36 months", "60 months"], "string", ""),
        ([1, 2], "integer", ""),
        ([1.0, None], "number", ""),
        ([True, None], "boolean", ""),
    ],
)
def test_values_read_as_a_person_would_read_them(values: Any, kind: str, written: str) -> None:
    guess = guess_type(pl.Series("x", values))
    assert (guess.type, guess.format, guess.unread) == (kind, written, 0)


def test_eight_digits_are_a_day_only_under_a_name_that_says_so() -> None:
    days = [20180101, 20181231]
    assert guess_type(pl.Series("issue_date", days)).format == "%Y%m%d"
    assert guess_type(pl.Series("balance", days)).type == "integer"


def test_digits_of_a_postal_code_are_no_quantity() -> None:
    assert guess_type(pl.Series("zip_code", [10115, 20095])).type == "string"


def test_a_stray_word_among_many_numbers_is_unread_but_many_make_it_text() -> None:
    one = pl.Series("x", ["twelve", *map(str, range(99))])
    assert (guess_type(one).type, guess_type(one).unread) == ("integer", 1)
    assert guess_type(pl.Series("x", ["twelve"] * 5 + ["1"] * 95)).type == "string"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([0, 5, 9, -9999], (-9999,)),
        ([0, 5, 9, 99999], (99999,)),
        ([-50, 5, 9, -99], ()),
        ([0, 500, 900, 999], ()),
        ([0, 5, -1], ()),
        ([1, 2, 3], ()),
        ([-999], ()),
    ],
)
def test_only_nines_far_from_the_rest_stand_for_missing(
    values: list[int], found: tuple[int, ...]
) -> None:
    assert sentinels(pl.Series(values)) == found


@given(st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_a_generous_range_holds_every_value_it_was_drawn_from(values: list[float]) -> None:
    bounds = generous_range(pl.Series(values), whole=False)
    assert bounds is not None
    assert bounds[0] <= min(values) <= max(values) <= bounds[1]


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_a_generous_range_of_whole_numbers_is_whole(values: list[int]) -> None:
    bounds = generous_range(pl.Series(values), whole=True)
    assert bounds is not None
    assert all(isinstance(bound, int) for bound in bounds)
    assert bounds[0] <= min(values) <= max(values) <= bounds[1]


@given(st.lists(st.text(max_size=80), max_size=12))
def test_any_headers_become_distinct_valid_names(headers: list[str]) -> None:
    names = plain_names(headers)
    assert len({name.lower() for name in names}) == len(headers)
    assert not any(map(name_fault, names))


def test_names_that_are_fine_stay_as_they_are() -> None:
    assert plain_names(["PAY_0", "default-payment-next-month", "PAY-0", "2019", "user"]) == [
        "PAY_0",
        "default_payment_next_month",
        "PAY_0_2",
        "column_2019",
        "user_",
    ]
    assert plain_names(["pd", "Grade", "checks"]) == ["given_pd", "given_Grade", "checks_"]
    assert words("headAge_1") == ["head", "age", "1"]


@pytest.mark.parametrize("strength", [0.0, 0.5, 2.0])
def test_separation_is_close_to_the_auc_of_a_monotone_score(strength: float) -> None:
    rng = np.random.default_rng(11)
    score = rng.normal(size=8000)
    bad = rng.random(8000) < 1 / (1 + np.exp(-strength * score))
    ours = separation(pl.Series(score), pl.Series(bad))
    assert ours == pytest.approx(roc_auc_score(bad, score), abs=0.03)


def test_separation_is_one_for_a_copy_and_a_half_for_noise() -> None:
    bad = pl.Series([True, False, None] * 100)
    assert separation(bad.cast(pl.String), bad) == 1.0
    rng = np.random.default_rng(2)
    noise = pl.Series(rng.integers(0, 3, 300))
    assert abs(separation(noise, bad) - 0.5) < 0.1
    assert separation(pl.Series([None] * 300, dtype=pl.Float64), bad) == 0.5
