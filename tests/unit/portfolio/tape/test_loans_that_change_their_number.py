"""Loans that go on under another number, as after a restructuring."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.portfolio import draft_tape, month_text, read_tape, read_tape_document, tape_text
from equipoise.portfolio.tape.names import role_of

HEAD = "Facility ID,Previous Facility ID,month,balance,dpd,opened\n"


def _read(folder: Path, rows: str):
    (folder / "loans.csv").write_text(HEAD + rows, "utf-8")
    drafted = draft_tape(folder / "loans.csv", "loans.csv", currency="EUR")
    path = folder / "tape.yaml"
    path.write_text(tape_text(drafted), "utf-8")
    reading = read_tape(read_tape_document(path), folder)
    book = reading.book
    named = book.loans["id"]
    rows_of = [
        (named[int(loan)], int(month) % 12 + 1, int(days))
        for loan, month, days in zip(book.loan, book.month, book.days, strict=True)
    ]
    return rows_of, dict(zip(named, book.loans["opened"], strict=True)), reading.faults


def test_a_loan_goes_on_under_its_first_number_and_in_its_first_vintage(tmp_path):
    """Twice restructured: 45 days late in January, it is the same loan of 2022 in April."""
    rows, opened, faults = _read(
        tmp_path,
        "A,,2024-01,9,45,2022-05-01\nB,A,2024-02,9,0,2024-02-01\nB,A,2024-03,9,0,2024-02-01\n"
        "C,B,2024-04,9,0,2024-04-01\nZ,,2024-04,9,0,2023-01-01\n",
    )
    assert rows == [("A", 1, 45), ("A", 2, 0), ("A", 3, 0), ("A", 4, 0), ("Z", 4, 0)]
    assert {name: month_text(month) for name, month in opened.items()} == {
        "A": "2022-05", "Z": "2023-01"}  # fmt: skip
    (told,) = faults
    assert (told.kind, told.rows) == ("renumbered", (2, 4))
    assert "loan B was A before" in str(told)


@pytest.mark.parametrize(
    "rows",
    [
        "A,,2024-01,9,45,\nA,,2024-02,9,0,\nB,A,2024-02,9,0,\n",  # side by side
        "A,,2024-01,9,45,\nD,,2024-01,9,0,\nB,A,2024-02,9,0,\nB,D,2024-03,9,0,\n",  # two in one
        "A,,2024-01,9,45,\nB,A,2024-02,9,0,\nC,A,2024-02,9,0,\n",  # one in two
    ],
)
def test_what_does_not_simply_follow_stays_a_loan_of_its_own(tmp_path, rows):
    read, _, faults = _read(tmp_path, rows)
    assert {name for name, _, _ in read} == {line.split(",")[0] for line in rows.split()}
    assert {each.kind for each in faults} == {"not_renumbered"}


def test_a_former_number_that_no_row_has_changes_nothing(tmp_path):
    read, _, faults = _read(tmp_path, "B,Q,2024-02,9,0,\nC,,2024-02,9,0,\n")
    assert [name for name, _, _ in read] == ["B", "C"]
    assert faults == ()


@pytest.mark.parametrize(
    ("header", "role"),
    [("原借据编号", "formerly"), ("old_loan_number", "formerly"),
     ("Prior Account Number", "formerly"), ("loan_id", "loan"),
     ("Original Underlying Exposure Identifier", "loan")],
)  # fmt: skip
def test_former_numbers_as_they_are_called(header, role):
    assert role_of(header) == role
