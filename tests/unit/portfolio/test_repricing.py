"""Interest rate risk of a whole book: early repayment seen, both sides valued, shocks told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
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
    measure_book,
)

FLAT = """\
rates:
  source: a flat curve
  curve: [{years: 1, rate: 0.03}]
  prepayment: {value: 0.0, source: nobody repays early}
"""
FUNDED = (
    FLAT
    + """\
  liabilities:
    - {name: deposits, amount: 5000000, rate: 0.01, reprices_months: 1, passed_on: 0.5}
    - {name: bond, amount: 5000000, rate: 0.02, reprices_months: 36}
"""
)


@pytest.fixture(scope="module")
def reading(tmp_path_factory) -> TapeReading:
    return read_known(tmp_path_factory.mktemp("rates"), known_tape(4000, 24, seed=8))


def _measured(reading: TapeReading, more: str) -> BookMeasured:
    text = PORTFOLIO_DRAFT + more
    document = parse_document(text, PortfolioDocument, Path("portfolio.yaml")).value
    return measure_book(reading, document, book_rules(["IFRS", "BASEL"], on=date(2023, 1, 31)))


def test_the_early_repayment_that_made_the_book_is_seen(reading):
    """1.5 % of loans not late are repaid each month, whatever they owe: some 16.6 % a year."""
    interest = _measured(reading, FLAT.replace("  prepayment", "  # prepayment")).interest
    assert interest is not None
    truth = 1 - (1 - TRUTH[0, 6]) ** 12
    assert interest.prepayment_seen == pytest.approx(truth, rel=0.15)
    assert interest.prepayment == interest.prepayment_seen


def test_the_whole_gap_is_what_is_owed_less_what_funds_it(reading):
    measured = _measured(reading, FUNDED)
    interest = measured.interest
    assert interest is not None
    bad = next(each for each in measured.buckets if each.state == "91+")
    principal = measured.summary.exposure - bad.exposure
    assert sum(row.assets for row in interest.gap) == pytest.approx(principal)
    assert sum(row.liabilities for row in interest.gap) == pytest.approx(10_000_000)
    assert interest.gap[-1].cumulative == pytest.approx(principal - 10_000_000)
    assert interest.left_out == bad.loans


def test_value_falls_by_duration_when_rates_rise(reading):
    interest = _measured(reading, FLAT).interest
    assert interest is not None
    shift = interest.shocks["parallel"]
    # the curve moves by continuous rates: the yearly yield by a little more
    moved = np.exp(0.03 + shift) - np.exp(0.03)
    by_duration = interest.value * (
        -interest.modified * moved + 0.5 * interest.convexity * moved**2
    )
    assert interest.values["parallel_up"] == pytest.approx(by_duration, rel=2e-3)
    assert interest.values["parallel_up"] < 0 < interest.values["parallel_down"]
    assert 0.5 < interest.duration < 3


def test_deposits_that_pass_on_half_cost_half_and_a_bond_nothing_within_the_year(reading):
    alone = _measured(reading, FLAT).interest
    funded = _measured(reading, FUNDED).interest
    assert alone is not None
    assert funded is not None
    # deposits reprice within the first quarter, whose middle leaves 0.875 of the year
    cost = 0.5 * 5_000_000 * 0.025 * 0.875
    assert alone.income_up - funded.income_up == pytest.approx(cost)
    assert funded.income_down == pytest.approx(-funded.income_up)


def test_a_pack_without_the_currency_s_shocks_is_told(tmp_path, reading):
    from dataclasses import replace

    other = replace(reading, book=replace(reading.book, currency="XTS"))
    with pytest.raises(BadInput, match="sets 'shock_parallel' of XTS"):
        _measured(other, FLAT)


def test_a_curve_out_of_order_is_told():
    text = PORTFOLIO_DRAFT + FLAT.replace("{years: 1, rate: 0.03}", "{years: 2, rate: 0.03}, "
                                          "{years: 1, rate: 0.03}")  # fmt: skip
    with pytest.raises(BadInput, match="years rise"):
        parse_document(text, PortfolioDocument, Path("portfolio.yaml"))
