import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.experience import Check, measure_check, passage

share = st.floats(0.0, 0.95)


def check(sensitivity: float, false_alarm: float) -> Check:
    return Check("c", 5, 10.0, 0.0, sensitivity, false_alarm)


@given(share, share, st.floats(0.001, 0.999))
def test_those_who_pass_and_those_who_fail_make_up_the_pd(
    sensitivity: float, false_alarm: float, pd: float
) -> None:
    one = check(sensitivity, false_alarm)
    prior = np.array([pd])
    passing = one.pass_rate(prior)
    failing_bad = pd * sensitivity
    assert (passing * one.pd_given_pass(prior))[0] + failing_bad == pytest.approx(pd)
    assert 0 <= passing[0] <= 1


def test_bayes_matches_counting_people() -> None:
    rng = np.random.default_rng(1)
    bad = rng.random(400_000) < 0.1
    passed = rng.random(400_000) > np.where(bad, 0.4, 0.05)
    one = check(0.4, 0.05)
    assert one.pass_rate(np.array([0.1]))[0] == pytest.approx(passed.mean(), abs=3e-3)
    assert one.pd_given_pass(np.array([0.1]))[0] == pytest.approx(bad[passed].mean(), abs=2e-3)


def test_a_check_that_stops_everyone_leaves_nobody_and_no_division_by_zero() -> None:
    one = check(1.0, 1.0)
    pd = np.array([0.0, 0.3, 1.0])
    assert one.pass_rate(pd).tolist() == [0, 0, 0]
    assert one.pd_given_pass(pd).tolist() == [0, 0, 0]


@given(st.lists(st.tuples(share, share), max_size=4), st.floats(0.01, 0.9))
def test_the_order_of_checks_does_not_change_who_passes_all(
    shares: list[tuple[float, float]], pd: float
) -> None:
    checks = [check(*pair) for pair in shares]
    forward, backward = (passage(order, np.array([pd])) for order in (checks, checks[::-1]))
    np.testing.assert_allclose(forward.pass_rate, backward.pass_rate, rtol=1e-12)
    np.testing.assert_allclose(forward.pd, backward.pd, rtol=1e-12)
    expected = pd * np.prod([1 - s for s, _ in shares])
    np.testing.assert_allclose(forward.pass_rate * forward.pd, expected, rtol=1e-9)
    assert forward.good_pass_rate == pytest.approx(np.prod([1 - f for _, f in shares]))


def test_only_results_that_were_not_acted_upon_measure_a_check() -> None:
    rng = np.random.default_rng(6)
    n = 30_000
    bad = rng.random(n) < 0.2
    alarm = rng.random(n) < np.where(bad, 0.55, 0.08)
    acted = alarm & (rng.random(n) < 0.5) | (rng.random(n) < 0.3)
    # an alarm that was acted upon leads to a decline: its outcome is unknown, recorded as good
    seen_bad = bad & ~(acted & alarm)
    held_out = rng.random(n) < 0.4  # left alone whatever the result
    result = measure_check(alarm, ~held_out, np.where(held_out, bad, seen_bad), "hold-out")
    assert result.sensitivity.low <= 0.55 <= result.sensitivity.high
    assert result.false_alarm.low <= 0.08 <= result.false_alarm.high
    assert "defaulters not acted upon" in result.sensitivity.source
    everyone = measure_check(alarm, np.zeros(n, dtype=bool), seen_bad, "all")
    assert everyone.sensitivity.high < 0.55  # acting on alarms hides the defaults they stopped


def test_a_check_always_acted_upon_cannot_be_measured() -> None:
    yes = np.ones(10, dtype=bool)
    with pytest.raises(BadInput, match="none defaulted"):
        measure_check(yes, yes, yes, "log")
    with pytest.raises(BadInput, match="none repaid"):
        measure_check(yes, ~yes, yes, "log")
