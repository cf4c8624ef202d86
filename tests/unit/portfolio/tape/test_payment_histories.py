"""Histories that stand in one cell of a loan, as bureaus and lenders write them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from equipoise.documents import to_yaml
from equipoise.errors import BadInput
from equipoise.portfolio import (
    STATES,
    draft_tape,
    month_text,
    read_tape,
    read_tape_document,
    tape_text,
)
from equipoise.portfolio.tape.history_draft import history_in


def _drafted(folder: Path, text: str, **more):
    (folder / "loans.csv").write_text(text, "utf-8")
    return draft_tape(folder / "loans.csv", "loans.csv", as_of="2024-08", currency="USD", **more)


def _read(folder: Path, drafted):
    """The book, whatever was to be confirmed."""
    columns = tuple(each.model_copy(update={"confirm": ""}) for each in drafted.tape.columns)
    tape = drafted.tape.model_copy(update={"columns": columns, "confirm": ""})
    path = folder / "tape.yaml"
    path.write_text(to_yaml(tape.model_dump(mode="json", exclude_defaults=True)), "utf-8")
    return read_tape(read_tape_document(path), folder)


def _states(reading) -> dict[str, str]:
    """Of each loan its states, from its first month on, and the months that begin and end them."""
    book, told = reading.book, {}
    for at, name in enumerate(book.loans["id"]):
        rows = [each for each in range(len(book)) if int(book.loan[each]) == at]
        states = [STATES[int(book.state[each])] if book.state[each] >= 0 else "?" for each in rows]
        ends = [month_text(int(book.month[each])) for each in (rows[0], rows[-1])]
        told[name] = f"{ends[0]} {' '.join(states)} {ends[1]}"
    return told


def test_the_states_of_a_chinese_credit_report_are_read_by_its_list(tmp_path):
    """1 is 1 to 30 days, 7 more than 180; C paid up, G ended otherwise, * nothing due, # not known,
    / not yet opened; the newest month is on the right."""
    drafted = _drafted(
        tmp_path,
        "借据号,近24个月还款状态,余额\n"
        "a,////NNN1234C,0\nb,*NNNNN12N#NN,50\nc,NNNNN123456G,0\nd,NNNNNNNNN127,9\n",
    )
    assert drafted.unsettled == ()
    assert _states(_read(tmp_path, drafted)) == {
        "a": "2024-01 current current current 1-30 31-60 61-90 91+ repaid 2024-08",
        "b": "2023-09 " + "current " * 6 + "1-30 31-60 current ? current current 2024-08",
        "c": "2023-09 " + "current " * 5 + "1-30 31-60 61-90 91+ 91+ 91+ written_off 2024-08",
        "d": "2023-09 " + "current " * 9 + "1-30 31-60 91+ 2024-08",
    }


@pytest.mark.parametrize(
    ("cells", "newest", "role", "paid_up"),
    [
        (("000011120C", "0000012345", "0001230000"), "last", "months_late", "C"),
        (("C021110000", "5432100000", "0000321000"), "first", "months_late", "C"),
        (("'0,0,1,2'", "'1,2,3,4'", "'0,1,2,3'", "'0,1,2,0'"), "last", "months_late", ""),
        (("'0|13|43|74'", "'12|43|74|104'", "'31|62|93|0'"), "last", "days_late", ""),
        (("00000102", "00010203", "01020300"), "last", "months_late", ""),
        (("正常;正常;M1;M2", "M2;正常;正常;正常", "M1;M2;M3;正常"), "last", "status", ""),
        (("CCC123X", "12CCCCC", "CC12345", "CCCC123"), "last", "months_late", ""),
    ],
)
def test_the_newest_end_is_the_one_by_which_loans_grow_late_month_by_month(
    tmp_path, cells, newest, role, paid_up
):
    rows = "\n".join(f"{at},{cell},9" for at, cell in enumerate(cells * 8))
    drafted = _drafted(tmp_path, f"loan_id,payment_history,balance\n{rows}\n".replace("'", '"'))
    (column,) = (each for each in drafted.tape.columns if each.history)
    assert not column.confirm
    assert (column.history.newest, column.role) == (newest, role)
    repaid = [each.says for each in drafted.tape.statuses if each.means == "repaid"]
    assert repaid == list(paid_up)


def test_what_tells_neither_end_is_asked(tmp_path):
    text = "loan_id,payment_history\na,NNN1NN\nb,NN1NNN\n"
    (doubt,) = _drafted(tmp_path, text).unsettled
    assert "the last place, as of 'NNN1NN', was taken for the newest month" in doubt


def test_a_code_that_nobody_explained_is_asked_and_refused_by_its_row(tmp_path):
    text = "loan_id,payment_history\n" + "a,000123\n" * 9 + "b,0001Q0\n"
    text = "".join(f"{at}{line}\n" if at else f"{line}\n" for at, line in enumerate(text.split()))
    drafted = _drafted(tmp_path, text)
    assert any("'Q' say nothing we know" in each for each in drafted.unsettled)
    reading = _read(tmp_path, drafted)
    (unknown,) = (each for each in reading.faults if each.kind == "unknown_status")
    assert (unknown.rows, unknown.effect) == ((10,), "refused")
    assert "the code 'Q' in column 'payment_history' is not explained" in str(unknown)
    assert "10b" in _states(reading)


def test_what_is_told_once_counts_in_the_newest_month_alone(tmp_path):
    """A word of today says nothing of the months before it, in a cell or in columns; what is owed
    is taken for all of them."""
    cells = "loan_id,payment_history,status,balance\na,00000,Charged Off,7\nb,00000,Current,5\n"
    columns = (
        "loan_id,dpd_2024-06,dpd_2024-07,dpd_2024-08,status,balance\n"
        "a,0,0,,Charged Off,7\nb,0,0,0,Current,5\n"
    )
    for text, before in ((cells, 4), (columns, 2)):
        reading = _read(tmp_path, _drafted(tmp_path, text))
        first = "2024-04" if before == 4 else "2024-06"
        assert _states(reading) == {
            "a": f"{first} {'current ' * before}written_off 2024-08",
            "b": f"{first} {'current ' * (before + 1)}2024-08",
        }
        assert reading.book.balance.tolist() == [700] * (before + 1) + [500] * (before + 1)


def test_a_loan_whose_history_is_empty_is_not_lost(tmp_path):
    text = "loan_id,payment_history,balance\na,000,7\nb,,5\n"
    reading = _read(tmp_path, _drafted(tmp_path, text))
    assert _states(reading)["b"] == "2024-08 ? 2024-08"
    assert [each.kind for each in reading.faults] == ["lateness_not_told"]


def test_a_history_may_end_in_the_month_that_its_row_tells(tmp_path):
    text = "loan_id,report_date,payment_history\na,2024-03-31,0012\nb,2024-05-31,0001\n"
    drafted = _drafted(tmp_path, text)
    assert drafted.tape.months == ()
    assert _states(_read(tmp_path, drafted)) == {
        "a": "2023-12 current current 1-30 31-60 2024-03",
        "b": "2024-02 current current current 1-30 2024-05",
    }


def test_loans_that_ended_with_fewer_months_than_others_are_asked_about(tmp_path):
    rows = "".join(
        f"{at},{each}\n" for at, each in enumerate(["00123C", "0000123400", "01230000"] * 8)
    )
    (doubt,) = _drafted(tmp_path, f"loan_id,payment_history\n{rows}").unsettled
    assert "loans that ended have fewer months (6) than others (10)" in doubt


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("loan_id", ["0000123", "0000124", "0000125"]),
        ("zip", ["00112", "00112", "90210"]),
        ("phone", ["0112233445", "0998877665", "0112233445"]),
        ("opened", ["2024-01-05", "2024-01-06", "2024-01-05"]),
        ("amount", ["1,234,567", "2,234,567", "1,234,567"]),
        ("credit_history", ["good", "poor", "fair"]),
        ("region", ["NORTH", "SOUTH", "NORTH"]),
        ("flags", ["000000", "000000", "001000"]),
    ],
)
def test_what_is_no_history_is_not_taken_for_one(header, cells):
    made = history_in(pl.DataFrame({header: cells * 40}))
    assert made is None or made.column.confirm


def test_what_nobody_calls_a_history_is_none_beside_what_tells_how_late_a_loan_is():
    cells = ["000000123000", "000000000000", "000012300000"] * 40
    alone = pl.DataFrame({"string24": cells})
    made = history_in(alone)
    assert made is not None
    assert made.column.confirm
    beside = alone.with_columns(pl.lit("0").alias("days_past_due"))
    assert history_in(beside) is None
    assert history_in(beside, ["string24"]) is not None


def test_a_history_stands_in_a_tape_of_histories_alone(tmp_path):
    drafted = _drafted(tmp_path, "loan_id,payment_history\na,0012\nb,0123\n")
    path = tmp_path / "tape.yaml"
    path.write_text(tape_text(drafted), "utf-8")
    assert read_tape_document(path).value == drafted.tape
    path.write_text(tape_text(drafted).replace("shape: history", "shape: final"), "utf-8")
    with pytest.raises(BadInput, match="this tape has no months in a cell"):
        read_tape_document(path)
