"""The month that the name of a file, a sheet or a column tells, and whose year it is of."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbooks import write_xlsx

from equipoise.errors import BadInput
from equipoise.portfolio import draft_tape, month_in_name
from equipoise.workspace.tapes import draft_portfolio

HEAD = ["loan_id", "balance", "dpd"]


@pytest.mark.parametrize(
    ("name", "month"),
    [("202401 final", "2024-01"), ("20240131", "2024-01"), ("31.01.2024", "2024-01"),
     ("tape_31-01-2024_v2", "2024-01"), ("01-31-2024", "2024-01"), ("1/2024", "2024-01"),
     ("012024", "2024-01"), ("2024M01", "2024-01"), ("2024.1", "2024-01"), ("Q1 2024", "2024-03"),
     ("1Q24", "2024-03"), ("Q4'23", "2023-12"), ("2024年一季度", "2024-03"),
     ("24年1月", "2024-01"), ("März 2024", "2024-03"), ("cierre enero 2024", "2024-01"),
     ("déc. 2023", "2023-12"), ("Jan", ""), ("2024", ""), ("05-01-2024", ""), ("loan 1234567", ""),
     ("v2.1", ""), ("Q1", "")],
)  # fmt: skip
def test_months_as_lenders_write_them(name, month):
    assert month_in_name(name) == month


def _sheets(*names: str) -> dict[str, list[list[object]]]:
    return {name: [HEAD, ["17", 90 - at, 31 * at]] for at, name in enumerate(names)}


def test_sheets_without_a_year_are_refused_with_the_option_that_tells_it(tmp_path):
    book = write_xlsx(tmp_path / "book.xlsx", _sheets("Jan", "Feb", "Mar"))
    with pytest.raises(BadInput, match="names a month and no year") as caught:
        draft_portfolio(tmp_path, book, parts={})
    assert "--as-of" in caught.value.mend
    assert not (tmp_path / "tape.yaml").exists()


def test_a_month_without_a_year_is_the_last_until_the_newest(tmp_path):
    book = write_xlsx(tmp_path / "book.xlsx", _sheets("Nov", "Dec", "1月", "Feb"))
    made = draft_portfolio(tmp_path, book, parts={}, as_of="2024-02")
    assert [each.rsplit("/", 1)[1] for each in (made.delivery, *made.further)] == [
        "Nov", "Dec", "1月", "Feb"]  # fmt: skip
    text = (tmp_path / "tape.yaml").read_text("utf-8")
    assert [f"20{month}" in text for month in ("23-11", "23-12", "24-01", "24-02")] == [True] * 4
    assert made.unsettled == ()


def test_the_year_may_stand_in_the_workbook_s_name_or_the_folder_s(tmp_path):
    book = write_xlsx(tmp_path / "loans 2023.xlsx", _sheets("Jan", "Feb"))
    made = draft_portfolio(tmp_path / "a", book, parts={})
    assert made.unsettled == ("months: every row was taken as of 2023-01, by the name of the file",)
    folder = tmp_path / "2022"
    folder.mkdir()
    for name in ("März", "April"):
        (folder / f"{name}.csv").write_text(f"loan_id,balance,dpd\n1,{len(name)},0\n", "utf-8")
    made = draft_portfolio(tmp_path / "b", folder, parts={})
    assert [Path(each).name for each in (made.delivery, *made.further)] == ["März.csv", "April.csv"]


def test_one_file_without_a_year_is_asked_about(tmp_path):
    (tmp_path / "Jan.csv").write_text("loan_id,balance,dpd\n1,5,0\n", "utf-8")
    drafted = draft_tape(tmp_path / "Jan.csv", "Jan.csv")
    (doubt,) = drafted.unsettled
    assert drafted.tape.months[0].endswith("-01")
    assert "the name of the file tells no year" in doubt


@pytest.mark.parametrize(
    "columns", [("31.01.2024", "29.02.2024", "31.03.2024"), ("Q1 2024", "Q2 2024", "Q3 2024")]
)
def test_columns_are_called_by_days_and_quarters_too(tmp_path, columns):
    late = ",".join(f"DPD {each}" for each in columns)
    (tmp_path / "loans.csv").write_text(f"loan_id,{late}\n1,0,31,62\n2,0,0,0\n", "utf-8")
    drafted = draft_tape(tmp_path / "loans.csv", "loans.csv")
    months = ("2024-03", "2024-06", "2024-09") if columns[0][0] == "Q" else (
        "2024-01", "2024-02", "2024-03")  # fmt: skip
    assert (drafted.tape.shape, drafted.tape.months) == ("wide", months)
