"""The default rate of past loans at the mix of groups of these applications."""

from __future__ import annotations

import polars as pl

from equipoise.risk.history import History
from equipoise.risk.lgd import LgdEstimate


def test_a_central_tendency_has_the_same_bits_whatever_order_the_groups_are_counted_in():
    lgd = LgdEstimate("all", mean=0.5, low=0.4, high=0.6, plain=0.5, loans=1, exposure=1.0)
    history = History(lgd, loans=100, default_rates={"A": 0.1, "B": 0.2, "C": 0.3})
    mix = pl.Series("grade", ["C", "A", "B"])
    # From A to C, 0.1 + 0.2 + 0.3 is 0.6000000000000001; from C to A it is 0.6.
    values = {
        history.central_tendency(mix.sample(3, shuffle=True, seed=k)).value for k in range(40)
    }
    assert values == {0.6000000000000001 / 3}
