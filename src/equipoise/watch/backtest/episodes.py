"""Indicators of a book, held against the episodes of the outcome that they should foretell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import IntArray
from equipoise.watch.judging.readings import Reading

CHANCES = (0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)


@dataclass(frozen=True, slots=True)
class AtChance:
    """One indicator that would ring at a chance of at most `chance`: alarms that began, those a
    year that no episode followed within the horizon, episodes foretold of all that there were,
    and the median periods of warning. `in_force`: at this chance it is red today."""

    chance: float
    alarms: int
    false_a_year: float
    foretold: int
    episodes: int
    lead: float | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class SeriesTest:
    """One indicator at each chance."""

    indicator: str
    at: tuple[AtChance, ...]


def series_test(
    of: Sequence[Reading],
    outcome: Sequence[Reading],
    *,
    horizon: int,
    periods_a_year: int,
    in_force: float,
) -> SeriesTest:
    """Readings of an indicator against those of the outcome, period by period, at CHANCES and at
    the one `in_force`."""
    episodes = begun(np.array([each.is_alarm for each in outcome]))
    known = sum(each.chance is not None for each in of)
    tests = []
    for chance in sorted({*CHANCES, in_force}, reverse=True):
        rings = np.array([
            each.chance is not None and each.chance <= chance and not each.inhibited_by
            for each in of
        ])  # fmt: skip
        alarms = begun(rings)
        gap = episodes[None, :] - alarms[:, None]
        ahead = (gap >= 0) & (gap <= horizon)
        leads = [
            int(gap[:, at][ahead[:, at]].max()) for at in range(episodes.size) if ahead[:, at].any()
        ]
        false = int((~ahead.any(axis=1)).sum()) if episodes.size else alarms.size
        tests.append(
            AtChance(
                chance,
                int(alarms.size),
                false * periods_a_year / known if known else 0.0,
                len(leads),
                int(episodes.size),
                float(np.median(leads)) if leads else None,
                chance == in_force,
            )
        )
    return SeriesTest(of[0].indicator, tuple(tests))


def begun(rings: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> IntArray:
    """The periods in which something begins that was not in the one before."""
    before = np.concatenate([[False], rings[:-1]])
    return np.flatnonzero(rings & ~before).astype(np.int64)
