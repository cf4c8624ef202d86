"""Excel and OpenDocument sheets: typed, the likeliest taken and said, under bounds."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from workbooks import Broken, sheet_xml, write_ods, write_xlsx

from equipoise.contract import TableLayout, read_frame, read_table
from equipoise.contract.reading import workbooks
from equipoise.errors import BadInput

HEADER = ["id", "amount", "opened", "good", "note"]
BODY = [
    [1, 1000.5, date(2023, 3, 15), True, "x"],
    [2, 2000, date(2023, 4, 1), False, Broken("#N/A")],
    [3, None, date(2023, 5, 2), True, "y"],
]
TYPES = [pl.Int64, pl.Float64, pl.Date, pl.Boolean, pl.String]


def _refusal(path: Path, **stated: Any) -> str:
    with pytest.raises(BadInput) as caught:
        read_frame(path, stated=TableLayout(**stated))
    assert caught.value.where is not None
    assert caught.value.mend
    return str(caught.value)


def _rows() -> list[tuple[Any, ...]]:
    return [tuple(None if isinstance(cell, Broken) else cell for cell in row) for row in BODY]


def test_a_sheet_comes_typed_and_an_error_is_missing(tmp_path: Path) -> None:
    frame, layout = read_table(write_xlsx(tmp_path / "b.xlsx", {"Loans": [HEADER, *BODY]}))
    assert frame.columns == HEADER
    assert frame.dtypes == TYPES
    assert frame.rows() == _rows()
    assert layout.stated() == TableLayout(sheet="Loans", header_row=1)
    assert layout.remarks == ("sheet 'Loans' was read",)


def test_titles_groups_and_totals_around_the_table_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [
        ["Portfolio of loans"],
        [],
        [None, "Loan", None, "Outcome"],
        HEADER,
        *BODY,
        [],
        ["Total", 3000.5],
        ["Source: the core system"],
    ]
    path = write_xlsx(tmp_path / "b.xlsx", {"Loans": rows})
    frame, layout = read_table(path)
    assert frame.rows() == _rows()
    assert frame.dtypes == TYPES
    assert (layout.header_row, layout.footer_rows) == (4, 2)
    assert "the header is row 4" in layout.remarks[1]
    assert "the last 2 rows are a footer" in layout.remarks[2]
    assert read_frame(path, stated=layout.stated()).equals(frame)
    assert "layout.footer_rows" in _refusal(path, sheet="Loans", footer_rows=1)
    assert "looks like data" in _refusal(path, sheet="Loans", header_row=5)


def test_the_likeliest_sheet_is_taken_and_the_others_are_named(tmp_path: Path) -> None:
    sheets = {
        "Cover": [["Our loans"]],
        "Lookup": [["code", "text"]] + [[n, "t"] for n in range(40)],
        "Old": [["x", "y"]] + [[n, n] for n in range(90)],
        "Loans": [HEADER, *BODY],
    }
    path = write_xlsx(tmp_path / "b.xlsx", sheets, hidden=["Old"])
    assert read_frame(path).columns == ["code", "text"]
    frame, layout = read_table(path, column="good")
    assert frame.columns == HEADER
    assert layout.remarks[0].startswith("sheet 'Loans' was taken for the table, as the likeliest;")
    assert "'Cover', 'Lookup', 'Old'" in layout.remarks[0]
    assert read_frame(path / "Loans").equals(frame)
    assert read_frame(path, stated=layout.stated()).equals(frame)
    assert "no sheet 'Loan'; did you mean 'Loans'?" in _refusal(path, sheet="Loan")


def test_mixed_columns_are_text_and_empty_rows_are_said(tmp_path: Path) -> None:
    rows = [["id", "code"], [1, 7], [2, "A"], [], [3, 8.5], [4, date(2024, 1, 2)]]
    frame, layout = read_table(write_xlsx(tmp_path / "b.xlsx", {"S": rows}))
    assert frame["code"].to_list() == ["7", "A", "8.5", "2024-01-02"]
    assert frame["id"].to_list() == [1, 2, 3, 4]
    assert "1 empty rows (the first is row 4): left out" in layout.remarks


def test_an_opendocument_sheet_is_read(tmp_path: Path) -> None:
    rows = [["id", "opened", "end"], [1, date(2023, 3, 15), "good"], [2, date(2023, 4, 1), "bad"]]
    frame = read_frame(write_ods(tmp_path / "b.ods", {"Loans": rows}))
    assert frame.rows() == [tuple(row) for row in rows[1:]]


def test_a_workbook_inside_a_zip_is_read(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "b.xlsx", {"Loans": [HEADER, *BODY]})
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(tmp_path / "b.xlsx", "b.xlsx")
    assert read_frame(tmp_path / "b.zip").rows() == _rows()


@pytest.mark.parametrize("cell", ['<c r="XFD1048576"><v>1</v></c>', '<c r="ZZ99999"><v>1</v></c>'])
def test_a_sheet_that_claims_far_cells_is_refused(tmp_path: Path, cell: str) -> None:
    text = sheet_xml([["a", "b"], [1, 2]]).replace("</sheetData>", f"<row>{cell}</row></sheetData>")
    path = write_xlsx(tmp_path / "b.xlsx", {})
    with zipfile.ZipFile(write_xlsx(tmp_path / "whole.xlsx", {"S": [["a"]]})) as whole:
        names = [name for name in whole.namelist() if "sheet1" not in name]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, whole.read(name))
            archive.writestr("xl/worksheets/sheet1.xml", text)
    said = _refusal(path)
    assert "claims cells far beyond its table" in said or "more than 50,000,000 cells" in said


def test_bounds_of_size_hold_after_unpacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "b.xlsx", {"S": [["a", "b"], *[[1, 2]] * 2000]})
    monkeypatch.setattr("equipoise.contract.reading.tables.MAX_UNPACKED", 10_000)
    assert "unpacks to more than" in _refusal(path)
    monkeypatch.undo()
    monkeypatch.setattr(workbooks, "MAX_CELLS", 1000)
    assert "reaches over 2,001 rows" in _refusal(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "cannot be read"),
    ],
)
def test_locked_and_broken_workbooks_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "b.xls"
    path.write_bytes(content)
    assert said in _refusal(path)


def test_a_workbook_without_a_table_is_refused(tmp_path: Path) -> None:
    assert "holds no table" in _refusal(write_xlsx(tmp_path / "b.xlsx", {"S": []}))
    assert "no rows" in _refusal(write_xlsx(tmp_path / "c.xlsx", {"S": [["a", "b", "c"]]}))
