"""What is not in the language is refused where it stands, with a way to mend it."""

from __future__ import annotations

import pytest

from equipoise.errors import BadInput, Span
from equipoise.expression import ExpressionError, compile  # noqa: A004

TYPES = {
    "dti": "number",
    "pd": "number",
    "age": "integer",
    "region": "string",
    "is_late": "boolean",
    "issued": "date",
}

REFUSED = [
    # text, column, part of the message, part of the mend
    ("incom > 3", 1, "'incom' is not a known field", "known names"),
    ("dti > 3 AND regoin = 'N1'", 13, "'regoin' is not a known field", "did you mean 'region'?"),
    ("DTI > 3", 1, "'DTI' is not a known field", "write 'dti'"),
    ('region = "N1"', 10, "'N1' is not a known field", "single quotes: 'N1'"),
    ("region > 5", 10, "region is text and 5 is a number", "one type"),
    ("dti > '5'", 7, "dti is a number and '5' is text", "without quotes"),
    ("dti = is_late", 7, "is_late is true or false", ""),
    ("issued > '2018-10-01'", 10, "is text", "write DATE '2018-10-01'"),
    ("issued > DATE '2018-02-30'", 10, "'2018-02-30' is not a date", "year-month-day"),
    ("issued > DATE '2018-W40-1'", 10, "is not a date", "year-month-day"),
    ("is_late > TRUE", 1, "have no order", "= or <>"),
    ("dti AND pd > 1", 1, "dti is a number, AND needs true or false", "compare"),
    ("NOT dti", 5, "NOT needs true or false", "compare"),
    ("-region", 2, "a minus sign needs a number", ""),
    ("region + 1", 1, "'+' needs a number", ""),
    ("CASE WHEN is_late THEN 1 ELSE 'a' END", 31, "CASE cannot take both", ""),
    ("CASE WHEN dti THEN 1 END", 11, "WHEN needs true or false", ""),
    ("CASE WHEN is_late THEN NULL END", 1, "every value of CASE is NULL", ""),
    ("COALESCE(dti, 'x')", 15, "COALESCE cannot take both", ""),
    ("COALESCE(0, dti)", 13, "never gets past the constant 0", "constant last"),
    # never true, or always the same
    ("dti = NULL", 7, "dti = NULL is never true", "write dti IS NULL"),
    ("dti <> NULL", 8, "never true", "write dti IS NOT NULL"),
    ("dti IN (1, NULL)", 12, "NULL in an IN list never matches", "IS NULL"),
    ("dti IN ()", 10, "empty IN list", "list the values"),
    ("1 = 2", 1, "compares two constants", ""),
    ("dti < dti", 1, "compared with itself", ""),
    ("age = 1.5", 7, "age is an integer and never equals 1.5", "whole number"),
    ("age IN (1, 1.5)", 12, "never equals 1.5", ""),
    ("dti > 5 AND dti < 3", 1, 'conditions on "dti" can never hold together', ""),
    ("dti BETWEEN 5 AND 3", 1, "can never hold together", ""),
    ("region = 'A' AND region = 'B'", 1, "can never hold together", ""),
    ("region IN ('A', 'B') AND region = 'C'", 1, "can never hold together", ""),
    ("dti = 2 AND dti <> 2", 1, "can never hold together", ""),
    ("3 > dti AND dti >= 3", 1, "can never hold together", ""),
    ("dti / 0 > 1", 7, "division by zero is always NULL", ""),
    ("NULL", 1, "NULL cannot be used", "IS NULL"),
    # outside the language
    ("dti > 1; DROP TABLE loans", 8, "';' is not part of the language", "no statements"),
    ("dti > 1 -- note", 9, "comment", "document"),
    ("dti /* note */ > 1", 5, "comment", ""),
    ("(SELECT 1)", 2, "SELECT is not part of the language", "not a query"),
    ("EXISTS (SELECT 1)", 1, "EXISTS is not part of the language", "not a query"),
    ("dti IN (SELECT dti FROM t)", 9, "SELECT is not part", "not a query"),
    ("CAST(dti AS INTEGER) = 1", 1, "CAST is not part of the language", "contract"),
    ("dti::int = 1", 4, "':' is not part", "no casts"),
    ("dti = :p", 7, "':' is not part", "no parameters"),
    ("dti = ?", 7, "'?' is not part", "no parameters"),
    ("dti = $1", 7, "'$' is not part", "no parameters"),
    ("SUM(dti) OVER () > 1", 1, "SUM is not part", "its functions are ABS"),
    ("pg_sleep(10)", 1, "pg_sleep is not part", "its functions"),
    ("dti(3)", 1, "dti is not part of the language", "its functions"),
    ("region LIKE 'N%'", 8, "LIKE is not part", "IN"),
    ("region || 'x' = 'y'", 8, "'|' is not part", "joined"),
    ("dti % 2 = 0", 5, "'%' is not part", "remainder"),
    ("dti == 1", 6, "'==' is not part", "write ="),
    ("loans.dti = 1", 6, "'.' is not part of the language", "by its name alone"),
    ("region = E'a'", 10, "'E' is not a known field", ""),
    ("dti > 0x1F", 7, "'0x' is not a number", "plainly"),
    ("dti > 1_000", 7, "'1_' is not a number", "plainly"),
    ("dti > 1e30", 7, "outside the language's range", "1e-22 to 1e+22"),
    ("dti > 1e-400", 7, "outside the language's range", ""),
    ("region = 'a\0b'", 10, "databases cannot store", "remove"),
    ("region = '\ud800'", 10, "databases cannot store", "remove"),
    # grammar
    ("", 1, "empty", ""),
    ("   ", 1, "empty", ""),
    ("dti >", 6, "the end stands where a value is expected", ""),
    ("dti > 1)", 8, "')' stands where", ""),
    ("(dti > 1", 9, "the end stands where ')' is expected", ""),
    ("dti 5", 5, "'5' stands where", ""),
    ("dti > 1 dti", 9, "'dti' stands where", ""),
    ("region = 'a", 10, "is not part of the language", "close"),
    ("dti < 1 < pd", 9, "one comparison follows another", "parentheses"),
    ("dti = pd IS NULL", 10, "one comparison follows another", "parentheses"),
    ("dti BETWEEN 1 AND 2 = is_late", 21, "one comparison follows another", "parentheses"),
    ("dti = NOT is_late", 7, "NOT stands where a value", "parentheses"),
    ("dti IS 5", 8, "where NULL, TRUE or FALSE is expected", ""),
    ("CASE dti END", 10, "where WHEN is expected", ""),
    ("ABS(dti, pd)", 1, "ABS takes 1 values, not 2", ""),
    ("LEAST(dti)", 1, "LEAST takes at least 2 values", ""),
]


@pytest.mark.parametrize(("text", "column", "message", "mend"), REFUSED)
def test_what_is_refused_says_where_what_and_how(
    text: str, column: int, message: str, mend: str
) -> None:
    with pytest.raises(ExpressionError) as refused:
        compile(text, TYPES)
    assert message in refused.value.message
    assert mend in refused.value.mend
    assert refused.value.where == Span("expression", 1, column)
    assert isinstance(refused.value, BadInput)
    assert refused.value.exit_code == 2


def test_a_fault_is_placed_within_the_file_that_holds_the_text() -> None:
    with pytest.raises(ExpressionError) as refused:
        compile("dti > 1 AND\n  incom > 2", TYPES, where=Span("strategy.yaml", 14, 9))
    assert str(refused.value).startswith("strategy.yaml:15:3  'incom' is not a known field")
    with pytest.raises(ExpressionError) as refused:
        compile("dti > 1 AND incom > 2", TYPES, where=Span("strategy.yaml", 14, 9))
    assert refused.value.where == Span("strategy.yaml", 14, 21)
    assert refused.value.field == "incom"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "dti" + ")" * 5_000,
        "NOT " * 4_000 + "is_late",
        "- " * 5_000 + "dti",
        "CASE WHEN is_late THEN " * 500 + "1" + " END" * 500,
        "COALESCE(dti, " * 900 + "1" + ")" * 900,
        "dti > (" * 900,
        " + ".join(["dti"] * 3_000),
    ],
)
def test_deep_nesting_is_refused_and_never_exhausts_the_stack(text: str) -> None:
    with pytest.raises(ExpressionError, match="nested deeper"):
        compile(text, TYPES)


def test_length_lists_and_repeated_subjects_are_bounded() -> None:
    with pytest.raises(ExpressionError, match="longer than 20000 characters"):
        compile("dti > 1 OR " * 2_000 + "dti > 1", TYPES)
    with pytest.raises(ExpressionError, match="list is longer than 1000"):
        compile(f"dti IN ({', '.join(map(str, range(1_001)))})", TYPES)
    doubling = "dti"
    for _ in range(12):  # a simple CASE repeats its subject: two to the twelfth parts
        doubling = f"CASE {doubling} WHEN 1 THEN 2 WHEN 3 THEN 4 ELSE pd END"
    with pytest.raises(ExpressionError, match="more than 5000 parts"):
        compile(doubling, TYPES)


def test_arithmetic_that_could_leave_double_precision_is_refused() -> None:
    compile(" * ".join(["dti"] * 13), TYPES)
    with pytest.raises(ExpressionError, match="range of double precision"):
        compile(" * ".join(["dti"] * 14), TYPES)
    with pytest.raises(ExpressionError, match="range of double precision"):
        compile("1 / (" + " * ".join(["(dti - pd)"] * 9) + ")", TYPES)


def test_an_unknown_type_and_an_unknown_dialect_are_named() -> None:
    with pytest.raises(ExpressionError, match="'amount' has the type 'money'"):
        compile("amount > 1", {"amount": "money"})
    with pytest.raises(ExpressionError, match="did you mean 'postgres'"):
        compile("dti > 1", TYPES).sql("postgresql")
