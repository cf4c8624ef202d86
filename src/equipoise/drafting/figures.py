"""Which fields hold the amount, term, income and price; where none does, what is assumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log10

import polars as pl

from equipoise.contract import Contract, Field
from equipoise.contract.lexicon.money import (
    Period,
    is_amount,
    is_income,
    is_limit,
    is_loan_amount,
    is_term,
    period,
)
from equipoise.contract.naming import words
from equipoise.drafting.terms import looks_like_terms, months_in, unit_of_terms
from equipoise.expression import literal

ASSUMED_AMOUNT, ASSUMED_TERM, ASSUMED_APR = 10_000.0, 36, 0.15
LONGEST_TERM, HIGHEST_PERCENT = 480, 200
_APR = {"apr", "int_rate", "interest_rate", "rate_of_interest"}
_NOBODY = "no field sounds like it: the same is assumed of everybody"
_IN_A_YEAR: dict[Period, float] = {"month": 12, "year": 1, "week": 52, "day": 365}
_MONTHS_AS_RATIO: dict[Period, tuple[int, int]] = {
    "day": (12, 365),
    "week": (12, 52),
    "year": (12, 1),
}
_IN_THOUSANDS_BELOW = 2_000
# an instalment under a two-hundredth of income, or over most of it, is misread
_LEAST_BURDEN, _MOST_BURDEN = 0.005, 0.6


@dataclass(frozen=True, slots=True)
class Figure:
    """An expression over the contract's fields, its usual size, and where it comes from.

    `aloud` marks what a person should look at first: a unit that only the sizes suggest. `field`
    names the field it is read from, if any.
    """

    expression: str
    typical: float
    said: str
    aloud: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that treatments need of each applicant; APR as a fraction, income a month."""

    amount: Figure
    term: Figure
    income: Figure
    apr: Figure


def find_figures(contract: Contract, frame: pl.DataFrame | None = None) -> Figures:
    """Look for each figure by name and size; `frame` (checked) gives sizes, else ranges do."""
    term = _term(contract, frame)
    amount = _amount(contract, frame)
    income = _income(contract, frame, amount.typical, term.typical)
    amount, income = _agreeing(amount, income, term.typical)
    return Figures(amount, term, income, _apr(contract, frame))


def _amount(contract: Contract, frame: pl.DataFrame | None) -> Figure:
    for fits in (is_loan_amount, is_amount, is_limit):
        field = _first(contract, frame, fits)
        if field is not None:
            typical = _typical(field, frame) or ASSUMED_AMOUNT
            text = f"read from '{field.name}', whose name sounds like it"
            return Figure(_positive(field.name, typical), typical, text, field=field.name)
    return Figure(f"{ASSUMED_AMOUNT:.0f}", ASSUMED_AMOUNT, _NOBODY)


def _term(contract: Contract, frame: pl.DataFrame | None) -> Figure:
    """By name, as a number or text such as '36 months'; else by values that can only be terms."""
    for field in _usable(contract):
        if is_term(field.column):
            return _term_of(field, frame)
    for field in contract.fields:
        worded = field.type == "string" and field.use not in ("ignore", "identifier")
        months = {str(value): months_in(str(value)) for value in field.values if worded}
        if months and all(months.values()) and is_term(f"{field.column} months"):
            cases = " ".join(
                f"WHEN {field.name} = {literal(value)} THEN {count:g}"
                for value, count in months.items()
                if count
            )
            usual = _usual_text(field, frame, months) or ASSUMED_TERM
            expression = f"CASE {cases} ELSE {ASSUMED_TERM} END"
            return Figure(expression, usual, f"read from '{field.name}'")
    for field in _usable(contract):
        if not is_income(field.column) and looks_like_terms(_values(field, frame)):
            text = f"read from '{field.name}', whose values look like months"
            return Figure(_months(field, 1, 1), _middle(field, frame), text, aloud=True)
    return Figure(str(ASSUMED_TERM), ASSUMED_TERM, _NOBODY)


def _term_of(field: Field, frame: pl.DataFrame | None) -> Figure:
    named = unit_of_terms(field.unit) or period(field.column)
    unit, guessed = (named, False) if named else _unit_by_size(_values(field, frame))
    times, parts = _MONTHS_AS_RATIO.get(unit, (1, 1))
    middle = _middle(field, frame) * times / parts
    text = f"read from '{field.name}', taken to be in {unit}s"
    if guessed:
        text += " by its size"
    typical = round(middle, 1) or ASSUMED_TERM
    return Figure(_months(field, times, parts), typical, text, aloud=guessed)


def _unit_by_size(values: pl.Series) -> tuple[Period, bool]:
    """The unit of a term whose name gives none, and whether its size says it is not months."""
    high = values.max() if values.len() else None
    if not isinstance(high, (int, float)):
        return "month", False
    if high > LONGEST_TERM:
        return "day", True
    if values.n_unique() > 1 and bool((values % 7 == 0).all()):
        return "day", True
    return "month", bool(high <= 10)


def _months(field: Field, times: int, parts: int) -> str:
    name = field.name
    given = name if (times, parts) == (1, 1) else f"{name} * {times}"
    given = given if parts == 1 else f"{given} / {parts}"
    low, high = _bound(parts, times), _bound(LONGEST_TERM * parts, times)
    return f"CASE WHEN {name} BETWEEN {low} AND {high} THEN {given} ELSE {ASSUMED_TERM} END"


def _bound(numerator: int, denominator: int) -> str:
    """The size, in the field's unit, of a bound that stands in months."""
    return f"{numerator / denominator:.4g}" if denominator > 1 else f"{numerator}"


def _income(contract: Contract, frame: pl.DataFrame | None, amount: float, term: float) -> Figure:
    field = _first(contract, frame, is_income)
    if field is None:
        monthly = _round(amount / 4)
        return Figure(f"{monthly:g}", monthly, _NOBODY)
    named = period(field.column)
    usual = _typical(field, frame) or amount * (0.25 if named == "month" else 3)
    unit: Period = named or "year"
    # at a twelfth of it nobody could pay even the principal: it is a month's
    monthly_by_size = not named and amount / max(term, 1) > _MOST_BURDEN * usual / 12
    if monthly_by_size:
        unit = "month"
    text = f"read from '{field.name}', taken to be a {unit}"
    if not named:
        text += "; its name does not say" + (
            ", but a year's would not pay the loan" if monthly_by_size else ""
        )
    times = _IN_A_YEAR[unit]
    typical = _round(usual * times / 12)
    yearly = field.name if times == 1 else f"{field.name} * {times:g}"
    given = field.name if unit == "month" else f"{yearly} / 12"
    expression = f"CASE WHEN {field.name} > 0 THEN {given} ELSE {typical:g} END"
    return Figure(expression, typical, text, aloud=not named, field=field.name)


def _agreeing(amount: Figure, income: Figure, term: float) -> tuple[Figure, Figure]:
    """Amounts in thousands, where they are small beside an income that is read from the data."""
    burden = amount.typical / max(term, 1) / max(income.typical, 1e-9)
    read = amount.field and income.field
    if not read or amount.typical >= _IN_THOUSANDS_BELOW or burden >= _LEAST_BURDEN:
        return amount, income
    name, typical = amount.field, amount.typical * 1_000
    text = f"read from '{name}', taken to be in thousands: beside incomes it is far too small"
    expression = f"CASE WHEN {name} > 0 THEN {name} * 1000 ELSE {typical:g} END"
    return Figure(expression, typical, text, aloud=True, field=name), income


def _apr(contract: Contract, frame: pl.DataFrame | None) -> Figure:
    field = next((field for field in _usable(contract) if _is_apr(field)), None)
    if field is None:
        return Figure(f"{ASSUMED_APR:g}", ASSUMED_APR, _NOBODY)
    percent = _high(field) > 2
    typical = _middle(field, frame) or _high(field) / 4
    typical = round(typical / 100 if percent else typical, 3)
    given = f"{field.name} / 100" if percent else field.name
    text = f"read from '{field.name}', taken to be {'in percent' if percent else 'a fraction'}"
    expression = f"CASE WHEN {field.name} > 0 THEN {given} ELSE {typical:g} END"
    return Figure(expression, typical, text)


def _is_apr(field: Field) -> bool:
    name = "_".join(words(field.name))
    named = any(name == stem or name.endswith(f"_{stem}") for stem in _APR)
    return named and 0 < _high(field) <= HIGHEST_PERCENT


def _usable(contract: Contract) -> list[Field]:
    return [
        field
        for field in contract.fields
        if field.type in ("number", "integer")
        and field.use in ("feature", "audit", "outcome")
        and not field.protected
    ]


def _first(
    contract: Contract, frame: pl.DataFrame | None, fits: Callable[[str], bool]
) -> Field | None:
    """The first field of such a name that holds money: a name may say amount of a term."""
    for field in _usable(contract):
        named = fits(field.column) and not is_term(field.column)
        if named and not looks_like_terms(_values(field, frame)):
            return field
    return None


def _values(field: Field, frame: pl.DataFrame | None) -> pl.Series:
    if frame is None or field.name not in frame.columns:
        return pl.Series([], dtype=pl.Float64)
    return frame[field.name].cast(pl.Float64).drop_nulls()


def _usual_text(field: Field, frame: pl.DataFrame | None, months: dict[str, float | None]) -> float:
    if frame is None or field.name not in frame.columns:
        return 0.0
    counted = frame[field.name].drop_nulls().replace_strict(months, default=None)
    middle = counted.cast(pl.Float64).median()
    return float(middle) if isinstance(middle, (int, float)) else 0.0


def _typical(field: Field, frame: pl.DataFrame | None) -> float:
    """The median, or a tenth of the top of a drafted range, which is twice as wide as seen."""
    return _round(_middle(field, frame) or _high(field) / 10)


def _middle(field: Field, frame: pl.DataFrame | None) -> float:
    if frame is None or field.name not in frame.columns:
        return 0.0
    known = frame[field.name].cast(pl.Float64)
    middle = known.filter(known > 0).median()
    return float(middle) if isinstance(middle, (int, float)) else 0.0


def _high(field: Field) -> float:
    high = field.range[1] if field.range else None
    return float(high) if isinstance(high, (int, float)) and high > 0 else 0.0


def _positive(name: str, otherwise: float) -> str:
    return f"CASE WHEN {name} > 0 THEN {name} ELSE {otherwise:g} END"


def _round(value: float) -> float:
    """Two digits, so that nobody takes a guess for a measurement."""
    return round(value, 1 - floor(log10(value))) if value > 0 else 0.0
