"""A take-up coefficient read from a trial's arms, on people whose true coefficient is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit

from equipoise.errors import BadInput
from equipoise.review.learning.arms import AMOUNT, PRICE, TrialOffers, measured

TRUE_PRICE, TRUE_AMOUNT, TRUE_RISK = -25.0, 1.5, 0.6
PLANNED = 4000


def drawn(
    seed: int, *, people: int = 8000, dearer: float = 0.02, larger: float = 1.0, bargain: float = 0
) -> TrialOffers:
    """Offers of a lender whose take-up is known. `bargain` lets those who are keener, which nobody
    sees, have a higher price: within an arm, price and keenness go together."""
    rng = np.random.default_rng(seed)
    challenger = rng.random(people) < 0.5
    pd = rng.beta(2, 30, people)
    keen = rng.normal(size=people)
    apr = 0.12 + 0.2 * pd + 0.01 * rng.normal(size=people) + bargain * keen + dearer * challenger
    relative = np.exp(-np.abs(rng.normal(0, 0.1, people))) * np.where(challenger, larger, 1.0)
    utility = (
        0.4 + TRUE_PRICE * (apr - 0.15) + TRUE_AMOUNT * np.log(relative)
        + TRUE_RISK * (logit(pd) + 3) + (0.5 * keen if bargain else 0.0)
    )  # fmt: skip
    taken = rng.random(people) < expit(utility)
    one = int((~challenger).sum())
    return TrialOffers(
        "spring", challenger, apr, relative, pd, taken, (2 * one, 2 * (people - one)),
        date(2026, 10, 1),
    )  # fmt: skip


def test_the_true_price_response_lies_within_its_interval_about_as_often_as_promised() -> None:
    held = [measured(drawn(seed), PRICE, PLANNED) for seed in range(60)]
    inside = sum(each.low <= TRUE_PRICE <= each.high for each in held)
    assert inside >= 57, inside  # an interval that holds every day holds on one day more often
    assert abs(np.mean([each.value for each in held]) - TRUE_PRICE) < 1.0


def test_what_people_bargained_for_within_an_arm_does_not_bias_it() -> None:
    found = [measured(drawn(seed, bargain=0.02), PRICE, PLANNED).value for seed in range(40)]
    assert abs(np.mean(found) - TRUE_PRICE) < 2.5, np.mean(found)
    # beside it, a logit of all offers as if prices had been drawn by lot
    from equipoise.experience.takeup import PastOffers, fit_take_up

    naive = []
    for seed in range(10):
        offers = drawn(seed, bargain=0.02)
        past = PastOffers(offers.apr, offers.relative, np.ones(offers.apr.size), offers.taken,
                          pd=offers.pd)  # fmt: skip
        naive.append(fit_take_up(past, 0.15, "", {"waiting": 0.0})["price"].value)
    assert np.mean(naive) - TRUE_PRICE > 8, "the naive figure is far off, or nothing was shown"


def test_prices_that_are_one_figure_in_each_arm_do() -> None:
    offers = drawn(1, people=40_000)
    rng = np.random.default_rng(2)
    apr = np.where(offers.challenger, 0.17, 0.15)
    plain = expit(0.4 + TRUE_PRICE * (apr - 0.15))
    flat = replace(offers, apr=apr, relative=np.ones(apr.size), taken=rng.random(apr.size) < plain,
                   pd=np.full(apr.size, 0.05))  # fmt: skip
    found = measured(flat, PRICE, 20_000)
    assert found.low < TRUE_PRICE < found.high
    assert found.high - found.low < 8


def test_the_response_to_the_amount_is_read_from_arms_that_differ_in_it() -> None:
    offers = drawn(3, people=30_000, dearer=0.0, larger=0.7)
    found = measured(offers, AMOUNT, 15_000)
    assert found.low < TRUE_AMOUNT < found.high
    assert found.outcomes == 30_000
    assert (found.by, found.on) == ("trial spring", date(2026, 10, 1))


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("waiting.hazard_per_day", {}, "cannot be read from the offers"),
        (AMOUNT, {}, "also differ in another term"),
        (PRICE, {"larger": 0.8}, "also differ in another term"),
        (PRICE, {"dearer": 0.0}, "do not differ in what"),
        (PRICE, {"people": 30}, "fewer than 10 offers"),
    ],
)
def test_a_trial_that_cannot_say_says_why(name: str, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        measured(drawn(5, **changes), name, PLANNED)


def test_arms_that_make_offers_to_different_people_are_not_compared() -> None:
    offers = drawn(6)
    one, two = offers.per_arm
    with pytest.raises(BadInput, match="other people than the champion"):
        measured(replace(offers, served=(2 * one, 4 * two)), PRICE, PLANNED)
