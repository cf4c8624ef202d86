"""Tapes whose file does not say what columns are: a person's names, published layouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.errors import BadInput
from equipoise.portfolio import (
    STATES,
    deliver_again,
    draft_tape,
    read_tape,
    read_tape_document,
    tape_text,
)
from equipoise.portfolio.tape.published import published_codes, published_layouts
from equipoise.workspace.tapes import draft_portfolio

EXPORT = """\
0000017;202501;10000,50;0
0000017;202502;9500,50;35
0000021;202501;800,00;0
0000021;202502;700,00;0
"""


def _book(path: Path, drafted):
    document = path.parent / "tape.yaml"
    document.write_text(tape_text(drafted), "utf-8")
    return read_tape(read_tape_document(document), path.parent).book


def _states(book) -> list[tuple[str, int, str]]:
    """Each row's loan, month of the year and state."""
    return [
        (book.loans["id"][int(loan)], int(month) % 12 + 1, STATES[int(state)])
        for loan, month, state in zip(book.loan, book.month, book.state, strict=True)
    ]


OF_THE_EXPORT = [("0000017", 1, "current"), ("0000017", 2, "31-60"),
                 ("0000021", 1, "current"), ("0000021", 2, "current")]  # fmt: skip


@pytest.mark.parametrize(
    "names",
    ["loan_no\nperiod\noutstanding\ndays_past_due\n", "loan_no;period;outstanding;days_past_due\n"],
    ids=["one a line", "as a header"],
)
def test_a_person_gives_the_names_of_a_file_without_a_header(tmp_path, names):
    path, listed = tmp_path / "export.csv", tmp_path / "names.txt"
    path.write_text(EXPORT, "utf-8")
    listed.write_text(names, "utf-8")
    book = _book(path, draft_tape(path, "export.csv", names=str(listed), currency="EUR"))
    assert _states(book) == OF_THE_EXPORT
    assert book.balance.tolist() == [1_000_050, 950_050, 80_000, 70_000]


def test_or_says_parts_by_their_place(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, "utf-8")
    parts = {"loan": "1", "month": "2", "balance": "3", "days_late": "4"}
    assert _states(_book(path, draft_tape(path, "export.csv", parts=parts))) == OF_THE_EXPORT


def test_names_are_kept_for_the_deliveries_that_follow(tmp_path):
    path, listed = tmp_path / "export.csv", tmp_path / "names.txt"
    path.write_text(EXPORT, "utf-8")
    listed.write_text("loan_no\nperiod\noutstanding\ndays_past_due\n", "utf-8")
    draft_portfolio(tmp_path, path, parts={}, names=str(listed))
    later = tmp_path / "march.csv"
    later.write_text("0000017;202503;9000,00;65\n", "utf-8")
    draft_portfolio(tmp_path, later, parts={})
    book = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path).book
    assert _states(book)[2] == ("0000017", 3, "61-90")


def test_names_stand_in_place_of_a_header_that_says_nothing(tmp_path):
    path, listed = tmp_path / "coded.csv", tmp_path / "names.txt"
    path.write_text("F01,F02,F03\nA,2025-01-31,40\nA,2025-02-28,0\n", "utf-8")
    listed.write_text("loan_id\nmonth\ndpd\n", "utf-8")
    book = _book(path, draft_tape(path, "coded.csv", names=str(listed)))
    assert _states(book) == [("A", 1, "31-60"), ("A", 2, "current")]


def test_without_names_or_with_too_few_it_is_refused_with_the_way(tmp_path):
    path, listed = tmp_path / "export.csv", tmp_path / "names.txt"
    path.write_text(EXPORT, "utf-8")
    listed.write_text("loan_no\nperiod\noutstanding\n", "utf-8")
    with pytest.raises(BadInput, match=r"looks like data.*--names FILE.*--part loan=1"):
        draft_tape(path, "export.csv")
    with pytest.raises(BadInput, match="3 names are given, and rows have 4 cells"):
        draft_tape(path, "export.csv", names=str(listed))
    with pytest.raises(BadInput, match="a published layout: fannie-mae-performance"):
        draft_tape(path, "export.csv", names="no-such")
    assert not (tmp_path / "tape.yaml").exists()


def _freddie(*told: str) -> str:
    """A row of 32 cells as the performance file has them."""
    loan, month, upb, late, age, zero = (*told, "")[:6]
    cells = [loan, month, upb, late, age, "355", "", "", zero, month if zero else "",
             "3.875", "0.00", *[""] * 13, "70", *[""] * 5, upb]  # fmt: skip
    assert len(cells) == 32
    return "|".join(cells)


FREDDIE = "\n".join(
    [
        _freddie("F20Q10000001", "202004", "200000.00", "0", "1"),
        _freddie("F20Q10000001", "202005", "199700.00", "1", "2"),
        _freddie("F20Q10000001", "202006", "199700.00", "2", "3"),
        _freddie("F20Q10000001", "202007", "199700.00", "3", "4"),
        _freddie("F20Q10000001", "202008", "199700.00", "RA", "5"),
        _freddie("F20Q10000001", "202009", "0.00", "RA", "6", "09"),
        _freddie("A20Q10000002", "202004", "100000.00", "0", "0"),
        _freddie("A20Q10000002", "202005", "99800.00", "XX", "1"),
        _freddie("A20Q10000002", "202006", "0.00", "0", "2", "01"),
    ]
)


def test_freddie_macs_performance_file_is_read_as_it_comes(tmp_path):
    path = tmp_path / "historical_data_time_2020Q1.txt"
    path.write_text(FREDDIE + "\n", "utf-8")
    drafted = draft_tape(path, path.name)
    assert not drafted.unsettled
    assert drafted.tape.currency == "USD"
    book = _book(path, drafted)
    late = {each[:2]: each[2] for each in _states(book)}
    assert [late["F20Q10000001", month] for month in range(4, 10)] == [
        "current", "31-60", "61-90", "91+", "91+", "written_off"]  # fmt: skip
    assert late["A20Q10000002", 6] == "repaid"
    untold = (book.month % 12 == 4) & (book.days < 0)
    assert untold.sum() == 1  # XX: nobody knows
    opened = dict(zip(book.loans["id"], book.loans["opened"], strict=True))
    assert opened == {"F20Q10000001": 2020 * 12 + 2, "A20Q10000002": 2020 * 12 + 3}


def test_fannie_maes_performance_file_is_read_as_it_comes(tmp_path):
    (layout,) = (each for each in published_layouts() if each.id == "fannie-mae-performance")
    names = layout.names(110)
    rows = []
    for month, late, zero in (("112021", "00", ""), ("122021", "01", ""), ("012022", "XX", "01")):
        cells = dict.fromkeys(names, "")
        cells |= {"LOAN_ID": "100007365142", "ACT_PERIOD": month, "CHANNEL": "R", "STATE": "CA",
                  "CURR_RATE": "2.875", "ORIG_UPB": "250000.00", "CURRENT_UPB": "249000.00",
                  "ORIG_TERM": "360", "ORIG_DATE": "122020", "DLQ_STATUS": late,
                  "Zero_Bal_Code": zero, "MOD_FLAG": "N"}  # fmt: skip
        rows.append("|".join(cells.values()))
    path = tmp_path / "2021Q1.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    book = _book(path, draft_tape(path, path.name))
    assert _states(book) == [("100007365142", 11, "current"), ("100007365142", 12, "31-60"),
                             ("100007365142", 1, "repaid")]  # fmt: skip
    assert book.loans["opened"].to_list() == [2020 * 12 + 11]
    assert book.loans["rate"].to_list() == [0.02875]


def test_esmas_field_codes_are_read_for_what_they_say(tmp_path):
    path = tmp_path / "RMBS.csv"
    path.write_text(
        "RREL1,RREL3,RREL5,RREL6,RREL23,RREL28,RREL30,RREL43,RREL68,RREL69,RREL72\n"
        "X,L1,O1,2025-03-31,2019-05-01,EUR,240000.55,2.15,0,PERF,ND5\n"
        "X,L2,O2,2025-03-31,2019-06-01,EUR,100000.00,2.15,45,ARRE,ND5\n"
        "X,L3,O3,2025-03-31,ND1,EUR,90000.00,ND2,ND5,DFLT,2025-02-01\n",
        "utf-8",
    )
    drafted = draft_tape(path, path.name)
    assert not drafted.unsettled
    book = _book(path, drafted)
    assert _states(book) == [("L1", 3, "current"), ("L2", 3, "31-60"), ("L3", 3, "91+")]
    assert book.currency == "EUR"
    assert book.loans["opened"].to_list() == [2019 * 12 + 4, 2019 * 12 + 5, None]


def test_published_layouts_name_their_source_and_every_list_that_they_refer_to():
    lists = {each.id for each in published_codes()}
    for layout in published_layouts():
        assert layout.source
        names = [each.name for each in layout.columns]
        assert len(set(names)) == len(names)
        assert {each.codes for each in layout.columns if each.codes} <= lists


def test_a_later_file_of_another_width_is_refused(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, "utf-8")
    parts = {"loan": "1", "month": "2", "balance": "3", "days_late": "4"}
    document = tmp_path / "tape.yaml"
    document.write_text(tape_text(draft_tape(path, "export.csv", parts=parts)), "utf-8")
    later = tmp_path / "short.csv"
    later.write_text("0000017;202503\n0000021;202503\n", "utf-8")
    with pytest.raises(BadInput, match="no column 'column_3'"):
        deliver_again(read_tape_document(document), later, "short.csv")


def test_codes_that_come_in_a_later_delivery_are_explained_by_their_list(tmp_path):
    head = "RREL1,RREL3,RREL6,RREL30,RREL68,RREL69\n"
    for month, row in (("2025-03-31", "9,0,PERF"), ("2025-06-30", "9,ND5,DFLT")):
        (tmp_path / f"RMBS-{month}.csv").write_text(f"{head}X,L1,{month},{row}\n", "utf-8")
        draft_portfolio(tmp_path, tmp_path / f"RMBS-{month}.csv", parts={}, currency="EUR")
    reading = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path)
    assert _states(reading.book) == [("L1", 3, "current"), ("L1", 6, "91+")]
    path = tmp_path / "historical_data_time_2020Q1.txt"
    path.write_text("\n".join(FREDDIE.split("\n")[:3]) + "\n", "utf-8")
    said = {each.says for each in draft_tape(path, path.name).tape.statuses}
    assert {"RA", "01", "09"} <= said
