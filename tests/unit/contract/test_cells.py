"""Cells as people of many countries write them: cells in, type, format and values out."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.contract import Field
from equipoise.contract.asking import asked_formats, guess_as_asked
from equipoise.contract.facts import cast_column
from equipoise.contract.inference import Guess, decimal_habit, guess_type
from equipoise.contract.specialcodes import special_codes
from equipoise.errors import BadInput

TODAY = date(2026, 11, 28)


def read(cells: list[Any], name: str = "x", habit: str = "") -> tuple[Guess, list[Any]]:
    """What a column is guessed to be, and its values when read so."""
    raw = pl.Series(name, cells)
    guess = guess_type(raw, TODAY, habit)
    codes = guess.missing_codes
    field = Field(name="x", type=guess.type, format=guess.format, missing_codes=codes)
    return guess, cast_column(raw, field).value.to_list()


NUMBERS = [
    (["1,234,567", "1,234"], "1,234.5", [1234567, 1234]),
    (["12,34,567", "1,234"], "1,234.5", [1234567, 1234]),
    (["0,412", "1,234", "5,678"], "1.234,5", [0.412, 1.234, 5.678]),
    (["1,5", "2"], "1.234,5", [1.5, 2]),
    (["1.234,56", "3,25"], "1.234,5", [1234.56, 3.25]),
    (["1.234.567", "1.234"], "1.234,5", [1234567, 1234]),
    (["1,234", "5,678", "9,012", "850"], "1,234.5", [1234, 5678, 9012, 850]),
    (["1.234", "5.678", "9.012", "850"], "1.234,5", [1234, 5678, 9012, 850]),
    (["12 500", "850"], "1 234,5", [12500, 850]),
    (["12\u00a0500,50", "1\u202f234"], "1 234,5", [12500.5, 1234]),
    (["1 234.50", "12 500.25"], "1 234.5", [1234.5, 12500.25]),
    (["1'234.50", "20"], "1'234.5", [1234.5, 20]),
    (["1’234,50", "20"], "1'234,5", [1234.5, 20]),
    (["$1,000", "$20"], "$1,234.5", [1000, 20]),
    (["-$5.25", "($1,000.50)"], "$1,234.5", [-5.25, -1000.5]),
    (["₹1234", "₹12,34,567"], "₹1,234.5", [1234, 1234567]),
    (["Rs. 1,234", "Rs. 20,000"], "Rs. 1,234.5", [1234, 20000]),
    (["Rs.500", "Rs.1,00,000"], "Rs. 1,234.5", [500, 100000]),
    (["USD 1,234.00", "USD 5"], "USD 1,234.5", [1234, 5]),
    (["1,234 EUR", "2,500 EUR"], "1,234.5 EUR", [1234, 2500]),
    (["1.234,56 €", "5 €"], "1.234,5 €", [1234.56, 5]),
    (["R$ 1.234,56", "R$ 3,00"], "R$1.234,5", [1234.56, 3]),
    (["1.234 kr", "12.500 kr"], "1.234,5 kr", [1234, 12500]),
    (["1 234,50 zł", "5 zł"], "1 234,5 zł", [1234.5, 5]),
    (["￥1,234", "￥900"], "¥1,234.5", [1234, 900]),
    (["1234元", "5元"], "1,234.5 元", [1234, 5]),
    (["1.234,- €", "99,50 €"], "1.234,5 €", [1234, 99.5]),
    (["(1,234)", "5,769.5", "(234)"], "1,234.5", [-1234, 5769.5, -234]),
    (["1,234-", "5.50"], "1,234.5", [-1234, 5.5]),
    (["'1234", "'99"], "1,234.5", [1234, 99]),
    (["１２３", "４５．５"], "1,234.5", [123, 45.5]),
    (["12.5K", "3M", "900"], "1,234.5K", [12500, 3e6, 900]),
    (["$1.5 mn", "$2 bn"], "$1,234.5K", [1.5e6, 2e9]),
    (["12.5万", "3亿"], "1,234.5万", [125000, 3e8]),
    (["12万元", "3.5万元"], "1,234.5万 元", [120000, 35000]),
    (["5 lakh", "2 crore"], "1,234.5lakh", [5e5, 2e7]),
    (["13.99%", "7 %"], "1,234.5%", [13.99, 7]),
    ([".25%", "13.5%"], "1,234.5%", [0.25, 13.5]),
    (["13,50%", "7,1%"], "1.234,5%", [13.5, 7.1]),
    (["1,250.5%", "3%"], "1,234.5%", [1250.5, 3]),
    (["12％", "7.5％"], "1,234.5%", [12, 7.5]),
    (["5 km", "7.5 km"], "1,234.5 km", [5, 7.5]),
    (["1,200 sq ft", "950 sq ft", "80 sq ft", "1,300.5 sq ft"], "1,234.5 sq ft",
     [1200, 950, 80, 1300.5]),
    (["1 day", "2 days", "3 days"], "1,234.5 days|day", [1, 2, 3]),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "written", "values"), NUMBERS, ids=lambda each: str(each)[:30])
def test_numbers_are_read_as_they_are_written(cells, written, values):
    guess, content = read(cells)
    assert (guess.type, guess.format, guess.rival, guess.unread) == ("number", written, None, 0)
    assert content == values


DURATIONS = [
    ("loan_term", ["24 months", "36 months"], "months", [24, 36]),
    ("x", ["36 mo", "24 mo."], "months", [36, 24]),
    ("x", ["24 Monate", "6 Monate"], "months", [24, 6]),
    ("x", ["24期", "12个月"], "months", [24, 12]),
    ("x", ["2 years 3 months", "5 months", "1 yr"], "months", [27, 5, 12]),
    ("plazo", ["2 años y 6 meses", "1 año"], "months", [30, 12]),
    ("loan_term", ["2 yrs", "3 yrs"], "months", [24, 36]),
    ("term", ["36M", "24M"], "months", [36, 24]),
    ("employed", ["10+ years", "< 1 year", "3 years"], "years", [10, 0, 3]),
    ("x", ["3 Jahre", "1 Jahr"], "years", [3, 1]),
]


@pytest.mark.parametrize(("name", "cells", "written", "values"), DURATIONS)
def test_durations_are_months_or_years(name, cells, written, values):
    guess, content = read(cells, name)
    assert (guess.type, guess.format, guess.unit) == ("integer", written, written)
    assert content == values


DATES = [
    ("x", ["2018-05-01", "2018-12-31T10:00:00"], "", ["2018-05-01", "2018-12-31"]),
    ("x", ["2018/5/1", "2018/12/1"], "", ["2018-05-01", "2018-12-01"]),
    ("x", ["2018-03-04 23:30:00 UTC", "2018-03-05T23:30:00+02:00"], "",
     ["2018-03-04", "2018-03-05"]),
    ("x", ["Jan-2018", "Dec-2017"], "%b-%Y", ["2018-01-01", "2017-12-01"]),
    ("x", ["Mar-16", "Dec-17"], "%b-%y", ["2016-03-01", "2017-12-01"]),
    ("x", ["03/2016", "12/2017"], "%m/%Y", ["2016-03-01", "2017-12-01"]),
    ("x", ["2016-03", "2016-12"], "%Y-%m", ["2016-03-01", "2016-12-01"]),
    ("x", ["2016M03", "2016M12"], "%YM%m", ["2016-03-01", "2016-12-01"]),
    ("issue_date", [201603, 201612], "%Y%m", ["2016-03-01", "2016-12-01"]),
    ("x", ["2016Q1", "2016Q4"], "%YQ%q", ["2016-01-01", "2016-10-01"]),
    ("x", ["Q1 2016", "Q3 2017"], "Q%q %Y", ["2016-01-01", "2017-07-01"]),
    ("x", ["1Q16", "4Q17"], "%qQ%y", ["2016-01-01", "2017-10-01"]),
    ("x", ["31.12.2018", "01.02.2018"], "%d.%m.%Y", ["2018-12-31", "2018-02-01"]),
    ("x", ["12/31/2018", "01/02/2018"], "%m/%d/%Y", ["2018-12-31", "2018-01-02"]),
    ("x", ["31/12/2018", "01/02/2018"], "%d/%m/%Y", ["2018-12-31", "2018-02-01"]),
    ("x", ["28-01-18", "21-03-18"], "%d-%m-%y", ["2018-01-28", "2018-03-21"]),
    ("x", ["Aug 08, 2017", "Feb 17, 2017"], "%b %d, %Y", ["2017-08-08", "2017-02-17"]),
    ("x", ["8 August 2017", "12 May 2018"], "%d %b %Y", ["2017-08-08", "2018-05-12"]),
    ("x", ["8 août 2017", "12 févr. 2018"], "%d %b %Y", ["2017-08-08", "2018-02-12"]),
    ("x", ["3. März 2017", "12. Mai 2018"], "%d. %b %Y", ["2017-03-03", "2018-05-12"]),
    ("x", ["8 de agosto de 2017", "1 de enero de 2018"], "%d de %b de %Y",
     ["2017-08-08", "2018-01-01"]),
    ("x", ["3 июля 2017", "12 янв 2018"], "%d %b %Y", ["2017-07-03", "2018-01-12"]),
    ("x", ["01JAN2018", "15FEB2018"], "%d%b%Y", ["2018-01-01", "2018-02-15"]),
    ("x", ["2017.08.08", "2017.12.31"], "%Y.%m.%d", ["2017-08-08", "2017-12-31"]),
    ("x", ["2017年8月8日", "2018年12月1日"], "%Y年%m月%d日", ["2017-08-08", "2018-12-01"]),
    ("x", ["31.12.2017 00:00", "01.02.2018 13:30"], "%d.%m.%Y %H:%M",
     ["2017-12-31", "2018-02-01"]),
    ("x", ["8/8/2017 12:00:00 AM", "12/31/2017 1:00:00 PM"], "%m/%d/%Y %I:%M:%S %p",
     ["2017-08-08", "2017-12-31"]),
    ("disbursal_date", [43101, 42893], "excel", ["2018-01-01", "2017-06-07"]),
    ("disbursal_date", ["43101", "42893"], "excel", ["2018-01-01", "2017-06-07"]),
    ("created_at", [1514764800, 1530000000], "epoch seconds", ["2018-01-01", "2018-06-26"]),
    ("created_at", [1514764800000, 1530000000000], "epoch milliseconds",
     ["2018-01-01", "2018-06-26"]),
    ("issue_date", [20180101, 20181231], "%Y%m%d", ["2018-01-01", "2018-12-31"]),
    ("date", ["170808", "181231"], "%y%m%d", ["2017-08-08", "2018-12-31"]),
    ("approval_date", ["16-Mar-68", "02-Jul-06"], "%d-%b-%y from 1927",
     ["1968-03-16", "2006-07-02"]),
    ("dob", ["16-Mar-68", "02-Jul-45", "01-Jan-27"], "%d-%b-%y from 1912",
     ["1968-03-16", "1945-07-02", "1927-01-01"]),
    ("maturity_date", ["16-Mar-38", "02-Jul-45"], "%d-%b-%y", ["2038-03-16", "2045-07-02"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "cells", "written", "days"), DATES)
def test_days_are_read_as_they_are_written(name, cells, written, days):
    guess, content = read(cells, name)
    assert (guess.type, guess.format, guess.rival, guess.unread) == ("date", written, None, 0)
    assert [day.isoformat() for day in content] == days


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("balance", [20180101, 20181231]),
        ("amount", [43101, 42893]),
        ("x", ["1.2345", "2.3456", "3.9012"]),
        ("month", ["Jan", "Feb"]),
        ("version", ["1.2.3", "2.4.5"]),
    ],
)
def test_other_numbers_and_words_are_no_days(name, cells):
    assert read(cells, name)[0].type != "date"


@pytest.mark.parametrize(
    ("name", "cells", "written", "rival", "example"),
    [
        ("x", ["1,234", "5,678"], "1,234.5", "1.234,5", "1,234"),
        ("ratio", ["1,234", "5,678"], "1.234,5", "1,234.5", "1,234"),
        ("x", ["1.230", "5.670"], "1.234,5", "1,234.5", "1.230"),
        ("dti", ["1.234", "5.678"], "", "1.234,5", "1.234"),
        ("x", ["03/04/2018", "05/06/2018"], "%m/%d/%Y", "%d/%m/%Y", "03/04/2018"),
        ("x", ["01/03/2018", "01/04/2018"], "%d/%m/%Y", "%m/%d/%Y", "01/03/2018"),
        ("x", ["03-04-05", "06-07-08"], "%d-%m-%y", "%m-%d-%y", "03-04-05"),
        ("x", ["36M", "24M"], "1,234.5K", "months", "36M"),
    ],
)
def test_two_readings_of_a_column_are_both_named(name, cells, written, rival, example):
    guess, _ = read(cells, name)
    assert (guess.format, guess.rival, guess.example) == (written, rival, example)


def test_a_file_that_writes_decimal_points_elsewhere_has_them_here_too():
    frame = pl.DataFrame({"a": ["0.5", "1.25"], "b": ["1.234", "5.671"]})
    assert decimal_habit(frame) == "."
    assert read(["1.234", "5.671"], habit=".")[0].rival is None
    assert read(["1,234", "5,678"], habit=",")[0].format == "1.234,5"


def test_other_currencies_make_no_number():
    assert read(["$100", "€200"])[0].type == "string"


MANY = [str(n) for n in range(100, 140)]


@pytest.mark.parametrize(
    "word",
    ["\\N", "NULL", "#N/A", "n.a.", "-", "—", ".", "?", "k.A.", "s/d", "sin dato", "нет", "无",
     "未知", "不详", "空", "Not available", "REFUSED", "zzz"],
)  # fmt: skip
def test_words_among_numbers_are_missing(word):
    guess, content = read([word, word, *MANY])
    assert (guess.type, guess.missing_codes, guess.missing_rows) == ("integer", (word,), 2)
    assert content[:3] == [None, None, 100]
    assert guess.suspects == ((word,) if word in ("REFUSED", "zzz") else ())


def test_words_among_days_are_missing():
    guess, content = read(["k.A.", "01.02.2018", "13.12.2018"])
    assert (guess.type, guess.format, content[0]) == ("date", "%d.%m.%Y", None)


def test_a_word_beside_few_numbers_is_an_answer():
    assert read(["36", "60", "Other"] * 20)[0].type == "string"
    assert read(["无", "有"])[0].missing_codes == ()


RNG = np.random.default_rng(5)
COUNTS = RNG.poisson(3, 400).tolist()
MONTHS_SINCE = RNG.integers(0, 90, 400).tolist()
DAYS = (-RNG.integers(100, 9000, 400)).tolist()
SCORES = RNG.integers(300, 850, 400).tolist()
SHARES = RNG.uniform(0, 60, 400).round(2).tolist()


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (MONTHS_SINCE + [-7] * 40 + [-8] * 60 + [-9] * 70, {-7, -8, -9}),
        (DAYS + [365243] * 80, {365243}),
        (COUNTS + [96] * 5 + [98] * 20, {96, 98}),
        (COUNTS + [998] * 9 + [999] * 9, {998, 999}),
        (SCORES + [9999] * 20, {9999}),
        (SCORES + [-1] * 30, {-1}),
        (SHARES + [999.99] * 30, {999.99}),
        (COUNTS + [99] * 12, {99}),
        (MONTHS_SINCE + [-1] * 60, {-1}),
        (MONTHS_SINCE + [-1] * 60 + [999] * 30, {-1, 999}),
        ([0, 5, 9, -9999], {-9999}),
        ([0, 5, 9, 99999], {99999}),
    ],
)
def test_codes_among_numbers_stand_apart(values, codes):
    assert set(special_codes(pl.Series("x", values)).rows) == codes


@pytest.mark.parametrize(
    "values",
    [
        RNG.integers(-1, 11, 400).tolist(),
        RNG.integers(-2, 9, 400).tolist(),
        RNG.integers(0, 100, 400).tolist(),
        RNG.choice([12, 24, 36, 48, 60, 72, 84, 96], 400).tolist(),
        RNG.choice([12, 24, 36, 60, 96], 400).tolist(),
        RNG.normal(0, 5, 400).round().tolist(),
        RNG.lognormal(10, 1, 400).round(2).tolist(),
        np.minimum(RNG.lognormal(10, 1, 400), 100_000).tolist(),
        RNG.integers(18, 100, 400).tolist(),
        RNG.integers(0, 1000, 400).tolist(),
        np.where(RNG.random(400) < 0.7, 0, RNG.integers(100, 9000, 400)).tolist(),
        [0, 500, 900, 999],
        [-50, 5, 9, -99],
        [0, 5, -1],
        [1, 2, 3],
        [-999],
    ],
)
def test_ordinary_numbers_are_no_codes(values):
    assert not special_codes(pl.Series("x", values))


def test_a_person_can_say_how_a_column_is_written():
    assert asked_formats(["a=b=1.234,5"], ["a=b", "c"]) == {"a=b": "1.234,5"}
    guess = guess_as_asked(pl.Series("x", ["1,234", "5,678"]), "1.234,5")
    assert (guess.type, guess.format, guess.rival) == ("number", "1.234,5", None)
    assert guess_as_asked(pl.Series("x", ["03/04/2018"]), "%d/%m/%Y").type == "date"
    assert guess_as_asked(pl.Series("x", ["1", "2"]), "string").type == "string"
    assert guess_as_asked(pl.Series("x", ["36M", "n/a"]), "months").missing_codes == ("n/a",)


@pytest.mark.parametrize(
    ("asked", "message", "mend"),
    [
        ("incom=1,234.5", "no column 'incom'", "income"),
        ("income=1,234", "no format", "1,234.5"),
        ("income=month", "no format", "months"),
        ("income=%d/%m", "no year", "%"),
        ("income", "names no column and format", "COLUMN=FORMAT"),
    ],
)
def test_an_unknown_column_or_format_is_refused_with_near_names(asked, message, mend):
    with pytest.raises(BadInput, match=message) as refused:
        asked_formats([asked], ["income", "opened"])
    assert mend in str(refused.value.mend)


def test_a_format_that_the_cells_do_not_have_is_refused_with_a_cell():
    with pytest.raises(BadInput, match="2 cells are not, such as '31/12/2018'"):
        guess_as_asked(pl.Series("d", ["31/12/2018", "30/11/2018"]), "%m/%d/%Y")
