"""Between two points of a frontier: what a mixture by lot reaches, against a policy counted out."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.balance.mixture import Between, Spot, between, lots, mixed
from equipoise.balance.placed import WORTHS, Placed
from equipoise.balance.swap_sets import Segment

PEOPLE = 50_000


@pytest.fixture
def placed() -> Placed:
    rng = np.random.default_rng(4)
    choice = rng.integers(0, 5, (3, PEOPLE)).astype(np.int8)
    worth = {name: rng.normal(size=(3, PEOPLE)).astype(np.float32) for name in WORTHS}
    everybody = Segment("all", ("all",), np.zeros(PEOPLE, dtype=np.uint8))
    return Placed(("today", "point 1", "point 2"), tuple("abcde"), choice, worth, (everybody,))


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("point 7", None),
        ("today", None),
        ("same_risk", None),
        ("point 7.25", Between(7, 0.25)),
        ("point 1.5", Between(1, 0.5)),
    ],
)
def test_a_place_between_two_points_says_so_by_its_name(place: str, told: Between | None) -> None:
    assert between(place) == told


@pytest.mark.parametrize("place", ["point x", "point nan", "point inf", "point 0.5", "point -2.5"])
def test_what_says_no_number_is_no_place(place: str) -> None:
    with pytest.raises(ValueError):
        between(place)


def test_lots_are_even_and_nobody_has_two() -> None:
    drawn = lots(PEOPLE)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    counts, _ = np.histogram(drawn, 20, (0, 1))
    assert np.abs(counts - PEOPLE / 20).max() < 5 * np.sqrt(PEOPLE / 20)
    # first value of the generator seeded with 0, as its authors publish it
    assert int(drawn[0] * 2**53) == 0xE220A8397B1DCDAF >> 11


def test_a_share_of_the_people_gets_each_answer_and_moves_one_way(placed: Placed) -> None:
    one, two = placed.choice[1], placed.choice[2]
    moved = np.zeros(PEOPLE, dtype=bool)
    for share in (0.1, 0.35, 0.8):
        here = placed.choice_at(f"point {1 + share}")
        of_two = lots(PEOPLE) < between(f"point {1 + share}").share  # type: ignore[union-attr]
        assert np.array_equal(here, np.where(of_two, two, one))
        assert of_two.mean() == pytest.approx(share, abs=0.01)
        assert not (moved & ~of_two).any(), "whoever went over stays there"
        moved = of_two
    with pytest.raises(LookupError):
        placed.choice_at("point 2.5")
    with pytest.raises(LookupError):
        placed.choice_at("point never")


def test_what_is_expected_is_what_the_lots_come_to_but_for_their_luck(placed: Placed) -> None:
    share = 0.35
    whole = {name: placed.worth[name].sum(axis=1, dtype=float) for name in WORTHS}
    spots = [
        Spot(whole["expected_loss"][at], whole["profit"][at],
             {name: float(whole[name][at]) for name in WORTHS}, 0.0)
        for at in (1, 2)
    ]  # fmt: skip
    result = mixed(spots[0], spots[1], share, ("expected_loss", "profit"))
    for name in WORTHS:
        drawn = placed.worth_at(name, f"point {1 + share}").sum(dtype=float)
        apart = placed.worth[name][2].astype(float) - placed.worth[name][1]
        luck = np.sqrt(share * (1 - share) * (apart**2).sum())
        assert abs(result.measures[name] - drawn) < 4 * luck
    assert (result.x, result.y) == (result.measures["expected_loss"], result.measures["profit"])


def test_a_rate_is_that_of_the_mixed_totals_and_not_a_mean_of_rates() -> None:
    small = {"expected_loss": 10.0, "exposure": 100.0, "expected_loss_rate": 0.1}
    large = {"expected_loss": 10.0, "exposure": 1000.0, "expected_loss_rate": 0.01}
    result = mixed(Spot(0.1, 1.0, small, 2.0), Spot(0.01, 3.0, large, 4.0), 0.5,
                 ("expected_loss_rate", "good_customers_served"))  # fmt: skip
    assert result.x == result.measures["expected_loss_rate"] == pytest.approx(10 / 550)
    assert (result.y, result.upper) == (2.0, 4.0)
