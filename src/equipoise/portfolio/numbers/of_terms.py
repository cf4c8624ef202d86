"""Queries over `terms`, the open loans with what their losses, capital and grades are made of."""

from __future__ import annotations

from equipoise.expression import compile as compile_expression
from equipoise.portfolio.grading import GRADES
from equipoise.portfolio.numbers.number import Number, Query
from equipoise.portfolio.numbers.of_book import Measured, text
from equipoise.portfolio.rule_document import GRADE_FACTS

_ALLOWANCE = "CASE stage WHEN 1 THEN loss_year WHEN 2 THEN loss_life ELSE lgd * ead END + overlay"
_LOSS_TERMS = (
    "loan, days, stage, reason, pd, lgd, ead, rate, months_left, loss_year, loss_life, overlay"
)
_BY_EAD = "ORDER BY ead DESC, loan"
_WEIGHTED = {"irb": "12.5 * k * ead", "standardised": "weight * ead"}
_CAPITAL_TERMS = {
    "irb": "loan, asset_class, defaulted, irb_pd, irb_lgd, ead, k",
    "standardised": "loan, asset_class, defaulted, ead, weight",
}


def stage(_: Measured, number: Number) -> Query:
    """Loans, exposure and allowance of a stage."""
    return _allowances(f"WHERE stage = {int(number.of)}\n")


def allowance(_: Measured, __: Number) -> Query:
    """The allowance of all of them."""
    return _allowances("")


def _allowances(where: str) -> Query:
    return Query(
        "terms",
        "SELECT COUNT(*) AS loans, COALESCE(SUM(ead), 0) AS exposure,\n"
        f"  COALESCE(SUM({_ALLOWANCE}), 0) AS allowance\nFROM terms\n{where}".rstrip(),
        f"SELECT {_LOSS_TERMS},\n  {_ALLOWANCE} AS allowance\nFROM terms\n{where}{_BY_EAD}",
    )


def lifetime(_: Measured, __: Number) -> Query:
    """What the whole life of every loan is expected to lose."""
    life = "CASE stage WHEN 3 THEN lgd * ead ELSE loss_life END"
    return Query(
        "terms",
        f"SELECT SUM({life}) AS lifetime\nFROM terms",
        f"SELECT {_LOSS_TERMS}\nFROM terms\n{_BY_EAD}",
    )


def capital(of: Measured, number: Number) -> Query:
    """Risk-weighted assets by an approach, and the capital that they ask for."""
    assets, ratio = _WEIGHTED[number.of], float(of["capital"]["ratio"])
    return Query(
        "terms",
        f"SELECT SUM({assets}) AS assets, {ratio!r} * SUM({assets}) AS capital\nFROM terms",
        f"SELECT {_CAPITAL_TERMS[number.of]}, {assets} AS assets\nFROM terms\n{_BY_EAD}",
    )


def grade(of: Measured, number: Number) -> Query:
    """Loans and exposure of a grade: the worst one that a rule of the packs asks for."""
    graded = f"CASE\n{_conditions(of)}\n    ELSE 'pass' END = {text(number.of)}"
    return Query(
        "terms",
        f"SELECT COUNT(*) AS loans, COALESCE(SUM(ead), 0) AS exposure\nFROM terms\nWHERE {graded}",
        "SELECT loan, grade, grade_rule, days_past_due, credit_impaired, loss_share,\n"
        f"  debtor_bad_share, ead\nFROM terms\nWHERE {graded}\n{_BY_EAD}",
    )


def _conditions(of: Measured) -> str:
    rules = sorted(of["grades"]["rules"], key=lambda each: -GRADES.index(each["at_least"]))
    return "\n".join(
        f"    WHEN {compile_expression(e['when'], GRADE_FACTS).sql('duckdb')} "
        f"THEN {text(e['at_least'])}"
        for e in rules
    )
