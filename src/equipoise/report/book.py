"""The page of a book of loans: what it is, how it ages and moves, what it loses and gathers in."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.portfolio import BookMeasured
from equipoise.report.frame import assemble
from equipoise.report.sections import book_limits, book_losses, book_moves, book_rates
from equipoise.texts.numbers import count
from equipoise.texts.saying import ENGLISH, say, speaking


def render_book(
    measured: BookMeasured, name: str, commands: Sequence[str], language: str = ENGLISH
) -> str:
    """A measured book as one HTML document that opens offline.

    `name` is the lender's, `language` that of its sentences.
    """
    with speaking(language):
        summary = measured.summary
        about = say(
            "Equipoise · portfolio · {loans} loans, {first} to {last}",
            loans=count(summary.loans),
            first=summary.first_month,
            last=summary.as_of,
        )
        sections = [
            book_limits.answer(measured),
            book_moves.vintages(measured),
            book_moves.rolls(measured),
            book_moves.migration(measured),
            book_losses.losses(measured),
            book_losses.capital(measured),
            book_losses.grades(measured),
            book_limits.concentration(measured),
            book_limits.limits(measured),
            book_rates.rates(measured),
            book_limits.data(measured, commands),
        ]
        title = say("{name}: the book at {month}", name=name, month=summary.as_of)
        return assemble(title, about, sections)
