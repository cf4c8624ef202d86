"""The proof that arithmetic stays finite: bounds that no sampled value escapes."""

from __future__ import annotations

import operator
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from equipoise.expression.reach import FIELD, LARGEST, SMALLEST, Reach, of_constant

fields = st.floats(SMALLEST, LARGEST) | st.floats(-LARGEST, -SMALLEST) | st.just(0.0)


def holds(reach: Reach, value: float) -> bool:
    if value == 0:
        return True
    in_range = Fraction(2) ** reach.least <= abs(Fraction(value)) <= Fraction(2) ** reach.most
    return in_range and (Fraction(value) / Fraction(2) ** reach.grain).denominator == 1


@given(fields)
def test_fields_and_constants_lie_within_their_bounds(value: float) -> None:
    assert holds(FIELD, value)
    assert holds(of_constant(value), value)


@given(st.lists(st.tuples(st.sampled_from("+-*/"), fields), max_size=6), fields)
def test_no_result_escapes_the_bounds_of_its_operation(
    steps: list[tuple[str, float]], start: float
) -> None:
    value, reach = start, FIELD
    for sign, other in steps:
        if sign == "/" and other == 0:
            continue
        step = {"+": reach.plus, "-": reach.plus, "*": reach.times, "/": reach.over}[sign](FIELD)
        if not step.is_finite:
            continue
        work = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
        value, reach = work[sign](value, other), step
        assert holds(reach, value)


@given(fields, fields, fields)
def test_cancellation_is_within_the_bounds(a: float, b: float, c: float) -> None:
    reach = FIELD.plus(FIELD)
    assert holds(reach, a - b)
    if a != b:
        assert holds(FIELD.over(reach), c / (a - b))
