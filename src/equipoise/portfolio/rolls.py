"""Roll rates: what of a bucket's balance stands in the next bucket a month later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class NetRolls:
    """`rates` (T - 1, K - 1): month by month, bucket by bucket; NaN where nothing could roll."""

    rates: FloatArray

    @property
    def mean(self) -> FloatArray:
        """The plain mean over months with something to roll (K - 1,); NaN where there is none."""
        some = np.isfinite(self.rates)
        count = some.sum(axis=0)
        total = np.where(some, self.rates, 0.0).sum(axis=0)
        return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))

    @property
    def to_the_end(self) -> float:
        """The part of the first bucket that reaches the last, by the mean rates."""
        return float(np.prod(self.mean))


def net_rolls(balances: FloatArray) -> NetRolls:
    """Net roll rates of balances (T, K), months by buckets from current to the worst.

    Bucket k + 1 this month over bucket k the month before, whoever stands in them.
    Source: OCC, Comptroller's Handbook, Allowances for Credit Losses.
    """
    before, after = balances[:-1, :-1], balances[1:, 1:]
    held = before > 0
    return NetRolls(np.asarray(np.where(held, after / np.where(held, before, 1.0), np.nan)))


def balances_by_bucket(
    month: IntArray, bucket: IntArray, balance: IntArray, months: int, buckets: int
) -> FloatArray:
    """Balances (months, buckets) of rows (n,) whose months and buckets count from 0.

    Minor units go in and come out, summed exactly. Buckets below 0 are left out.
    """
    held = bucket >= 0
    place = month[held] * buckets + bucket[held]
    totals = np.zeros(months * buckets, dtype=np.int64)
    np.add.at(totals, place, balance[held])
    return totals.reshape(months, buckets).astype(np.float64)
