"""A book measured as a whole: the truth it was made with is found, and its figures add up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from loan_tapes import TRUTH, known_tape, read_known

from equipoise.documents import parse_document
from equipoise.errors import BadInput
from equipoise.portfolio import (
    PORTFOLIO_DRAFT,
    BookMeasured,
    PortfolioDocument,
    TapeReading,
    book_rules,
    figures_of,
    measure_book,
    read_tape,
    read_tape_document,
)
from equipoise.portfolio.moving import roll_rows
from equipoise.portfolio.numbers.number import Number

MONTHS = 30
OVERLAYS = """\
  overlays:
    - {id: flood, factor: 1.5, by: region, value: south, owner: risk, reason: flood,
       from: 2023-01-01, until: 2023-12-31}
    - {id: old, factor: 9, owner: risk, reason: over, from: 2020-01-01, until: 2022-12-31}
own_funds: {net_capital: 400000, tier1: 300000, source: test}
limits:
  - {name: regions, by: region, at_most: 0.4, constraint: north_share}
  - {name: eastern, by: region, value: east, at_most: 0.5}
"""


@pytest.fixture(scope="module")
def tape() -> pl.DataFrame:
    return known_tape(6000, MONTHS)


@pytest.fixture(scope="module")
def reading(tape, tmp_path_factory) -> TapeReading:
    return read_known(tmp_path_factory.mktemp("known"), tape)


def _measured(reading: TapeReading, more: str = "", packs=("IFRS", "BASEL", "CN")) -> BookMeasured:
    text = PORTFOLIO_DRAFT + more
    document = parse_document(text, PortfolioDocument, Path("portfolio.yaml")).value
    rules = book_rules(packs, on=date(2023, 7, 31))
    return measure_book(reading, document, rules, shadow_prices={"north_share": 0.02})


@pytest.fixture(scope="module")
def measured(reading) -> BookMeasured:
    return _measured(reading, OVERLAYS)


def test_exposure_is_the_tape_s_to_the_cent(tape, measured):
    last = tape.filter(pl.col("month") == "2023-06")
    open_ = last.filter(~pl.col("status").is_in(["Charged Off", "Fully Paid"]))
    cents = open_.select((pl.col("balance") * 100).round().cast(pl.Int64)).to_series().sum()
    assert round(measured.summary.exposure * 100) == cents
    assert measured.summary.open_loans == open_.filter(pl.col("balance") > 0).height
    assert measured.summary.as_of == "2023-06"


def test_the_matrix_that_made_the_book_lies_in_its_intervals(measured):
    moves = measured.moves
    assert moves is not None
    low, high = np.array(moves.low), np.array(moves.high)
    inside = (low[:5] <= TRUTH[:5]) & (TRUTH[:5] <= high[:5])
    assert inside.sum() >= 32  # of 35 cells, at 95 %
    absorbing = TRUTH.copy()
    absorbing[4] = np.eye(7)[4]
    year = np.linalg.matrix_power(absorbing, 12)[0, 4]
    assert moves.bad_low[11] <= year <= moves.bad_high[11]


def test_loans_not_late_are_expected_to_default_as_they_truly_do(reading, measured):
    """Stage 1 of the base case: LGD times what truly defaults within a year, of what is owed."""
    losses = measured.losses
    assert losses is not None
    stage = losses.stages[0]
    absorbing = TRUTH.copy()
    absorbing[4] = np.eye(7)[4]
    year = np.linalg.matrix_power(absorbing, 12)[0, 4]
    # what is owed falls while the year passes, and is discounted: below LGD x PD, not far below
    most = 0.45 * year * 1.5 * stage.exposure
    assert 0.5 * 0.45 * year * stage.exposure < stage.allowance < most


def test_stages_scenarios_and_overlays_add_up(measured):
    losses = measured.losses
    assert losses is not None
    assert sum(row.exposure for row in losses.stages) == pytest.approx(measured.summary.exposure)
    assert sum(row.loans for row in losses.stages) == measured.summary.open_loans
    assert sum(row.allowance for row in losses.stages) == pytest.approx(losses.allowance)
    weights = {"base": 0.6, "adverse": 0.3, "severe": 0.1}
    plain = sum(weights[name] * amount for name, amount in losses.scenarios.items())
    added = sum(each.added for each in losses.overlays)
    assert losses.allowance == pytest.approx(plain + added)
    assert losses.scenarios["base"] < losses.scenarios["adverse"] < losses.scenarios["severe"]
    assert losses.lifetime > plain
    for row in losses.stages:
        assert sum(row.reasons.values()) == row.loans


def test_an_overlay_adds_half_again_for_its_region_and_nothing_after_its_day(reading, measured):
    flood, old = measured.losses.overlays  # type: ignore[union-attr]
    assert (flood.applied, old.applied) == (True, False)
    assert old.added == 0.0
    plain = _measured(reading).losses
    everywhere = _measured(reading, OVERLAYS.replace("by: region, value: south, ", "")).losses
    assert plain is not None
    assert everywhere is not None
    assert 0 < flood.added < everywhere.overlays[0].added <= 0.5 * plain.allowance + 1e-6


def test_grades_follow_days_and_cover_all_that_is_open(tape, measured):
    grades = {row.grade: row for row in measured.grades.rows}  # type: ignore[union-attr]
    last = tape.filter((pl.col("month") == "2023-06") & (pl.col("balance") > 0))
    late = last.filter(pl.col("days").is_in([15, 45, 75]))
    assert grades["special_mention"].loans == late.height
    bad = last.filter(pl.col("status") == "Default")
    worse = ("substandard", "doubtful", "loss")
    assert sum(grades[each].loans for each in worse) == bad.height
    assert sum(row.loans for row in grades.values()) == measured.summary.open_loans


def test_capital_stands_between_the_weights_it_is_made_of(measured):
    capital, exposure = measured.capital, measured.summary.exposure
    assert capital is not None
    stage3 = measured.losses.stages[2].exposure  # type: ignore[union-attr]
    assert capital.standardised == pytest.approx(0.75 * (exposure - stage3) + 1.5 * stage3)
    assert 0 < capital.irb < 1.5 * exposure
    assert 0 < capital.granularity < 0.02 * exposure


def test_concentration_and_limits_are_of_the_same_shares(measured):
    by = {row.by: row for row in measured.concentration}
    shares = np.array([owed for _, owed in by["region"].largest]) / measured.summary.exposure
    assert by["region"].hhi == pytest.approx((shares**2).sum())
    north = next(e for e in measured.limits if e.of == "north")
    assert north.use == pytest.approx(dict(by["region"].largest)["north"]
                                      / measured.summary.exposure / 0.4)  # fmt: skip
    assert north.broken
    assert north.shadow_price == 0.02
    named = {each.name for each in measured.limits}
    assert "cn.limit.customer" in named
    assert "cn.limit.interbank-customer" not in named  # a tape of loans tells of no bank
    assert [each.use for each in measured.limits] == sorted(
        (each.use for each in measured.limits), reverse=True
    )


def test_two_loans_of_one_customer_are_one_name(reading, measured):
    by = {row.by: row for row in measured.concentration}
    assert by["customer"].names < measured.summary.open_loans


def test_vintages_are_told_as_far_as_they_were_watched(measured):
    rows = measured.vintages
    assert rows[0].vintage == "2021-01"
    assert rows[-1].rate[0] is not None
    assert rows[-1].rate[6] is None
    assert sum(row.loans + row.entered_late for row in rows) == measured.summary.loans


def test_roll_rates_are_balances_over_those_of_the_bucket_before(tape, measured):
    owed = tape.group_by("month", "days").agg(pl.col("balance").sum()).to_dicts()
    by = {(row["month"], row["days"]): row["balance"] for row in owed}
    months = sorted(set(tape["month"]))
    assert [row.month for row in measured.rolls] == months[1:]
    for row, before in zip(measured.rolls[-6:], months[-7:-1], strict=True):
        for at, (lower, upper) in enumerate([(0, 15), (15, 45), (45, 75)]):
            assert row.rates[at] == pytest.approx(by[row.month, upper] / by[before, lower])


def test_only_who_is_new_to_more_than_ninety_days_rolled_into_it(tape, measured):
    last, before = "2023-06", "2023-05"
    bad = tape.filter((pl.col("status") == "Default") & (pl.col("month") == last))
    was = tape.filter((pl.col("status") == "Default") & (pl.col("month") == before))["loan"]
    new = bad.filter(~pl.col("loan").is_in(was.implode()))["balance"].sum()
    held = tape.filter((pl.col("month") == before) & (pl.col("days") == 75))["balance"].sum()
    assert measured.rolls[-1].rates[3] == pytest.approx(new / held)


def test_the_same_tape_gives_the_same_figures_and_json_without_nan(reading, measured):
    again = _measured(reading, OVERLAYS)
    assert json.dumps(again.as_dict(), allow_nan=False) == json.dumps(measured.as_dict())
    assert measured.as_dict()["deliveries"][0]["file"] == "known.parquet"


def test_a_single_month_tells_shares_and_no_losses(tape, tmp_path):
    one = read_known(tmp_path, tape.filter(pl.col("month") == "2023-06"))
    found = _measured(one)
    assert (found.moves, found.losses, found.capital) == (None, None, None)
    assert found.rolls == ()
    assert found.summary.exposure > 0
    assert found.concentration != ()


def test_a_tape_without_balances_tells_shares_of_loans_and_nothing_in_money(tape, tmp_path):
    bare = read_known(tmp_path, tape)
    unknown = replace(bare.book, balance=np.zeros_like(bare.book.balance), has_balance=False)
    found = _measured(replace(bare, book=unknown))
    last = tape.filter(pl.col("month") == "2023-06")
    open_ = last.filter(~pl.col("status").is_in(["Charged Off", "Fully Paid"]))
    assert found.summary.open_loans == open_.height
    late = open_.filter(pl.col("days") > 30).height
    assert found.summary.late30_share == pytest.approx(late / open_.height)
    assert (found.losses, found.capital, found.grades) == (None, None, None)
    assert found.moves is not None
    assert found.rolls[-1].rates[0] is not None  # by loans


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("weight: 0.6", "weight: 0.5", "sum to 0.9"),
        ("until: 2023-12-31", "until: 2022-12-31", "before it begins"),
        ("by: region, value: south,", "by: region,", "write both or none"),
        ("odds: 1.5", "odds: 0", "odds"),
    ],
)
def test_a_wrong_portfolio_document_is_told(old, new, why):
    text = (PORTFOLIO_DRAFT + OVERLAYS).replace(old, new)
    with pytest.raises(BadInput) as caught:
        parse_document(text, PortfolioDocument, Path("portfolio.yaml"))
    assert why in str(caught.value)


def test_a_pd_that_tripled_since_the_loan_was_made_is_stage_2_by_the_pack_that_says_so(
    reading, measured
):
    """By the moves seen, who is up to 30 days late defaults within a year three times as often as
    who is not late."""
    by_days = {row.stage: row.reasons for row in measured.losses.stages}
    rose = _measured(reading, packs=("IFRS", "EBA", "BASEL"))
    told = {row.stage: row.reasons for row in rose.losses.stages}
    book = reading.book
    at = book.at(book.last_month)
    slightly = int(((book.days[at] == 15) & (book.balance[at] > 0)).sum())
    assert "pd_rose" not in by_days[2]
    assert 0 < told[2]["pd_rose"] <= slightly
    assert told[2]["past_due"] == by_days[2]["past_due"]
    assert told[3] == by_days[3]
    added = sum(each.added for each in measured.losses.overlays)
    assert rose.losses.allowance > measured.losses.allowance - added


def test_nothing_rolls_into_a_month_that_the_tape_lacks(tmp_path):
    """February is missing: into it nothing is known, and not that nobody was late."""
    (tmp_path / "t.csv").write_text(
        "nr,month,owed,dpd\na,2024-01,100,0\nb,2024-01,100,0\na,2024-03,100,0\nb,2024-03,100,0\n"
        "a,2024-04,100,10\nb,2024-04,100,0\n",
        "utf-8",
    )
    (tmp_path / "tape.yaml").write_text(
        "name: t\nshape: monthly\ncurrency: CNY\ndeliveries: {t.csv: {}}\ncolumns:\n"
        "  - {role: loan, column: nr}\n  - {role: month, column: month, format: '%Y-%m'}\n"
        "  - {role: balance, column: owed}\n  - {role: days_late, column: dpd}\n",
        "utf-8",
    )
    book = read_tape(read_tape_document(tmp_path / "tape.yaml"), tmp_path).book
    rows, mean = roll_rows(book)
    assert [(row.month, row.rates[0]) for row in rows] == [
        ("2024-02", None), ("2024-03", None), ("2024-04", 0.5)
    ]  # fmt: skip
    assert mean[0] == 0.5


def test_what_no_pack_says_on_the_day_is_left_out_with_a_caution(reading):
    """Basel's weights hold from 2023, IFRS 9 from 2018: older books are measured without them."""
    document = parse_document(PORTFOLIO_DRAFT, PortfolioDocument, Path("portfolio.yaml")).value
    before = {}
    for day in (date(2022, 6, 30), date(2010, 6, 30)):
        rules = book_rules(("IFRS", "BASEL"), on=day)
        before[day.year] = measure_book(reading, document, rules)
    assert before[2022].losses is not None
    assert before[2022].capital is None
    assert "have no risk weights on 2022-06-30" in before[2022].cautions[-1]["en"]
    assert dict(figures_of(before[2022].as_dict()))[Number("allowance")]
    assert before[2010].losses is None
    assert _measured(reading, packs=("BASEL",)).losses is None
    assert any("change their stage" in each["en"] for each in before[2010].cautions)
