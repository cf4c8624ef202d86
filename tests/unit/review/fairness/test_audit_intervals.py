"""Intervals against published numbers, and their coverage over seeded draws."""

import numpy as np
import pytest

from equipoise.review.fairness import intervals as it


def test_difference_of_shares_matches_newcombe_1998():
    one, other = it.share(56, 70, 0.95), it.share(48, 80, 0.95)
    gap = it.difference_of_shares(one, other)
    assert (gap.low, gap.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)  # table II, (a)


def test_mantel_haenszel_matches_statsmodels():
    """Four strata (of how many, how many) and what statsmodels 0.15's StratifiedTable pools."""
    strata = [
        ((14, 40), (18, 70)),
        ((20, 49), (22, 61)),
        ((33, 58), (22, 52)),
        ((28, 67), (22, 43)),
    ]
    one, other = (
        [np.repeat([1.0, 0.0], [k, n - k]) for k, n in side] for side in zip(*strata, strict=True)
    )
    found = it.shares_within(one, other, 0.95)
    assert found.ratio.value == pytest.approx(1.125769569041337)


def test_ratio_has_no_upper_end_where_the_reference_may_be_zero():
    gap = it.ratio_of_shares(it.share(9, 10, 0.95), it.share(1, 1, 0.95))
    assert gap.low <= gap.value <= gap.high
    assert not it.ratio_of_shares(it.share(3, 9, 0.95), it.share(0, 9, 0.95)).known


@pytest.mark.parametrize("kind", ["difference", "ratio", "within", "mean", "mean within"])
def test_ninety_five_per_cent_of_intervals_hold_the_truth(kind):
    rng = np.random.default_rng(11)
    held = []
    for _ in range(2000):
        if kind in ("difference", "ratio"):
            one = it.share(rng.binomial(90, 0.55), 90, 0.95)
            other = it.share(rng.binomial(160, 0.7), 160, 0.95)
            of = it.difference_of_shares if kind == "difference" else it.ratio_of_shares
            gap, truth = of(one, other), -0.15 if kind == "difference" else 0.55 / 0.7
        elif kind == "within":
            levels = (0.3, 0.5, 0.7)
            x = [rng.binomial(1, p - 0.1, 30).astype(float) for p in levels]
            y = [rng.binomial(1, p, 60).astype(float) for p in levels]
            gap, truth = it.shares_within(x, y, 0.95).difference, -0.1
        elif kind == "mean":
            gap, truth = (
                it.difference_of_means(rng.normal(3, 2, 25), rng.normal(2, 1, 40), 0.95),
                1.0,
            )
        else:
            x = [rng.normal(k + 0.5, 1, 5 + k) for k in range(4)]
            y = [rng.normal(k, 2, 12) for k in range(4)]
            gap, truth = it.means_within(x, y, 0.95).difference, 0.5
        held.append(gap.low <= truth <= gap.high)
    assert 0.935 <= np.mean(held) <= 0.97
