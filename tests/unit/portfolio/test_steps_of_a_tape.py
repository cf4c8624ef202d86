"""Tapes of quarters, and files of one row a loan with the day of its default: what they tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from loan_tapes import TRUTH, known_tape, read_known

from equipoise.documents import parse_document
from equipoise.portfolio import (
    PORTFOLIO_DRAFT,
    BookMeasured,
    PortfolioDocument,
    TapeReading,
    book_parts,
    book_rules,
    draft_tape,
    figures_of,
    measure_book,
    query_of,
    read_tape,
    read_tape_document,
    tape_text,
    terms_table,
)
from equipoise.portfolio.numbers.number import Query
from equipoise.portfolio.staging import StageRules
from equipoise.portfolio.term_structure import leaving, term_structure

DOCUMENT = parse_document(PORTFOLIO_DRAFT, PortfolioDocument, Path("portfolio.yaml")).value
RULES = book_rules(("IFRS", "BASEL"), on=date(2023, 7, 31))


def _monthly() -> pl.DataFrame:
    """27 months, 2021-01 to 2023-03."""
    return known_tape(5000, 27)


def _gives(query: Query, rows: pl.DataFrame) -> dict[str, Any]:
    """What the query gives of the rows, run by another."""
    with duckdb.connect(":memory:") as database:
        database.register(query.table, rows.to_arrow())
        (row,) = pl.DataFrame(database.sql(query.sql).to_arrow_table()).to_dicts()
    return row


def _quarterly(tape: pl.DataFrame) -> pl.DataFrame:
    """Each loan's last row in a quarter, as of the quarter's last month."""
    day = pl.col("month").str.to_date("%Y-%m")
    ends = day.dt.truncate("1q").dt.offset_by("2mo").dt.strftime("%Y-%m")
    return tape.sort("loan", "month").with_columns(ends).unique(["loan", "month"], keep="last")


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> tuple[TapeReading, TapeReading]:
    monthly = _monthly()
    return (
        read_known(tmp_path_factory.mktemp("monthly"), monthly),
        read_known(tmp_path_factory.mktemp("quarterly"), _quarterly(monthly)),
    )


@pytest.fixture(scope="module")
def measured(readings: tuple[TapeReading, TapeReading]) -> tuple[BookMeasured, BookMeasured]:
    monthly, quarterly = (measure_book(each, DOCUMENT, RULES) for each in readings)
    return monthly, quarterly


def test_a_tape_of_quarters_has_the_moves_of_a_quarter(measured) -> None:
    """The truth is the monthly matrix three times over."""
    _, quarterly = measured
    assert quarterly.summary.step_months == 3
    assert quarterly.moves.step_months == 3
    truth = np.linalg.matrix_power(TRUTH, 3)
    seen = np.sum(quarterly.moves.counts, axis=1)
    # what is repaid within the quarter by its instalments is not in the matrix: not late loans only
    for state in np.flatnonzero(seen > 400)[:5]:
        assert quarterly.moves.chance[state] == pytest.approx(truth[state], abs=0.06)
    assert len(quarterly.rolls) == 8
    assert quarterly.rolls[0].month == "2021-06"


def test_and_its_losses_are_those_of_the_months_it_stands_for(measured) -> None:
    monthly, quarterly = measured
    assert quarterly.summary.exposure == monthly.summary.exposure
    assert quarterly.losses.allowance == pytest.approx(monthly.losses.allowance, rel=0.1)
    assert quarterly.capital.irb == pytest.approx(monthly.capital.irb, rel=0.1)


def test_every_number_of_quarters_is_what_its_query_gives(readings, measured) -> None:
    tables = {"book": pl.concat(book_parts(readings[1].book))}
    tables["terms"] = terms_table(readings[1].book, DOCUMENT, RULES)
    plain = measured[1].as_dict()
    for number, shown in figures_of(plain).items():
        if number.kind in ("vintage", "roll", "move", "allowance") and number.at in (
            "",
            "3",
            "1-30",
        ):
            query = query_of(plain, number)
            gives = _gives(query, tables[query.table])
            assert {name: gives[name] for name in shown} == pytest.approx(shown, rel=1e-9)


def test_chances_of_a_quarter_are_spread_over_its_months() -> None:
    """Of 1,000 a quarter 100 default and 50 are repaid; of the 850 left as many again."""
    counts = np.array([[850, 100, 50], [0, 1, 0], [0, 0, 1]])
    structure = term_structure(counts, 6, defaulted=(1,), repaid=2, step=3)
    defaults = leaving(structure.default, structure.repaid)
    assert structure.default.shape == (1, 6)
    assert defaults[0, :3].sum() == pytest.approx(0.1)
    assert defaults.sum() == pytest.approx(0.1 + 0.85 * 0.1)
    assert np.ptp(structure.default) == pytest.approx(0)
    every = term_structure(np.array([[0, 9, 1], [0, 1, 0], [0, 0, 1]]), 3, defaulted=(1,), repaid=2,
                           step=3)  # fmt: skip
    assert leaving(every.default, every.repaid).sum() == pytest.approx(0.9)  # nobody is left


def test_cure_and_probation_last_as_many_months_as_between_rows() -> None:
    rules = StageRules(cure_months=3, probation_months=12, forborne_months=25).in_steps(3)
    assert (rules.cure_months, rules.probation_months, rules.forborne_months) == (1, 4, 9)


ONCE = """\
LoanNr,ApprovalDate,ChgOffDate,MIS_Status
01,15-Jan-24,10-Mar-24,CHGOFF
02,15-Jan-24,,P I F
03,20-Jan-24,02-Jun-24,CHGOFF
04,31-Jan-24,,P I F
05,02-Apr-24,28-Apr-24,CHGOFF
06,02-Jun-24,,P I F
"""


def _dated(folder: Path, text: str, **more) -> tuple[TapeReading, BookMeasured]:
    path = folder / "loans.csv"
    path.write_text(text, "utf-8")
    drafted = draft_tape(path, path.name, **more)
    (folder / "tape.yaml").write_text(tape_text(drafted), "utf-8")
    reading = read_tape(read_tape_document(folder / "tape.yaml"), folder)
    return reading, measure_book(reading, DOCUMENT, RULES)


def test_days_of_default_give_whole_vintages_up_to_the_day_they_are_known_to(tmp_path) -> None:
    reading, measured = _dated(tmp_path, ONCE, as_of="2024-06")
    january, april, june = measured.vintages
    assert january.vintage == "2024-01"
    assert (january.loans, january.entered_late, january.ever_bad) == (4, 0, 2)
    assert january.rate == (0, 0, 0.25, 0.25, 0.25, 0.5, None)
    assert april.rate[:4] == (1, 1, 1, None)
    assert june.rate[:2] == (0, None)
    assert measured.summary.dated
    plain, table = measured.as_dict(), pl.concat(book_parts(reading.book))
    for number, shown in figures_of(plain).items():
        gives = _gives(query_of(plain, number), table)
        assert {name: gives[name] for name in shown} == pytest.approx(shown)


def test_without_a_month_they_are_known_to_the_last_of_them_is_asked_for(tmp_path) -> None:
    path = tmp_path / "loans.csv"
    path.write_text(ONCE, "utf-8")
    drafted = draft_tape(path, path.name)
    assert drafted.tape.months == ("2024-06",)
    assert any("the last month in which a loan was in default" in e for e in drafted.unsettled)


def test_a_default_after_the_tape_s_month_has_not_come_yet(tmp_path) -> None:
    days_alone = "\n".join(line.rsplit(",", 1)[0] for line in ONCE.splitlines())
    _, measured = _dated(tmp_path, days_alone, as_of="2024-05")
    january = measured.vintages[0]
    assert january.rate[:5] == (0, 0, 0.25, 0.25, 0.25)
    assert january.ever_bad == 1


def test_a_default_without_its_day_or_before_the_loan_was_made_is_told(tmp_path) -> None:
    text = ONCE + "07,20-Mar-24,,CHGOFF\n08,20-Mar-24,01-Feb-24,CHGOFF\n09,20-Mar-24,,P I F\n"
    reading, measured = _dated(tmp_path, text, as_of="2024-06")
    assert {each.kind: each.rows for each in reading.faults} == {
        "default_not_dated": (7,),
        "default_before_made": (8,),
    }
    march = next(each for each in measured.vintages if each.vintage == "2024-03")
    assert march.rate[:4] == pytest.approx((1 / 3, 1 / 3, 1 / 3, 2 / 3))
