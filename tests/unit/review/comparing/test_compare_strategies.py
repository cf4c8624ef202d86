"""Two strategies whose differences are known, and the coverage of the paired intervals."""

import json
from dataclasses import asdict

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.review.comparing import compare_strategies
from equipoise.review.comparing.intervals import rate, ratio, share, total

A = pl.DataFrame(
    {
        "id": ["1", "2", "3", "4"],
        "outcome": ["approve", "counter_offer", "refer", "decline"],
        "pd": [0.02, 0.10, 0.05, 0.3],
        "bad": [0, 1, None, None],
        "apr": [0.10, 0.12, None, None],
        "expected_loss": [1.0, 5.0, 0.0, 0.0],
        "exposure": [100.0, 100.0, 0.0, 0.0],
        "reasons": [[], ["DTI"], ["DTI"], ["AGE_OF_FILE"]],
    }
)
B = pl.DataFrame(
    {
        "id": ["4", "3", "2", "1"],
        "outcome": ["decline", "approve", "decline", "approve"],
        "apr": [None, 0.11, None, 0.09],
        "expected_loss": [0.0, 2.0, 0.0, 1.0],
        "exposure": [0.0, 100.0, 0.0, 100.0],
        "reasons": [["DTI"], [], ["DTI"], []],
    }
)


def test_everybody_falls_in_one_cell_whatever_the_order_of_the_rows():
    found = compare_strategies(A, B)
    assert {c.name: (c.people, c.mean_pd, c.known, c.bad) for c in found.cells} == {
        "in_in": (1, 0.02, 1, 0),
        "in_out": (1, 0.10, 1, 1),
        "out_in": (1, 0.05, 0, 0),
        "out_out": (1, 0.30, 0, 0),
    }
    assert found.transitions["refer"] == {"approve": 1}
    assert found.reasons == {"AGE_OF_FILE": {"a": 1, "b": 0}, "DTI": {"a": 2, "b": 2}}
    json.dumps(asdict(found), allow_nan=False)


def test_measures_and_prices_are_the_second_less_the_first():
    found = compare_strategies(A, B)
    assert found.changes["expected_loss"].difference == -3.0
    assert found.changes["expected_loss_rate"].difference == pytest.approx(-0.015)
    assert found.prices.mean.difference == pytest.approx(-0.01)
    assert (found.prices.cheaper, found.prices.dearer) == (1, 0)


def test_the_bad_rate_of_the_swapped_in_is_not_guessed():
    found = compare_strategies(A, B)
    came = next(c for c in found.cells if c.name == "out_in")
    assert came.bad_rate is None
    assert "1 of the 1 people swapped in" in found.warnings[0]


def test_a_strategy_compared_with_itself_changes_nothing():
    found = compare_strategies(A, A, A.select("id", region=pl.Series(["n", "s", None, "n"])))
    assert all(c.difference == 0 for c in found.changes.values())
    assert [s.segment for s in found.segments] == ["(missing)", "n", "s"]
    assert found.warnings == ()


@pytest.mark.parametrize("other", [B.head(3), pl.concat([B, B.head(1)]), B.drop("id")])
def test_people_that_do_not_match_are_refused(other):
    with pytest.raises(BadInput):
        compare_strategies(A, other)


@pytest.mark.parametrize("kind", ["total", "rate", "share"])
def test_ninety_five_per_cent_of_paired_intervals_hold_the_truth(kind):
    rng = np.random.default_rng(8)
    held = []
    for _ in range(2000):
        size = rng.gamma(4.0, 25.0, 120)
        loss = size * rng.beta(1, 9, 120)
        more = loss * 1.2 + rng.normal(0, 1, 120)
        if kind == "total":
            found, truth = total(loss, more, 0.95), 120 * 100 * 0.1 * 0.2
        elif kind == "rate":
            found, truth = rate(loss, size, more, size * 1.1, 0.95), 0.1 * 1.2 / 1.1 - 0.1
        else:
            u = rng.random(120)
            found, truth = share(u < 0.6, (u > 0.05) & (u < 0.75), 0.95), 0.10
        held.append(found.low <= truth <= found.high)
    assert 0.93 <= np.mean(held) <= 0.97


def test_expected_losses_of_each_cell_are_under_the_strategy_that_offers():
    found = {cell.name: cell for cell in compare_strategies(A, B).cells}
    assert found["in_in"].loss_a.value == found["in_in"].loss_b.value == pytest.approx(0.01)
    assert (found["in_out"].loss_a.value, found["in_out"].loss_b) == (pytest.approx(0.05), None)
    assert (found["out_in"].loss_a, found["out_in"].loss_b.value) == (None, pytest.approx(0.02))
    assert (found["out_out"].loss_a, found["out_out"].loss_b) == (None, None)


def test_the_interval_of_a_loss_rate_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(400):
        exposure = rng.lognormal(9, 0.5, 80)
        found = ratio(exposure * rng.gamma(2.0, 0.02, 80), exposure, 0.95)
        hits += found.low <= 0.04 <= found.high
    assert 0.90 <= hits / 400 <= 0.98
