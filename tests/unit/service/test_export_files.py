"""Files that leave the house run nothing where they are opened, and say what was handed in."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest

from equipoise.service.platform.exports.writing import WRITERS, Column, Format, guarded

# OWASP, "CSV Injection": cells that begin so are taken for formulas.
HOSTILE = (
    "=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1",
    "\u00a0=1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
)  # fmt: skip
COLUMNS = (
    Column("who"), Column("n", int), Column("share", float), Column("mine", bool),
    Column("on", date), Column("at", datetime),
)  # fmt: skip
AT = datetime(2026, 11, 30, 8, 5, tzinfo=timezone(timedelta(hours=8)))
ROWS = [
    ("张三", -3, 0.25, True, date(2026, 11, 30), AT),
    ('a,b\n"c"', 2, None, False, None, None),
]


def _written(tmp_path: Path, kind: Format, columns: tuple[Column, ...], rows: list[tuple]) -> Path:
    path = tmp_path / f"rows.{kind}"
    WRITERS[kind](path, columns, iter(rows))
    return path


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_as_a_formula_does(tmp_path: Path, text: str) -> None:
    path = _written(tmp_path, Format.CSV, (Column(text), Column("b")), [(text, f"x{text}")])
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file)
    assert head[0] == row[0] == f"'{text}"
    assert row[1] == f"x{text}", "a sign inside a text runs nothing"


@pytest.mark.parametrize("text", ["", "a", "'=1", "1-1", "2026-11-30", "user@example.org", "…"])
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_csv_says_what_was_handed_in(tmp_path: Path) -> None:
    path = _written(tmp_path, Format.CSV, COLUMNS, ROWS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "spreadsheets take it for Latin-1 else"
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, first, second = csv.reader(file)
    assert head == ["who", "n", "share", "mine", "on", "at"]
    # A number is no text: -3 stays one.
    assert first == ["张三", "-3", "0.25", "true", "2026-11-30", "2026-11-30T00:05:00+00:00"]
    assert second == ['a,b\n"c"', "2", "", "false", "", ""]


def test_parquet_keeps_types_and_texts(tmp_path: Path) -> None:
    frame = pl.read_parquet(
        _written(tmp_path, Format.PARQUET, COLUMNS, [*ROWS, ("=1", *ROWS[0][1:])])
    )
    assert frame["who"].to_list() == ["张三", 'a,b\n"c"', "=1"]
    assert frame["n"].to_list() == [-3, 2, -3]
    assert frame["on"].to_list() == [date(2026, 11, 30), None, date(2026, 11, 30)]
    assert frame["at"][0] == AT.astimezone(UTC)
    assert frame.schema["share"] == pl.Float64
    assert frame.schema["mine"] == pl.Boolean


def test_a_file_without_rows_has_its_columns(tmp_path: Path) -> None:
    frame = pl.read_parquet(_written(tmp_path, Format.PARQUET, COLUMNS, []))
    assert frame.columns == [each.name for each in COLUMNS]
    assert frame.height == 0
