"""What a period would bring if nothing changed, where what moves all periods lasts from one to the
next: an economy in which a good month follows a good one makes a history look calmer than it is."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from equipoise.numeric.arrays import BoolArray, FloatArray

FEWEST_PERIODS = 6
PERSISTENCE = np.arange(20) / 20  # what may be true; what lasts longer is taken for 0.95
# How much of it is believed before any period is seen. Short histories are judged by this, for
# a few periods hardly tell what lasts: none is 2.6 times as likely as 0.95.
BELIEVED = np.exp(-PERSISTENCE)
_LEAST, _MOST = 0.01, 400.0  # variance between periods, in that of the history's own


@dataclass(frozen=True, slots=True)
class Predicted:
    """Normal laws of a period like those of the history, (K,): how far each is believed, its mean,
    its variance beside the period's own sampling, and the variance of a step from one period to the
    next beside the sampling of both."""

    believed: FloatArray
    means: FloatArray
    variances: FloatArray
    steps: FloatArray

    @property
    def mean(self) -> float:
        """Of all laws together."""
        return float(self.believed @ self.means)

    def chances(self, scaled: FloatArray, sampling: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The chance of a value as low, and of one as high, in a period like those."""
        spread = np.sqrt(self.variances[:, None] + sampling)
        z = (scaled - self.means[:, None]) / spread
        return np.asarray(self.believed @ special.ndtr(z)), np.asarray(
            self.believed @ special.ndtr(-z)
        )


def prediction(scaled: FloatArray, sampling: FloatArray, floor: float = 0.0) -> Predicted | None:
    """What a period like those would bring, as `predictions` after the last of them."""
    after_each = predictions(scaled, sampling, scaled.size, floor)
    return functools.reduce(lambda _, last: last, after_each, None)


def predictions(
    scaled: FloatArray, sampling: FloatArray, history: int, floor: float = 0.0
) -> Iterator[Predicted | None]:
    """After each of T periods, what one like those so far would bring; None of too few. A period
    that counts nothing is a gap.

    Each period is the mean, what lasts (an autoregression of the first order) and sampling. The
    mean is unknown, and so are the persistence and the variance between periods: laws are believed
    by the restricted likelihood of the periods, times BELIEVED, times a prior that is flat in the
    deviation where sampling hides it, and in its logarithm elsewhere. The predicted period is any
    of that economy, not the next one. `floor` is the least variance between periods; the first
    `history` periods say how large it may be.

    Source: de Jong 1991, Annals of Statistics 19 (the filter with a diffuse mean); Gelman 2006,
    Bayesian Analysis 1 (the prior).
    """
    known = np.isfinite(scaled) & np.isfinite(sampling) & (sampling >= 0)
    persistence, between, log_prior = _grid(scaled, sampling, known, history, floor)
    kept, fresh = persistence**2, between * (1 - persistence**2)
    ahead = between.copy()  # the variance of what lasts, before the period is seen
    seen, one = np.zeros_like(between), np.zeros_like(between)  # what is foretold of it, and of 1
    whole, crossed, squares, log_spread = (np.zeros_like(between) for _ in range(4))
    steps, periods = 2 * between * (1 - persistence), 0
    for y, v, here in zip(scaled.tolist(), np.maximum(sampling, 1e-15), known, strict=True):
        if here:
            spread = ahead + v
            off, off_one = y - seen, 1 - one
            whole += off_one**2 / spread
            crossed += off * off_one / spread
            squares += off**2 / spread
            log_spread += np.log(spread)
            gain = ahead / spread
            seen, one, ahead = seen + gain * off, one + gain * off_one, ahead * (1 - gain)
            periods += 1
        seen, one, ahead = persistence * seen, persistence * one, kept * ahead + fresh
        if periods < FEWEST_PERIODS:
            yield None
            continue
        means = crossed / whole
        log = log_prior - (log_spread + np.log(whole) + squares - crossed * means) / 2
        believed = np.exp(log - log.max())
        yield Predicted(believed / believed.sum(), means, between + 1 / whole, steps)


def _grid(
    scaled: FloatArray, sampling: FloatArray, known: BoolArray, history: int, floor: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(K,) each: pairs of persistence and variance, and the logarithm of what is believed of them
    before. Variances are closer together the longer the history, which tells them apart."""
    first = np.flatnonzero(known)[: max(history, FEWEST_PERIODS)]
    if first.size < FEWEST_PERIODS:
        return PERSISTENCE, np.ones_like(PERSISTENCE), np.log(BELIEVED)
    error = max(float(sampling[first].mean()), 1e-15)
    scale = max(float(scaled[first].var(ddof=1)), error)
    steps = int(np.log(_MOST / _LEAST) / np.sqrt(4.5 / np.count_nonzero(known))) + 2
    variances = scale * np.geomspace(_LEAST, _MOST, min(steps, 120))
    persistence, between = (each.ravel() for each in np.meshgrid(PERSISTENCE, variances))
    believed = np.log(BELIEVED)[None, :] + np.log(variances / (variances + error))[:, None] / 2
    return persistence, np.maximum(between, floor), believed.ravel()
