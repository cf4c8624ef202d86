"""Chances of default month by month from each bucket of lateness, by the moves that were seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.portfolio.migration import cohort


@dataclass(frozen=True, slots=True)
class TermStructure:
    """Hazards (B, T) by bucket at the start and month ahead: of default, and of leaving repaid.

    Both are of those who have done neither before. `rolls` (B, B + 2) are the chances of a step of
    the tape, so many months, that they come from: to each bucket, to default, and to be repaid.
    `seen` (B,) counts the steps of loans that each bucket's own moves rest on.
    """

    default: FloatArray
    repaid: FloatArray
    rolls: FloatArray
    seen: IntArray
    step: int = 1

    def within(self, months: int, odds: float = 1.0) -> FloatArray:
        """The chance to default within so many months (B,), the odds of it times `odds`."""
        ahead = min(months, self.default.shape[1])
        hazard = at_odds(self.default[:, :ahead], odds)
        return np.asarray(leaving(hazard, self.repaid[:, :ahead]).sum(axis=-1))


def at_odds(chance: FloatArray, odds: FloatArray | float) -> FloatArray:
    """A chance whose odds are multiplied."""
    return np.asarray(odds * chance / (1 - chance + odds * chance))


def leaving(default: FloatArray, repaid: FloatArray) -> FloatArray:
    """The chance to default in each month and to have left in none before, of hazards (..., T)."""
    alive = np.cumprod(np.maximum(1 - default - repaid, 0.0), axis=-1)
    before = np.concatenate([np.ones_like(alive[..., :1]), alive[..., :-1]], axis=-1)
    return np.asarray(before * default)


def term_structure(
    counts: IntArray, months: int, *, defaulted: tuple[int, ...], repaid: int, step: int = 1
) -> TermStructure:
    """The structure of moves (S, S), or (T, S, S) taken together, for buckets 0 to min(defaulted).

    Moves are of `step` months; the hazards of each month in a step are alike, and come to what the
    step's moves say by its end. Default is absorbing: what comes back from it later is the loss
    given default's to tell.
    """
    together = counts.sum(axis=0) if counts.ndim == 3 else counts
    chance = cohort(together).chance.copy()
    ends = (*defaulted, repaid)
    chance[list(ends)] = np.eye(chance.shape[0])[list(ends)]
    buckets, steps = min(defaulted), -(-months // step)
    at = np.eye(chance.shape[0])[:buckets]
    default, paid = np.zeros((buckets, steps)), np.zeros((buckets, steps))
    for ahead in range(steps):
        after = at @ chance
        alive = 1 - at[:, list(ends)].sum(axis=1)
        safe = np.where(alive > 1e-15, alive, 1.0)
        new = (after - at)[:, list(defaulted)].sum(axis=1)
        default[:, ahead] = np.clip(np.where(alive > 1e-15, new / safe, 0.0), 0.0, 1.0)
        ended = (after - at)[:, repaid]
        paid[:, ahead] = np.clip(np.where(alive > 1e-15, ended / safe, 0.0), 0.0, 1.0)
        at = after
    paid = np.minimum(paid, 1 - default)
    seen = together.sum(axis=1)[:buckets]
    to_default = chance[:buckets, list(defaulted)].sum(axis=1)
    rolls = np.column_stack([chance[:buckets, :buckets], to_default, chance[:buckets, repaid]])
    gone = default + paid
    return TermStructure(
        _by_month(default, gone, step)[:, :months],
        _by_month(paid, gone, step)[:, :months],
        rolls,
        seen,
        step,
    )


def _by_month(hazard: FloatArray, gone: FloatArray, step: int) -> FloatArray:
    """The hazard of one way out of those `gone` (B, T) of steps, by month (B, T * step)."""
    if step == 1:
        return hazard
    left = np.maximum(1 - gone, 0.0)
    safe = np.where(gone > 0, gone, 1.0)
    monthly = hazard / safe * (1 - left ** (1 / step))
    return np.repeat(monthly, step, axis=1)
