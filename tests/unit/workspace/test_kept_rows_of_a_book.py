"""The rows kept of a measured book, while several processes keep and remove them at one moment."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from loan_tapes import TAPE, known_tape, read_known

from equipoise.portfolio import PORTFOLIO_DRAFT, ask, figures_of, measure_book, query_of
from equipoise.workspace import book_tables
from equipoise.workspace.book_tables import KeptTables
from equipoise.workspace.books import read_book


@pytest.fixture
def kept(tmp_path: Path) -> KeptTables:
    """Those of a small book; its tape is another since."""
    read_known(tmp_path, known_tape(20, 8))
    (tmp_path / "portfolio.yaml").write_text(PORTFOLIO_DRAFT, "utf-8")
    tables = KeptTables(tmp_path, tmp_path / "kept")
    tables.keep(read_book(tmp_path), of="1")
    (tmp_path / "known.parquet").write_bytes(b"another")
    return tables


def _meanwhile(monkeypatch: pytest.MonkeyPatch, other) -> None:
    """Let another process do something once, while one compares a file with what was read."""
    same, waiting = book_tables._same, [other]

    def compared(*of):
        if waiting:
            waiting.pop()()
        return same(*of)

    monkeypatch.setattr(book_tables, "_same", compared)


def test_two_that_remove_outdated_rows_at_one_moment_remove_each_once(kept, monkeypatch):
    there = len(list(kept.folder.glob("*.parquet")))
    counts = []
    _meanwhile(monkeypatch, lambda: counts.append(kept.drop_outdated()))
    counts.append(kept.drop_outdated())
    assert there > 1
    assert counts[0] == there
    assert list(kept.folder.iterdir()) == []
    assert kept.table("book") is None


def test_rows_kept_while_outdated_ones_are_looked_for_stay(kept, monkeypatch):
    def measured_anew() -> None:
        read_known(kept.lender, known_tape(20, 8, seed=2))
        kept.keep(read_book(kept.lender), of="2")

    _meanwhile(monkeypatch, measured_anew)
    assert kept.drop_outdated() == 0
    table = kept.table("book")
    assert table is not None
    assert table.of == "2"


def test_a_table_that_goes_while_it_is_asked_is_told_as_gone(tmp_path):
    reading = read_known(tmp_path, known_tape(20, 8))
    (tmp_path / "portfolio.yaml").write_text(PORTFOLIO_DRAFT, "utf-8")
    read = read_book(tmp_path)
    measured = measure_book(reading, read.document, read.rules).as_dict()
    number = next(iter(figures_of(measured)))
    with pytest.raises(FileNotFoundError):
        ask(query_of(measured, number), tmp_path / "gone.parquet", most=5)


def test_rows_of_a_delivery_in_an_archive_are_kept_while_it_is_what_it_was(tmp_path):
    known_tape(20, 8).write_csv(tmp_path / "known.csv")
    with ZipFile(tmp_path / "book.zip", "w") as archive:
        archive.write(tmp_path / "known.csv", "known.csv")
    (tmp_path / "tape.yaml").write_text(
        TAPE.replace("known.parquet", "book.zip/known.csv"), "utf-8"
    )
    (tmp_path / "portfolio.yaml").write_text(PORTFOLIO_DRAFT, "utf-8")
    tables = KeptTables(tmp_path, tmp_path / "kept")
    tables.keep(read_book(tmp_path), of="1")
    assert tables.drop_outdated() == 0
    (tmp_path / "book.zip").unlink()
    assert tables.table("book") is None
