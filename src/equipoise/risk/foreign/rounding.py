"""Comparisons of float32 numbers as comparisons of the float64 numbers they were rounded from."""

from __future__ import annotations

import math

import numpy as np


def next_number(value: float, *, single: bool) -> float:
    """The number above, of float32 or of float64."""
    if single:
        return float(np.nextafter(np.float32(value), np.float32(math.inf)))
    return math.nextafter(value, math.inf)


def previous_number(value: float, *, single: bool) -> float:
    """The number below, of float32 or of float64."""
    if single:
        return float(np.nextafter(np.float32(value), np.float32(-math.inf)))
    return math.nextafter(value, -math.inf)


def highest(value: float, *, single: bool) -> float:
    """The largest float64 that, rounded where `single`, is at most `value`.

    Rounding goes to the nearest float32, so the border lies halfway to the next; a float64 at the
    border itself goes to the even one.
    """
    if not single:
        return value
    above = next_number(value, single=True)
    if math.isinf(above):
        return value
    border = (value + above) / 2  # exact: both have 24 bits
    return border if float(np.float32(border)) == value else math.nextafter(border, -math.inf)


def lowest(value: float, *, single: bool) -> float:
    """The smallest float64 that, rounded where `single`, is at least `value`."""
    return math.nextafter(highest(previous_number(value, single=single), single=single), math.inf)
