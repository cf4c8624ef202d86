"""float32 arithmetic against the platform's own libm, where that is glibc."""

from __future__ import annotations

import ctypes
import platform

import numpy as np
import pytest

from equipoise.risk.single import exp32, log32, logit32, sigmoid32

RNG = np.random.default_rng(5)


def _libm(name: str) -> ctypes._CFuncPtr:
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("this machine's C library is not glibc")
    function = getattr(ctypes.CDLL("libm.so.6"), name)
    function.restype, function.argtypes = ctypes.c_float, [ctypes.c_float]
    return function


def test_exponentials_equal_glibcs_to_the_bit() -> None:
    values = np.concatenate([RNG.normal(0, 5, 30_000), RNG.uniform(-87, 88.7, 20_000)])
    single = values.astype(np.float32)
    expf = _libm("expf")
    expected = np.array([expf(value) for value in single.tolist()], dtype=np.float32)
    np.testing.assert_array_equal(exp32(single), expected)


def test_logarithms_equal_glibcs_to_the_bit() -> None:
    values = np.concatenate([RNG.random(3_000), 10 ** RNG.uniform(-30, 30, 3_000)])
    logf = _libm("logf")
    for value in values.astype(np.float32).tolist():
        assert log32(value) == logf(value)


def test_a_rounded_float64_exponential_would_not_do() -> None:
    """Why the algorithm is here at all: the short way differs, if seldom."""
    single = RNG.normal(0, 4, 60_000).astype(np.float32)
    short = np.exp(single.astype(np.float64)).astype(np.float32)
    assert 0 < np.count_nonzero(exp32(single) != short) < 200


def test_probabilities_at_the_ends() -> None:
    ends = sigmoid32(np.array([-np.inf, -200.0, 0.0, 200.0, np.inf, np.nan]))
    assert ends[2] == 0.5
    assert 0 < ends[0] == ends[1] < 1e-37
    assert ends[3] == ends[4] == 1.0
    assert np.isnan(ends[5])


def test_a_margin_turns_back_into_its_base_score() -> None:
    assert logit32(0.5) == 0.0
    assert abs(sigmoid32(np.array([logit32(0.286)]))[0] - 0.286) < 1e-7
