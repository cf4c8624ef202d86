"""Risk weights that need no model: a property's safe part, and the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of each exposure in money: what the property secures, and what it does not."""

    secured: FloatArray
    unsecured: FloatArray

    def risk_weighted(self, secured_weight: FloatArray, counterparty: FloatArray) -> FloatArray:
        """Risk-weighted assets; weights are fractions (0.20 is 20 %)."""
        return self.secured * secured_weight + self.unsecured * counterparty


def split_loan(
    exposure: FloatArray,
    value: FloatArray,
    *,
    senior: FloatArray | float = 0.0,
    pari_passu: FloatArray | float = 0.0,
    share: float = 0.55,
) -> Split:
    """Split exposures secured by a property worth `value`, all in money; shapes broadcast.

    Up to `share` of the value is secured. Others' liens take from it: those before ours whole,
    those beside ours by their part of what stands beside it. Source: CRE20, loan splitting.
    """
    room = np.maximum(share * value - senior, 0.0)
    beside = exposure + pari_passu
    ours = room * np.where(beside > 0, exposure / np.where(beside > 0, beside, 1.0), 0.0)
    secured = np.minimum(exposure, ours)
    return Split(np.asarray(secured), np.asarray(exposure - secured))


def weight_by_ltv(ltv: FloatArray, edges: FloatArray, weights: FloatArray) -> FloatArray:
    """The weight of the band that each loan-to-value falls into.

    `edges` (b,) are the bands' upper ends, which belong to them; `weights` (b + 1,) has one more
    for what lies above all of them.
    """
    return np.asarray(weights[np.searchsorted(edges, ltv, side="left")])
