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
        ([0, 1], "not_repaid_in_full", 1),
        ([0, 1], "not.fully.paid", 1),
        ([0, 1], "no_default", 0),
        ([-1, 1], "default", 1),
        (["Completed", "Chargedoff"], "loan_outcome_text", "Chargedoff"),
        (["P I F", "CHGOFF"], "MIS_Status", "CHGOFF"),
        (["结清", "逾期"], "状态", "逾期"),
        (["погашен", "просрочка"], "статус", "просрочка"),
        (["pagado", "moroso"], "estado", "moroso"),
        (["no default", "default"], "y", "default"),
        (["approved", "declined"], "decision", "declined"),
        (["sim", "não"], "inadimplente", "sim"),
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


@pytest.mark.parametrize(
    ("values", "counts", "name"),
    [
        (["blue", "red"], [70, 30], "y"),
        ([1, 2], [70, 30], "class"),
        (["late", "default"], [70, 30], "y"),
        ([0, 1], [30, 70], "y"),
        (["A", "B", "C", "D"], [40, 30, 50, 20], "status"),
    ],
)
def test_where_no_word_says_which_is_bad_a_person_must(
    values: list[Any], counts: list[int], name: str
) -> None:
    target = _target(values, counts, name)
    assert find_outcome(target, None).doubt
    assert not find_outcome(target, "B" if "B" in values else str(values[1])).doubt


def test_bad_loans_that_are_the_majority_are_bad_by_their_word() -> None:
    outcome = find_outcome(_target(["Completed", "Chargedoff"], [30, 70]), None)
    assert (outcome.events, outcome.doubt) == (("Chargedoff",), "")


def test_running_loans_are_never_good_beside_a_named_event() -> None:
    outcome = find_outcome(_target(["A", "B", "C", "D"], [40, 30, 50, 20], "status"), "B")
    assert (outcome.events, outcome.goods) == (("B",), ("A",))
    assert outcome.unresolved == ("C", "D")


def test_what_is_neither_good_nor_bad_is_unresolved_and_said() -> None:
    values = ["Fully Paid", "Charged Off", "Settled", "Rejected", "Transferred"]
    outcome = find_outcome(_target(values, [60, 30, 40, 5, 7]), None)
    assert (outcome.events, outcome.goods) == (("Charged Off",), ("Fully Paid",))
    assert outcome.unclear == ("Settled", "Transferred")
    assert outcome.unresolved == ("Rejected", "Settled", "Transferred")


def test_several_events_may_be_named_at_once() -> None:
    outcome = find_outcome(_target([0, 1, 2], [60, 30, 40]), "1,2")
    assert (outcome.events, outcome.goods) == ((1, 2), (0,))


def test_of_codes_beside_a_named_event_zero_is_good_and_the_others_are_asked_about() -> None:
    outcome = find_outcome(_target([0, 1, 2], [60, 30, 40]), "1")
    assert (outcome.goods, outcome.unclear, outcome.doubt) == ((0,), (2,), "")
    outcome = find_outcome(_target(["x", "y", "z"], [60, 30, 40]), "y")
    assert (outcome.goods, outcome.unclear) == (("x",), ("z",))
    assert "no value is clearly good" in outcome.doubt


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
        ([0, 1], [30, 2], None, "32 rows have a known outcome"),
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
