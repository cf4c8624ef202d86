"""The tables that queries of a measured book are asked of: read anew from the folder's tape."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from equipoise.files import replacing
from equipoise.portfolio import book_table, terms_table
from equipoise.progress import Progress
from equipoise.workspace.books import portfolio_document, portfolio_rules
from equipoise.workspace.tapes import read_portfolio


@dataclass(frozen=True, slots=True)
class BookTables:
    """Tables by their names in queries, and the SHA-256 of each delivery that they rest on."""

    tables: dict[str, pl.DataFrame]
    deliveries: tuple[str, ...]


def book_tables(
    folder: Path, progress: Progress | None = None, *, deliveries: int = 0, terms: bool = True
) -> BookTables:
    """The loan-months, and the `terms` of open loans where they are wanted and the tape tells
    enough. Raises BadInput, with file and line."""
    reading = read_portfolio(folder, progress, deliveries=deliveries)
    tables = {"book": book_table(reading.book)}
    if terms:
        document = portfolio_document(folder)
        rules = portfolio_rules(document, folder, reading.book.last_month)
        made = terms_table(reading.book, document.value, rules)
        tables |= {} if made is None else {"terms": made}
    return BookTables(tables, tuple(each.sha256 for each in reading.deliveries))


def write_book_tables(
    folder: Path, progress: Progress | None = None, *, deliveries: int = 0
) -> dict[str, tuple[Path, int]]:
    """Write each table as Parquet below build/; its file and rows, by name."""
    written = {}
    for name, table in book_tables(folder, progress, deliveries=deliveries).tables.items():
        path = folder / "build" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as there:
            table.write_parquet(there)
        written[name] = (path, table.height)
    return written
