"""Drafting a tape: parts by name in several languages, months as columns, words, what is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.portfolio import (
    STATES,
    draft_tape,
    read_tape,
    read_tape_document,
    tape_text,
)
from equipoise.portfolio.tape.names import role_of, unit_of
from equipoise.portfolio.tape.words import codes_of, meaning_of


def _drafted(folder: Path, text: str, **more):
    path = folder / "loans.csv"
    path.write_text(text, "utf-8")
    return draft_tape(path, "loans.csv", **more)


def _columns(drafted) -> dict[str, str | tuple[str, ...]]:
    return {each.role: each.columns or each.column for each in drafted.tape.columns}


MONTHLY = """\
loan_id,reporting_month,current_balance,days_past_due,orig_date,interest_rate,region,ccy,memo
A1,202401,1000.00,0,2023-11-05,7.5,north,EUR,x
A1,202402,950.00,12,2023-11-05,7.5,north,EUR,x
B2,202401,400.00,0,2023-12-01,9.1,south,EUR,y
B2,202402,400.00,31,2023-12-01,9.1,south,USD,y
"""


def test_a_monthly_tape_is_drafted_and_its_text_reads_back_equal(tmp_path):
    drafted = _drafted(tmp_path, MONTHLY)
    assert drafted.tape.shape == "monthly"
    assert drafted.tape.currency == "EUR"
    assert _columns(drafted) == {
        "loan": "loan_id",
        "month": "reporting_month",
        "balance": "current_balance",
        "days_late": "days_past_due",
        "opened": "orig_date",
        "rate": "interest_rate",
        "region": "region",
        "currency": "ccy",
    }
    (rate,) = (each for each in drafted.tape.columns if each.role == "rate")
    assert rate.unit == "percent"
    assert any("memo" in note for note in drafted.notes)
    assert any("refused: USD" in note for note in drafted.notes)
    path = tmp_path / "tape.yaml"
    path.write_text(tape_text(drafted), "utf-8")
    loaded = read_tape_document(path)
    assert loaded.value == drafted.tape
    assert drafted.unsettled == ()
    book = read_tape(loaded, tmp_path).book
    assert book.balance.tolist() == [100_000, 95_000, 40_000]
    assert book.loans["rate"].to_list() == pytest.approx([0.075, 0.091])


def test_a_chinese_tape_is_drafted_too(tmp_path):
    text = """\
借据编号,报告月,贷款余额,逾期天数,贷款状态,放款日期,地区
J001,2024-01,1000.00,0,正常,2023-11-05,北京
J001,2024-02,900.00,0,结清,2023-11-05,北京
J002,2024-01,500.00,95,不良,2023-10-01,上海
"""
    drafted = _drafted(tmp_path, text)
    assert _columns(drafted) == {
        "loan": "借据编号",
        "month": "报告月",
        "balance": "贷款余额",
        "days_late": "逾期天数",
        "status": "贷款状态",
        "opened": "放款日期",
        "region": "地区",
    }
    assert {each.says: each.means for each in drafted.tape.statuses} == {
        "不良": "default",
        "正常": "current",
        "结清": "repaid",
    }


@pytest.mark.parametrize(
    ("word", "standing", "days"),
    [
        ("Current", "current", 0),
        ("Fully Paid", "repaid", 0),
        ("Charged Off", "written_off", 0),
        ("In Grace Period", "late", 1),
        ("Late (16-30 days)", "late", 16),
        ("Late (31-120 days)", "late", 31),
        ("Overdue > 90", "late", 91),
        ("60+ days past due", "late", 61),
        ("Default", "default", 91),
        ("逾期", "late", 1),
        ("未逾期", "current", 0),
        ("已核销", "written_off", 0),
        ("1-29", "late", 1),
        ("30-59", "late", 31),
        ("60-89", "late", 61),
        ("90+", "late", 91),
        ("31-60 days", "late", 31),
        ("0", "current", 0),
        ("2 payments past due", "late", 31),
        ("im Verzug", "late", 1),
        ("CANCELADO", "repaid", 0),
        ("unpaid", "late", 1),
    ],
)
def test_what_lenders_write_of_a_loan_s_state(word, standing, days):
    """LendingClub's seven words among them: a range says at least its lower end, and one from day
    30, 60 or 90 on, as in the United States, lies in the bucket after that day."""
    meaning = meaning_of(word)
    assert meaning is not None
    assert (meaning.standing, meaning.days) == (standing, days)


def test_a_word_that_says_nothing_is_asked_for_and_not_guessed(tmp_path):
    text = MONTHLY.replace("days_past_due", "status").replace(",0,2", ",Current,2")
    text = text.replace(",12,", ",zq7,").replace(",31,", ",Charged Off,")
    drafted = _drafted(tmp_path, text)
    assert [each.says for each in drafted.tape.statuses] == ["Charged Off", "Current"]
    assert any("'zq7' says nothing we know" in note for note in drafted.notes)
    (doubt,) = drafted.unsettled
    assert doubt == "status: 'zq7' say nothing we know; explain them under `statuses`"


def test_a_status_of_payments_is_read_by_its_words(tmp_path):
    text = "loan_id,month,balance,payment_status\na,2024-01,1,1 payment past due\n"
    drafted = _drafted(tmp_path, text + "b,2024-01,1,Current\nc,2024-01,1,2 payments past due\n")
    assert _columns(drafted)["status"] == "payment_status"
    assert {each.says: each.days for each in drafted.tape.statuses} == {
        "1 payment past due": 1,
        "2 payments past due": 31,
        "Current": 0,
    }


@pytest.mark.parametrize("cell", ["12.11.2022", "2022-11-12", "12-11-2022", "2022年11月12"])
def test_a_day_of_the_calendar_says_nothing_of_how_late_a_loan_is(cell):
    assert meaning_of(cell) is None


@pytest.mark.parametrize(
    "header", ["settlement_amount", "total_pymnt", "recoveries", "PAY_AMT1", "installment", "memo"]
)
def test_what_was_paid_or_recovered_is_no_part(header):
    assert role_of(header) is None


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Original Underlying Exposure Identifier", "loan"),
        ("Consumer Account Number", "loan"),
        ("Loan", "loan"),
        ("借据", "loan"),
        ("loan purpose", "product"),
        ("Data Cut-Off Date", "month"),
        ("Exposure Currency Denomination", "currency"),
        ("Number Of Days In Arrears", "days_late"),
        ("DLQ_STATUS", "months_late"),
        ("Zero_Bal_Code", "status"),
        ("Zero Balance Effective Date", None),
        ("ORIG_UPB", "amount"),
        ("Fecha de Corte", "month"),
        ("Días de Mora", "days_late"),
        ("Verzugstage", "days_late"),
        ("五级分类", "grade"),
        ("default_date", "defaulted"),
        ("Rückstand in Tagen", "days_late"),
        ("dlq_days", "days_late"),
        ("Number of times 60 days late", None),
        ("Arrears (months)", "months_late"),
        ("Overdue Amount", None),
        ("逾期金额", None),
        ("acct", "loan"),
        ("cycle_dt", "month"),
        ("As on Date", "month"),
        ("cr_lim", "amount"),
        ("DisbursementGross", "amount"),
        ("Auszahlung am", "opened"),
        ("发放日", "opened"),
        ("所属支行", "region"),
        ("chargeoff_amt", None),
        ("Charged Off Amount", None),
        ("Berichtsmonat", "month"),
    ],
)
def test_what_columns_of_real_lenders_are(header, role):
    """Names of Fannie Mae's and ESMA's files, of Metro 2, and of lenders elsewhere."""
    assert role_of(header) == role


@pytest.mark.parametrize(
    ("role", "header", "unit"),
    [
        ("balance", "贷款余额(万元)", "ten_thousand"),
        ("balance", "余额（亿元）", "hundred_million"),
        ("balance", "balance_cents", "minor"),
        ("balance", "balance_000", "thousand"),
        ("balance", "Saldo TEUR", "thousand"),
        ("amount", "Loan amount (USD mn)", "million"),
        ("balance", "balance", ""),
        ("months_late", "Current Loan Delinquency Status", "full_months"),
        ("months_late", "months_in_arrears", ""),
    ],
)
def test_a_unit_in_a_column_s_name(role, header, unit):
    assert unit_of(role, header) == unit


def test_codes_are_read_by_the_list_that_they_are_from():
    """Metro 2's status codes 71, 78 and 80 are 30, 60 and 90 days past due; 97 is charged off."""
    codes = codes_of("Account Status", ["11", "71", "78", "80", "97"])
    assert codes is not None
    assert [codes.explains(each).days for each in ("71", "78", "80")] == [31, 61, 91]
    assert codes.explains("97").means == "written_off"
    assert codes_of("Account Status", ["11", "71", "x"]) is None


def test_the_months_late_of_fannie_mae_and_freddie_mac_are_full_ones(tmp_path):
    """1 is 30 to 59 days, RA a house that was taken, and a zero balance code how a loan ended."""
    text = """\
LOAN_ID|ACT_PERIOD|ORIG_RATE|CURR_RATE|ORIG_UPB|CURRENT_UPB|STATE|DLQ_STATUS|Zero_Bal_Code
1|2024-01|7|7|2000|1000|NY|00|
1|2024-02|7|7|2000|900|NY|01|
1|2024-03|7|7|2000|900|NY|RA|
2|2024-01|7|7|1000|500|TX|XX|
2|2024-02|7|7|1000|0|TX|00|01
3|2024-01|7|7|1000|700|CA|03|
3|2024-02|7|7|1000|0|CA|04|09
"""
    drafted = _drafted(tmp_path, text, currency="USD")
    columns = _columns(drafted)
    assert (columns["balance"], columns["amount"]) == ("CURRENT_UPB", "ORIG_UPB")
    assert (columns["rate"], columns["region"]) == ("CURR_RATE", "STATE")
    path = tmp_path / "tape.yaml"
    path.write_text(tape_text(drafted), "utf-8")
    reading = read_tape(read_tape_document(path), tmp_path)
    states = [STATES[each] if each >= 0 else None for each in reading.book.state]
    assert states == ["current", "31-60", "91+", None, "repaid", "91+", "written_off"]
    assert {each.kind: each.rows for each in reading.faults} == {"lateness_not_told": (4,)}


def test_of_two_columns_the_one_of_now_is_taken(tmp_path):
    text = "loan_id,month,arrears_balance,previous_balance,balance,max_dpd,current_dpd\n"
    drafted = _drafted(tmp_path, text + "a,2024-01,1,2,3,90,0\nb,2024-01,1,2,3,31,0\n")
    columns = _columns(drafted)
    assert (columns["balance"], columns["days_late"]) == ("balance", "current_dpd")


def test_what_was_owed_at_another_time_is_not_taken_for_what_is(tmp_path):
    text = "loan_id,month,arrears_balance,dpd\na,2024-01,1,0\nb,2024-01,1,0\n"
    drafted = _drafted(tmp_path, text)
    assert "balance" not in _columns(drafted)
    assert any("not of now" in note for note in drafted.notes)


def test_rows_that_no_month_tells_apart_are_no_loans_as_they_stand(tmp_path):
    text = "loan_id,year,mon,balance,dpd\na,2024,1,5,0\na,2024,2,4,0\nb,2024,1,5,0\nb,2024,2,4,0\n"
    with pytest.raises(BadInput, match="no column tells the month") as caught:
        _drafted(tmp_path, text)
    assert "--part month=COLUMN" in caught.value.mend


def test_a_column_of_days_that_tells_the_rows_apart_is_asked_about(tmp_path):
    text = "loan_id,dag,balance,dpd\na,2024-01-31,5,0\na,2024-02-29,4,0\nb,2024-01-31,5,0\n"
    drafted = _drafted(tmp_path, text + "b,2024-02-29,4,0\n")
    assert _columns(drafted)["month"] == "dag"
    (doubt,) = drafted.unsettled
    assert doubt == "month: with the loan, 'dag' tells the rows apart; is it the month?"


def test_days_are_read_in_the_order_that_other_days_of_the_file_show(tmp_path):
    text = "loan_id,fecha_corte,saldo,dias_mora,fecha_desembolso\na,31/01/2024,5,0,05/01/2022\n"
    drafted = _drafted(tmp_path, text + "b,31/01/2024,5,0,06/02/2022\n")
    assert drafted.unsettled == ()
    assert drafted.tape.column("opened").format == "%d/%m/%Y"


def test_a_header_alone_and_a_quoted_blank_are_told_as_what_they_are(tmp_path):
    with pytest.raises(BadInput, match="a header and no rows"):
        _drafted(tmp_path, "loan_id,month,balance,dpd\n")
    text = 'loan_id,member_id,month,balance,dpd\na,"",2024-01,1,0\nb,"",2024-01,1,0\n'
    assert "customer" not in _columns(_drafted(tmp_path, text))


def test_columns_whose_headers_name_months_need_no_question(tmp_path):
    text = (
        "id,dpd_2024-03,dpd_2024-01,dpd_2024-02,balance_2024_01,balance_2024_02,balance_2024_03\n"
    )
    drafted = _drafted(tmp_path, text + "a,31,0,1,10,9,8\nb,0,0,0,5,4,3\n")
    assert drafted.tape.shape == "wide"
    assert drafted.tape.months == ("2024-01", "2024-02", "2024-03")
    assert _columns(drafted)["days_late"] == ("dpd_2024-01", "dpd_2024-02", "dpd_2024-03")
    assert drafted.unsettled == ()


def test_the_cards_of_taiwan_ask_which_month_and_what_the_numbers_are(shared_data, tmp_path):
    source = shared_data / "uci_taiwan" / "uci_credit_card_default.parquet"
    drafted = draft_tape(source, str(source), as_of="2005-09", currency="TWD")
    assert drafted.tape.months[:2] == ("2005-09", "2005-08")
    assert _columns(drafted) == {
        "loan": "ID",
        "amount": "LIMIT_BAL",
        "months_late": ("PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6"),
        "balance": tuple(f"BILL_AMT{each}" for each in range(1, 7)),
    }
    assert len(drafted.unsettled) == 2
    assert "-2 to 8" in drafted.unsettled[1]
    assert drafted.tape.deliveries[str(source)].rows == 30_000


def test_loans_of_lendingclub_stand_once_with_a_word(shared_data, tmp_path):
    source = shared_data / "lendingclub_2015_performance" / "lc_2015_performance.parquet"
    drafted = draft_tape(source, str(source), as_of="2019-06", currency="USD")
    assert drafted.tape.shape == "final"
    assert drafted.unsettled == ()
    roles = _columns(drafted)
    assert (roles["status"], roles["opened"]) == ("loan_status", "issue_d")
    assert "amount" not in roles  # settlement_amount is another story
    path = tmp_path / "tape.yaml"
    path.write_text(tape_text(drafted), "utf-8")
    book = read_tape(read_tape_document(path), tmp_path).book
    raw = pl.read_parquet(source)
    assert book.loans.height == 119_015
    assert int((book.state == 5).sum()) == (raw["loan_status"] == "Charged Off").sum()


def test_a_tape_without_a_loan_s_number_or_lateness_is_asked_for_it(tmp_path):
    with pytest.raises(BadInput, match="sounds like the loan's number") as caught:
        _drafted(tmp_path, "x,month,dpd\n1,2024-01,0\n")
    assert "--part loan=COLUMN" in caught.value.mend
    drafted = _drafted(tmp_path, "x,month,dpd\n1,2024-01,0\n", parts={"loan": "x"})
    assert _columns(drafted)["loan"] == "x"
    with pytest.raises(BadInput, match="how late a loan is"):
        _drafted(tmp_path, "loan_id,month,balance\n1,2024-01,3\n")
    with pytest.raises(BadInput, match="did you mean 'balance'"):
        _drafted(tmp_path, MONTHLY, parts={"balanc": "ccy"})


def test_an_ambiguous_day_has_to_be_confirmed(tmp_path):
    text = MONTHLY.replace("2023-11-05", "05/11/2023").replace("2023-12-01", "01/12/2023")
    drafted = _drafted(tmp_path, text)
    assert any("/2023' is 2023-" in each for each in drafted.unsettled)


@pytest.mark.parametrize(
    ("header", "cell", "currency"),
    [
        ("Saldo Devedor", "R$ 1.234,50", "BRL"),
        ("Current Balance", "£1,234.50", "GBP"),
        ("Restschuld (EUR)", "1234.50", "EUR"),
        ("Saldo TEUR", "1234.50", "EUR"),
        ("贷款余额（万元）", "1234.50", "CNY"),
        ("Balance", "$1,234.50", ""),
        ("Balance", "1234.50", ""),
        ("USDA balance", "1234.50", ""),
    ],
)
def test_a_currency_that_stands_beside_the_amounts_is_taken(tmp_path, header, cell, currency):
    text = f'loan_id,month,"{header}",dpd\n' + f'a,2024-01,"{cell}",0\nb,2024-01,"{cell}",0\n'
    assert _drafted(tmp_path, text).tape.currency == currency


@pytest.mark.parametrize(
    ("balance", "written"),
    [("£1234.50", "%d/%m/%Y"), ("R$ 1.234,50", "%d/%m/%Y"), ("$1234.50", "%m/%d/%Y")],
)
def test_of_two_ways_the_day_comes_first_where_it_does_in_that_country(tmp_path, balance, written):
    rows = "".join(f'{at},2024-03,"{balance}",0,12/01/2023\n' for at in range(3))
    drafted = _drafted(tmp_path, f"loan_id,month,balance,dpd,opened\n{rows}")
    assert drafted.tape.column("opened").format == written
    (doubt,) = drafted.unsettled
    assert f"by {written} (taken, as likelier)" in doubt


@pytest.mark.parametrize(
    ("header", "cells", "asked"),
    [("pd", ("0.2%", "0.9%"), False), ("PD (%)", ("0.2", "0.9"), True),
     ("pd_pct", ("0.2", "0.9"), True)],
)  # fmt: skip
def test_a_small_chance_in_per_cent_is_no_large_one(tmp_path, header, cells, asked):
    """0.9 % is 0.009, though no cell is above 1."""
    rows = "".join(f"{at},2024-03,9,0,{cell}\n" for at, cell in enumerate(cells))
    drafted = _drafted(tmp_path, f"loan_id,month,balance,dpd,{header}\n{rows}")
    (column,) = (each for each in drafted.tape.columns if each.role == "pd")
    assert (column.unit, bool(column.confirm)) == ("percent", asked)


def test_notes_do_not_change_what_is_drafted(tmp_path):
    drafted = _drafted(tmp_path, MONTHLY)
    again = replace(drafted, notes=())
    assert tape_text(again) == tape_text(drafted)
