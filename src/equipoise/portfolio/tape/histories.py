"""A loan's months in one cell: how a payment history is spread over the rows of its months."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import polars as pl

from equipoise.portfolio.tape.document import BY_MONTH, History, Tape

_KEYS = ("at", "back")
_MARKS = "[](){}\"'“” \t"  # around a list as some programs write it


def codes_in(history: History, cells: pl.Series) -> pl.Series:
    """The codes of each cell (a list), the newest month first; none of an empty cell."""
    texts = cells.cast(pl.String).str.strip_chars(_MARKS)
    if history.separator:
        frame = texts.to_frame("text").select(
            pl.when(pl.col("text") != "")
            .then(pl.col("text").str.split(history.separator))
            .otherwise(pl.lit([], dtype=pl.List(pl.String)))
            .list.eval(pl.element().str.strip_chars(_MARKS))
        )
        codes = frame.to_series()
    else:
        codes = texts.str.extract_all(rf"(?s).{{1,{history.width}}}")
    return codes.list.reverse() if history.newest == "last" else codes


def spread(tape: Tape, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """The rows of a tape of histories as one for each loan and month: their cells, the place of
    each in `frame`, and how many months before the row's own it is.

    What is told once, of lateness, stands in the newest month alone. A loan whose history is empty
    has that month, in which nothing is told.
    """
    told = [(each.history, each.column) for each in tape.columns if each.history]
    first, *others = (_of_one(history, frame[column], column) for history, column in told)
    rows = reduce(lambda so_far, more: so_far.join(more, on=_KEYS, how="full", coalesce=True),
                  others, first)  # fmt: skip
    lacking = pl.DataFrame({"at": pl.int_range(frame.height, dtype=pl.UInt32, eager=True)}).join(
        rows, on="at", how="anti"
    )
    newest = lacking.with_columns(pl.lit(0, pl.Int32).alias("back"))
    rows = pl.concat([rows, newest], how="diagonal").sort(_KEYS)
    whole = frame.drop([column for _, column in told])[rows["at"]]
    once = _told_once(tape, whole.columns)
    now = pl.col("back") == 0
    whole = pl.concat([whole, rows], how="horizontal").with_columns(
        pl.when(now).then(pl.col(name)).alias(name) for name in once
    )
    return whole.drop(_KEYS), rows["at"], rows["back"]


def _of_one(history: History, cells: pl.Series, name: str) -> pl.DataFrame:
    """`at`, `back` and the code under the column's `name`, of months on the book."""
    lists = codes_in(history, cells)
    held = pl.DataFrame(
        {"at": pl.int_range(cells.len(), dtype=pl.UInt32, eager=True), name: lists}
    ).filter(pl.col(name).list.len() > 0)
    back = (pl.int_range(pl.len(), dtype=pl.Int32).over("at")).alias("back")
    rows = held.explode(name).with_columns(back)
    absent = pl.col(name).is_in(["", *history.absent])
    return rows.filter(~absent).select(*_KEYS, name)


def _told_once(tape: Tape, columns: Sequence[str]) -> list[str]:
    """The columns that tell how a loan stands at its newest month, and not what it owes or is."""
    return [e.column for e in tape.columns if e.role in NOW_ALONE and e.column in columns]


# Of what may change by month, what a row that stands for all of them tells of its newest alone. An
# amount or a PD is taken for all of its months: nothing better is known.
NOW_ALONE = tuple(role for role in BY_MONTH if role not in ("balance", "pd"))
