"""Every number of a measured book is given by its query, run by another over the same tape."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from loan_tapes import TAPE, known_tape
from scipy.stats import norm

from equipoise.documents import parse_document
from equipoise.portfolio import (
    KINDS,
    PORTFOLIO_DRAFT,
    STATES,
    Number,
    PortfolioDocument,
    TapeReading,
    ask,
    book_parts,
    book_rules,
    faults_table,
    figures_of,
    measure_book,
    named_queries,
    query_of,
    rates_table,
    read_tape,
    read_tape_document,
    terms_table,
)
from equipoise.portfolio.numbers import tables as book_tables

MORE = """\
  overlays:
    - {id: flood, factor: 1.5, by: region, value: south, owner: risk, reason: flood,
       from: 2023-01-01, until: 2023-12-31}
own_funds: {net_capital: 400000, tier1: 300000, source: test}
limits:
  - {name: regions, by: region, at_most: 0.4}
  - {name: "o'er", by: vintage, at_most: 0.1, constraint: "shares o'er"}
rates:
  source: test
  curve: [{years: 0.25, rate: 0.002}, {years: 1, rate: 0.017}, {years: 3, rate: 0.021}]
  liabilities:
    - {name: deposits, amount: 200000, rate: 0.012, reprices_months: 3, passed_on: 0.4}
    - {name: bond, amount: 90000, rate: 0.025, reprices_months: 50}
"""
# The tape as a person would bring it into a database: no line of it is ours.
VIEW = """
CREATE VIEW told AS SELECT *, CAST(month || '-01' AS DATE) AS first_day,
  CASE status WHEN 'Charged Off' THEN 'written_off' WHEN 'Fully Paid' THEN 'repaid'
    WHEN 'Default' THEN '91+'
    ELSE CASE WHEN days IS NULL THEN NULL WHEN days > 90 THEN '91+' WHEN days > 60 THEN '61-90'
      WHEN days > 30 THEN '31-60' WHEN days > 0 THEN '1-30' ELSE 'current' END
  END AS state,
  MIN(CAST(month || '-01' AS DATE)) OVER (PARTITION BY loan) AS seen,
  MIN(CAST(month || '-01' AS DATE)) OVER () AS earliest
FROM '{file}';
CREATE VIEW book AS
SELECT loan, first_day AS month, state, days, CAST(opened AS DATE) AS opened, region,
  customer, term,
  COALESCE(CAST(opened AS DATE), CASE WHEN seen > earliest THEN seen END) AS made,
  DATE_DIFF('month',
    COALESCE(CAST(opened AS DATE), CASE WHEN seen > earliest THEN seen END), first_day)
    AS months_on_book,
  LAG(state) OVER of_loan AS before, LEAD(state) OVER of_loan AS next,
  LEAD(first_day) OVER of_loan AS next_month
  {balance}
FROM told
WINDOW of_loan AS (PARTITION BY loan ORDER BY first_day);
"""


@dataclass(frozen=True)
class Measured:
    """A book as it was measured, a database with its tape, and its reading's own tables."""

    found: dict[str, Any]
    reading: TapeReading
    database: duckdb.DuckDBPyConnection
    tables: dict[str, pl.DataFrame]


def spoilt(months: int = 30) -> pl.DataFrame:
    """A tape with gaps, and with much that nobody told."""
    tape = known_tape(900, months)
    lot = np.random.default_rng(5).random((4, tape.height))
    of_loan = pl.col("loan").str.slice(1).cast(pl.Int64) % 10
    drop, blank = pl.Series(lot[0] < 0.03), pl.Series(lot[1] < 0.01)
    last = tape["month"].max()
    return tape.with_columns(
        pl.when(of_loan == 3).then(None).otherwise("opened").alias("opened"),
        pl.when(of_loan == 4).then(None).otherwise("customer").alias("customer"),
        pl.when(blank).then(None).otherwise("days").alias("days"),
        pl.when(blank).then(None).otherwise("status").alias("status"),
    ).filter(~drop | (pl.col("month") == last))


def measured(there: Path, *, balance: bool) -> Measured:
    there.mkdir(exist_ok=True)
    spoilt().write_parquet(there / "known.parquet")
    text = TAPE if balance else TAPE.replace("  - {role: balance, column: balance}\n", "")
    (there / "tape.yaml").write_text(text, "utf-8")
    reading = read_tape(read_tape_document(there / "tape.yaml"), there)
    draft = PORTFOLIO_DRAFT + MORE
    document = parse_document(draft, PortfolioDocument, Path("portfolio.yaml")).value
    rules = book_rules(("IFRS", "BASEL", "CN"), on=date(2023, 7, 31))
    database = duckdb.connect(":memory:")
    column = ", balance" if balance else ""
    database.execute(VIEW.format(file=there / "known.parquet", balance=column))
    tables = {"book": pl.concat(book_parts(reading.book))}
    prices = {"shares o'er": 12.5, "another": 3.0}
    made = {
        "terms": terms_table(reading.book, document, rules),
        "rates": rates_table(reading.book, document) if balance else None,
        "faults": faults_table(reading.faults),
        "prices": pl.DataFrame({"constraint_name": [*prices], "price": [*prices.values()]}),
    }
    for name, table in made.items():
        if table is not None:
            tables[name] = table
            database.register(name, table.to_arrow())
    found = measure_book(reading, document, rules, shadow_prices=prices).as_dict()
    return Measured(found, reading, database, tables)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measured(tmp_path_factory.mktemp("numbers"), balance=True)


def asked(of: Measured, sql: str) -> pl.DataFrame:
    return pl.DataFrame(of.database.sql(sql).to_arrow_table())


def gives(of: Measured, number: Number) -> dict[str, Any]:
    (row,) = asked(of, query_of(of.found, number).sql).to_dicts()
    return row


def test_every_number_is_what_its_query_gives_of_the_tape(book: Measured) -> None:
    figures = figures_of(book.found)
    kinds = Counter(each.kind for each in figures)
    assert set(kinds) == set(KINDS)
    assert kinds["vintage"] > 50
    assert kinds["grade"] >= 4
    for number, shown in figures.items():
        given = gives(book, number)
        assert {name: given[name] for name in shown} == pytest.approx(shown, rel=1e-9, abs=1e-12), (
            number
        )


def test_without_balances_loans_are_counted_and_nothing_in_money_is_asked(tmp_path: Path) -> None:
    bare = measured(tmp_path / "bare", balance=False)
    figures = figures_of(bare.found)
    assert {each.kind for each in figures} == {
        "open", "late", "vintage", "ever_bad", "roll", "move", "faults"
    }  # fmt: skip
    for number, shown in figures.items():
        given = gives(bare, number)
        assert {name: given[name] for name in shown} == pytest.approx(shown, rel=1e-9, abs=1e-12)


def test_the_figures_of_a_page_all_have_a_query(book: Measured) -> None:
    found, figures = book.found, figures_of(book.found)
    assert figures[Number("open")]["exposure"] == found["summary"]["exposure"]
    assert figures[Number("late", "90")]["share"] == found["summary"]["late90_share"]
    for row in found["losses"]["stages"]:
        assert figures[Number("stage", str(row["stage"]))]["allowance"] == row["allowance"]
    for row in found["limits"]:
        assert figures[Number("limit", row["name"], row["of"])]["used"] == row["use"]
    assert {each["number"] for each in named_queries(found)} == set(KINDS)


def test_the_tables_that_are_written_are_those_of_the_tape(book: Measured) -> None:
    theirs = asked(book, "SELECT * FROM book ORDER BY loan, month")
    ours = book.tables["book"].select(theirs.columns).sort("loan", "month")
    for name in theirs.columns:
        same = ours[name].cast(theirs[name].dtype)
        assert same.equals(theirs[name], null_equal=True), name


def test_rows_behind_a_number_make_it_up(book: Measured) -> None:
    def rows(number: Number) -> list[dict[str, Any]]:
        query = query_of(book.found, number)
        return asked(book, query.rows).to_dicts()

    figures = figures_of(book.found)
    opened = rows(Number("open"))
    assert len(opened) == figures[Number("open")]["loans"]
    late = rows(Number("late", "30"))
    assert all(each["days"] > 30 for each in late)
    share = sum(each["balance"] for each in late) / sum(each["balance"] for each in opened)
    assert share == pytest.approx(figures[Number("late", "30")]["share"])
    cell = max((n for n in figures if n.kind == "vintage"), key=lambda n: figures[n]["rate"])
    bad = [each["bad"] for each in rows(cell)]
    assert {*map(type, bad)} == {bool}, "who was never bad is not bad"
    assert sum(bad) / len(bad) == pytest.approx(figures[cell]["rate"])
    rolled = [each["rate"] for each in rows(Number("roll", "61-90"))]
    assert np.mean(rolled) == pytest.approx(figures[Number("roll", "61-90")]["rate"])
    moved = rows(Number("move", "current", "1-30"))
    assert len(moved) == figures[Number("move", "current", "1-30")]["moved"]
    stage = rows(Number("stage", "2"))
    assert sum(each["allowance"] for each in stage) == pytest.approx(
        figures[Number("stage", "2")]["allowance"]
    )
    grade = rows(Number("grade", "substandard"))
    assert {each["grade"] for each in grade} == {"substandard"}
    names = rows(Number("concentration", "region"))
    (told,) = (each for each in book.found["concentration"] if each["by"] == "region")
    assert [(each["name"], pytest.approx(each["owed"])) for each in names] == [
        tuple(each) for each in told["largest"]
    ]
    limit = next(n for n in figures if n.kind == "limit" and n.of == "regions")
    assert sum(each["balance"] for each in rows(limit)) == pytest.approx(figures[limit]["exposure"])


def test_who_customers_are_stands_in_no_row_of_concentration(book: Measured) -> None:
    query = query_of(book.found, Number("concentration", "customer"))
    assert asked(book, query.rows).columns == ["place", "loans", "owed", "share"]


def test_the_terms_of_a_loan_give_its_capital_by_the_formula_that_is_told(book: Measured) -> None:
    terms = book.tables["terms"].filter(~pl.col("defaulted"))
    pd, lgd = terms["irb_pd"].to_numpy(), terms["irb_lgd"].to_numpy()
    part = (1 - np.exp(-35 * pd)) / (1 - np.exp(-35))
    r = 0.03 * part + 0.16 * (1 - part)
    k = lgd * norm.cdf((norm.ppf(pd) + np.sqrt(r) * norm.ppf(0.999)) / np.sqrt(1 - r)) - pd * lgd
    assert terms["k"].to_numpy() == pytest.approx(k, rel=1e-9)


def test_the_terms_of_a_loan_give_its_loss_by_the_moves_that_are_told(book: Measured) -> None:
    """By the matrix that queries of moves give, month by month: default and repayment absorb."""
    chance = np.array([[_chance(book, one, two) for two in STATES] for one in STATES])
    gone = [STATES.index(each) for each in ("91+", "written_off", "repaid")]
    chance[gone] = np.eye(len(STATES))[gone]
    scenarios = ((0.6, 1.0), (0.3, 1.5), (0.1, 2.5))
    terms = book.tables["terms"].filter((pl.col("stage") < 3) & pl.col("state").is_not_null())
    for loan in terms.sample(25, seed=3).to_dicts():
        year, life = np.array(
            [weight * np.array(_losses(loan, chance, odds)) for weight, odds in scenarios]
        ).sum(axis=0)
        assert (loan["loss_year"], loan["loss_life"]) == pytest.approx((year, life), rel=1e-6)


def _chance(book: Measured, one: str, two: str) -> float:
    number = Number("move", one, two)
    return gives(book, number)["chance"] if number in figures_of(book.found) else float(one == two)


def _losses(loan: dict[str, Any], chance: np.ndarray, odds: float) -> tuple[float, float]:
    """Losses of a year and of the whole life of a loan in one scenario."""
    rate = (1 + loan["rate"]) ** (1 / 12) - 1
    owed, left = loan["ead"], loan["months_left"]
    pays = owed * rate / (1 - (1 + rate) ** -left)
    at = np.eye(len(STATES))[STATES.index(loan["state"])]
    alive, year, life = 1.0, 0.0, 0.0
    for month in range(1, left + 1):
        after = at @ chance
        here = 1 - at[4:].sum()
        new, paid = (after - at)[4:6].sum() / here, (after - at)[6] / here
        hazard = odds * new / (1 - new + odds * new)
        loss = alive * hazard * loan["lgd"] * owed / (1 + rate) ** month
        life, year = life + loss, year + (loss if month <= 12 else 0)
        alive *= 1 - hazard - paid
        owed = max(owed * (1 + rate) - pays, 0)
        at = after
    return year, life


def test_parts_of_the_book_are_the_book(book: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands beside a row is told across the edges of parts too."""
    monkeypatch.setattr(book_tables, "_PART", 1000)
    parts = list(book_parts(book.reading.book))
    assert len(parts) > 5
    assert pl.concat(parts).equals(book.tables["book"])


def test_a_query_is_run_without_a_way_to_anything_else(book: Measured, tmp_path: Path) -> None:
    number = Number("stage", "1")
    query = query_of(book.found, number)
    terms = tmp_path / "o'er" / "terms.parquet"
    terms.parent.mkdir()
    book.tables["terms"].write_parquet(terms)
    answer = ask(query, terms, most=7, after=7)
    assert answer.gives == pytest.approx(figures_of(book.found)[number])
    assert answer.of == answer.gives["loans"]
    every = ask(query, terms, most=1000).rows
    assert answer.rows == every[7:14]
    beside = tmp_path / "o'er" / "beside.parquet"
    book.tables["terms"].write_parquet(beside)
    file = str(beside).replace("'", "''")
    for other in (
        "SELECT * FROM read_text('/etc/hostname')",
        f"SELECT * FROM '{file}'",
        "SET enable_external_access = true",
        f"COPY terms TO '{file}'",
    ):
        with pytest.raises(
            duckdb.Error, match=r"(?i)permission|configuration|not allowed|disabled"
        ):
            ask(replace(query, sql=other), terms, most=1)
