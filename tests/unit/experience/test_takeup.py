import numpy as np
import pytest
from scipy.integrate import quad

from equipoise.errors import BadInput
from equipoise.experience import PastOffers, TakeUp, fit_take_up
from equipoise.experience.assumptions import drop_off_after, price_response

TRUE = {"intercept": 0.4, "price": -25.0, "amount": 1.0, "waiting": -0.1, "risk": 0.2}
MODEL = TakeUp(**TRUE, reference_apr=0.12)


def past(n: int, seed: int) -> PastOffers:
    rng = np.random.default_rng(seed)
    apr, asked = rng.uniform(0.05, 0.3, n), rng.uniform(1e3, 2e4, n)
    offered, wait, pd = asked * rng.uniform(0.4, 1, n), rng.exponential(2, n), rng.beta(1, 9, n)
    share = MODEL.probability(apr, offered / asked, wait, pd)
    return PastOffers(apr, offered, asked, rng.random(n) < share, wait, pd)


def test_take_up_falls_with_price_and_waiting_and_rises_with_amount() -> None:
    def at(apr: float = 0.12, ratio: float = 1.0, wait: float = 0.0) -> float:
        values = (np.array([v]) for v in (apr, ratio, wait, 0.5))
        return float(MODEL.probability(*values)[0])

    assert at() == pytest.approx(1 / (1 + np.exp(-0.4)))  # at PD one half the risk term is nil
    assert at(apr=0.16) == pytest.approx(1 / (1 + np.exp(0.6)))
    assert at(wait=10) == pytest.approx(1 / (1 + np.exp(0.6)))
    assert at(ratio=0.5) < at()


def test_customer_surplus_is_the_area_under_the_demand_curve() -> None:
    utility = 0.3
    # each point of price lowers utility by 25: surplus is the integral of demand over price
    area, _ = quad(lambda rise: 1 / (1 + np.exp(-(utility - 25 * rise))), 0, 10)
    assert MODEL.customer_surplus(np.array([utility]))[0] == pytest.approx(area, rel=1e-7)


def test_customer_surplus_needs_a_price_that_matters() -> None:
    with pytest.raises(BadInput, match="does not fall with price"):
        TakeUp(intercept=0, price=0.5).customer_surplus(np.array([0.0]))


def test_intervals_hold_the_true_coefficients_about_95_times_in_100() -> None:
    held = np.zeros(5)
    for seed in range(100):
        result = fit_take_up(past(1500, seed), 0.12, "planted")
        held += [result[name].low <= TRUE[name] <= result[name].high for name in TRUE]  # type: ignore[operator]
    assert (held >= 88).all()


def test_a_declared_price_is_held_while_the_rest_is_measured() -> None:
    result = fit_take_up(past(20_000, 1), 0.12, "planted", fixed={"price": -25.0})
    assert set(result) == {"intercept", "amount", "waiting", "risk"}
    assert all(q.provenance == "measured" and "20000 offers" in q.source for q in result.values())
    assert result["intercept"].value == pytest.approx(0.4, abs=0.12)


@pytest.mark.parametrize("name", ["price", "waiting", "risk"])
def test_a_response_that_the_data_cannot_show_is_refused(name: str) -> None:
    data = past(200, 2)
    same = PastOffers(np.full(200, 0.1), data.offered, data.asked, data.accepted)
    with pytest.raises(BadInput, match=f"response to {name} cannot be measured"):
        others = {k: v for k, v in TRUE.items() if k not in ("intercept", name)}
        fit_take_up(same, 0.12, "planted", fixed=others)


def test_the_assumed_price_response_has_the_published_elasticity() -> None:
    price = price_response(0.12, take_up=0.5)
    model = TakeUp(intercept=0.0, price=price.value, reference_apr=0.12)
    one = np.ones(1)
    up, down = (model.probability(one * 0.12 * k, one, one * 0, one / 2) for k in (1.001, 0.999))
    elasticity = float(np.log(up / down)[0]) / np.log(1.001 / 0.999)
    assert elasticity == pytest.approx(-1.9, abs=0.01)
    assert price.provenance == "assumed"
    assert "Karlan & Zinman" in price.source
    assert price.low < price.value < price.high  # type: ignore[operator]


def test_the_assumed_drop_off_compounds_over_minutes() -> None:
    whole = drop_off_after(18 + 53 / 60)
    assert (whole.low, whole.value, whole.high) == pytest.approx((0.18, 0.5, 2 / 3), abs=1e-4)
    halves = drop_off_after((18 + 53 / 60) / 2)
    assert (1 - halves.value) ** 2 == pytest.approx(0.5, abs=1e-3)
    assert drop_off_after(0).value == 0
