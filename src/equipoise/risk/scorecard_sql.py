"""A scorecard as SQL text for DuckDB, PostgreSQL, SQLite and Spark: the same points, to the bit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise

from equipoise.expression import DIALECTS, DialectName, literal, number, quoted
from equipoise.risk.characteristic import Attribute, Categorical, Characteristic, Numeric
from equipoise.risk.pd_table import PdTable
from equipoise.risk.scorecard import Scorecard

Worth = Callable[[Attribute | None], str]


def points_sql(
    card: Scorecard, dialect: DialectName, columns: Mapping[str, str] | None = None
) -> str:
    """An SQL expression for the total points of a row; NULL where the card refuses.

    `columns` gives the SQL of a feature where it is not a column of its own name. Numeric features
    must be numbers (a boolean as 0 or 1), categories text.
    """
    sql = columns or {}
    parts = [number(card.base_points, dialect)]
    for each in card.characteristics:
        column = sql.get(each.name) or quoted(each.name, dialect)
        parts.append(_case(each, column, dialect, partial(_points, dialect=dialect)))
    return "(" + "\n + ".join(parts) + ")"


def risks_sql(
    card: Scorecard, means: Mapping[str, float], columns: Mapping[str, str]
) -> dict[str, str]:
    """What `risks` has of each characteristic, less its mean at the cut-off, in Spark's SQL."""

    def short(attribute: Attribute | None, name: str) -> str:
        points = 0.0 if attribute is None or attribute.points is None else attribute.points
        return number(-points / card.scaling.factor - means[name], "spark")

    return {
        each.name: _case(each, columns[each.name], "spark", partial(short, name=each.name))
        for each in card.characteristics
    }


def pd_sql(card: Scorecard, dialect: DialectName, points: str = "points") -> str:
    """An SQL expression for the PD of a row whose total is the column or expression `points`."""
    table = card.pd_table
    start, step = number(table.start, dialect), number(table.step, dialect)
    t = f"(({points} - {start}) / {step})"
    last = len(table.pds) - 1
    within = _entries(table, t) if dialect == "spark" else _halves(table, t, 0, last, dialect)
    return (
        f"CASE WHEN {points} IS NULL THEN NULL"
        f" WHEN {t} <= {number(0.0, dialect)} THEN {number(table.pds[0], dialect)}"
        f" WHEN {t} >= {number(float(last), dialect)} THEN {number(table.pds[last], dialect)}"
        f" ELSE {within} END"
    )


def score_query(card: Scorecard, table: str, dialect: DialectName) -> str:
    """A query that adds `points` and `pd` to every row of `table`."""
    inner = f"SELECT *, {points_sql(card, dialect)} AS points FROM {quoted(table, dialect)}"
    return f"SELECT *, {pd_sql(card, dialect)} AS pd FROM ({inner}) AS scored"


def _entries(table: PdTable, t: str) -> str:
    """What `_halves` says, by Spark's arrays."""
    starts = ", ".join(number(each, "spark") for each in table.pds)
    steps = ", ".join(number(b - a, "spark") for a, b in pairwise(table.pds))
    at, rest = f"CAST(FLOOR({t}) AS INT) + 1", f"({t} - CAST(FLOOR({t}) AS DOUBLE))"
    return f"(element_at(array({starts}), {at}) + {rest} * element_at(array({steps}), {at}))"


def _halves(table: PdTable, t: str, low: int, high: int, dialect: DialectName) -> str:
    """Nested CASE, halving the table at each level, so that a row meets few comparisons."""
    if high - low == 1:
        first, second = table.pds[low], table.pds[high]
        rest = f"({t} - {number(float(low), dialect)})"
        return f"({number(first, dialect)} + {rest} * {number(second - first, dialect)})"
    middle = (low + high) // 2
    below = _halves(table, t, low, middle, dialect)
    above = _halves(table, t, middle, high, dialect)
    return f"CASE WHEN {t} < {number(float(middle), dialect)} THEN {below} ELSE {above} END"


def _case(each: Characteristic, column: str, dialect: DialectName, worth: Worth) -> str:
    """What each attribute is worth, by the value of a column."""
    arms = [f"WHEN {column} IS NULL THEN {worth(each.missing)}"]
    if isinstance(each, Numeric):
        arms += _numeric_arms(each, column, dialect, worth)
        last = worth(each.attributes[-1])
    else:
        arms += _category_arms(each, column, dialect, worth)
        last = worth(each.other)
    return "CASE " + " ".join(arms) + f" ELSE {last} END"


def _numeric_arms(each: Numeric, column: str, dialect: DialectName, worth: Worth) -> list[str]:
    value = f"CAST({column} AS {DIALECTS[dialect].double})"
    arms = [
        f"WHEN {value} = {number(code, dialect)} THEN {worth(attribute)}"
        for code, attribute in each.special
    ]
    if dialect != "sqlite":  # SQLite stores NaN as NULL
        arms.append(f"WHEN {value} = CAST('NaN' AS {DIALECTS[dialect].double}) THEN NULL")
    for edge, attribute in zip(each.edges, each.attributes, strict=False):
        arms.append(f"WHEN {value} < {number(edge, dialect)} THEN {worth(attribute)}")
    return arms


def _category_arms(each: Categorical, column: str, dialect: DialectName, worth: Worth) -> list[str]:
    arms = []
    for group, attribute in zip(each.groups, each.attributes, strict=True):
        names = ", ".join(literal(name, dialect) for name in group)
        arms.append(f"WHEN {column} IN ({names}) THEN {worth(attribute)}")
    return arms


def _points(attribute: Attribute | None, dialect: DialectName) -> str:
    if attribute is None or attribute.points is None:
        return "NULL"
    return number(attribute.points, dialect)
