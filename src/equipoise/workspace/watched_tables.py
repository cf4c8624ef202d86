"""Tables of a folder that are read by contracts of their own: the loan tape, the applications."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.portfolio import TAPE, Book
from equipoise.progress import Progress
from equipoise.texts.currencies import decimals
from equipoise.watch import TableFacts
from equipoise.workspace.folder import CONTRACT, Workspace
from equipoise.workspace.tapes import read_portfolio

OF_LOAN = ("region", "product", "channel", "grade", "industry", "pd")
READ_BY_CONTRACT = (TAPE, CONTRACT)


def rows_by_contract(folder: Path, contract: str, progress: Progress | None = None) -> pl.DataFrame:
    """The rows that `contract` tells of, one of READ_BY_CONTRACT. Raises BadInput or Faults, as
    those who read by it do."""
    if contract == TAPE:
        return book_rows(read_portfolio(folder, progress).book)
    workspace = Workspace.open(folder)
    return workspace.applications(workspace.contract().value, progress).frame


def book_rows(book: Book) -> pl.DataFrame:
    """One row for each loan, by its number, and month: how late it is, and was a month before
    (nothing where that is not told), how long it is on the book, what is owed in units of the
    currency, and what the tape tells of the loan."""
    last = np.r_[False, (book.loan[1:] == book.loan[:-1]) & (np.diff(book.month) == 1)]
    before = np.r_[-1, book.days[:-1]]
    months, place = np.unique(book.month, return_inverse=True)
    first_days = pl.Series([date(int(at) // 12, int(at) % 12 + 1, 1) for at in months])
    opened = book.loans["opened"].cast(pl.Int64).gather(book.loan)
    rows = {
        "month": first_days.gather(place),
        "loan": book.loans["id"].gather(book.loan),
        "months_on_book": pl.Series(book.month) - opened,
        "days": _known(book.days, book.days >= 0),
        "days_before": _known(before, last & (before >= 0)),
        "balance": book.balance / 10 ** decimals(book.currency),
    }
    of_loan = {
        name: book.loans[name].gather(book.loan) for name in OF_LOAN if name in book.loans.columns
    }
    frame = pl.DataFrame(rows | of_loan)
    return frame if book.has_balance else frame.drop("balance")


def _known(days: np.ndarray, known: np.ndarray) -> pl.Series:
    return pl.Series(np.where(known, days, np.nan).astype(np.float64)).fill_nan(None)


def facts_of(folder: Path, progress: Progress | None = None) -> list[TableFacts]:
    """What a first watch.yaml can be drafted from: the tape where there is one, and the
    applications where the contract dates them. Raises BadInput where there is neither."""
    tables: list[TableFacts] = []
    if (folder / TAPE).is_file():
        rows = rows_by_contract(folder, TAPE, progress)
        tables.append(TableFacts("book", TAPE, "month", _types(rows), rows, is_book=True))
    if (folder / CONTRACT).is_file():
        contract = Workspace.open(folder).contract().value
        if contract.date is not None:
            rows = rows_by_contract(folder, CONTRACT, progress)
            used = [each.name for each in contract.fields if each.use in ("feature", "date")]
            rows = rows.select([name for name in used if name in rows.columns])
            tables.append(TableFacts("applications", CONTRACT, contract.date, _types(rows), rows))
    if not tables:
        raise BadInput(
            f"the folder has neither {TAPE} nor a {CONTRACT} with the date of applications",
            where=Span(str(folder)),
            mend=f"draft one with `equipoise portfolio draft {folder} --tape FILE`",
        )
    return tables


def _types(rows: pl.DataFrame) -> dict[str, str]:
    return {name: _type(held) for name, held in rows.schema.items()}


def _type(held: pl.DataType) -> str:
    if held == pl.Boolean:
        return "boolean"
    if held in (pl.Date, pl.Datetime):
        return "date"
    if held.is_integer():
        return "integer"
    return "number" if held.is_numeric() else "string"
