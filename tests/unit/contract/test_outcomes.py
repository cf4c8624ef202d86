"""Which value of the target is the bad one, and when nobody can say."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from equipoise.contract.outcomes import find_outcome
from equipoise.errors import BadInput


def _target(values: list[Any], counts: list[int], name: str = "y") -> pl.Series:
    rows = [value for value, count in zip(values, counts, strict=True) for _ in range(count)]
    return pl.Series(name, rows)


@pytest.mark.parametrize(
    ("values", "name", "event"),
    [
        ([0, 1], "y", 1),
        ([0.0, 1.0], "y", 1),
        (["0", "1"], "y", 1),
        (["0.0", "1.0"], "y", 1),
        ([0, 1], "approved", 0),
        ([0, 1], "creditability", 0),
        ([1, 2], "class", 2),
        (["good", "bad"], "y", "bad"),
        (["BAD", "GOOD"], "y", "BAD"),
        (["Fully Paid", "Charged Off"], "loan_status", "Charged Off"),
        (["paid", "in trouble"], "y", "in trouble"),
        (["no", "yes"], "deny", "yes"),
        (["N", "Y"], "Loan_Status", "N"),
        (["+", "-"], "A16", "-"),
        (["positive", "negative"], "y", "negative"),
        ([False, True], "default", True),
        (["blue", "red"], "y", "red"),
    ],
)
def test_the_bad_value_is_the_one_a_person_would_point_at(
    values: list[Any], name: str, event: object
) -> None:
    outcome = find_outcome(_target(values, [70, 30], name), None)
    assert outcome.events == (event,)
    assert outcome.why


def test_the_bad_value_may_be_named_in_any_case_and_as_text() -> None:
    assert find_outcome(_target([0, 1], [70, 30]), "0").events == (0,)
    assert find_outcome(_target([False, True], [70, 30]), "false").events == (False,)
    assert find_outcome(_target(["Yes", "No"], [70, 30]), "no").events == ("No",)


def test_beyond_two_values_open_loans_are_neither_and_other_bad_words_count() -> None:
    values = ["Fully Paid", "Charged Off", "Current", "Default"]
    outcome = find_outcome(_target(values, [60, 30, 40, 5]), "charged off")
    assert outcome.events == ("Charged Off", "Default")
    assert outcome.unresolved == ("Current",)
    assert outcome.bad.null_count() == 40
    assert outcome.bad.sum() == 35


def test_words_for_missing_are_no_outcome() -> None:
    outcome = find_outcome(_target(["0", "1", "NA", None], [70, 30, 5, 5]), None)
    assert outcome.missing_codes == ("NA",)
    assert outcome.values == (0, 1)
    assert outcome.bad.null_count() == 10


@pytest.mark.parametrize(
    ("values", "counts", "event", "said"),
    [
        ([0], [100], None, "one value only"),
        ([None], [100], None, "empty in every row"),
        ([0, 1], [3, 2], None, "5 rows have a known outcome"),
        ([0, 1], [95, 5], None, "5 of them bad"),
        (["a", "b", "c"], [40, 30, 20], None, "--event"),
        (list(range(100)), [1] * 100, None, "100 different values"),
        (["good", "bad"], [70, 30], "bed", "did you mean 'bad'"),
    ],
)
def test_a_target_nobody_can_learn_from_is_refused_with_a_mend(
    values: list[Any], counts: list[int], event: str | None, said: str
) -> None:
    with pytest.raises(BadInput) as caught:
        find_outcome(_target(values, counts), event, "loans.csv")
    assert said in str(caught.value)
    assert str(caught.value).startswith("loans.csv  ")
    assert caught.value.mend
