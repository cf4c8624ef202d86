"""How loans move between states from month to month: cohort and duration estimators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import expm

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.intervals import LEVEL, normal_quantile, poisson_rate, wilson


@dataclass(frozen=True, slots=True)
class Migration:
    """Chances of moving (S, S), rows from and columns to, each with its interval.

    `counts` are the moves seen. A state that nobody was seen in stays where it is, from 0 to 1.
    """

    counts: IntArray
    chance: FloatArray
    low: FloatArray
    high: FloatArray

    def after(self, periods: int) -> FloatArray:
        """The chances of moving over so many periods, if each is like this one (S, S)."""
        return np.asarray(np.linalg.matrix_power(self.chance, periods))


def count_moves(
    loan: IntArray, month: IntArray, state: IntArray, states: int, *, step: int = 1
) -> IntArray:
    """Moves by period, from and to (T, S, S), of rows ordered by loan and month.

    A move is told where a loan is seen in two periods in a row, each `step` months long; over a gap
    nothing is counted, and so it is for states below 0. T counts the periods from the first row's
    month to the last's.
    """
    if loan.size == 0:
        return np.zeros((0, states, states), dtype=np.int64)
    follows = (loan[1:] == loan[:-1]) & (month[1:] == month[:-1] + step)
    follows &= (state[1:] >= 0) & (state[:-1] >= 0)
    at = np.flatnonzero(follows)
    first, last = int(month.min()), int(month.max())
    place = ((month[at + 1] - first) // step * states + state[at]) * states + state[at + 1]
    size = ((last - first) // step + 1) * states * states
    return np.bincount(place, minlength=size).reshape(-1, states, states).astype(np.int64)


def cohort(counts: IntArray, level: float = LEVEL) -> Migration:
    """The maximum-likelihood chances n_ij / n_i of moves (S, S), or (T, S, S) taken together.

    Intervals are Wilson's, cell by cell. Source: Anderson and Goodman 1957, AMS 28.
    """
    together = counts.sum(axis=0) if counts.ndim == 3 else counts
    from_each = together.sum(axis=1, keepdims=True)
    seen = from_each > 0
    stay = np.eye(together.shape[0])
    chance = np.where(seen, together / np.where(seen, from_each, 1), stay)
    trials = np.broadcast_to(from_each, together.shape).astype(np.float64)
    low, high = wilson(together.astype(np.float64), trials, level)
    return Migration(together, np.asarray(chance), low, high)


@dataclass(frozen=True, slots=True)
class Generator:
    """Rates of moving a period (S, S), rows summing to zero; intervals of the rates off the
    diagonal (NaN on it). `time` (S,) is how long all loans were seen in each state."""

    rate: FloatArray
    low: FloatArray
    high: FloatArray
    time: FloatArray

    def after(self, periods: float) -> FloatArray:
        """The chances of moving within so many periods (S, S)."""
        return np.asarray(expm(self.rate * periods))


def duration(
    state: IntArray, to: IntArray, spent: FloatArray, states: int, level: float = LEVEL
) -> Generator:
    """The generator of spells (n,): the state, the one it was left for (-1: it was not, as far as
    seen), and the time spent in it.

    N_ij over the time spent in i, with exact Poisson intervals. It sees moves on the way and gives
    rare ones a chance where a cohort gives none. Source: Lando and Skodeberg 2002, JBF 26.
    """
    left = (to >= 0) & (to != state)
    place = state[left] * states + to[left]
    moves = np.bincount(place, minlength=states * states).reshape(states, states)
    time = np.bincount(state, weights=spent, minlength=states)
    wide = np.broadcast_to(time[:, None], moves.shape).astype(np.float64)
    low, high = poisson_rate(moves.astype(np.float64), wide, level)
    rate = moves / np.where(wide > 0, wide, 1.0)
    own = np.eye(states, dtype=bool)
    rate[own] = -np.where(own, 0.0, rate).sum(axis=1)
    return Generator(
        rate, np.where(own, np.nan, low), np.where(own, np.nan, high), np.asarray(time)
    )


def spells(
    loan: IntArray, month: IntArray, state: IntArray, *, step: int = 1
) -> tuple[IntArray, IntArray, FloatArray]:
    """What `duration` takes, of rows ordered by loan and month: `step` months for each row that is
    followed by one so many months later, left for the state found there. States below 0 are no
    states."""
    follows = (loan[1:] == loan[:-1]) & (month[1:] == month[:-1] + step)
    at = np.flatnonzero(follows & (state[1:] >= 0) & (state[:-1] >= 0))
    return state[at], state[at + 1], np.full(at.size, float(step))


@dataclass(frozen=True, slots=True)
class Paths:
    """Where those who begin in a state are after 1, 2, .. T periods (T, S), with intervals."""

    chance: FloatArray
    low: FloatArray
    high: FloatArray


def aalen_johansen(counts: IntArray, start: int, level: float = LEVEL) -> Paths:
    """Chances to be in each state by month for loans in `start` before the first, of moves
    (T, S, S) whose chances differ from month to month.

    Greenwood's variance, carried from month to month; intervals on the logit scale.
    Source: Aalen and Johansen 1978, SJS 5.
    """
    periods, states, _ = counts.shape
    chance, spread = np.zeros((periods, states)), np.zeros((periods, states))
    now, covariance = np.eye(states)[start], np.zeros((states, states))
    for at in range(periods):
        moved = cohort(counts[at]).chance
        seen = np.maximum(counts[at].sum(axis=1), 1)
        covariance = moved.T @ covariance @ moved
        for state in np.flatnonzero(now):
            row = moved[state]
            covariance += now[state] ** 2 / seen[state] * (np.diag(row) - np.outer(row, row))
        now = now @ moved
        chance[at], spread[at] = now, np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return Paths(chance, *_on_the_logit_scale(chance, spread, level))


def _on_the_logit_scale(
    chance: FloatArray, spread: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    inside = (chance > 0) & (chance < 1)
    safe = np.where(inside, chance, 0.5)
    centre = np.log(safe / (1 - safe))
    half = normal_quantile(level) * spread / (safe * (1 - safe))
    low, high = 1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-centre - half))
    return np.asarray(np.where(inside, low, chance)), np.asarray(np.where(inside, high, chance))
