"""Many questions at once: Benjamini and Hochberg's procedure, against their paper and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from equipoise.numeric.many_tests import false_discovery

# Benjamini and Hochberg 1995, 3.2: the thrombolysis trial; at 0.05 the first four are found
PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262]
PAPER += [0.5719, 0.6528, 0.7590, 1.000]


def test_the_papers_example() -> None:
    result = false_discovery(np.array(PAPER)) <= 0.05
    assert result.tolist() == [True] * 4 + [False] * 11


def test_it_is_scipys_in_any_order_with_ties() -> None:
    rng = np.random.default_rng(5)
    for size in (1, 2, 17, 200):
        p_values = np.round(rng.random(size) ** 2, 2)
        assert false_discovery(p_values) == pytest.approx(stats.false_discovery_control(p_values))
    assert false_discovery(np.empty(0)).size == 0
