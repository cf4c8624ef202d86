"""What is wrong with a tape: data faults, which are never told as risk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from equipoise.errors import Span

Kind = Literal[
    "no_loan", "no_month", "unreadable", "unknown_status", "second_currency", "told_twice",
    "month_missing", "came_back", "negative_balance", "finer_than_the_currency",
    "beyond_bounds", "several_days", "month_absent", "lateness_not_told",
    "by_period", "default_not_dated", "default_before_made",
    "numbers_alike", "told_anew", "renumbered", "not_renumbered",
]  # fmt: skip
Effect = Literal["refused", "kept"]
_SHOWN = 5

_MENDS: dict[Kind, str] = {
    "no_loan": "give every row the loan's number, or leave the row out",
    "no_month": "give every row its month",
    "unreadable": "mend the cell, or the column's `format` in tape.yaml",
    "unknown_status": "explain the word under `statuses` in tape.yaml",
    "second_currency": "deliver a tape for each currency, or convert it at a stated rate",
    "told_twice": "deliver one row for each loan and month; the last one was taken",
    "told_anew": "the latest version of each loan and month was taken",
    "beyond_bounds": "mend the cell; if the number stands for one that is not known, list it as "
    "`missing_codes` of the column in tape.yaml",
    "several_days": "the last day of each month was taken",
    "month_absent": "deliver the months between; moves over the gap are not counted",
    "lateness_not_told": "say how late the loan is; the row is in no bucket and in no move",
    "by_period": "rolls and moves are of that many months; what comes and goes between is not seen",
    "default_not_dated": "give the day; its vintage counts it from the end of the tape",
    "numbers_alike": "write a loan's number alike in every delivery; they count as two loans",
    "default_before_made": "mend one of the days; it counts as bad from the beginning",
    "renumbered": "its history goes on under the first number, from when that one was made",
    "not_renumbered": "they count as different loans; leave the former number out where it is none",
    "month_missing": "deliver the month; moves over the gap are not counted",
    "came_back": "say whether it is the same loan; its later months were taken as they stand",
    "negative_balance": "a customer in credit owes nothing: it counts as no exposure",
    "finer_than_the_currency": "the amount was rounded to the currency's minor unit",
}


@dataclass(frozen=True, slots=True)
class TapeFault:
    """One kind of fault in one delivery: how many rows, the first of them, and what was done.

    `rows` are 1-based rows of data in the file. `what` names the cell or loan of the first.
    """

    kind: Kind
    file: str
    count: int
    rows: tuple[int, ...]
    what: str
    effect: Effect

    @property
    def mend(self) -> str:
        """How to mend it."""
        return _MENDS[self.kind]

    def __str__(self) -> str:
        more = f" (and {self.count - 1:,} more rows)" if self.count > 1 else ""
        return f"{Span(self.file, row=self.rows[0])}  {self.what}{more}; {self.mend}"

    def as_dict(self) -> dict[str, object]:
        """The fault as plain data, for `--json`."""
        return {
            "kind": self.kind,
            "file": self.file,
            "count": self.count,
            "rows": list(self.rows),
            "what": self.what,
            "effect": self.effect,
            "mend": self.mend,
        }


@dataclass(slots=True)
class FaultList:
    """Faults as they are found, the same kind and cell's column together."""

    _counts: Counter[tuple[Kind, str, str]] = field(default_factory=Counter)
    _first: dict[tuple[Kind, str, str], tuple[list[int], str, Effect]] = field(default_factory=dict)

    def add(
        self, kind: Kind, file: str, rows: pl.Series, what: str, *, about: str = "",
        effect: Effect = "refused",
    ) -> None:  # fmt: skip
        """Note the rows (1-based numbers) of a fault; `what` is told of the first of all.

        `about` tells kinds of one fault apart: the column, the word.
        """
        if not rows.len():
            return
        key = (kind, file, about)
        self._counts[key] += rows.len()
        shown, _, _ = self._first.setdefault(key, ([], what, effect))
        shown += [int(row) for row in rows.head(_SHOWN - len(shown))]

    def all(self) -> tuple[TapeFault, ...]:
        """Every fault, the commonest first."""
        return tuple(
            TapeFault(key[0], key[1], count, tuple(self._first[key][0]), *self._first[key][1:])
            for key, count in self._counts.most_common()
        )
