"""The query over `faults`: what is wrong with the tape's data, by kind and file."""

from __future__ import annotations

from equipoise.portfolio.numbers.number import Number, Query
from equipoise.portfolio.numbers.of_book import Measured


def told(_: Measured, __: Number) -> Query:
    """Kinds of faults by file, and the rows that they are told of."""
    return Query(
        "faults",
        "SELECT COUNT(*) AS faults, SUM(rows_told) AS rows_told\nFROM faults",
        "SELECT * FROM faults\nORDER BY rows_told DESC, file, kind",
    )
