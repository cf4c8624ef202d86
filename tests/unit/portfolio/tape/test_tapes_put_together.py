"""Tapes put together from others: days written in several ways, months told in several versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from equipoise.errors import BadInput
from equipoise.portfolio import draft_tape, read_tape, read_tape_document, tape_text
from equipoise.portfolio.tape.document import Delivery


def _read(folder: Path, text: str):
    (folder / "loans.csv").write_text(text, "utf-8")
    drafted = draft_tape(folder / "loans.csv", "loans.csv", currency="EUR")
    assert drafted.unsettled == ()
    path = folder / "tape.yaml"
    path.write_text(tape_text(drafted), "utf-8")
    return drafted, read_tape(read_tape_document(path), folder)


def test_days_of_one_column_are_read_in_the_ways_that_they_are_written(tmp_path):
    drafted, reading = _read(
        tmp_path,
        "loan_id,as_of,balance,dpd\n"
        "a,2024-01-31,9,0\na,29/02/2024,8,31\na,31.03.2024,7,62\n"
        "b,2024-01-31,5,0\nb,29/02/2024,5,0\nb,31.03.2024,5,0\n",
    )
    month = drafted.tape.column("month")
    assert {month.format, *month.other_formats} == {"", "%d/%m/%Y", "%d.%m.%Y"}  # "": 2024-01-31
    assert [int(each) % 12 + 1 for each in reading.book.month] == [1, 2, 3, 1, 2, 3]
    assert reading.book.days.tolist() == [0, 31, 62, 0, 0, 0]
    assert reading.faults == ()


def test_a_day_that_is_written_in_none_of_the_ways_is_refused(tmp_path):
    rows = [f"{loan},{day},9,0" for loan in "abc" for day in ("2024-01-31", "29/02/2024")]
    drafted, _ = _read(tmp_path, "\n".join(["loan_id,as_of,balance,dpd", *rows]))
    (tmp_path / "loans.csv").write_text(
        "\n".join(["loan_id,as_of,balance,dpd", *rows, "d,31st of March,9,0"]), "utf-8"
    )
    tape = drafted.tape.model_copy(update={"deliveries": {"loans.csv": Delivery()}})
    (tmp_path / "tape.yaml").write_text(tape_text(replace(drafted, tape=tape)), "utf-8")
    faults = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path).faults
    assert {(each.kind, each.rows, each.effect) for each in faults} == {
        ("unreadable", (7,), "refused"), ("no_month", (7,), "refused")}  # fmt: skip


def test_a_month_in_a_column_that_is_no_day_is_told_with_what_it_holds(tmp_path):
    text = "loan_id,as_of,balance,dpd\na,first,9,0\na,second,8,0\nb,first,9,0\nb,second,1,0\n"
    (tmp_path / "loans.csv").write_text(text, "utf-8")
    with pytest.raises(BadInput, match="'as_of' sounds like the month, but reads as string"):
        draft_tape(tmp_path / "loans.csv", "loans.csv")


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [("run_date", "2024-04-15", "2024-03-02"), ("version", "2", "1")],
)
def test_of_several_versions_of_a_month_the_latest_counts_wherever_it_stands(
    tmp_path, header, first, second
):
    """A month told anew after a restatement: the row of the later run is the first of the file."""
    _, reading = _read(
        tmp_path,
        f"loan_id,period,{header},balance,dpd\n"
        f"a,2024-01,{first},9,45\na,2024-01,{second},90,0\nb,2024-01,{second},5,0\n",
    )
    assert reading.book.balance.tolist() == [900, 500]
    assert reading.book.days.tolist() == [45, 0]
    (told,) = reading.faults
    assert (told.kind, told.rows, told.effect) == ("told_anew", (2,), "kept")


def test_a_version_is_no_part_where_every_month_is_told_once(tmp_path):
    text = "loan_id,period,version,balance,dpd\na,2024-01,1,9,0\nb,2024-01,1,5,0\n"
    drafted, _ = _read(tmp_path, text)
    assert drafted.tape.column("version") is None
