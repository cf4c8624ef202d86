"""Types, ranges and names read from columns."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from equipoise.contract.inference import Guess, generous_range, guess_type
from equipoise.contract.leakage import separation
from equipoise.contract.naming import name_fault, plain_names, words

TODAY = date(2026, 11, 28)


def guessed(values: Any, name: str = "x") -> Guess:
    return guess_type(pl.Series(name, values), TODAY)


@pytest.mark.parametrize(
    ("values", "kind", "written"),
    [
        (["1", "22", "-3"], "integer", ""),
        (["1.0", "2.0"], "integer", ""),
        (["1.5", "2e3", "inf"], "number", ""),
        (["007", "123"], "string", ""),
        (["12345678901234567890", "22345678901234567890"], "string", ""),
        (["yes", "No"], "boolean", ""),
        (["t", "f"], "boolean", ""),
        (["T", "no"], "string", ""),
        (["may", "june"], "string", ""),
        (["A12", "B7"], "string", ""),
        (["1234 5678", "2345 6789"], "string", ""),
        ([1, 2], "integer", ""),
        ([1.0, None], "number", ""),
        ([True, None], "boolean", ""),
    ],
)
def test_values_read_as_a_person_would_read_them(values: Any, kind: str, written: str) -> None:
    guess = guessed(values)
    assert (guess.type, guess.format, guess.unread, guess.rival) == (kind, written, 0, None)


def test_digits_of_a_postal_code_are_no_quantity() -> None:
    assert guessed([10115, 20095], "zip_code").type == "string"


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
