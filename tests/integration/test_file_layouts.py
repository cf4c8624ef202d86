"""One file, one reading: what `new` took for the table, `check`, `fit` and `decide` take too."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from workbooks import write_xlsx

from equipoise.contract import TableLayout
from equipoise.errors import BadInput
from equipoise.strategy.files.tables import pieces, whole
from equipoise.workspace import Workspace, check_workspace, new_from_file, new_lendingclub
from equipoise.workspace.creating import LENDINGCLUB

HEADER = ("amount", "late", "bad")
ROWS = [(1000 + 37 * (n % 71), n % 5, int(n % 4 == 0)) for n in range(240)]
LINES = [",".join(map(str, row)) for row in ROWS]


def _noted(folder: Path) -> Path:
    path = folder / "loans.csv"
    body = "\n".join(["Portfolio of June", ",".join(HEADER), *LINES, "", "Total rows: 240"])
    path.write_text(body + "\n", encoding="utf-8")
    return path


def _semicolons(folder: Path) -> Path:
    path = folder / "loans.txt"
    text = "\n".join([";".join((*HEADER, "société")), *(f"{each};é" for each in LINES)])
    path.write_bytes(text.replace(",", ";").encode("cp1252"))
    return path


def _packed(folder: Path) -> Path:
    path = folder / "loans.csv.gz"
    path.write_bytes(gzip.compress(_noted(folder).read_bytes()))
    return path


def _zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "loans.zip", "w") as archive:
        archive.write(_noted(folder), "2024/loans.csv")
        archive.writestr("2024/other.csv", "a,b\n1,2\n")
    return folder / "loans.zip" / "2024" / "loans.csv"


def _sheet(folder: Path) -> Path:
    rows: list[Any] = [["Portfolio"], [], HEADER, *ROWS, [], ["Total", 240]]
    return write_xlsx(folder / "loans.xlsx", {"Read me": [["see Loans"]], "Loans": rows})


@pytest.mark.parametrize("make", [_noted, _semicolons, _packed, _zipped, _sheet])
def test_a_file_is_read_alike_by_every_command(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path)
    workspace, notes = new_from_file(tmp_path / "lender", path, "bad")
    contract = workspace.contract().value
    assert contract.layout is not None
    assert any(note in notes for note in (text.partition(": ")[2] for text in contract.review))
    checked = check_workspace(Workspace.open(workspace.folder)).checked
    assert (checked.rows_in, checked.rows_refused) == (240, 0)
    read = [each.frame for each in pieces(path, contract.layout.habits)]
    assert sum(each.height for each in read if each is not None) == 240
    decided = whole(path, contract.layout.habits).select(HEADER)
    assert decided.cast(pl.Int64).rows() == ROWS


def test_a_file_that_changed_its_layout_is_refused_by_check(tmp_path: Path) -> None:
    path = _noted(tmp_path)
    workspace, _ = new_from_file(tmp_path / "lender", path, "bad")
    assert workspace.contract().value.layout == TableLayout(header_row=2, footer_rows=1)
    path.write_text("\n".join([",".join(HEADER), *LINES]) + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match="looks like data"):
        check_workspace(workspace)


def test_the_lendingclub_example_refuses_a_folder_that_lacks_its_data(tmp_path: Path) -> None:
    data = tmp_path / "sets"
    data.mkdir()
    with pytest.raises(BadInput) as caught:
        new_lendingclub(tmp_path / "lc", data)
    assert "lacks 3 of the example's 3 files" in str(caught.value)
    assert "creditmodel" in caught.value.mend
    assert not (tmp_path / "lc").exists()
    for name in LENDINGCLUB:
        (data / name).parent.mkdir()
        (data / name).touch()
    with pytest.raises(BadInput, match="give --data"):
        new_lendingclub(tmp_path / "lc", data / "bpi2012")
    assert new_lendingclub(tmp_path / "lc", data).contract().value.name
    named = " ".join(path.read_text() for path in (tmp_path / "lc").glob("*.yaml"))
    assert all(f"data/{name}" in named for name in LENDINGCLUB)
