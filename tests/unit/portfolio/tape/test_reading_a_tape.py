"""Reading a tape: what its rows come to, and every fault of its data told with row and mend."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.contract.reading.blocks import read_blocks
from equipoise.errors import BadInput, Faults, GateRefused
from equipoise.portfolio import STATES, TapeReading, month_text, read_tape, read_tape_document

MONTHLY = """\
name: loans
shape: monthly
currency: CNY
deliveries:
{deliveries}
columns:
  - {{role: loan, column: nr}}
  - {{role: month, column: month, format: "%Y-%m"}}
  - {{role: balance, column: owed}}
  - {{role: days_late, column: dpd}}
{more}"""
STATUS = """\
  - {role: status, column: status}
statuses:
  - {says: ok, means: current}
  - {says: Late (31-120 days), means: late, days: 31}
  - {says: bad, means: default, days: 91}
  - {says: gone, means: written_off}
  - {says: paid, means: repaid}
"""


def _read(folder: Path, *files: str, more: str = "", deliveries: int = 0) -> TapeReading:
    names = []
    for at, text in enumerate(files):
        names.append(f"tape{at}.csv")
        (folder / names[-1]).write_text(text, "utf-8")
    listed = "\n".join(f"  {name}: {{}}" for name in names)
    path = folder / "tape.yaml"
    path.write_text(MONTHLY.format(deliveries=listed, more=more), "utf-8")
    return read_tape(read_tape_document(path), folder, deliveries=deliveries)


def _faults(reading: TapeReading) -> dict[str, tuple[int, ...]]:
    return {fault.kind: fault.rows for fault in reading.faults}


GOOD = """\
nr,month,owed,dpd
b,2024-02,90.10,31
b,2024-01,100.00,0
a,2024-01,50.55,95
a,2024-02,50.55,125
"""


def test_rows_are_ordered_by_loan_and_month_in_minor_units(tmp_path):
    book = _read(tmp_path, GOOD).book
    assert book.loans["id"].to_list() == ["a", "b"]
    assert book.loan.tolist() == [0, 0, 1, 1]
    assert [month_text(int(each)) for each in book.month] == ["2024-01", "2024-02"] * 2
    assert book.balance.tolist() == [5055, 5055, 10_000, 9_010]
    assert [STATES[each] for each in book.state] == ["91+", "91+", "current", "31-60"]


@pytest.mark.parametrize(("dpd", "state"), [(0, "current"), (1, "1-30"), (30, "1-30"),
                                            (31, "31-60"), (60, "31-60"), (61, "61-90"),
                                            (90, "61-90"), (91, "91+")])  # fmt: skip
def test_a_bucket_ends_on_its_day(tmp_path, dpd, state):
    book = _read(tmp_path, f"nr,month,owed,dpd\na,2024-01,1,{dpd}\n").book
    assert STATES[book.state[0]] == state


def test_a_currency_without_a_minor_unit_counts_whole(tmp_path):
    (tmp_path / "t.csv").write_text("nr,month,owed,dpd\na,2024-01,1500,0\n", "utf-8")
    text = MONTHLY.format(deliveries="  t.csv: {}", more="").replace("CNY", "JPY")
    (tmp_path / "tape.yaml").write_text(text, "utf-8")
    reading = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path)
    assert reading.book.balance.tolist() == [1500]


def test_a_later_delivery_counts_and_the_book_as_told_before_is_read_again(tmp_path):
    newer = "nr,month,owed,dpd\na,2024-02,49.00,65\nb,2024-02,90.10,31\na,2024-03,49.00,96\n"
    both = _read(tmp_path, GOOD, newer)
    assert both.book.balance.tolist() == [5055, 4900, 4900, 10_000, 9_010]
    assert (both.restated.told_again, both.restated.changed) == (2, 1)
    assert [each.file for each in both.deliveries] == ["tape0.csv", "tape1.csv"]
    assert len({each.sha256 for each in both.deliveries}) == 2
    before = _read(tmp_path, GOOD, newer, deliveries=1)
    assert before.book.balance.tolist() == [5055, 5055, 10_000, 9_010]
    assert [each.file for each in before.deliveries] == ["tape0.csv"]


def test_a_file_that_changed_under_its_name_is_refused(tmp_path):
    _read(tmp_path, GOOD)
    text = MONTHLY.format(deliveries=f"  tape0.csv: {{sha256: '{'0' * 64}'}}", more="")
    (tmp_path / "tape.yaml").write_text(text, "utf-8")
    with pytest.raises(BadInput, match="its content has changed") as caught:
        read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path)
    assert caught.value.where is not None
    assert caught.value.where.line == 5


def test_a_month_told_twice_in_one_delivery_takes_the_last_row_and_says_so(tmp_path):
    reading = _read(tmp_path, GOOD + "b,2024-02,80.00,31\n")
    assert reading.book.balance.tolist()[-1] == 8_000
    assert _faults(reading) == {"told_twice": (5,)}


def test_a_month_that_is_missing_is_told_where_the_loan_goes_on(tmp_path):
    whole = "a,2024-03,50,125\na,2024-04,50,125\n"
    reading = _read(tmp_path, GOOD + "b,2024-05,70.00,31\n" + whole)
    assert _faults(reading) == {"month_missing": (5,)}
    assert "loan b has no row for 2024-03" in str(reading.faults[0])
    assert "row 5" in str(reading.faults[0])


def test_a_loan_that_comes_back_after_its_end_is_told(tmp_path):
    text = """\
nr,month,owed,dpd,status
a,2024-01,10,0,ok
a,2024-02,0,0,paid
a,2024-03,10,0,ok
b,2024-01,10,200,gone
b,2024-02,10,230,gone
"""
    reading = _read(tmp_path, text, more=STATUS)
    assert _faults(reading) == {"came_back": (3,)}
    assert "loan a was repaid, and comes back" in str(reading.faults[0])


def test_what_is_below_zero_is_no_exposure_and_told(tmp_path):
    reading = _read(tmp_path, "nr,month,owed,dpd\na,2024-01,-12.5,0\nb,2024-01,3,0\n")
    assert reading.book.balance.tolist() == [0, 300]
    assert _faults(reading) == {"negative_balance": (1,)}


def test_an_unknown_status_word_is_refused_with_the_nearest_known(tmp_path):
    text = "nr,month,owed,dpd,status\na,2024-01,1,0,ok\nb,2024-01,1,0,payd\n"
    reading = _read(tmp_path, text, more=STATUS)
    assert len(reading.book) == 1
    assert _faults(reading) == {"unknown_status": (2,)}
    assert "did you mean 'paid'" in str(reading.faults[0])


def test_rows_in_a_second_currency_are_not_added_to_the_first(tmp_path):
    text = "nr,month,owed,dpd,ccy\na,2024-01,1,0,CNY\nb,2024-01,1,0,usd\nc,2024-01,1,0,cny\n"
    reading = _read(tmp_path, text, more="  - {role: currency, column: ccy}\n")
    assert reading.book.loans["id"].to_list() == ["a", "c"]
    assert _faults(reading) == {"second_currency": (2,)}


def test_cells_that_are_none_and_rows_without_loan_or_month_are_refused(tmp_path):
    text = "nr,month,owed,dpd\na,2024-01,many,0\n,2024-01,1,0\nc,,1,0\nd,2024-01,1,0\n"
    reading = _read(tmp_path, text)
    assert reading.book.loans["id"].to_list() == ["d"]
    assert _faults(reading) == {"unreadable": (1,), "no_loan": (2,), "no_month": (3,)}
    assert reading.deliveries[0].rows == 4
    assert reading.deliveries[0].kept == 1


def test_amounts_finer_than_the_currency_are_rounded_and_told(tmp_path):
    reading = _read(tmp_path, "nr,month,owed,dpd\na,2024-01,1.005,0\nb,2024-01,0.29,0\n")
    assert reading.book.balance.tolist()[1] == 29  # 28.999.. in floats
    assert _faults(reading) == {"finer_than_the_currency": (1,)}


def test_words_tell_days_where_no_column_does(tmp_path):
    text = """\
nr,month,owed,dpd,status
a,2024-01,1,,ok
b,2024-01,1,,Late (31-120 days)
c,2024-01,1,,bad
d,2024-01,1,,gone
e,2024-01,1,,paid
f,2024-01,1,,
"""
    book = _read(tmp_path, text, more=STATUS).book
    states = [STATES[each] if each >= 0 else "" for each in book.state]
    assert states == ["current", "31-60", "91+", "written_off", "repaid", ""]
    assert book.impaired.tolist() == [False, False, True, False, False, False]


def test_a_tape_without_a_row_to_read_is_refused_with_its_faults(tmp_path):
    with pytest.raises(BadInput, match="no row of the tape could be read") as caught:
        _read(tmp_path, "nr,month,owed,dpd\n,2024-01,1,0\n")
    assert "row 1" in caught.value.mend


def test_months_as_columns_and_partial_histories(tmp_path):
    (tmp_path / "wide.csv").write_text("id,d1,d2,b1,b2\nx,2,0,9,10\ny,,1,,20\n", "utf-8")
    (tmp_path / "tape.yaml").write_text(
        """\
name: wide
shape: wide
currency: TWD
deliveries: {wide.csv: {}}
months: [2005-09, 2005-08]
columns:
  - {role: loan, column: id}
  - {role: months_late, columns: [d1, d2]}
  - {role: balance, columns: [b1, b2]}
""",
        "utf-8",
    )
    book = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path).book
    assert book.loan.tolist() == [0, 0, 1]
    assert [month_text(int(each)) for each in book.month] == ["2005-08", "2005-09", "2005-08"]
    assert book.days.tolist() == [0, 31, 1]
    assert book.balance.tolist() == [1000, 900, 2000]


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("role: loan", "role: lone", 7, "role"),
        ("role: month,", "role: opened,", 6, "no column tells the month"),
        ("role: days_late", "role: rate", 6, "no column tells how late"),
        ("role: balance", "role: loan", 9, "two columns are the loan"),
        ("column: owed", "columns: [owed]", 9, "one column"),
        ("shape: monthly", "shape: final", 2, "one month"),
        ("shape: monthly", "shape: wide", 2, "lists its months"),
        ("currency: CNY", "months: [2024-13]", 3, "no month"),
    ],
)
def test_a_wrong_document_is_told_where_it_stands(tmp_path, old, new, line, why):
    path = tmp_path / "tape.yaml"
    text = MONTHLY.format(deliveries="  t.csv: {}", more="").replace(old, new)
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput) as caught:
        read_tape_document(path)
    fault = caught.value.faults[0] if isinstance(caught.value, Faults) else caught.value
    assert fault.where is not None
    assert fault.where.line == line
    assert why in str(fault)


def test_a_column_of_currencies_needs_the_one_that_is_measured(tmp_path):
    path = tmp_path / "tape.yaml"
    more = "  - {role: currency, column: ccy}\n"
    text = MONTHLY.format(deliveries="  t.csv: {}", more=more).replace("currency: CNY\n", "")
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match="measured in none") as caught:
        read_tape_document(path)
    assert "as in CNY" in str(caught.value)


def test_what_nobody_confirmed_is_not_measured(tmp_path):
    more = "confirm: are these the months?\n"
    with pytest.raises(GateRefused, match="months are not confirmed"):
        _read(tmp_path, GOOD, more=more)


def test_a_large_tape_read_in_blocks_is_the_tape_read_whole(tmp_path, monkeypatch):
    """In blocks of seven rows: the same book, and faults told by the same numbers."""
    rng = np.random.default_rng(2)
    loans = [f"L{each:02d}" for each in rng.permutation(20)]
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    frame = pl.DataFrame(
        {
            "nr": [loan for loan in loans for _ in months],
            "month": months * 20,
            "owed": rng.integers(1, 999, 240).astype(float),
            "dpd": rng.integers(0, 120, 240),
        }
    )
    text = frame.write_csv().replace("2024-05,", "2024-05,x", 1)  # one cell that is no number
    whole = _read(tmp_path, text)
    seven = {**read_blocks.__kwdefaults__, "rows": 7}
    monkeypatch.setattr(read_blocks, "__kwdefaults__", seven)
    pieces = _read(tmp_path, text)
    assert pieces.faults == whole.faults
    for name in ("loan", "month", "balance", "days", "state"):
        assert getattr(pieces.book, name).tolist() == getattr(whole.book, name).tolist()


def test_card_customers_of_taiwan_are_read_with_months_as_columns(shared_data, tmp_path):
    source = shared_data / "uci_taiwan" / "uci_credit_card_default.parquet"
    (tmp_path / "tape.yaml").write_text(
        f"""\
name: taiwan
shape: wide
currency: TWD
deliveries: {{{source}: {{}}}}
months: [2005-09, 2005-08, 2005-07, 2005-06, 2005-05, 2005-04]
columns:
  - {{role: loan, column: ID}}
  - {{role: amount, column: LIMIT_BAL}}
  - {{role: months_late, columns: [PAY_0, PAY_2, PAY_3, PAY_4, PAY_5, PAY_6]}}
  - {{role: balance, columns: [BILL_AMT1, BILL_AMT2, BILL_AMT3, BILL_AMT4, BILL_AMT5, BILL_AMT6]}}
""",
        "utf-8",
    )
    reading = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path)
    raw = pl.read_parquet(source)
    book = reading.book
    assert len(book) == 6 * 30_000
    newest = book.at(book.last_month)
    owed = raw["BILL_AMT1"].clip(0).sum()
    assert book.balance[newest].sum() == round(owed * 100)
    late = (raw["PAY_0"] >= 2).sum()  # two months late is beyond 30 days
    assert (book.days[newest] > 30).sum() == late
    below = sum(int((raw[f"BILL_AMT{each}"] < 0).sum()) for each in range(1, 7))
    assert [(fault.kind, fault.count) for fault in reading.faults] == [("negative_balance", below)]


def test_of_several_days_of_a_month_the_last_counts_whatever_the_order(tmp_path):
    """Weekly snapshots, the newest first: the end of the month is what the month was."""
    days = MONTHLY.replace('"%Y-%m"', '"%Y-%m-%d"')
    (tmp_path / "t.csv").write_text(
        "nr,month,owed,dpd\na,2024-01-31,8,40\na,2024-01-21,9,30\na,2024-01-07,10,0\n", "utf-8"
    )
    (tmp_path / "tape.yaml").write_text(days.format(deliveries="  t.csv: {}", more=""), "utf-8")
    reading = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path)
    assert reading.book.balance.tolist() == [800]
    assert STATES[reading.book.state[0]] == "31-60"
    assert _faults(reading) == {"several_days": (2, 3)}


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ("1.0,1e12", "beyond_bounds"),  # days
        ("1e14,0", "beyond_bounds"),
        ("1e300,0", "unreadable"),
        ("inf,0", "unreadable"),
        ("NaN,0", "unreadable"),
    ],
)
def test_a_number_that_no_loan_can_have_is_refused_by_its_row(tmp_path, cells, kind):
    reading = _read(tmp_path, f"nr,month,owed,dpd\nb,2024-01,5,0\na,2024-01,{cells}\n")
    assert _faults(reading) == {kind: (2,)}


def test_a_month_that_nobody_has_is_told_once(tmp_path):
    reading = _read(tmp_path, GOOD + "b,2024-05,70.00,31\na,2024-05,70.00,31\n")
    assert _faults(reading) == {"month_absent": (6,)}
    assert "no loan has a row for 2024-03, 2024-04" in str(reading.faults[0])


def test_numbers_that_lost_their_zeros_are_told(tmp_path):
    text = (
        "nr,month,owed,dpd\n0017,2024-01,9,0\n17,2024-02,8,0\n0018,2024-02,5,31\n000,2024-01,1,0\n"
    )
    reading = _read(tmp_path, text)
    assert _faults(reading) == {"numbers_alike": (1, 2)}
    assert "loan 0017 is told beside 17" in str(reading.faults[0])


def test_ends_of_quarters_are_told_as_such(tmp_path):
    text = "nr,month,owed,dpd\na,2024-03,9,0\na,2024-06,8,0\nb,2024-06,5,31\n"
    reading = _read(tmp_path, text)
    assert _faults(reading) == {"by_period": (2,)}
    assert "a month in 3 only" in str(reading.faults[0])


def test_a_quarter_is_its_last_month(tmp_path):
    quarters = MONTHLY.replace('"%Y-%m"', '"%YQ%q"')
    (tmp_path / "t.csv").write_text("nr,month,owed,dpd\na,2024Q1,8,0\n", "utf-8")
    (tmp_path / "tape.yaml").write_text(quarters.format(deliveries="  t.csv: {}", more=""), "utf-8")
    reading = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path)
    assert month_text(reading.book.last_month) == "2024-03"


@pytest.mark.parametrize(
    ("unit", "cell", "owed"),
    [
        ("minor", "12345", 12_345),
        ("thousand", "1.23456", 123_456),
        ("ten_thousand", "12.345678", 12_345_678),
        ("million", "0.5", 50_000_000),
        ("hundred_million", "0.00000001", 100),
    ],
)
def test_amounts_in_another_unit_come_to_the_currency_s(tmp_path, unit, cell, owed):
    told = MONTHLY.replace("column: owed}}", f"column: owed, unit: {unit}}}}}")
    (tmp_path / "t.csv").write_text(f"nr,month,owed,dpd\na,2024-01,{cell},0\n", "utf-8")
    (tmp_path / "tape.yaml").write_text(told.format(deliveries="  t.csv: {}", more=""), "utf-8")
    reading = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path)
    assert reading.book.balance.tolist() == [owed]
    assert reading.faults == ()


def test_a_unit_is_of_what_can_be_told_in_it(tmp_path):
    told = MONTHLY.replace("column: dpd}}", "column: dpd, unit: thousand}}")
    path = tmp_path / "tape.yaml"
    path.write_text(told.format(deliveries="  t.csv: {}", more=""), "utf-8")
    with pytest.raises(Faults, match=r"tape\.yaml:10.*not told in the unit 'thousand'"):
        read_tape_document(path)


FINAL = """\
name: loans
shape: final
currency: USD
months: [2024-06]
deliveries: {t.csv: {}}
columns:
  - {role: loan, column: nr}
  - {role: opened, column: made, format: "%Y-%m-%d"}
  - {role: amount, column: lent}
  - {role: defaulted, column: bad, format: "%Y-%m-%d"}
  - {role: closed, column: ended, format: "%Y-%m-%d"}
"""


def test_a_loan_of_which_only_days_are_told_is_current_until_they_come(tmp_path):
    (tmp_path / "tape.yaml").write_text(FINAL, "utf-8")
    (tmp_path / "t.csv").write_text(
        "nr,made,lent,bad,ended\na,2024-01-05,10,,\nb,2024-01-05,10,2024-04-20,\n"
        "c,2024-02-05,10,,2024-05-01\nd,2024-02-05,10,2024-04-01,2024-06-30\n"
        "e,2024-02-05,10,2024-07-01,\n",
        "utf-8",
    )
    reading = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path)
    states = [STATES[each] for each in reading.book.state]
    assert states == ["current", "91+", "repaid", "91+", "current"]
    assert reading.faults == ()


def test_a_loan_whose_number_got_decimals_on_the_way_is_the_same_loan(tmp_path):
    reading = _read(
        tmp_path,
        "nr,month,owed,dpd\n1001,2024-01,9,0\n1.5,2024-01,9,0\n",
        "nr,month,owed,dpd\n1001.0,2024-02,8,0\n",
    )
    assert reading.book.loans["id"].to_list() == ["1.5", "1001"]
    assert reading.book.loan.tolist() == [0, 1, 1]
