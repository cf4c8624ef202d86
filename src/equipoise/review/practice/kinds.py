"""Kinds of cases: by grade, near the cut or away from it, and by why the strategy said no."""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.review.practice.answers import log_odds

NEAR = 0.5  # log-odds: PDs of 0.12 to 0.27 around a cut of 0.18
NEAR_THE_CUT = "near"


def cut(model: FloatArray, lends: BoolArray) -> float | None:
    """The PD above which the strategy declines, as far as one number says it: the one at which most
    of its own answers (n,) fall on their side. None where it answers all alike."""
    if not model.size or lends.all() or not lends.any():
        return None
    order = np.argsort(model, kind="stable")
    lent = lends[order].astype(np.int64)
    # of a cut after the k-th case, those on their side: lent up to it, declined after it
    agree = np.cumsum(lent)[:-1] + np.cumsum((1 - lent)[::-1])[::-1][1:]
    k = int(np.argmax(agree))
    return float((model[order][k] + model[order][k + 1]) / 2)


def near(model: FloatArray, at: float | None) -> BoolArray:
    """Which PDs (n,) lie so close to the cut that the answer could as well be the other."""
    if at is None:
        return np.zeros(model.size, dtype=bool)
    return np.abs(log_odds(model) - log_odds(np.array([at]))) <= NEAR


def kinds(grade: Array, is_near: BoolArray) -> Array:
    """One kind to a case (n,), of which practice draws evenly: near the cut, else its grade."""
    return np.where(is_near, NEAR_THE_CUT, grade.astype(object))
