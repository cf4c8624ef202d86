"""Measuring a book: one call for everything that a page or a JSON document tells of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from equipoise.portfolio.document import PortfolioDocument
from equipoise.portfolio.gathering import measure_concentration, measure_limits
from equipoise.portfolio.losing import (
    OpenLoans,
    measure_losses,
    months_left,
    open_loans,
    structure_of,
)
from equipoise.portfolio.measured import BookMeasured, Bucket, Summary
from equipoise.portfolio.moving import (
    measured_moves,
    recent_moves,
    roll_rows,
    vintage_months,
    vintage_rows,
)
from equipoise.portfolio.repricing import measure_interest
from equipoise.portfolio.rules import BookRules
from equipoise.portfolio.tape.book import STATES, Book
from equipoise.portfolio.tape.document import month_text
from equipoise.portfolio.tape.reading import TapeReading
from equipoise.portfolio.tying_up import (
    loan_capital,
    loan_grades,
    measure_capital,
    measure_grades,
)
from equipoise.progress import Progress, Silent
from equipoise.texts.currencies import decimals


def measure_book(
    reading: TapeReading,
    document: PortfolioDocument,
    rules: BookRules,
    progress: Progress | None = None,
    *,
    shadow_prices: Mapping[str, float] | None = None,
) -> BookMeasured:
    """Measure a book at its last month.

    What the tape cannot tell is left out: without balances nothing in money, without two months
    nothing that moves; and so is, with a caution, what the packs say nothing of on the day. Raises
    BadInput where they lack a number of what they do say.
    """
    book, steps = reading.book, progress or Silent()
    open_ = open_loans(book, decimals(book.currency))
    with steps.step("Vintages and roll rates"):
        vintages = vintage_rows(book, document.bad_days)
        rolls, mean = roll_rows(book)
    with steps.step("Migration"):
        counts = recent_moves(book, document.losses.window_months)
        moves = measured_moves(book, counts)
    losses = capital = grades = None
    if book.has_balance and open_.rows.size and moves is not None and rules.stages_loans:
        with steps.step("Losses, capital and grades"):
            structure = structure_of(counts, document, book.step)
            losses, by_loan = measure_losses(book, open_, structure, document, rules)
            if rules.weighs_loans:
                tied = loan_capital(open_, by_loan, document, rules)
                capital = measure_capital(open_, tied, rules)
            graded = loan_grades(book, open_, by_loan, document, rules)
            grades = None if graded is None else measure_grades(open_, graded, rules)
    with steps.step("Concentration and limits"):
        gathered = measure_concentration(book, open_)
        limits = measure_limits(book, open_, document, rules, shadow_prices or {})
    interest = None
    if document.rates is not None and book.has_balance and open_.rows.size:
        with steps.step("Interest rates"):
            left = months_left(book, open_, document.losses.horizon_months)
            interest = measure_interest(book, open_, left, document.rates, rules)
    return BookMeasured(
        summary=_summary(book, open_, document),
        buckets=_buckets(book),
        vintages=vintages,
        rolls=rolls,
        roll_mean=mean,
        moves=moves,
        losses=losses,
        capital=capital,
        grades=grades,
        concentration=gathered,
        limits=limits,
        interest=interest,
        packs=rules.packs,
        cautions=(*rules.cautions, *rules.left_out),
        deliveries=tuple(each.as_dict() for each in reading.deliveries),
        faults=tuple(each.as_dict() for each in reading.faults),
    )


def _summary(book: Book, open_: OpenLoans, document: PortfolioDocument) -> Summary:
    days = book.days[open_.rows]
    exposure = float(open_.owed.sum())
    if exposure > 0:
        share = open_.owed / exposure
    else:  # of loans, where nothing is known in money
        share = np.full(open_.rows.size, 1 / max(open_.rows.size, 1))
    return Summary(
        as_of=month_text(book.last_month),
        first_month=month_text(book.first_month),
        bad_days=document.bad_days,
        vintage_months=vintage_months(book),
        step_months=book.step,
        dated=book.dated,
        currency=book.currency,
        loans=book.loans.height,
        open_loans=int(open_.rows.size),
        loan_months=len(book),
        exposure=exposure,
        late30_share=float(share[days > 30].sum()) if open_.rows.size else None,
        late90_share=float(share[days > 90].sum()) if open_.rows.size else None,
        has_balance=book.has_balance,
    )


def _buckets(book: Book) -> tuple[Bucket, ...]:
    at = book.at(book.last_month)
    state, unit = book.state[at], 10.0 ** decimals(book.currency)
    known = state >= 0
    loans = np.bincount(state[known], minlength=len(STATES))
    owed = np.zeros(len(STATES), dtype=np.int64)
    np.add.at(owed, state[known], book.balance[at][known])
    return tuple(
        Bucket(name, int(loans[place]), float(owed[place] / unit))
        for place, name in enumerate(STATES)
    )
