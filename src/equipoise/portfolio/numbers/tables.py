"""The tables that are asked: loan-months as the tape tells them, the terms of open loans and what
they pay by, and the faults of the tape's data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import polars as pl

from equipoise.expression import compile as compile_expression
from equipoise.numeric.arrays import IntArray
from equipoise.portfolio.document import PortfolioDocument
from equipoise.portfolio.grading import GRADES, TYPES
from equipoise.portfolio.losing import measure_losses, months_left, open_loans, structure_of
from equipoise.portfolio.moving import originated, recent_moves
from equipoise.portfolio.rule_document import GRADE_FACTS
from equipoise.portfolio.rules import BookRules
from equipoise.portfolio.staging import REASONS
from equipoise.portfolio.tape.book import STATES, Book
from equipoise.portfolio.tape.document import MONEY
from equipoise.portfolio.tape.faults import TapeFault
from equipoise.portfolio.tying_up import LoanGrades, loan_capital, loan_grades
from equipoise.texts.currencies import decimals

_PART = 1 << 18  # rows


def book_parts(book: Book) -> Iterator[pl.DataFrame]:
    """A row for each loan and month, in their order, a part at a time; what the tape tells of a
    loan as its last row has it.

    `month` is its first day, `made` the loan's month of origination: `opened`, or where nobody
    told it the first month on the tape, unless that is the tape's first. `before` is the state in
    the loan's row before this one, `next` and `next_month` are those of the row behind it. Money
    is in units of the currency; what is not told is null.
    """
    made, told = originated(book)[0], _told_of_loans(book)
    unit = 10 ** decimals(book.currency)
    for start in range(0, len(book), _PART):
        here = slice(start, start + _PART)
        loan, month, state = book.loan[here], book.month[here], _state_names(book.state[here])
        before, behind = _beside(book, here, -1), _beside(book, here, 1)
        since = pl.Series(month - made[loan])
        rows: dict[str, pl.Series | np.ndarray] = {
            "loan": told["id"].gather(loan),
            "month": _days(month),
            "state": state,
            "before": _state_names(np.where(before < 0, -1, book.state[before])),
            "next": _state_names(np.where(behind < 0, -1, book.state[behind])),
            "next_month": _days(np.where(behind < 0, -1, book.month[behind])),
            "days": _or_null(book.days[here]),
            "impaired": book.impaired[here],
            "forborne": book.forborne[here],
            "opened": _days(told["opened"].fill_null(-1).to_numpy()[loan]),
            "made": _days(made[loan]),
            "months_on_book": since.set(pl.Series(made[loan] < 0), None),
        }
        if book.has_balance:
            rows["balance"] = book.balance[here] / unit
        if book.dated:
            rows["defaulted"] = _days(told["defaulted"].fill_null(-1).to_numpy()[loan])
        for name in told.columns:
            if name not in ("id", "opened", "defaulted"):
                rows[name] = told[name].gather(loan)
        yield pl.DataFrame(rows)


def _told_of_loans(book: Book) -> pl.DataFrame:
    """What the tape tells of each loan: texts as texts, money in units of the currency."""
    unit = 10 ** decimals(book.currency)
    texts = [name for name, kind in book.loans.schema.items() if kind == pl.Categorical]
    amounts = [name for name in book.loans.columns if name in MONEY]
    return book.loans.with_columns(pl.col(texts).cast(pl.String), pl.col(amounts) / unit)


def _beside(book: Book, here: slice, way: int) -> IntArray:
    """The place of the row before (-1) or behind (1) each of these, -1 where it is of another
    loan."""
    rows = np.arange(*here.indices(len(book)))
    other = np.clip(rows + way, 0, len(book) - 1)
    same = (other != rows) & (book.loan[other] == book.loan[rows])
    return np.where(same, other, -1)


def _state_names(state: IntArray) -> pl.Series:
    return pl.Series(STATES, dtype=pl.String).gather(_or_null(state))


def terms_table(book: Book, document: PortfolioDocument, rules: BookRules) -> pl.DataFrame | None:
    """A row for each open loan: stage and why, the terms of its expected loss and of its capital,
    and, where packs have rules of grades, the facts that they ask for; None where the tape tells
    too little for losses. Raises BadInput where the packs lack a number."""
    open_ = open_loans(book, decimals(book.currency))
    counts = recent_moves(book, document.losses.window_months)
    if not (book.has_balance and open_.rows.size and counts.sum() and rules.stages_loans):
        return None
    _, losses = measure_losses(
        book, open_, structure_of(counts, document, book.step), document, rules
    )
    plain = np.where(losses.staged.stage == 1, losses.year, losses.life)
    terms = pl.DataFrame(
        {
            "loan": open_.facts["id"],
            "state": _state_names(open_.state),
            "days": _or_null(book.days[open_.rows]),
            "stage": losses.staged.stage,
            "reason": pl.Series(REASONS).gather(losses.staged.reason),
            "ead": open_.owed,
            "pd": losses.pd,
            "lgd": losses.lgd,
            "rate": losses.rate,
            "months_left": losses.months,
            "loss_year": losses.year,
            "loss_life": losses.life,
            "overlay": losses.allowance - plain,
            "defaulted": losses.in_default,
        }
    )
    if rules.weighs_loans:
        capital = loan_capital(open_, losses, document, rules)
        terms = terms.with_columns(
            pl.Series("asset_class", capital.loans.asset_class),
            pl.Series("irb_pd", capital.loans.pd),
            pl.Series("irb_lgd", capital.loans.lgd),
            pl.Series("k", capital.irb.k),
            pl.Series("weight", capital.standardised / open_.owed),
        )
    graded = loan_grades(book, open_, losses, document, rules)
    return terms if graded is None else pl.concat([terms, _graded(graded, rules)], how="horizontal")


def rates_table(book: Book, document: PortfolioDocument) -> pl.DataFrame | None:
    """A row for each open loan with what it pays by: owed, rate a year (null where nobody told it)
    and months left; None where portfolio.yaml has no curve of market rates."""
    open_ = open_loans(book, decimals(book.currency))
    if document.rates is None or not open_.rows.size:
        return None
    return pl.DataFrame(
        {
            "loan": open_.facts["id"],
            "state": _state_names(open_.state),
            "owed": open_.owed,
            "rate": pl.Series(open_.numbers("rate", np.nan)).fill_nan(None),
            "months_left": months_left(book, open_, document.losses.horizon_months),
        }
    )


def faults_table(faults: Sequence[TapeFault]) -> pl.DataFrame:
    """A row for each kind of fault and file: rows that it is told of, the first of them, and what
    was done; not what stood there, which may be of a person."""
    return pl.DataFrame(
        [
            (each.file, each.kind, each.count, ", ".join(map(str, each.rows)), each.effect)
            for each in faults
        ],
        schema={
            "file": pl.String, "kind": pl.String, "rows_told": pl.Int64, "first_rows": pl.String,
            "effect": pl.String,
        },
        orient="row",
    )  # fmt: skip


def _graded(grades: LoanGrades, rules: BookRules) -> pl.DataFrame:
    """Every fact that a rule asks for, null where nobody told it, and the rule that asked for the
    grade."""
    asked = {name for e in rules.gradings for name in compile_expression(e.when, GRADE_FACTS).names}
    lacking = sorted(asked - set(grades.facts.columns))
    names = pl.Series([*(each.id for each in rules.gradings)], dtype=pl.String)
    return grades.facts.with_columns(
        *(pl.lit(None, dtype=TYPES[GRADE_FACTS[name]]).alias(name) for name in lacking),
        pl.Series(GRADES).gather(grades.graded.grade).alias("grade"),
        names.gather(_or_null(grades.graded.rule)).alias("grade_rule"),
    )


def _days(months: IntArray) -> pl.Series:
    """Months since the year 0 as their first days; null below 0."""
    some, place = np.unique(months, return_inverse=True)
    days = [date(int(at) // 12, int(at) % 12 + 1, 1) if at >= 0 else None for at in some]
    return pl.Series(days, dtype=pl.Date).gather(place)


def _or_null(numbers: IntArray) -> pl.Series:
    """Numbers, null below 0."""
    given = pl.Series(numbers, dtype=pl.Int64)
    return given.zip_with(given >= 0, pl.Series([None], dtype=pl.Int64))
