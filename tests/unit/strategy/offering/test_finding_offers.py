"""Offers to choose from: every one the strategy's own, none above what was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from corner_lender import application, strategy

from equipoise.errors import BadInput
from equipoise.strategy.offering import (
    BY_COST,
    BY_SURPLUS,
    Alternative,
    asked_terms,
    changed_terms,
    find_offers,
    recommended,
)
from equipoise.strategy.offering.finding import takeable
from equipoise.value.measures import MEASURES

# Whoever is safe gets less than they ask for, at once.
LESS: dict[str, Any] = {"rows": [{"tier": "low", "give": "quick_base_less"}, {"give": "decline"}]}


def terms(offers: list[Alternative]) -> list[tuple[float, float]]:
    return [(each.offer.amount, each.offer.months) for each in offers]


def test_the_offer_that_stands_comes_first_and_others_ask_for_less() -> None:
    offers = find_offers(strategy(), application())
    assert terms(offers)[0] == (8000, 36)
    assert offers[0].asked == {}
    assert len(offers) == len(set(terms(offers))) == 4
    assert all(amount <= 8000 and months <= 36 for amount, months in terms(offers))


def test_every_offer_is_what_the_strategy_says_when_it_is_asked() -> None:
    decider = strategy()
    for each in find_offers(decider, application(amount=9700.0, term=60)):
        decision = decider.decide(application(amount=9700.0, term=60) | dict(each.asked))
        assert takeable(decision)
        assert decision.offers == (each.offer,)


def test_what_the_strategy_does_not_approve_is_not_offered() -> None:
    # above 10,000 the strategy wants checks first, so nothing can be taken as it is
    assert find_offers(strategy(), application(amount=12000.0)) == []
    assert find_offers(strategy(), application(on_sick_leave=True)) == []
    assert find_offers(strategy(), application(dti=0.7)) == []
    # one that refuses all but the longest: no shorter one is found
    long_ones = strategy(
        rules=[{"name": "short", "when": "term < 30", "outcome": "decline", "reason": "SHORT"}],
        texts={"SHORT": {"en": "The term is short."}},
    )
    assert {months for _, months in terms(find_offers(long_ones, application()))} == {36}


def test_a_counter_offer_comes_with_others_of_the_same_kind() -> None:
    offers = find_offers(strategy(table=LESS), application())
    assert terms(offers)[0] == (5600, 36)
    assert all(amount <= 5600 for amount, _ in terms(offers))


def test_surplus_is_the_value_models_own_for_what_was_asked() -> None:
    decider = strategy()
    first, *others = find_offers(decider, application())
    assert first.surplus == decider.decide(application()).trace.measures["customer_surplus"]
    assert "customer_surplus" in MEASURES
    # Less money, or for a shorter time, at the same price is worth less to whoever asked for more.
    assert all(each.surplus < first.surplus for each in others if each.surplus and first.surplus)


def test_less_than_was_asked_is_valued_as_less() -> None:
    # `quick_base_less` offers 0.7 of what is asked: the model's own figure of that treatment.
    offers = find_offers(strategy(table=LESS), application())
    made = strategy(table=LESS).decide(application())
    assert offers[0].surplus == pytest.approx(made.trace.measures["customer_surplus"], rel=1e-9)


def test_the_recommended_one_has_the_largest_surplus() -> None:
    offers = find_offers(strategy(), application())
    chosen = recommended(offers)
    assert chosen is not None
    assert chosen.rule == BY_SURPLUS
    assert offers[chosen.place].surplus == max(each.surplus or 0.0 for each in offers)


def test_without_surplus_the_cheapest_of_the_largest_is_recommended() -> None:
    offers = [
        Alternative(each.asked, each.offer, None) for each in find_offers(strategy(), application())
    ]
    chosen = recommended(offers)
    assert chosen is not None
    assert chosen.rule == BY_COST
    best = offers[chosen.place].offer
    assert best.amount == 8000
    assert best.months == min(each.offer.months for each in offers if each.offer.amount == 8000)


def test_of_one_offer_nothing_is_recommended() -> None:
    assert recommended(find_offers(strategy(), application())[:1]) is None


def test_terms_are_changed_within_what_the_contract_allows() -> None:
    asked = asked_terms(strategy(), application())
    assert asked is not None
    assert (asked.amount.low, asked.amount.high, asked.amount.step) == (500, 50000, 500)
    assert (asked.months.low, asked.months.high) == (6, 84)
    assert changed_terms(asked, 8000, 36) == {}
    assert changed_terms(asked, 7250, 24) == {"amount": 7250.0, "term": 24}
    for amount, months in ((499, 36), (50001, 36), (8000, 5), (8000, 24.5), (float("nan"), 36)):
        with pytest.raises(BadInput):
            changed_terms(asked, amount, months)


def test_terms_that_are_no_field_of_their_own_stay() -> None:
    section = {
        "amount": "amount * 1.0",
        "term_months": "term",
        "monthly_income": "income",
        "apr": "0.1",
    }
    decider = strategy(applicant=section)
    assert asked_terms(decider, application()) is None
    assert terms(find_offers(decider, application())) == [(8000, 36)]
