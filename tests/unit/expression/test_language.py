"""What expressions mean, on records a person can check by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.expression import ExpressionError, compile, compile_many  # noqa: A004

TYPES = {
    "dti": "number",
    "pd": "number",
    "savings": "number",
    "age": "integer",
    "region": "string",
    "is_late": "boolean",
    "issued": "date",
    "opened": "date",
}


def value(text: str, **record: Any) -> Any:
    return compile(text, TYPES).python(record)


@pytest.mark.parametrize(
    ("text", "record", "answer"),
    [
        ("dti > 0.45 AND pd < 0.05", {"dti": 0.5, "pd": 0.01}, True),
        ("dti > 0.45 AND pd < 0.05", {"dti": 0.5}, None),
        ("dti > 0.45 AND pd < 0.05", {"dti": 0.1}, False),
        ("dti > 0.45 OR pd < 0.05", {"dti": 0.5}, True),
        ("dti > 0.45 OR pd < 0.05", {"dti": 0.1}, None),
        ("NOT dti > 0.45", {}, None),
        ("savings IS NULL", {}, True),
        ("savings IS NOT NULL", {"savings": 0}, True),
        ("is_late IS TRUE", {}, False),
        ("is_late IS NOT TRUE", {}, True),
        ("region IN ('N1', 'N2')", {"region": "N2"}, True),
        ("region NOT IN ('N1', 'N2')", {}, None),
        ("age BETWEEN 18 AND 75", {"age": 75}, True),
        ("age NOT BETWEEN 18 AND 75", {"age": 75}, False),
        ("dti / savings > 3", {"dti": 1, "savings": 0}, None),
        ("COALESCE(savings, 0) + 1", {}, 1.0),
        ("NULLIF(region, 'none')", {"region": "none"}, None),
        ("LEAST(dti, pd, 3)", {"pd": 7.0}, 3.0),
        ("GREATEST(dti, pd)", {}, None),
        ("CASE WHEN pd < 0.02 THEN 'A' WHEN pd < 0.1 THEN 'B' ELSE 'C' END", {"pd": 0.05}, "B"),
        ("CASE WHEN pd < 0.02 THEN 'A' WHEN pd < 0.1 THEN 'B' ELSE 'C' END", {}, "C"),
        ("CASE region WHEN 'N1' THEN 1 WHEN 'N2' THEN 2 END", {"region": "N2"}, 2.0),
        ("CASE region WHEN 'N1' THEN 1 END", {"region": "N9"}, None),
        ("issued - opened", {"issued": date(2018, 3, 1), "opened": date(2018, 2, 1)}, 28.0),
        ("issued >= DATE '2018-10-01'", {"issued": date(2018, 10, 1)}, True),
        ("1 - 2 - 3 + dti", {"dti": 0}, -4.0),
        ("-dti * 2 + 10 / 4", {"dti": 1}, 0.5),
        ("region = 'it''s'", {"region": "it's"}, True),
        ("region < 'a'", {"region": "Z"}, True),
    ],
)
def test_expressions_mean_what_sql_says(text: str, record: dict[str, Any], answer: Any) -> None:
    result = value(text, **record)
    assert result == answer
    assert type(result) is type(answer)


def test_an_expression_knows_its_type_and_its_fields() -> None:
    expression = compile("CASE WHEN age > 30 THEN dti END", TYPES)
    assert (expression.type, expression.names) == ("number", {"age", "dti"})
    assert compile("region", TYPES).type == "string"
    assert compile("TRUE", TYPES).names == frozenset()


def test_expressions_are_equal_where_their_trees_are() -> None:
    assert compile("dti>0.450", TYPES) == compile("( dti > 0.45 )", TYPES)
    assert hash(compile("dti>0.450", TYPES)) == hash(compile("dti > 0.45", TYPES))
    assert compile("dti > 1", TYPES) != compile("dti >= 1", TYPES)


def test_canonical_text_is_plain_and_final() -> None:
    expression = compile("not(dti between 1 and 2.50)and region!='x'", TYPES)
    assert expression.canonical == 'NOT ("dti" >= 1 AND "dti" <= 2.5) AND "region" <> \'x\''
    assert compile(expression.canonical, TYPES).canonical == expression.canonical


def test_any_field_name_can_be_used_and_no_name_reaches_code_as_code() -> None:
    awkward = [
        "Loan Amount",
        'a"b',
        "x'); DROP",
        "*",
        "^.*$",
        "end",
        "lambda",
        "年收入",
        "`",
        "{x}",
    ]
    for name in awkward:
        quoted = '"' + name.replace('"', '""') + '"'
        expression = compile(f"{quoted} > 1", {name: "number"})
        assert expression.python({name: 2.0}) is True
        assert pl.DataFrame({name: [2.0]}).select(expression.polars()).item() is True
    assert compile("desc > 1", {"desc": "number"}).python({"desc": 2}) is True


def test_numbers_outside_the_domain_count_as_missing_and_the_smallest_as_zero() -> None:
    for missing in (float("nan"), float("inf"), -1e23, 1e308, 10**400):
        assert value("dti IS NULL", dti=missing) is True
    for zero in (1e-23, -5e-324, -0.0):
        assert value("dti = 0", dti=zero) is True
        assert value("1 / dti", dti=zero) is None
    for kept in (1e22, -1e22, 1e-22, -1e-22):
        assert value("dti", dti=kept) == kept


def test_records_may_hold_the_numbers_of_numpy_and_decimal() -> None:
    for number in (2, np.float64(2), np.int32(2), np.float32(2), Decimal(2)):
        assert value("dti + 1", dti=number) == 3.0
    assert value("NOT is_late", is_late=np.bool_(False)) is True
    assert value("NOT is_late", is_late=1) is False
    assert value("age > 9007199254740992", age=2**53 + 1) is False  # as a double, everywhere


@pytest.mark.parametrize(
    ("text", "record", "wrong"),
    [
        ("dti > 1", {"dti": "0.5"}, "'dti' holds '0.5', which is not a number"),
        ("dti > 1", {"dti": True}, "'dti' holds True, which is not a number"),
        ("region = 'a'", {"region": 5}, "'region' holds 5, which is not text"),
        ("is_late", {"is_late": "no"}, "'is_late' holds 'no', which is not true or false"),
        ("issued IS NULL", {"issued": "2018-10-01"}, "which is not a date"),
        ("issued IS NULL", {"issued": datetime(2018, 10, 1)}, "which is not a date"),
    ],
)
def test_a_value_of_the_wrong_type_names_its_field(
    text: str, record: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(ExpressionError, match=wrong) as refused:
        value(text, **record)
    assert refused.value.field in record


def test_many_expressions_share_one_reading_of_the_record() -> None:
    rules = {name: compile(name, TYPES) for name in ("dti > 1", "dti / pd", "region IS NULL")}
    together = compile_many(rules)
    assert together({"dti": 2, "pd": 4}) == {
        "dti > 1": True,
        "dti / pd": 0.5,
        "region IS NULL": True,
    }
    assert compile_many({})({}) == {}


def test_polars_divides_alike_whatever_shape_the_divisor_has() -> None:
    """By a single value polars multiplies with the reciprocal; ours must divide all the same."""
    divisor = 289906.57712109754
    numbers = [float(n) + 0.1 for n in range(500)]
    frame = pl.DataFrame({"dti": numbers}).with_columns(
        pd=pl.lit(divisor), is_late=pl.lit(True), savings=pl.col("dti")
    )
    for text in (
        f"dti / {divisor}",
        "dti / pd",
        f"dti / CASE WHEN is_late THEN {divisor} ELSE savings END",
    ):
        expected = [number / divisor for number in numbers]
        expression = compile(text, TYPES).polars()
        assert frame.select(x=expression)["x"].to_list() == expected
        assert frame.lazy().select(x=expression).collect(engine="streaming")["x"].to_list() == (
            expected
        )
        assert frame.head(1).select(x=expression).item() == expected[0]


def test_polars_takes_columns_as_other_types_hold_them() -> None:
    frame = pl.DataFrame(
        {"age": pl.Series([1, None], dtype=pl.Int16), "region": pl.Series(["b", "a"])}
    ).with_columns(pl.col("region").cast(pl.Enum(["b", "a"])))
    assert frame.select(compile("age / 2", TYPES).polars()).to_series().to_list() == [0.5, None]
    assert frame.select(compile("region < 'b'", TYPES).polars()).to_series().to_list() == [
        False,
        True,
    ]


def test_sql_constants_cannot_break_out_of_their_quotes() -> None:
    expression = compile("region = 'a''b\\ ${x}'", TYPES)
    assert expression.sql("duckdb").endswith("= 'a''b\\ ${x}'")
    assert expression.sql("spark") == "`region` = 'a\\'b\\\\ \\u0024{x}'"
    assert compile("pd = 0.45", TYPES).sql("sqlite").endswith("= (45.0 / 100.0)")
    assert compile("pd = 0.45", TYPES).sql("postgres").endswith("= float8 '0.45'")
    assert compile("pd = 0.45", TYPES).sql("duckdb").endswith("= 0.45e0")
