from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.documents import Quantity
from equipoise.experience import Check, Meeting, UncertainCheck, friction_table

CHECK = Check("income call", 6, 12.0, 0.04, 0.3, 0.05, underwriter_hours=0.25, manual=True)


def sure(check: Check) -> UncertainCheck:
    values = (check.cost, check.drop_off, check.sensitivity, check.false_alarm)
    return UncertainCheck(check, *(Quantity(value=v) for v in values))


def meeting(n: int = 1, pd: float = 0.1) -> Meeting:
    one = np.ones(n)
    return Meeting(one, 0.5 * one, pd * one, 5_000 * one, 400 * one)


def test_a_thousand_applicants_worked_by_hand() -> None:
    row = friction_table([(sure(CHECK), meeting(1000))], underwriter_hour_cost=40)[0]
    # 50 bad and 450 good would be booked; 4 % leave, then 30 % of bad and 5 % of good are stopped
    assert row.bad_loans_left.value == pytest.approx(2)
    assert row.bad_loans_avoided.value == pytest.approx(48 * 0.3)
    assert row.losses_avoided.value == pytest.approx(48 * 0.3 * 5_000)
    assert row.good_left.value == pytest.approx(18)
    assert row.good_stopped.value == pytest.approx(432 * 0.05)
    assert row.good_stopped_value.value == pytest.approx(432 * 0.05 * 400)
    assert (row.minutes, row.underwriter_hours) == (6_000, 250)
    assert row.cost.value == pytest.approx(12_000 + 250 * 40)
    assert row.net.value == pytest.approx((14.4 + 2) * 5_000 - (21.6 + 18) * 400 - 22_000)


def test_the_table_agrees_with_playing_it_out() -> None:
    rng = np.random.default_rng(4)
    n = 400_000
    pd = rng.beta(1, 8, n)
    loss, value, booking = rng.uniform(1e3, 9e3, n), rng.uniform(50, 900, n), rng.uniform(0, 1, n)
    row = friction_table([(sure(CHECK), Meeting(np.ones(n), booking, pd, loss, value))])[0]
    bad, books = rng.random(n) < pd, rng.random(n) < booking
    leaves = rng.random(n) < CHECK.drop_off
    alarm = rng.random(n) < np.where(bad, CHECK.sensitivity, CHECK.false_alarm)
    lost = books & (leaves | alarm)
    played = loss[lost & bad].sum() - value[lost & ~bad].sum() - 12.0 * n
    assert row.net.value == pytest.approx(played, rel=0.02)
    assert row.good_left.value == pytest.approx((books & ~bad & leaves).sum(), rel=0.02)


unit = st.floats(0, 1)


@given(
    ranges=st.lists(st.tuples(unit, unit, unit).map(sorted), min_size=3, max_size=3),
    inside=st.tuples(unit, unit, unit),
    pd=st.floats(0.01, 0.9),
)
def test_no_point_inside_the_ranges_lies_outside_the_tables_ends(
    ranges: list[list[float]], inside: tuple[float, ...], pd: float
) -> None:
    quantities = [Quantity(value=mid, low=low, high=high) for low, mid, high in ranges]
    at_value = Check("c", 1, 5.0, *(q.value for q in quantities))
    uncertain = UncertainCheck(at_value, Quantity(value=5.0), *quantities)
    row = friction_table([(uncertain, meeting(10, pd))])[0]
    point = [low + t * (high - low) for (low, _, high), t in zip(ranges, inside, strict=True)]
    other = friction_table([(sure(Check("c", 1, 5.0, *point)), meeting(10, pd))])[0]
    for name, figure in asdict(other).items():
        if isinstance(figure, dict):
            ends = getattr(row, name)
            assert ends.low - 1e-6 <= figure["value"] <= ends.high + 1e-6


def test_a_check_that_reveals_nothing_only_costs() -> None:
    useless = Check("form", 3, 0.0, 0.1, 0.0, 0.0)
    row = friction_table([(sure(useless), meeting(100, 0.0))])[0]
    assert row.bad_loans_avoided.value == 0
    assert row.net.value == pytest.approx(-100 * 0.5 * 0.1 * 400)
