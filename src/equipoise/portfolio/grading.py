"""The five grades of loans in China, by whichever rules hold: the worst grade that one asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import polars as pl

from equipoise.expression import compile as compile_expression
from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.portfolio.rule_document import GRADE_FACTS, Grade, Grading

GRADES: tuple[Grade, ...] = get_args(Grade)
TYPES = {"integer": pl.Int64, "boolean": pl.Boolean, "number": pl.Float64}


@dataclass(frozen=True, slots=True)
class Graded:
    """(n,) by loan: a place in GRADES, and the place of the rule that asked for it (-1: none)."""

    grade: IntArray
    rule: IntArray
    not_told: tuple[str, ...]


def grade_loans(facts: pl.DataFrame, gradings: Sequence[Grading]) -> Graded:
    """Grade each row of GRADE_FACTS; facts that the frame lacks are missing.

    A rule whose condition is not known to hold asks for nothing: `not_told` names the facts that
    rules ask for and nobody told. Of rules that ask for the same grade the first counts.
    """
    lacking = {name: kind for name, kind in GRADE_FACTS.items() if name not in facts.columns}
    whole = facts.with_columns(
        pl.lit(None, dtype=TYPES[kind]).alias(name) for name, kind in lacking.items()
    )
    grade = np.zeros(facts.height, dtype=np.int64)
    rule = np.full(facts.height, -1, dtype=np.int64)
    asked: set[str] = set()
    for at, each in enumerate(gradings):
        condition = compile_expression(each.when, GRADE_FACTS)
        asked |= condition.names
        holds = whole.select(condition.polars().fill_null(value=False)).to_series().to_numpy()
        worse = holds & (GRADES.index(each.at_least) > grade)
        grade[worse], rule[worse] = GRADES.index(each.at_least), at
    return Graded(grade, rule, tuple(sorted(asked & set(lacking))))


def debtors_bad_share(
    debtor: IntArray, exposure: IntArray, grade: IntArray, debtors: int
) -> FloatArray:
    """Of what each loan's debtor owes, the share that is substandard or worse, (n,) by loan."""
    bad = grade >= GRADES.index("substandard")
    owed = np.bincount(debtor, weights=exposure, minlength=debtors)
    of_bad = np.bincount(debtor, weights=exposure * bad, minlength=debtors)
    share = of_bad / np.where(owed > 0, owed, 1.0)
    return np.asarray(share[debtor])
