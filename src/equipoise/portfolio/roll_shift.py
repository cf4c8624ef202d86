"""Roll rates under a scenario: every bucket's odds of getting later moved by one number, chosen so
that as many of the book come to default as the scenario says."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from equipoise.numeric.arrays import FloatArray
from equipoise.portfolio.term_structure import at_odds

YEAR = 12
_FURTHEST = 30.0  # log-odds: what no shift as large as this brings to default, none does
_CLOSE = 1e-13


def shifted(rolls: FloatArray, shift: float) -> FloatArray:
    """Monthly chances (B, B + 2) with the odds of being at least so late times exp(shift).

    That holds for each lateness, default being the last, of those not repaid; who is repaid stays.
    Chances stay within 0 and 1, rows keep their sum, what was never seen stays impossible.
    Source: proportional odds, McCullagh 1980, JRSS B 42; one shift for a whole matrix: Belkin,
    Suchower and Forest 1998, CreditMetrics Monitor.
    """
    if shift == 0:
        return rolls
    goes_on = 1 - rolls[:, -1:]
    tails = np.cumsum(rolls[:, -2::-1], axis=1)[:, ::-1]
    share = np.clip(np.divide(tails, goes_on, out=np.zeros_like(tails), where=goes_on > 0), 0, 1)
    moved = at_odds(share, np.exp(shift))
    moved[:, 0] = 1.0
    by_lateness = moved - np.column_stack([moved[:, 1:], np.zeros(moved.shape[0])])
    return np.column_stack([goes_on * np.maximum(by_lateness, 0.0), rolls[:, -1]])


def default_within(rolls: FloatArray, mix: FloatArray, months: int = YEAR) -> float:
    """What share of loans spread over buckets by `mix` (B,) default within so many months."""
    at, gone = mix, 0.0
    for _ in range(months):
        gone += float(at @ rolls[:, -2])
        at = at @ rolls[:, :-2]
    return gone


def roll_shift(rolls: FloatArray, mix: FloatArray, log_odds: float) -> float:
    """The shift under which the odds that `mix` defaults within a year are exp(log_odds) times
    those without. Where no shift brings so many to default, one that brings nearly all that can.
    """
    plain = default_within(rolls, mix)
    if log_odds == 0 or not 0 < plain < 1:
        return log_odds
    wanted = float(at_odds(np.array(plain), np.exp(log_odds)))

    def beyond(shift: float) -> float:
        return default_within(shifted(rolls, shift), mix) - wanted

    for end in (-_FURTHEST, _FURTHEST):
        if beyond(end) * end <= 0:
            return end
    return float(brentq(beyond, -_FURTHEST, _FURTHEST, xtol=_CLOSE))
