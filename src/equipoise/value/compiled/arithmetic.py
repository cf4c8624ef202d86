"""`exp`, `log` and table look-ups in IEEE 754 basic operations only, so that bits agree everywhere.

C libraries differ in the last bit of `exp` and `log`. These use +, -, *, /, floor, comparisons and
exact powers of two in one fixed order; polynomials are Taylor series in Estrin's order. A function
here is either a *primitive* (`pick`, `floor`, `power_of_two`, `exponent`, `lookup`), which every
engine writes in its own way with the same result, or plain Python over primitives.

Ranges: `exp` and `expm1` from -100 to 100, `log` and `log1p` for 2^-64 < x < 2^64; errors are below
2 units in the last place.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.numeric.compiled import Function, compilable

LN2_HIGH = 0.6931471805592082  # 40 bits: its product with a small whole number is exact
LN2_LOW = 7.371002565167799e-13  # log(2) - LN2_HIGH
PER_LN2 = 1.4426950408889634
ROOT_TWO = 1.4142135623730951
_MAGIC = 6755399441055744.0  # 1.5 * 2^52: adding it leaves an integer in the low bits
_BITS_OF_TWO_52 = 0x4330000000000000
_TWO_52 = 4503599627370496.0


def inlined(function: Function) -> Function:
    """Compiled without reordering or fused operations, inlined where it is called."""
    return compilable(function, forceinline=True)


@inlined
def pick(condition: Any, yes: float, no: float) -> float:
    """`yes` where the condition holds, else `no`."""
    return yes if condition else no


@inlined
def floor(x: float) -> Any:
    """The largest whole number not above x."""
    return np.floor(x)


@inlined
def power_of_two(k: float) -> Any:
    """2^k, exactly, for whole k from -256 to 256."""
    bits = np.float64(k + 1023.0 + _MAGIC).view(np.int64) << 52
    return np.int64(bits).view(np.float64)


@inlined
def exponent(x: float) -> Any:
    """The whole k with 2^k <= x < 2^(k + 1), for positive normal x."""
    bits = (np.float64(x).view(np.int64) >> 52) | np.int64(_BITS_OF_TWO_52)
    return np.int64(bits).view(np.float64) - _TWO_52 - 1023.0


@inlined
def lookup(table: Any, position: float) -> Any:
    """Straight line between entries at 0, 1, 2...; constant beyond the ends."""
    last = np.float64(table.size - 1)
    inside = pick(position > 0.0, position, 0.0)
    inside = pick(inside < last, inside, last)
    below = np.floor(inside)
    below = pick(below < last - 1.0, below, last - 1.0)
    at = np.int32(below)
    low, high = table[at], table[at + 1]
    return low + (inside - below) * (high - low)


@inlined
def clip(x: float, low: float, high: float) -> float:
    """x kept from `low` to `high`."""
    return pick(x < low, low, pick(x > high, high, x))


@inlined
def expm1(x: float) -> Any:
    """e^x - 1, accurate near zero; x from -100 to 100."""
    k = floor(x * PER_LN2 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (1 / 2 + r * (1 / 6)) + r2 * (1 / 24 + r * (1 / 120))
    middle = (1 / 720 + r * (1 / 5040)) + r2 * (1 / 40320 + r * (1 / 362880))
    high = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800))
    series = r + r2 * (low + r4 * (middle + r4 * high))
    scale = power_of_two(k)
    return scale * series + (scale - 1.0)


@inlined
def exp(x: float) -> Any:
    """e^x; x from -100 to 100."""
    k = floor(x * PER_LN2 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (1 / 2 + r * (1 / 6)) + r2 * (1 / 24 + r * (1 / 120))
    middle = (1 / 720 + r * (1 / 5040)) + r2 * (1 / 40320 + r * (1 / 362880))
    high = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800))
    series = r + r2 * (low + r4 * (middle + r4 * high))
    return power_of_two(k) * (1.0 + series)


@inlined
def log(x: float) -> float:
    """Natural logarithm of x > 0.

    With x = 2^k (1 + f) and s = f / (2 + f): log(1 + f) = f - s (f - 2 s^2 (1/3 + s^2/5 + ...)).
    """
    k = exponent(x)
    m = x * power_of_two(-k)
    over = m > ROOT_TWO
    k = pick(over, k + 1.0, k)
    f = pick(over, m * 0.5, m) - 1.0
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    low = (2 / 3 + z * (2 / 5)) + z2 * (2 / 7 + z * (2 / 9))
    high = (2 / 11 + z * (2 / 13)) + z2 * (2 / 15 + z * (2 / 17))
    series = z * (low + z4 * (high + z4 * (2 / 19 + z * (2 / 21))))
    return k * LN2_HIGH - ((s * (f - series) - k * LN2_LOW) - f)


@inlined
def log1p(x: float) -> float:
    """Natural logarithm of 1 + x, accurate near zero; x above -1."""
    whole = 1.0 + x
    return log(whole) + (x - (whole - 1.0)) / whole
