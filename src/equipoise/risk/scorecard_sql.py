"""A scorecard as SQL text for DuckDB, PostgreSQL, SQLite and Spark: the same points, to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from equipoise.risk.characteristic import Attribute, Categorical, Characteristic, Numeric
from equipoise.risk.pd_table import PdTable
from equipoise.risk.scorecard import Scorecard

Dialect = Literal["duckdb", "postgres", "sqlite", "spark"]


def points_sql(card: Scorecard, dialect: Dialect, columns: Mapping[str, str] | None = None) -> str:
    """An SQL expression for the total points of a row; NULL where the card refuses.

    `columns` gives the SQL of a feature where it is not a column of its own name. Numeric features
    must be numbers (a boolean as 0 or 1), categories text.
    """
    given = columns or {}
    parts = [number(card.base_points, dialect)]
    for each in card.characteristics:
        column = given.get(each.name) or quoted(each.name, dialect)
        parts.append(_case(each, column, dialect))
    return "(" + "\n + ".join(parts) + ")"


def pd_sql(card: Scorecard, dialect: Dialect, points: str = "points") -> str:
    """An SQL expression for the PD of a row whose total is the column or expression `points`."""
    table = card.pd_table
    start, step = number(table.start, dialect), number(table.step, dialect)
    t = f"(({points} - {start}) / {step})"
    last = len(table.pds) - 1
    return (
        f"CASE WHEN {points} IS NULL THEN NULL"
        f" WHEN {t} <= {number(0.0, dialect)} THEN {number(table.pds[0], dialect)}"
        f" WHEN {t} >= {number(float(last), dialect)} THEN {number(table.pds[last], dialect)}"
        f" ELSE {_halves(table, t, 0, last, dialect)} END"
    )


def score_query(card: Scorecard, table: str, dialect: Dialect) -> str:
    """A query that adds `points` and `pd` to every row of `table`."""
    inner = f"SELECT *, {points_sql(card, dialect)} AS points FROM {quoted(table, dialect)}"
    return f"SELECT *, {pd_sql(card, dialect)} AS pd FROM ({inner}) AS scored"


def _halves(table: PdTable, t: str, low: int, high: int, dialect: Dialect) -> str:
    """Nested CASE, halving the table at each level, so that a row meets few comparisons."""
    if high - low == 1:
        first, second = table.pds[low], table.pds[high]
        rest = f"({t} - {number(float(low), dialect)})"
        return f"({number(first, dialect)} + {rest} * {number(second - first, dialect)})"
    middle = (low + high) // 2
    below = _halves(table, t, low, middle, dialect)
    above = _halves(table, t, middle, high, dialect)
    return f"CASE WHEN {t} < {number(float(middle), dialect)} THEN {below} ELSE {above} END"


def _case(each: Characteristic, column: str, dialect: Dialect) -> str:
    missing = _points(each.missing, dialect)
    arms = [f"WHEN {column} IS NULL THEN {missing}"]
    if isinstance(each, Numeric):
        arms += _numeric_arms(each, column, dialect)
        last = _points(each.attributes[-1], dialect)
    else:
        arms += _category_arms(each, column, dialect)
        last = _points(each.other, dialect)
    return "CASE " + " ".join(arms) + f" ELSE {last} END"


def _numeric_arms(each: Numeric, column: str, dialect: Dialect) -> list[str]:
    value = f"CAST({column} AS {double(dialect)})"
    arms = [
        f"WHEN {value} = {number(code, dialect)} THEN {_points(attribute, dialect)}"
        for code, attribute in each.special
    ]
    if dialect != "sqlite":  # SQLite stores NaN as NULL
        arms.append(f"WHEN {value} = CAST('NaN' AS {double(dialect)}) THEN NULL")
    for edge, attribute in zip(each.edges, each.attributes, strict=False):
        points = _points(attribute, dialect)
        arms.append(f"WHEN {value} < {number(edge, dialect)} THEN {points}")
    return arms


def _category_arms(each: Categorical, column: str, dialect: Dialect) -> list[str]:
    arms = []
    for group, attribute in zip(each.groups, each.attributes, strict=True):
        names = ", ".join(text(name, dialect) for name in group)
        arms.append(f"WHEN {column} IN ({names}) THEN {_points(attribute, dialect)}")
    return arms


def _points(attribute: Attribute | None, dialect: Dialect) -> str:
    if attribute is None or attribute.points is None:
        return "NULL"
    return number(attribute.points, dialect)


def double(dialect: Dialect) -> str:
    """The engine's name of a float64."""
    return {"postgres": "DOUBLE PRECISION", "sqlite": "REAL"}.get(dialect, "DOUBLE")


def number(value: float, dialect: Dialect) -> str:
    """SQL text of exactly this double.

    The other engines read a decimal text to the nearest double; SQLite's reader can miss by a
    bit, so there the number is written as a quotient of integers and powers of two.
    """
    if dialect != "sqlite":
        return f"CAST('{value!r}' AS {double(dialect)})"
    if value.is_integer() and abs(value) < 2**53:
        return f"{int(value)}.0"
    over, under = value.as_integer_ratio()
    shift = under.bit_length() - 1
    scaled, up = over, 0
    while abs(scaled) >= 2**53:  # an integer above 2**53 that is a double ends in zeros
        scaled, up = scaled >> 1, up + 1
    powers = "".join(f" * {2**part}.0" for part in _chunks(up))
    powers += "".join(f" / {2**part}.0" for part in _chunks(shift))
    return f"({scaled}.0{powers})"


def _chunks(power: int) -> list[int]:
    return [50] * (power // 50) + ([power % 50] if power % 50 else [])


def quoted(name: str, dialect: Dialect) -> str:
    """A name as an SQL identifier."""
    mark = "`" if dialect == "spark" else '"'
    return mark + name.replace(mark, mark * 2) + mark


def text(value: str, dialect: Dialect) -> str:
    """A text literal."""
    if dialect == "spark":  # Spark reads backslash escapes inside quotes
        value = value.replace("\\", "\\\\")
        return "'" + value.replace("'", "\\'") + "'"
    return "'" + value.replace("'", "''") + "'"
