"""What each SQL engine writes in its own way; everything else is common to them all.

The one table of dialects: who writes SQL takes names, constants and types from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, get_args

from equipoise.expression.reach import LARGEST, SMALLEST

if TYPE_CHECKING:
    from equipoise.expression.nodes import Kind

DialectName = Literal["duckdb", "postgres", "sqlite", "spark"]
DIALECT_NAMES: tuple[DialectName, ...] = get_args(DialectName)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine's spelling of constants, names, types and the few functions that differ.

    `double` and `string` are its names of a float64 and of a text of any length.
    """

    double: str
    string: str
    number: Callable[[float], str]
    text: Callable[[str], str]
    day: Callable[[date], str]
    days: str  # from `earlier` to `later`, as a double
    field: Callable[[str, Kind], str]
    by_bytes: str = ""  # a suffix that takes a column's collation away
    ignores_nulls: bool = True  # LEAST and GREATEST leave NULLs out by themselves
    guards: bool = True  # for an engine: divisors are held away from zero
    quote: str = '"'  # around a name
    fence: str = ""  # behind a sub-select, keeps an optimiser from merging it into the next


def _quoted(name: str, quote: str = '"') -> str:
    return quote + name.replace(quote, quote * 2) + quote


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _spark_text(text: str) -> str:
    # `${` would be replaced from Spark's configuration before the text is even parsed
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\u0024")
    return f"'{escaped}'"


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _plain(value: float) -> str:
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _with_exponent(value: float) -> str:
    """A number that DuckDB and Spark read as a double, where 0.45 would be a decimal."""
    text = repr(value)
    return text if "e" in text else f"{text}e0"


def _postgres_number(value: float) -> str:
    return f"float8 '{value!r}'"


def _sqlite_number(value: float) -> str:
    """A number that every build of SQLite reads to the last bit.

    Its own reading of decimals is not always correctly rounded. Whole numbers up to 2**53 and
    powers of ten up to 10**22 are read exactly, so one division of them rounds as it should.
    """
    if value.is_integer() and abs(value) < 2**53:
        return f"{int(value)}.0"
    decimal, _, power = repr(value).partition("e")
    whole, _, fraction = decimal.partition(".")
    mantissa, scale = int(whole + fraction), int(power or 0) - len(fraction)
    if abs(mantissa) <= 2**53 and abs(scale) <= 22:
        if mantissa == 1 and scale > 0:
            return f"1e{scale}"
        sign = "*" if scale > 0 else "/"
        return f"({mantissa}.0 {sign} {_power_of_ten(abs(scale))})"
    return _from_powers_of_two(*value.as_integer_ratio())


def _power_of_ten(exponent: int) -> str:
    return f"{10**exponent}.0" if exponent < 16 else f"1e{exponent}"


def _from_powers_of_two(numerator: int, denominator: int) -> str:
    """The exact value: a whole number times, or over, powers of two, all of them exact."""
    twos = (numerator & -numerator).bit_length() - 1
    text, sign, left = f"{numerator >> twos}.0", "*", twos
    if denominator > 1:
        sign, left = "/", denominator.bit_length() - 1
    while left:
        step = min(left, 52)
        text += f" {sign} {2**step}.0"
        left -= step
    return f"({text})"


def _guarded(
    double: str, number: Callable[[float], str], quote: str = '"', has_dates: bool = True
) -> Callable[[str, Kind], str]:
    """How an engine reads a field: numbers as doubles within the language's domain.

    What is too large, infinite or NaN (which engines sort above all numbers) meets no branch.
    """

    def field(name: str, kind: Kind) -> str:
        column = _quoted(name, quote)
        if kind == "number":
            cast = f"CAST({column} AS {double})"
            return (
                f"CASE WHEN ABS({cast}) < {number(SMALLEST)} THEN {number(0.0)} "
                f"WHEN ABS({cast}) <= {number(LARGEST)} THEN {cast} END"
            )
        if kind == "date" and has_dates:
            return f"CAST({column} AS DATE)"
        return f"({column} <> 0)" if kind == "boolean" and not has_dates else column

    return field


CANONICAL = Dialect(
    double="DOUBLE",
    string="VARCHAR",
    number=_plain,
    text=_text,
    day=_day,
    days="{later} - {earlier}",
    field=lambda name, _: _quoted(name),
    guards=False,
)

DIALECTS: Mapping[DialectName, Dialect] = {
    "duckdb": Dialect(
        double="DOUBLE",
        string="VARCHAR",
        number=_with_exponent,
        text=_text,
        day=_day,
        days="CAST({later} - {earlier} AS DOUBLE)",
        field=_guarded("DOUBLE", _with_exponent),
        by_bytes='COLLATE "C"',
    ),
    "postgres": Dialect(
        double="DOUBLE PRECISION",
        string="TEXT",
        fence=" OFFSET 0",
        number=_postgres_number,
        text=_text,
        day=_day,
        days="CAST({later} - {earlier} AS double precision)",
        field=_guarded("double precision", _postgres_number),
        by_bytes='COLLATE "C"',
    ),
    "sqlite": Dialect(
        double="REAL",
        string="TEXT",
        fence=" LIMIT -1",
        number=_sqlite_number,
        text=_text,
        day=lambda day: f"'{day.isoformat()}'",
        days="(julianday({later}) - julianday({earlier}))",
        field=_guarded("REAL", _sqlite_number, has_dates=False),
        by_bytes="COLLATE BINARY",
        ignores_nulls=False,
    ),
    "spark": Dialect(
        double="DOUBLE",
        string="STRING",
        quote="`",
        number=_with_exponent,
        text=_spark_text,
        day=_day,
        days="CAST(datediff({later}, {earlier}) AS DOUBLE)",
        field=_guarded("DOUBLE", _with_exponent, quote="`"),
    ),
}


def quoted(name: str, dialect: DialectName | None = None) -> str:
    """A name as an identifier of a database, or of an expression where none is named."""
    return _quoted(name, _of(dialect).quote)


def literal(value: bool | float | str | date | None, dialect: DialectName | None = None) -> str:
    """A constant as a database writes it, or an expression where none is named."""
    spelling = _of(dialect)
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return spelling.text(value)
    if isinstance(value, date):
        return spelling.day(value)
    return spelling.number(float(value))


def number(value: float, dialect: DialectName) -> str:
    """A constant of exactly this finite double."""
    return DIALECTS[dialect].number(value)


def _of(dialect: DialectName | None) -> Dialect:
    return CANONICAL if dialect is None else DIALECTS[dialect]
