"""What is settled of a tape's columns once their parts are known."""

from __future__ import annotations

import re

import polars as pl

from equipoise.contract.facts import cast_column
from equipoise.portfolio.tape.choosing import (
    Making,
    says_a_state,
    take,
    without_blanks,
    words_of,
)
from equipoise.portfolio.tape.document import COUNTS_LATENESS, DASHES, KINDS, ONCE, SEGMENTS
from equipoise.portfolio.tape.words import meaning_of

_TWO_WAYS = re.compile(r"'([^']+)' is (\S+) by (\S+) \(taken, as likelier\) or (\S+) by (\S+)")
_SOME_EMPTY = 0.1  # of the cells, from which on it shows that no loan is late by them


def status_by_cells(making: Making, grouped: set[str]) -> None:
    """Take the column whose words say how a loan stands, where none is called a status: a bank's
    five grades, an ageing bucket."""
    used = {each.column for each in making.columns if each.role not in SEGMENTS} | grouped
    texts = [
        header
        for header in making.frame.columns
        if header not in used and making.frame[header].dtype == pl.String
    ]
    shares = {
        header: sum(meaning_of(each) is not None for each in words) / len(words)
        for header in texts
        if len(words := words_of(making.frame[header])) > 1 and says_a_state(making, header)
    }
    if not shares:
        return
    header = max(shares, key=lambda each: shares[each])
    take(making, "status", header, why="by its cells")
    taken = making.columns.pop()
    doubt = f"the words of '{header}' say how a loan stands; is it the status?"
    making.columns.append(taken.model_copy(update={"confirm": doubt}))


def in_one_order(making: Making) -> None:
    """Read days that may be written in two ways as other days of the file are, which may not."""
    days = [each for each in making.columns if KINDS.get(each.role) == "date" and each.column]
    sure = [each.format for each in days if each.format and not each.confirm]
    for each in (each for each in days if each.confirm and each.review[0] != "role: by its cells"):
        for written in sure:
            read = each.model_copy(update={"format": written})
            cast = cast_column(without_blanks(making.frame[each.column]), read.field(each.column))
            if not cast.unreadable.any():
                said = f"format: {written}, as other days of the file are written"
                settled = {"confirm": "", "review": (each.review[0], said)}
                making.columns[making.columns.index(each)] = read.model_copy(update=settled)
                break


def without_days_of_once(making: Making, grouped: set[str]) -> None:
    """A tape that tells months needs no day of default or closing; one that tells lateness itself
    needs the day of default for its vintages alone."""
    told = making.has(*COUNTS_LATENESS, "status")
    monthly = making.has("month") or bool(grouped)
    for each in [each for each in making.columns if each.role in ONCE]:
        if monthly or (told and each.role == "closed"):
            making.columns.remove(each)
            making.review.append(f"'{each.column}' is not read: other columns tell how it went on")


def without_version(making: Making) -> None:
    """A version is read where loan and month alone do not tell rows apart."""
    version, loan, month = (making.column(each) for each in ("version", "loan", "month"))
    if version is None:
        return
    told = [e for each in (loan, month) if each for e in (each.columns or (each.column,))]
    if month is None or not making.frame.select(told).is_duplicated().any():
        making.columns.remove(version)
        making.review.append(f"'{version.column}' is not read: every loan and month is told once")


def empty_as_not_late(making: Making) -> None:
    """Where nothing but days or months late tells how a loan stands, and nobody writes 0, a loan
    with an empty cell is taken for not late, and that is asked about."""
    counts = [each for each in making.columns if each.role in COUNTS_LATENESS and each.column]
    if len(counts) != 1 or counts[0].history or making.has("status", "late_since"):
        return
    (counted,) = counts
    cells = without_blanks(making.frame[counted.column])
    values = cast_column(cells, counted.field(counted.column)).value
    empty = cells.null_count() + int(cells.cast(pl.String).str.strip_chars().is_in(DASHES).sum())
    if empty < _SOME_EMPTY * cells.len() or bool((values == 0).any()):
        return
    doubt = (
        f"{empty:,} of {cells.len():,} cells of '{counted.column}' are empty, and none is 0: they "
        "were taken for loans that are not late"
    )
    asked = "; ".join(filter(None, (counted.confirm, doubt)))
    making.columns[making.columns.index(counted)] = counted.model_copy(
        update={"empty": "not_late", "confirm": asked}
    )


def day_before_month(making: Making, currency: str) -> None:
    """Of days that may be written in two ways take the one with the day first, where the file has
    decimal commas or a currency other than that of the United States. It is asked all the same."""
    if making.reading.habit != "," and currency in ("", "USD"):
        return
    for at, each in enumerate(making.columns):
        if asked := _TWO_WAYS.search(each.confirm):
            cell, taken, by, other, by_other = asked.groups()
            if by.startswith("%m") and by_other.startswith("%d"):
                said = f"'{cell}' is {other} by {by_other} (taken, as likelier) or {taken} by {by}"
                confirm = each.confirm.replace(asked[0], said)
                making.columns[at] = each.model_copy(
                    update={"format": by_other, "confirm": confirm}
                )
