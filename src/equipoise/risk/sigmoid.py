"""The logistic function by +, -, x and / alone, so that every engine gives the same bits.

`exp` differs in its last bit between C libraries and databases. Here e^x is 2^k e^r with a Taylor
sum of e^r for |r| <= ln 2 / 2 (the next term is below 4e-18), in one order of operations that IEEE
754 makes the same everywhere. Beyond a log-odds of `LARGEST` the PD stays where it is: 2e-22.
Reduction in two parts as in Cody and Waite 1980, Software Manual for the Elementary Functions.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise.numeric.arrays import FloatArray

LARGEST = 50.0
PER_LN2 = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
# 1/13!, ..., 1/2!, 1, 1: the coefficients of Horner's scheme
COEFFICIENTS = tuple(1.0 / math.factorial(power) for power in range(13, -1, -1))


def logistic(log_odds: float) -> float:
    """1 / (1 + e^-x); NaN stays NaN."""
    x = -min(max(log_odds, -LARGEST), LARGEST)
    if math.isnan(x):
        return math.nan
    k = math.floor(x * PER_LN2 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    total = COEFFICIENTS[0]
    for coefficient in COEFFICIENTS[1:]:
        total = total * r + coefficient
    return 1.0 / (1.0 + total * math.ldexp(1.0, k))


def logistic_of(log_odds: FloatArray) -> FloatArray:
    """The same of each (n,), by the same operations in the same order."""
    x = -np.minimum(np.maximum(log_odds, -LARGEST), LARGEST)
    k = np.floor(x * PER_LN2 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    total = np.full(x.shape, COEFFICIENTS[0])
    for coefficient in COEFFICIENTS[1:]:
        total = total * r + coefficient
    power = np.ldexp(1.0, np.where(np.isnan(k), 0.0, k).astype(np.int64))
    return np.asarray(1.0 / (1.0 + total * power))
