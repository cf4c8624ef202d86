"""`portfolio report`: a lender's book, measured by portfolio.yaml and drawn as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from equipoise.balance.result_document import ShadowPrice
from equipoise.documents import Loaded, read_document
from equipoise.errors import BadInput
from equipoise.files import write_json, write_text
from equipoise.portfolio import (
    PORTFOLIO,
    PORTFOLIO_DRAFT,
    BookMeasured,
    BookRules,
    Moved,
    PortfolioDocument,
    TapeReading,
    book_rules,
    last_day,
    measure_book,
    moved_by,
    named_queries,
)
from equipoise.progress import Progress, Silent
from equipoise.report import render_book
from equipoise.texts.saying import ENGLISH
from equipoise.workspace.tapes import read_portfolio


@dataclass(frozen=True, slots=True)
class BookReported:
    """A measured book, and where its page and its figures were written."""

    measured: BookMeasured
    page: Path
    figures: Path

    def as_dict(self) -> dict[str, Any]:
        """What was measured, and the queries of its numbers."""
        measured = self.measured.as_dict()
        return measured | {"queries": named_queries(measured)}


def report_portfolio(
    folder: Path,
    commands: Sequence[str],
    progress: Progress | None = None,
    *,
    language: str = ENGLISH,
    deliveries: int = 0,
) -> BookReported:
    """Measure the folder's book, and write build/portfolio.html and build/portfolio.json.

    portfolio.yaml is drafted where there is none. Raises BadInput, with file and line.
    """
    steps = progress or Silent()
    measured = read_book(folder, steps, deliveries=deliveries).measured(steps)
    ending = "" if language == ENGLISH else f".{language}"
    page, figures = folder / "build" / f"portfolio{ending}.html", folder / "build/portfolio.json"
    with steps.step("Drawing the page"):
        write_text(page, render_book(measured, folder.resolve().name, commands, language))
        made = BookReported(measured, page, figures)
        write_json(figures, made.as_dict())
    return made


@dataclass(frozen=True, slots=True)
class BookRead:
    """A book as it was read, and what it is measured by."""

    reading: TapeReading
    document: PortfolioDocument
    rules: BookRules
    shadow_prices: tuple[ShadowPrice, ...]

    def measured(self, progress: Progress | None = None) -> BookMeasured:
        """The book measured. Raises BadInput where the packs lack a number."""
        prices = {each.row: each.price for each in self.shadow_prices}
        return measure_book(self.reading, self.document, self.rules, progress, shadow_prices=prices)


def read_book(folder: Path, progress: Progress | None = None, *, deliveries: int = 0) -> BookRead:
    """Read the folder's book, the first `deliveries` of its tape (0: all); writes nothing but a
    portfolio.yaml where there is none. Raises BadInput, with file and line."""
    document = portfolio_document(folder)
    reading = read_portfolio(folder, progress, deliveries=deliveries)
    rules = portfolio_rules(document, folder, reading.book.last_month)
    prices = _shadow_prices(folder / "build" / "balance.json")
    return BookRead(reading, document.value, rules, prices)


@dataclass(frozen=True, slots=True)
class RulesTried:
    """A book by the rules of portfolio.yaml and by others: the packs of each, and what moved."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    on: date
    moved: tuple[Moved, ...]
    as_of: str
    currency: str

    def as_dict(self) -> dict[str, Any]:
        """As `portfolio try-rules --json` prints it."""
        return {
            "as_of": self.as_of,
            "currency": self.currency or None,
            "before": list(self.before),
            "after": list(self.after),
            "on": self.on.isoformat(),
            "moved": [
                {
                    "figure": each.figure,
                    "of": each.of or None,
                    "before": each.before,
                    "after": each.after,
                    "change": each.change,
                }
                for each in self.moved
            ],
        }


def try_rules(
    folder: Path, rules: Sequence[str], on: date | None, progress: Progress | None = None
) -> RulesTried:
    """Measure the folder's book by its own rules, and by those of `rules` (a pack's name, or a file
    of the folder) as they hold on a day (the book's, where none is given); writes nothing but a
    portfolio.yaml where there is none. Raises BadInput, with file and line."""
    steps = progress or Silent()
    document = portfolio_document(folder)
    reading = read_portfolio(folder, steps)
    day = on or document.value.rules_on or last_day(reading.book.last_month)
    own = portfolio_rules(document, folder, reading.book.last_month)
    other = book_rules([folder / e if e.endswith(".yaml") else e for e in rules], on=day)
    before, after = (measure_book(reading, document.value, each, steps) for each in (own, other))
    return RulesTried(
        before=own.packs,
        after=other.packs,
        on=day,
        moved=moved_by(before, after),
        as_of=before.summary.as_of,
        currency=before.summary.currency,
    )


def portfolio_document(folder: Path) -> Loaded[PortfolioDocument]:
    """portfolio.yaml, drafted where there is none. Raises BadInput or Faults, with line."""
    path = folder / PORTFOLIO
    if not path.is_file():
        write_text(path, PORTFOLIO_DRAFT)
    return read_document(path, PortfolioDocument)


def portfolio_rules(document: Loaded[PortfolioDocument], folder: Path, month: int) -> BookRules:
    """The packs as they hold on the last day of the book's month, or on the day that is named."""
    named = [folder / each if each.endswith(".yaml") else each for each in document.value.rules]
    try:
        return book_rules(named, on=document.value.rules_on or last_day(month))
    except BadInput as error:
        if error.where is None:
            place = document.span("rules")
            raise BadInput(error.message, where=place, field="rules", mend=error.mend) from None
        raise


class _Priced(BaseModel):
    """What a report of the book reads of a balance."""

    shadow_prices: tuple[ShadowPrice, ...]


def _shadow_prices(path: Path) -> tuple[ShadowPrice, ...]:
    """The shadow prices of the balance's constraints, where a balance is at hand."""
    if not path.is_file():
        return ()
    try:
        return _Priced.model_validate_json(path.read_bytes(), strict=True).shadow_prices
    except ValidationError:
        return ()  # of another version: a report of the book does not wait for it
