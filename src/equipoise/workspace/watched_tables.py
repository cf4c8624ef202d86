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
from equipoise.watch import SOON, TableFacts
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
    frame = pl.DataFrame(rows | of_loan | (_of_vintages(book) if stands_once(book) else {}))
    return frame if book.has_balance else frame.drop("balance")


def stands_once(book: Book) -> bool:
    """Whether each loan has one row: there are vintages to be watched, and no months."""
    return len(book) == book.loans.height


def _of_vintages(book: Book) -> dict[str, pl.Series]:
    """What the tape tells of loans that stand in one row each: the month each was made in, and of
    how much; where days of default are told, how many months after, and when it came to be so many
    months old (nothing where that is yet to come)."""
    opened = book.loans["opened"].cast(pl.Int64)
    told = {"opened": _first_days(opened)}
    if "amount" in book.loans.columns:
        told["amount"] = book.loans["amount"] / 10 ** decimals(book.currency)
    if book.dated:
        told["months_to_default"] = book.loans["defaulted"].cast(pl.Int64) - opened
        for months in SOON:
            come = opened.set(opened + months > book.last_month, None)
            told[f"after_{months}"] = _first_days(come + months)
    return {name: values.gather(book.loan) for name, values in told.items()}


def _first_days(months: pl.Series) -> pl.Series:
    day = pl.date(pl.col("at") // 12, pl.col("at") % 12 + 1, 1)
    return pl.DataFrame({"at": months}).select(day).to_series()


def _known(days: np.ndarray, known: np.ndarray) -> pl.Series:
    return pl.Series(np.where(known, days, np.nan).astype(np.float64)).fill_nan(None)


def facts_of(folder: Path, progress: Progress | None = None) -> list[TableFacts]:
    """What a first watch.yaml can be drafted from: the tape where there is one, and the
    applications where the contract dates them. Raises BadInput where there is neither."""
    tables: list[TableFacts] = []
    if (folder / TAPE).is_file():
        book = read_portfolio(folder, progress).book
        if stands_once(book) and book.loans["opened"].null_count() == len(book):
            raise BadInput(
                "the tape has one month, and does not tell when loans were made",
                where=Span(str(folder / TAPE)),
                field="opened",
                mend="name its column under `columns` with the role `opened`, or put the tape of "
                f"each month beside it: `equipoise portfolio draft {folder} --tape FILE`",
            )
        rows = book_rows(book)
        tables += _vintages(rows) if stands_once(book) else [_months(rows)]
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


def _months(rows: pl.DataFrame) -> TableFacts:
    return TableFacts("book", TAPE, "month", _types(rows), rows, "loan_months")


def _vintages(rows: pl.DataFrame) -> list[TableFacts]:
    """Loans by the month they were made in, and by that in which they came to an age."""
    ages = [name for name in rows.columns if name.startswith("after_")]
    made = rows.drop("month", "days_before", "months_to_default", *ages, strict=False)
    tables = [TableFacts("vintages", TAPE, "opened", _types(made), _known_day(made, "opened"),
                         "vintages")]  # fmt: skip
    for age in ages:
        of_age = rows.select("loan", age, "months_to_default")
        facts = TableFacts(age, TAPE, age, _types(of_age), _known_day(of_age, age), "of_an_age")
        tables.append(facts)
    return tables


def _known_day(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.filter(pl.col(name).is_not_null())


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
