"""Which fields hold the amount, term, income and price; where none does, what is assumed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log10

import polars as pl

from equipoise.contract import Contract, Field
from equipoise.contract.naming import words

ASSUMED_AMOUNT, ASSUMED_TERM, ASSUMED_APR = 10_000.0, 36, 0.15
LONGEST_TERM, HIGHEST_PERCENT = 480, 200
_OF_A_LOAN = {"loan", "credit", "funded", "requested", "request", "asked", "applied", "principal"}
_AMOUNT = {"amount", "amnt", "amt"}
_WHOLE = {"amount", "principal", "loanamt", "loanamount", "creditamount", "loan"}
_LIMIT = {"limit"}
_INCOME = {"income", "inc", "salary", "wage", "wages", "earnings"}
_SHARES = {"rate", "ratio", "percent", "percentage", "pct", "share", "dti", "to"}
_APR = {"apr", "int_rate", "interest_rate", "rate_of_interest"}
_MONTHS = re.compile(r"^\s*(\d{1,3})\s*(m|mo|mth|months?)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """An expression over the contract's fields, its usual size, and where it comes from."""

    expression: str
    typical: float
    said: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures that treatments need of each applicant; APR as a fraction, income a month."""

    amount: Figure
    term: Figure
    income: Figure
    apr: Figure


def find_figures(contract: Contract, frame: pl.DataFrame | None = None) -> Figures:
    """Look for each figure by name; `frame` (checked) gives usual sizes, else the ranges do."""
    amount = _amount(contract, frame)
    return Figures(
        amount, _term(contract), _income(contract, frame, amount.typical), _apr(contract, frame)
    )


def _amount(contract: Contract, frame: pl.DataFrame | None) -> Figure:
    for fits in (_is_loan_amount, _is_amount, _is_limit):
        field = _first(contract, fits)
        if field is not None:
            typical = _typical(field, frame) or ASSUMED_AMOUNT
            text = f"read from '{field.name}', whose name sounds like it"
            return Figure(_positive(field.name, typical), typical, text)
    text = "no field sounds like it: the same is assumed of everybody"
    return Figure(f"{ASSUMED_AMOUNT:.0f}", ASSUMED_AMOUNT, text)


def _is_loan_amount(field: Field) -> bool:
    found = set(words(field.name))
    return bool(found & _AMOUNT and found & _OF_A_LOAN)


def _is_amount(field: Field) -> bool:
    return "".join(words(field.name)) in _WHOLE


def _is_limit(field: Field) -> bool:
    found = set(words(field.name))
    return "limit" in found and len(found - _LIMIT - {"bal", "balance", "credit", "card"}) == 0


def _term(contract: Contract) -> Figure:
    field = _first(contract, _is_term)
    if field is not None:
        inside = f"{field.name} BETWEEN 1 AND {LONGEST_TERM}"
        text = f"read from '{field.name}', taken to be in months"
        expression = f"CASE WHEN {inside} THEN {field.name} ELSE {ASSUMED_TERM} END"
        return Figure(expression, ASSUMED_TERM, text)
    for field in contract.fields:
        if field.type == "string" and field.use != "ignore" and "term" in words(field.name):
            months = {str(v): _MONTHS.match(str(v)) for v in field.values}
            if months and all(months.values()):
                cases = " ".join(
                    f"WHEN {field.name} = '{value}' THEN {found.group(1)}"
                    for value, found in months.items()
                    if found
                )
                text = f"read from '{field.name}'"
                return Figure(f"CASE {cases} ELSE {ASSUMED_TERM} END", ASSUMED_TERM, text)
    text = "no field sounds like it: the same is assumed of everybody"
    return Figure(str(ASSUMED_TERM), ASSUMED_TERM, text)


def _is_term(field: Field) -> bool:
    found = set(words(field.name))
    # a duration without a unit may be that of a telephone call
    return found in ({"term"}, {"loan", "term"}) or bool(
        found & {"term", "duration", "tenure"} and found & {"month", "months"}
    )


def _income(contract: Contract, frame: pl.DataFrame | None, amount: float) -> Figure:
    field = _first(contract, _is_income)
    if field is None:
        monthly = _round(amount / 4)
        text = "no field sounds like it: the same is assumed of everybody"
        return Figure(f"{monthly:g}", monthly, text)
    by_month = bool(set(words(field.name)) & {"month", "monthly"})
    typical = (_typical(field, frame) or amount * (0.25 if by_month else 3)) / (
        1 if by_month else 12
    )
    typical = _round(typical)
    given = field.name if by_month else f"{field.name} / 12"
    text = f"read from '{field.name}', taken to be {'a month' if by_month else 'a year'}"
    expression = f"CASE WHEN {field.name} > 0 THEN {given} ELSE {typical:g} END"
    return Figure(expression, typical, text)


def _is_income(field: Field) -> bool:
    # a share of income is no income
    found = set(words(field.name))
    return bool(found & _INCOME) and not found & _SHARES


def _apr(contract: Contract, frame: pl.DataFrame | None) -> Figure:
    field = _first(contract, _is_apr)
    if field is None:
        text = "no field sounds like it: the same is assumed of everybody"
        return Figure(f"{ASSUMED_APR:g}", ASSUMED_APR, text)
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


def _first(contract: Contract, fits: Callable[[Field], bool]) -> Field | None:
    for field in contract.fields:
        if (
            field.type in ("number", "integer")
            and field.use in ("feature", "audit", "outcome")
            and not field.protected
            and fits(field)
        ):
            return field
    return None


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
