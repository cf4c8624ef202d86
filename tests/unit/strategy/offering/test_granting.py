"""What a person may grant in place of the strategy, by the corner lender's own prices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from corner_lender import TODAY, application, content, strategy

from equipoise.strategy import Strategy
from equipoise.strategy.offering import (
    BY_PERSON,
    NotGranted,
    Terms,
    fresh_until,
    granted,
    limits,
    reasons_to_tell,
)

AUTHORITY: dict[str, Any] = {
    "levels": [{"name": "junior"}],
    "matrix": [{"up_to": 5_000, "level": "system"}, {"level": "junior"}],
}


@pytest.fixture(scope="module")
def lender() -> Strategy:
    return strategy(authority=AUTHORITY)


def level_payment(amount: float, apr: float, months: int) -> float:
    """The textbook annuity."""
    rate = apr / 12
    return amount * rate / (1 - (1 + rate) ** -months)


def test_terms_go_down_from_what_was_asked_and_prices_as_far_as_the_menu(lender: Strategy) -> None:
    within = limits(lender, application(), TODAY)
    assert within is not None
    assert within.amount == (500.0, 8000.0)  # the contract's least; what was asked
    assert within.months == (6.0, 84.0)
    assert within.apr == pytest.approx((0.07, 0.15))  # 0.09, between -0.02 and +0.06
    assert within.asked == Terms(8000.0, 36.0, 0.09)


def test_terms_are_an_offer_with_the_strategys_verdict_and_their_value(lender: Strategy) -> None:
    result = granted(lender, application(), Terms(6000.0, 24.0, 0.11), TODAY)
    offer = result.offer
    assert (offer.treatment, offer.amount, offer.months, offer.apr) == (
        BY_PERSON,
        6000.0,
        24.0,
        0.11,
    )
    assert offer.instalment == pytest.approx(level_payment(6000.0, 0.11, 24), abs=0.01)
    assert result.other
    assert result.verdict.trace.terms["amount"] == 6000.0
    assert result.measures is not None
    dearer = granted(lender, application(), Terms(6000.0, 24.0, 0.15), TODAY)
    assert dearer.measures is not None
    assert dearer.measures["booked"] < result.measures["booked"]  # fewer take a dearer loan


def test_what_the_strategy_would_offer_stays_its_own_treatment(lender: Strategy) -> None:
    base = lender.decide(application(), at=TODAY)
    assert base.outcome == "refer"  # above what the machine may give
    (own,) = base.offers
    result = granted(lender, application(), Terms(own.amount, own.months, own.apr), TODAY)
    assert (result.offer, result.other) == (own, False)
    assert result.measures == pytest.approx(dict(base.trace.measures))


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(8000.01, 36.0, 0.09), "terms.amount"),
        (Terms(499.0, 36.0, 0.09), "terms.amount"),
        (Terms(8000.0, 5.0, 0.09), "terms.months"),
        (Terms(8000.0, 85.0, 0.09), "terms.months"),
        (Terms(8000.0, 36.5, 0.09), "terms.months"),
        (Terms(8000.0, 36.0, 0.0699), "terms.apr"),
        (Terms(8000.0, 36.0, 0.1501), "terms.apr"),
        (Terms(8000.0, 36.0, float("nan")), "terms.apr"),
    ],
)
def test_nobody_grants_beyond_the_limits(lender: Strategy, terms: Terms, field: str) -> None:
    with pytest.raises(NotGranted) as refused:
        granted(lender, application(), terms, TODAY)
    assert refused.value.field == field


def test_what_cannot_be_priced_cannot_be_granted(lender: Strategy) -> None:
    unread = application(score_date=None)
    assert lender.decide(unread, at=TODAY).trace.terms == {}
    assert limits(lender, unread, TODAY) is None
    with pytest.raises(NotGranted, match="at which price"):
        granted(lender, unread, Terms(8000.0, 36.0, 0.09), TODAY)


def test_a_no_is_told_by_what_stood_in_the_way_in_every_language() -> None:
    assert reasons_to_tell(content()) == ("DEBTS", "STRAINED", "CHECK_STOPPED")
    both = content(languages=["en", "zh"])
    assert reasons_to_tell(both) == ("CHECK_STOPPED",)  # its own have no Chinese


def test_an_offer_stands_by_its_facts_until_the_first_grows_old(lender: Strategy) -> None:
    dated = application(score_date=(TODAY - timedelta(days=10)).isoformat())
    assert fresh_until(lender, dated, TODAY) == TODAY + timedelta(days=20)  # 30 from its date
    last = application(score_date=(TODAY - timedelta(days=30)).isoformat())
    assert fresh_until(lender, last, TODAY) == TODAY
    old = application(score_date=(TODAY - timedelta(days=31)).isoformat())
    assert fresh_until(lender, old, TODAY) is None  # who decided knew that it was old
    assert fresh_until(lender, application(score=None), TODAY) is None
