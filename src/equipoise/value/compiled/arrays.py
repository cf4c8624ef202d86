# ruff: noqa: PLR0917  (takes its arrays by position, as the compiled loops do)
"""The best treatment for one applicant without the compiler: every treatment at once, by numpy.

The same bits as `kernels.best_one` and `given_one`, a hundred times slower, and there at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from equipoise.numeric.arrays import Array
from equipoise.value.compiled.packing import LANES, TREATMENT
from equipoise.value.compiled.steps import steps_over
from equipoise.value.measures import MEASURES

Terms = tuple[float, float, float, float]
_MAGIC = 6755399441055744.0  # as in `arithmetic`
_BITS_OF_TWO_52 = np.int64(0x4330000000000000)
_TWO_52 = 4503599627370496.0


def pick(condition: Array, yes: Any, no: Any) -> Any:
    """`arithmetic.pick` on arrays."""
    return np.where(condition, yes, no)


def floor(x: Array) -> Any:
    """`arithmetic.floor` on arrays."""
    return np.floor(x)


def power_of_two(k: Array) -> Any:
    """`arithmetic.power_of_two` on arrays."""
    return (np.asarray(k + 1023.0 + _MAGIC).view(np.int64) << 52).view(np.float64)


def exponent(x: Array) -> Any:
    """`arithmetic.exponent` on arrays."""
    bits = (np.asarray(x).view(np.int64) >> 52) | _BITS_OF_TWO_52
    return bits.view(np.float64) - _TWO_52 - 1023.0


def lookup(table: Array, position: Array) -> Any:
    """`arithmetic.lookup` on arrays."""
    last = float(table.size - 1)
    inside = np.where(position > 0.0, position, 0.0)
    inside = np.where(inside < last, inside, last)
    below = np.floor(inside)
    below = np.where(below < last - 1.0, below, last - 1.0)
    at = below.astype(np.intp)
    low, high = table[at], table[at + 1]
    return low + (inside - below) * (high - low)


_STEPS = steps_over((pick, floor, power_of_two, exponent, lookup))


def best_one(
    lanes: Array, lender: Array, unit: Array, weights: Array, allowed: Array,
    pd: float, lgd: float, amount: float, months: float, income: float, apr: float,
) -> tuple[int, float, int, float, Array, Terms]:  # fmt: skip
    """Best and second best treatment with their nets; the best one's measures and terms."""
    measures, terms = _everything(lanes, lender, unit, (pd, lgd, amount, months, income, apr))
    nets = _nets(measures, weights).tolist()
    best, second, best_net, second_net = 0, -1, 0.0, float("nan")
    for k in np.flatnonzero(allowed[1:]).tolist():
        net = nets[k]
        if net > best_net:
            second, second_net, best, best_net = best, best_net, k + 1, net
        elif second < 0 or net > second_net:
            second, second_net = k + 1, net
    if best == 0:
        return 0, best_net, second, second_net, np.zeros(len(MEASURES)), (0.0, 0.0, 0.0, 0.0)
    chosen = measures[:, best - 1].copy(), _terms(terms, best)
    return best, best_net, second, second_net, *chosen


def given_one(
    lanes: Array, lender: Array, unit: Array, weights: Array, index: int,
    pd: float, lgd: float, amount: float, months: float, income: float, apr: float,
) -> tuple[float, Array, Terms]:  # fmt: skip
    """Net, measures and terms of one treatment for one applicant."""
    if index == 0:
        return 0.0, np.zeros(len(MEASURES)), (0.0, 0.0, 0.0, 0.0)
    measures, terms = _everything(lanes, lender, unit, (pd, lgd, amount, months, income, apr))
    net = float(_nets(measures, weights)[index - 1])
    return net, measures[:, index - 1].copy(), _terms(terms, index)


def _everything(
    lanes: Array, lender: Array, unit: Array, person: Sequence[float]
) -> tuple[Array, Sequence[Array]]:
    """Measures (m, treatments) and the four terms of each treatment, with those that fill up."""
    blocks = lanes.reshape(len(lanes), len(TREATMENT), LANES)
    (add, lowest, highest, share, add_months, log_ratio,
     inclination, stays, good, bad, ratio, minutes, questions, hours, cost) = (
        blocks.transpose(1, 0, 2).reshape(len(TREATMENT), -1)
    )  # fmt: skip
    pd, lgd, amount, months, income, apr = map(np.float64, person)
    shift, price, burden, start, step, *rest = lender
    with np.errstate(all="ignore"):  # as compiled code has it
        seen, instalment = _STEPS["standing"](pd, amount, months, apr)
        at = _STEPS["at_terms"](
            seen, instalment, amount, months, income, apr,
            add, lowest, highest, share, add_months, shift, price, burden,
        )  # fmt: skip
        place = _STEPS["capital_place"](at[7], log_ratio, start, step)
        values = _STEPS["measured"](
            seen, lgd, at[0], at[1], at[2], at[4], at[5], at[6], lookup(unit, place),
            inclination, stays, good, bad, ratio, minutes, questions, hours, cost, *rest,
        )  # fmt: skip
    measures = np.empty((len(MEASURES), add.size))
    for row, each in zip(measures, values, strict=True):
        row[:] = each
    return measures, at[:4]


def _nets(measures: Array, weights: Array) -> Array:
    """Each treatment's value net of prices, summed in the measures' order."""
    net: Array = weights[0] * measures[0]
    for weight, row in zip(weights[1:], measures[1:], strict=True):
        net += weight * row
    return net


def _terms(terms: Sequence[Array], index: int) -> Terms:
    apr, amount, months, instalment = (float(each[index - 1]) for each in terms)
    return apr, amount, months, instalment
