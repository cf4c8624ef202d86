"""A simulation with known truth: calls help, or do nothing, and the plain comparison lies."""

import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.experience.callbacks import compare_contact, landmark_incidence

ACCEPT, CANCEL = 1, 2
DAY = list(range(31))


def waiting_room(n: int, effect: float, call_rate: float, seed: int) -> tuple[np.ndarray, ...]:
    """People who accept at a rate that falls with waiting; a call multiplies it by `effect`.

    Quick people accept in the first days, before anybody calls them: those left for a call are
    the slow ones. Calls fall on those still waiting from day 3. Returns time, cause, called_at.
    """
    rng = np.random.default_rng(seed)
    step = 0.02
    time, cause = np.full(n, 30.0), np.zeros(n, dtype=np.int64)
    called = np.full(n, np.inf)
    waiting = np.ones(n, dtype=bool)
    for t in np.arange(0, 30, step):
        rate = (0.35 if t < 3 else 0.06) * np.where(called <= t, effect, 1.0)
        draw = rng.random(n)
        accept = waiting & (draw < rate * step)
        cancel = waiting & ~accept & (draw < (rate + 0.03) * step)
        for group, k in ((accept, ACCEPT), (cancel, CANCEL)):
            time[group], cause[group] = t + step / 2, k
            waiting &= ~group
        call = waiting & np.isinf(called) & (rng.random(n) < (call_rate if t >= 3 else 0) * step)
        called[call] = t + step
    return time, cause, called


def test_plain_comparison_has_the_wrong_sign_where_calls_help() -> None:
    time, cause, called = waiting_room(6000, effect=1.6, call_rate=0.25, seed=1)
    result = compare_contact(time, cause, called, ACCEPT, DAY)
    assert result.naive_difference < -0.05  # the called accept less: they were the slow ones
    assert result.low > 1  # at equal waiting a call raises the rate
    assert result.low <= 1.6 <= result.high


def test_comparison_at_equal_waiting_finds_nothing_where_calls_do_nothing() -> None:
    time, cause, called = waiting_room(6000, effect=1.0, call_rate=0.25, seed=2)
    result = compare_contact(time, cause, called, ACCEPT, DAY)
    assert result.naive_difference < -0.1
    assert result.low <= 1 <= result.high


def test_landmark_comparison_has_the_right_sign() -> None:
    time, cause, called = waiting_room(12_000, effect=2.0, call_rate=0.25, seed=3)
    with_call, without = landmark_incidence(
        time, cause, called, of=ACCEPT, landmark=6.0, horizon=10.0
    )
    assert with_call[1] > without[2]  # intervals apart


def test_immortal_time_flatters_calls_that_do_nothing() -> None:
    # offers come on day 10: whoever is called has already stayed, and that is all a call tells
    rng = np.random.default_rng(4)
    n = 20_000
    cancel, accept = rng.exponential(5, n), 10 + rng.exponential(10, n)
    called = rng.exponential(8, n)
    time = np.minimum(cancel, accept)
    cause = np.where(accept < cancel, ACCEPT, CANCEL)
    called = np.where(called < time, called, np.inf)
    result = compare_contact(time, cause, called, ACCEPT, DAY)
    assert result.naive_called > 5 * result.naive_uncalled
    assert result.low <= 1 <= result.high


def test_a_log_without_calls_is_refused() -> None:
    with pytest.raises(BadInput, match="before and after a call"):
        compare_contact(np.array([1.0, 2.0]), np.array([1, 1]), np.full(2, np.inf), 1, DAY)
