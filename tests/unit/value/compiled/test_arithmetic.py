"""exp and log against sixty digits and more, and the primitives against what they promise."""

from __future__ import annotations

from decimal import Decimal, localcontext
from math import frexp, ulp

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from equipoise.value.compiled import arithmetic

PRECISE = 60


def _exact(name: str, x: float) -> Decimal:
    with localcontext() as context:
        value = Decimal(x)
        # 1 + x and exp(x) - 1 keep a tiny x only where there is room for all its zeros.
        context.prec = PRECISE + max(0, -value.adjusted())
        if name == "exp":
            return value.exp()
        if name == "expm1":
            return value.exp() - 1
        return value.ln() if name == "log" else (1 + value).ln()


def _ulps_apart(found: float, exact: Decimal) -> float:
    return abs(float((Decimal(found) - exact) / Decimal(ulp(float(exact)))))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("exp", -100, 100), ("expm1", -100, 100), ("log", 1e-9, 1e19), ("log1p", -0.999, 1e18)],
)
def test_functions_are_within_two_units_in_the_last_place(name, low, high):
    function = getattr(arithmetic, name)

    @given(st.floats(low, high) | st.floats(-0.9, 0.9).filter(lambda x: low < x))
    @example(1e-9)
    @example(2.9294069021270442e-49)
    @example(1e-299)
    @example(0.34657359027997264)
    @example(0.34657359027997275)
    @example(0.4142135623730951)
    def holds(x):
        exact = _exact(name, x)
        if abs(exact) < Decimal("1e-300"):
            return
        assert _ulps_apart(function(x), exact) <= 2

    holds()


def test_functions_give_exact_values_where_there_are_any():
    assert arithmetic.exp(0.0) == 1.0
    assert arithmetic.expm1(0.0) == 0.0
    assert arithmetic.log(1.0) == 0.0
    assert arithmetic.log1p(0.0) == 0.0


@given(st.integers(-256, 256))
def test_powers_of_two_are_exact(k):
    assert arithmetic.power_of_two(float(k)) == 2.0**k


@given(st.floats(1e-20, 1e20))
def test_exponent_is_that_of_the_double(x):
    assert arithmetic.exponent(x) == frexp(x)[1] - 1


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9),
    st.floats(-3, 12),
)
def test_lookup_is_a_straight_line_between_entries_and_flat_beyond(values, position):
    table = np.array(values)
    expected = np.interp(position, np.arange(table.size), table)
    assert arithmetic.lookup(table, position) == pytest.approx(expected, rel=1e-9, abs=1e-6)
