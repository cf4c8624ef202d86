"""Which column tells the month of a row, where none is called so: by what the cells are."""

from __future__ import annotations

import polars as pl

from equipoise.contract.lexicon.terms import listed, tokens
from equipoise.portfolio.tape.choosing import Making, repeats, take, typed, without_blanks
from equipoise.portfolio.tape.document import TapeColumn

_APART = 0.95  # of loan and month, in the rows of a tape that tells months
# Names, as one word, of columns that hold a year or the number of a month.
_YEAR = listed("year yr reportyear reportingyear ano jahr annee 年 年份 年度")
_MONTH = listed("month mth reportmonth reportingmonth mes monat mois 月 月份")


def loans_repeat(making: Making) -> bool:
    """Whether loans stand in several rows, so that a month has to tell these apart."""
    loan = making.column("loan")
    return loan is not None and repeats(making.frame[loan.column])


def year_and_month(making: Making) -> bool:
    """Take a year and the number of its month, which stand in a column each."""
    year = _numbered(making, _YEAR, 1950, 2100)
    month = _numbered(making, _MONTH, 1, 12)
    if not (year and month):
        return False
    making.review = [each for each in making.review if not each.startswith(f"'{month}' sounds")]
    review = ("role: by the names of its year and of its number",)
    making.columns.append(
        TapeColumn(role="month", columns=(year, month), format="%Y-%m", review=review)
    )
    return True


def _numbered(making: Making, named: frozenset[str], least: int, most: int) -> str:
    """The column of that name whose cells are whole numbers between these; "" for none."""
    for header in making.frame.columns:
        if "".join(tokens(header)) in named:
            cells = making.frame[header].cast(pl.String).drop_nulls()
            numbers = cells.str.extract(r"^\s*(\d{1,4})(?:\.0)?\s*[年月]?$").cast(pl.Int64)
            if numbers.len() and numbers.is_between(least, most).fill_null(value=False).all():
                return header
    return ""


def month_by_cells(making: Making, grouped: set[str]) -> bool:
    """Take the column of days which, with the loan, tells the rows apart: nobody named it."""
    loan = making.column("loan")
    used = {each.column for each in making.columns} | grouped
    if loan is None:
        return False
    for header in making.frame.columns:
        raw = without_blanks(making.frame[header])
        if header in used or raw.null_count() == raw.len():
            continue
        drafted = typed(making, raw, "month", day=True)
        if drafted.attributes["type"] != "date":
            continue
        rows = pl.DataFrame({"loan": making.frame[loan.column], "day": drafted.value}).drop_nulls()
        if rows.n_unique() < _APART * making.frame.height:
            continue
        take(making, "month", header, why="by its cells")
        taken = making.columns.pop()
        doubt = taken.confirm or f"with the loan, '{header}' tells the rows apart; is it the month?"
        making.columns.append(taken.model_copy(update={"confirm": doubt}))
        return True
    return False
