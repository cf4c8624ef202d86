"""How late a loan is, as lenders of many kinds tell it; and a file for each month."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from workbooks import write_xlsx

from equipoise.documents import to_yaml
from equipoise.errors import BadInput
from equipoise.portfolio import (
    STATES,
    draft_tape,
    month_in_name,
    read_tape,
    read_tape_document,
    tape_text,
)
from equipoise.portfolio.tape.words import meaning_of
from equipoise.workspace.tapes import draft_portfolio, read_portfolio


def _read(folder: Path, text: str):
    path = folder / "loans.csv"
    path.write_text(text, "utf-8")
    drafted = draft_tape(path, "loans.csv")
    settled = [each.model_copy(update={"confirm": ""}) for each in drafted.tape.columns]
    tape = drafted.tape.model_copy(update={"columns": tuple(settled), "confirm": ""})
    document = folder / "tape.yaml"
    document.write_text(to_yaml(json.loads(tape.model_dump_json(exclude_defaults=True))), "utf-8")
    return drafted, read_tape(read_tape_document(document), folder).book


def _states(book) -> list[str]:
    return [STATES[each] for each in book.state]


def test_a_bank_s_five_grades_say_how_a_loan_stands_where_nothing_else_does(tmp_path):
    drafted, book = _read(
        tmp_path,
        "借据号,统计日期,贷款余额(万元),五级分类\n"
        "1,2025-06-30,12.5,正常\n2,2025-06-30,12.5,关注\n3,2025-06-30,12.5,次级\n"
        "4,2025-06-30,12.5,可疑\n5,2025-06-30,12.5,损失\n",
    )
    assert drafted.unsettled == (
        "status: the words of '五级分类' say how a loan stands; is it the status?",
    )
    assert _states(book) == ["current", "1-30", "91+", "91+", "91+"]
    assert book.balance.tolist() == [12_500_000] * 5
    assert book.loans["grade"].to_list()[1] == "关注"


@pytest.mark.parametrize(
    ("word", "days"),
    [("M0", 0), ("M1", 1), ("M2", 31), ("M4+", 91), ("SMA-0", 1), ("SMA-1", 31), ("SMA 2", 61),
     ("PAR30", 31), ("PAR 90", 91), ("PAR1", 1), ("NPA", 91), ("Em dia", 0)],
)  # fmt: skip
def test_buckets_by_a_letter_begin_on_their_first_day(word, days):
    meaning = meaning_of(word)
    assert meaning is not None
    assert meaning.days == days


def test_the_day_since_when_a_loan_is_late_is_counted_to_the_row_s_day(tmp_path):
    """From 2025-02-05 to 2025-03-20 are 43 days; to April's end, as a month alone says it, 84."""
    _, book = _read(
        tmp_path,
        "contract,report_date,outstanding,oldest_unpaid_due_date\n"
        "a,2025-03-20,100,2025-02-05\na,2025-04-30,100,2025-02-05\nb,2025-03-20,100,\n",
    )
    assert book.days.tolist() == [43, 84, 0]
    _, book = _read(
        tmp_path, "contract,month,outstanding,past_due_since\na,2025-04,100,2025-02-05\n"
    )
    assert book.days.tolist() == [84]


def test_instalments_that_are_weekly_count_weeks(tmp_path):
    drafted, book = _read(
        tmp_path,
        "loan_account,report_date,weekly_installment,principal_outstanding,installments_overdue\n"
        "a,2025-01-31,250,9000,0\nb,2025-01-31,250,9000,1\nc,2025-01-31,250,9000,6\n",
    )
    (late,) = (each for each in drafted.tape.columns if each.role == "months_late")
    assert late.unit == "weeks"
    assert book.days.tolist() == [0, 1, 36]


@pytest.mark.parametrize(
    ("header", "days"),
    [("months_in_arrears", [0, 1, 1, 31, 31, 61]), ("delinquency_status", [0, 1, 31, 31, 61, 61])],
)
def test_part_of_an_instalment_is_late_too(tmp_path, header, days):
    """As mortgages of the United Kingdom are told, arrears over the instalment: of 1.23 the older
    is more than a month late; where 1 is 30 to 59 days, 0.23 is less and 1.23 one."""
    cells = zip("abcdef", (0, 0.23, 1, 1.23, 2, 2.5), strict=True)
    rows = "".join(f"{loan},2025-01,9,{late}\n" for loan, late in cells)
    _, book = _read(tmp_path, f"loan_id,month,balance,{header}\n{rows}")
    assert book.days.tolist() == days


def test_a_number_that_may_stand_for_no_number_is_asked_about_before_anybody_is_late(tmp_path):
    days = [*range(100), *[0] * 300, *[999] * 12]
    rows = "".join(f"{at},2025-01,9,{late}\n" for at, late in enumerate(days))
    drafted, _ = _read(tmp_path, f"loan_id,month,balance,dpd\n{rows}")
    (doubt,) = drafted.unsettled
    assert "999 stands 12 times as the days_late" in doubt


def test_a_flag_of_default_alone_tells_who_is_in_default(tmp_path):
    _, book = _read(tmp_path, "loan_id,month,balance,is_default\na,2025-01,9,Y\nb,2025-01,9,N\n")
    assert _states(book) == ["91+", "current"]


def test_cents_and_lakh_are_in_the_columns_names(tmp_path):
    _, book = _read(tmp_path, "Loan #,As Of,balanceCents,DPD\n1,1/31/2025,12345,0\n")
    assert book.balance.tolist() == [12345]
    _, book = _read(tmp_path, "LOAN A/C NO,REPORT MONTH,POS (Rs. Lakh),DPD\n007,Jan-25,1.5,0\n")
    assert book.balance.tolist() == [15_000_000]
    assert book.loans["id"].to_list() == ["007"]


@pytest.mark.parametrize(
    ("name", "month"),
    [("loans_202501", "2025-01"), ("book-2025-03-31", "2025-03"), ("tape 2025Q2", "2025-06"),
     ("March 2025", "2025-03"), ("book Mar-25", "2025-03"), ("2025 Sept", "2025-09"),
     ("台账2025年3月", "2025-03"), ("market 25", ""), ("loans", ""),
     ("from 2024-01 to 2024-12", "")],
)  # fmt: skip
def test_the_month_that_a_file_s_name_tells(name, month):
    assert month_in_name(name) == month


def test_a_folder_is_a_delivery_for_each_month(tmp_path):
    folder = tmp_path / "months"
    folder.mkdir()
    for month, late in (("202503", 45), ("202501", 0), ("202502", 14)):
        (folder / f"loans_{month}.csv").write_text(
            f"loan_id,balance,dpd\n00017,90,{late}\n", "utf-8"
        )
    made = draft_portfolio(tmp_path, folder, parts={})
    assert [made.delivery, *made.further] == [f"months/loans_20250{n}.csv" for n in (1, 2, 3)]
    assert made.unsettled == ("months: every row was taken as of 2025-01, by the name of the file",)
    tape = tmp_path / "tape.yaml"
    lines = tape.read_text("utf-8").splitlines()
    tape.write_text("\n".join(e for e in lines if not e.startswith("confirm")), "utf-8")
    book = read_portfolio(tmp_path).book
    assert _states(book) == ["current", "1-30", "31-60"]
    assert [int(each) % 12 + 1 for each in book.month] == [1, 2, 3]


def test_so_is_an_archive_with_a_file_for_each_month(tmp_path):
    with ZipFile(tmp_path / "book.zip", "w") as archive:
        archive.writestr("read me.md", "as agreed")
        for month, late in (("Feb 2025", 31), ("Jan 2025", 0)):
            archive.writestr(f"{month}.csv", f"loan_id,balance,dpd\n00017,90,{late}\n")
    made = draft_portfolio(tmp_path, tmp_path / "book.zip", parts={}, as_of="")
    assert [made.delivery, *made.further] == ["book.zip/Jan 2025.csv", "book.zip/Feb 2025.csv"]
    with pytest.raises(BadInput, match="was delivered before"):
        draft_portfolio(tmp_path, tmp_path / "book.zip" / "Jan 2025.csv", parts={})
    with ZipFile(tmp_path / "2020Q1.zip", "w") as archive:
        for name in ("loans_2020Q1.csv", "loans_time_2020Q1.csv"):
            archive.writestr(name, "loan_id,balance,dpd\n1,9,0\n")
    with pytest.raises(BadInput, match="the archive holds 2 tables"):
        draft_portfolio(tmp_path / "other", tmp_path / "2020Q1.zip", parts={})


def test_a_folder_whose_files_tell_no_month_is_refused_and_leaves_nothing(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    for name in ("north", "south"):
        (folder / f"{name}.csv").write_text("loan_id,balance,dpd\n1,90,0\n", "utf-8")
    with pytest.raises(BadInput, match=r"north.csv.*neither the cells nor the file's name"):
        draft_portfolio(tmp_path, folder, parts={})
    assert not (tmp_path / "tape.yaml").exists()


@pytest.mark.parametrize(
    "names", [("Jan-25", "Feb-25", "Mar-25"), ("2025年1月", "2025年2月", "2025年3月")]
)
def test_months_that_stand_as_columns_may_be_written_as_words(tmp_path, names):
    late, owed = (",".join(f"{what} {name}" for name in names) for what in ("逾期天数", "余额"))
    drafted, book = _read(tmp_path, f"loan_id,{late},{owed}\n1,0,31,62,9,8,7\n")
    assert drafted.tape.months == ("2025-01", "2025-02", "2025-03")
    assert book.days.tolist() == [0, 31, 62]
    assert book.balance.tolist() == [900, 800, 700]


def test_months_that_stand_as_columns_may_hold_words(tmp_path):
    """With the balance of today beside them, which is taken for every month."""
    drafted, book = _read(
        tmp_path,
        "loan_id,origination_date,Jan-24,Feb-24,Mar-24,current_balance\n"
        "a,2023-05-01,Current,1-30 DPD,31-60 DPD,9\nb,2024-02-01,,Current,Current,5\n"
        "c,2023-05-01,61-90 DPD,90+ DPD,Charged Off,0\n",
    )
    assert drafted.unsettled == ()
    assert drafted.tape.months == ("2024-01", "2024-02", "2024-03")
    assert _states(book) == ["current", "1-30", "31-60", "current", "current", "61-90", "91+",
                             "written_off"]  # fmt: skip
    assert book.balance.tolist() == [900] * 3 + [500] * 2 + [0] * 3


def test_amounts_in_columns_of_months_may_be_written_with_commas_and_signs(tmp_path):
    """German decimal commas; and thousands with a sign."""
    for head, cells in (
        ("Restschuld", "1.234,50;900,25;0,00"),
        ("Balance", "$1,234.50;$900.25;$0"),
    ):
        names = ";".join(f"{head} {month}" for month in ("Jan-24", "Feb-24", "Mar-24"))
        late = ";".join(f"DPD {month}" for month in ("Jan-24", "Feb-24", "Mar-24"))
        _, book = _read(tmp_path, f"loan_id;{names};{late}\na;{cells};0;31;0\nb;{cells};0;0;0\n")
        assert book.balance.tolist() == [123_450, 90_025, 0] * 2
        assert book.days.tolist() == [0, 31, 0, 0, 0, 0]


def test_the_month_may_stand_above_the_table(tmp_path):
    text = "Loan book as at 30 June 2024,,\n,,\nloan_id,balance,dpd\na,9,0\nb,5,31\n"
    drafted, book = _read(tmp_path, text)
    assert drafted.unsettled == (
        "months: every row was taken as of 2024-06, by what stands around the table",
    )
    assert [int(each) - 2024 * 12 + 1 for each in book.month] == [6, 6]


def test_columns_of_other_months_than_the_first_are_not_read_as_theirs(tmp_path):
    drafted, _ = _read(
        tmp_path,
        "id,dpd_2024-01,dpd_2024-02,dpd_2024-03,balance_2023-01,balance_2023-02,balance_2023-03\n"
        "a,0,0,31,9,8,7\nb,0,0,0,5,4,3\n",
    )
    assert [each.role for each in drafted.tape.columns if each.columns] == ["days_late"]
    assert any("are not of the months of dpd_*" in each for each in drafted.notes)


@pytest.mark.parametrize(("empty", "zero"), [("", "-"), ("-", ""), ("", "")])
def test_empty_cells_where_nobody_writes_nought_are_of_loans_that_are_not_late(
    tmp_path, empty, zero
):
    rows = f"a,2025-01,9,{empty}\nb,2025-01,9,{zero}\nc,2025-01,9,12\nd,2025-01,9,45\n"
    drafted, book = _read(tmp_path, f"loan_id,month,balance,dpd\n{rows}")
    (doubt,) = drafted.unsettled
    assert "2 of 4 cells of 'dpd' are empty, and none is 0" in doubt
    assert book.days.tolist() == [0, 0, 12, 45]


@pytest.mark.parametrize(
    "text",
    [
        "loan_id,month,balance,dpd\na,2025-01,9,0\nb,2025-01,9,\n",
        "loan_id,month,balance,dpd,status\na,2025-01,9,31,Late\nb,2025-01,9,,Late\n",
    ],
)
def test_where_nought_is_written_or_a_word_tells_an_empty_cell_tells_nothing(tmp_path, text):
    drafted, _ = _read(tmp_path, text)
    (counted,) = (each for each in drafted.tape.columns if each.role == "days_late")
    assert not counted.empty


def test_what_is_owed_may_be_written_with_a_minus(tmp_path):
    text = "loan_id,month,balance,dpd\n1,2025-01,-90,0\n2,2025-01,-80.5,0\n3,2025-01,0,0\n"
    drafted, book = _read(tmp_path, text)
    assert any("below zero" in each for each in drafted.unsettled)
    assert book.balance.tolist() == [9000, 8050, 0]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("loan_id,year,month,balance,dpd", "1,2025,9,5,0\n1,2025,10,4,31\n2,2025,9,5,0\n"),
        (
            "贷款编号,年份,月份,余额,逾期天数",
            "1,2025年,9月,5,0\n1,2025年,10月,4,31\n2,2025年,9月,5,0\n",
        ),
    ],
)
def test_a_month_may_stand_in_its_year_and_its_number(tmp_path, header, rows):
    drafted, book = _read(tmp_path, f"{header}\n{rows}")
    assert not drafted.unsettled
    assert not any("sounds like the month" in each for each in drafted.notes)
    assert [int(each) - 2025 * 12 + 1 for each in book.month] == [9, 10, 9]
    assert book.days.tolist() == [0, 31, 0]


def test_a_month_in_two_columns_lacks_neither(tmp_path):
    text = (
        "loan_id,year,month,balance,dpd\n1,2025,9,5,0\n1,2025,10,4,31\n1,,11,4,31\n1,2025,,4,31\n"
    )
    path = tmp_path / "loans.csv"
    path.write_text(text, "utf-8")
    (tmp_path / "tape.yaml").write_text(tape_text(draft_tape(path, "loans.csv")), "utf-8")
    reading = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path)
    assert {each.kind: each.rows for each in reading.faults} == {"no_month": (3, 4)}


def test_so_is_a_workbook_with_a_sheet_for_each_month(tmp_path):
    head = ["loan_id", "balance", "dpd"]
    sheets = {"2025.02": [head, ["00017", 90, 31]], "2025.01": [head, ["00017", 95, 0]]}
    made = draft_portfolio(tmp_path, write_xlsx(tmp_path / "book.xlsx", sheets), parts={})
    assert [made.delivery, *made.further] == ["book.xlsx/2025.01", "book.xlsx/2025.02"]
    other = write_xlsx(tmp_path / "one.xlsx", {"2025.03": [head, ["1", 9, 0]], "Notes": [["x"]]})
    assert draft_portfolio(tmp_path / "other", other, parts={}).further == ()
