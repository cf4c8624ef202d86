"""An answer that meets its limits up to the last digits of a sum is taken on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from equipoise.balance import Infeasible, Problem, Row, Solution, solve
from equipoise.balance.passes import LocalPasses, Sums
from equipoise.balance.tolerance import PROMISED, beyond, excess

EPSILON = np.finfo(np.float64).eps


def _parity(applicants: int, within: float) -> Problem:
    """Two groups whose shares may differ by so much, which a whole number of people meets."""
    rng = np.random.default_rng(2)
    group = np.arange(applicants) % 2 == 0
    value = np.column_stack(
        [np.zeros(applicants), rng.normal(np.where(group, -0.5, 1.0), 1.0, applicants)]
    )
    usage = np.where(group, 2.0, -2.0)[:, None] / applicants * np.array([0.0, 1.0])
    return Problem(value, [Row("above", usage, within), Row("below", -usage, within)])


def _thirds(applicants: int) -> Problem:
    """A budget that is met exactly by whole numbers of thirds, and a rate that must not rise."""
    rng = np.random.default_rng(3)
    value = np.column_stack([np.zeros(applicants), rng.gamma(2.0, 1.0, (applicants, 2))])
    value[:, 2] += 0.5
    third = np.array([0.0, 1.0, 2.0]) / 3.0
    rate = np.array([0.0, -0.1, 0.2])
    return Problem(value, [Row("budget", third, applicants / 4.0), Row("rate", rate, 0.0)])


PROBLEMS = {
    "parity, by HiGHS": _parity(300, 0.02),
    "parity, by repair": _parity(6_000, 0.02),
    "thirds, by HiGHS": _thirds(240),
    "thirds, by repair": _thirds(6_000),
}


@cache
def _known(name: str) -> Solution:
    return solve(PROBLEMS[name])


@dataclass(frozen=True)
class AnotherMachine:
    """Sums as another order of their terms gives them: off by a few units in the last place."""

    seed: int
    units: int

    def __call__(self, original):
        rng = np.random.default_rng(self.seed)

        def used(passes, choice):
            exactly, summed = original(passes, choice).value
            off = exactly + self.units * EPSILON * summed * rng.uniform(-1, 1)
            return Sums(np.stack([off, summed]), np.zeros((2, off.size)))

        return used


def _assert_the_same(problem: Problem, name: str) -> None:
    known, result = _known(name), solve(problem)
    assert result.gap < 0.01
    assert result.violation <= PROMISED
    room = max(known.gap, result.gap) * abs(known.upper_bound)
    assert result.value == pytest.approx(known.value, abs=room + 1e-6 * abs(known.value))


@pytest.mark.parametrize("name", PROBLEMS)
@given(seed=st.integers(0, 2**31), units=st.integers(1, 16))
@example(seed=0, units=16)
@settings(max_examples=8, deadline=None)
def test_sums_off_in_their_last_digits_give_the_same_value(name: str, seed: int, units: int):
    with pytest.MonkeyPatch.context() as patched:
        _known(name)
        patched.setattr(LocalPasses, "used", AnotherMachine(seed, units)(LocalPasses.used))
        _assert_the_same(PROBLEMS[name], name)


@pytest.mark.parametrize("name", PROBLEMS)
@given(seed=st.integers(0, 2**31), steps=st.integers(-8, 8))
@settings(max_examples=8, deadline=None)
def test_limits_off_in_their_last_digits_and_another_order_give_the_same_value(
    name: str, seed: int, steps: int
):
    plain = PROBLEMS[name]
    order = np.random.default_rng(seed).permutation(plain.shape[0])
    rows = []
    for row in plain.rows:
        usage = row.usage[order] if row.usage.ndim == 2 else row.usage
        off = steps * EPSILON * (abs(row.at_most) or float(np.abs(usage).max()))
        rows.append(Row(row.name, usage, row.at_most + off))
    _assert_the_same(Problem(plain.value[order], rows), name)


def test_an_answer_over_by_more_than_is_promised_is_refused():
    usage = np.array([[1.0], [1.0]])
    just = Problem(np.zeros((2, 1)), [Row("limit", usage, 2.0 / (1 + 0.9 * PROMISED))])
    assert 0 < solve(just).violation <= PROMISED
    with pytest.raises(Infeasible):
        solve(just.with_rows([Row("limit", usage, 2.0 / (1 + 2 * PROMISED))]))


def test_of_choices_that_barely_hold_the_most_valuable_is_taken():
    """Each applicant may use exactly 0.1: only treatments 1 and 2 do, and 2 is worth more."""
    applicants = 3_000
    value = np.tile([5.0, 1.0, 2.0], (applicants, 1))
    usage = np.tile([0.3, 0.1, 0.1], (applicants, 1))
    result = solve(Problem(value, [Row("usage", usage, 0.1 * applicants)]))
    assert result.value == 2.0 * applicants


@pytest.mark.parametrize(
    ("used", "at_most", "summed", "relative"),
    [
        (1.5, 1.0, 1.5, 0.5),
        (0.5, 1.0, 0.5, 0.0),
        (-0.5, -1.0, 0.5, 0.5),
        (0.25, 0.0, 1.0, 0.25),
        (0.0, 0.0, 0.0, 0.0),
        (2e-13, 1e-13, 1.0, 1e-9),  # below what a sum of ones can tell apart
        (1e9, np.inf, 1e9, 0.0),
    ],
)
def test_what_is_over_is_relative_to_the_size_of_the_row(used, at_most, summed, relative):
    assert float(excess(used, at_most, summed)) == pytest.approx(relative, rel=1e-12)


def test_a_breach_counts_only_beyond_the_promise():
    assert beyond(PROMISED) == 0.0
    assert beyond(2 * PROMISED) == 2 * PROMISED
