"""What became of the loans, month by month: one row per loan and month on book."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.simulation.streams import Streams
from equipoise.simulation.watched.applicants import Applicants
from equipoise.simulation.watched.economy import Calendar
from equipoise.simulation.watched.parameters import Moves, WatchedParameters
from equipoise.simulation.watched.planted import Planted

DAYS = np.array([0, 15, 45, 75, 105])  # of each state, in the middle
DEFAULT = 4


@dataclass(frozen=True, slots=True)
class Book:
    """(R,) one row per loan and month, by month: `loan` is the applicant's position, `state` and
    `before` (a month ago) count 0, 1-29, 30-59, 60-89 and 90 days late."""

    month: IntArray
    loan: IntArray
    months_on_book: IntArray
    state: IntArray
    before: IntArray


def live(
    parameters: WatchedParameters,
    calendar: Calendar,
    made: Applicants,
    planted: Planted,
    seed: int,
) -> Book:
    """Follow every booked loan. A loan that is 90 days late is told once, and leaves."""
    loans = np.flatnonzero(made.booked)
    booked = made.month[loans]
    hazard = -np.log1p(-expit(made.log_odds[loans])) / 12
    ring, region = made.never_pays[loans], made.region[loans]
    state = np.zeros(loans.size, dtype=np.int64)
    lottery = Streams(seed, 1)
    rows: list[tuple[IntArray, ...]] = []
    for at, month in enumerate(calendar.month):
        first, last = np.searchsorted(booked, [month - parameters.months.longest_on_book, month])
        here = np.arange(first, last)[state[first:last] < DEFAULT]
        if here.size == 0:
            continue
        before = state[here].copy()
        shock = _shock(parameters, made, planted, region[here], int(month))
        chance = _entry(parameters, hazard[here], calendar.frailty[at] + shock)
        lots = lottery.generator("repayment", at + 1).random(here.size)
        rolls = parameters.repayment.roll_frailty * (calendar.frailty[at] + shock)
        now = _moved(parameters, before, chance, lots, rolls)
        state[here] = np.where(ring[here], np.minimum(before + 1, DEFAULT), now)
        if month >= 0:
            on_book = month - booked[here]
            rows.append((np.full(here.size, month), loans[here], on_book, state[here], before))
    return Book(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def _shock(
    parameters: WatchedParameters, made: Applicants, planted: Planted, region: IntArray, month: int
) -> FloatArray:
    recession = parameters.shocks.region_recession
    if not planted.since("region_recession", np.array([month]))[0]:
        return np.zeros(region.size)
    here = region == made.seen.region.names.index(recession.region)
    return np.where(here, recession.log_odds, 0.0)


def _entry(parameters: WatchedParameters, hazard: FloatArray, moved: FloatArray) -> FloatArray:
    usual = np.clip(parameters.repayment.entry * hazard, 1e-6, 0.6)
    return np.asarray(expit(logit(usual) + moved))


def _moved(
    parameters: WatchedParameters,
    before: IntArray,
    entry: FloatArray,
    lots: FloatArray,
    rolls: FloatArray,
) -> IntArray:
    of = parameters.repayment
    after = np.where((before == 0) & (lots < entry), 1, before)
    for state, moves in ((1, of.from_1), (2, of.from_30), (3, of.from_60)):
        after = np.where(before == state, _roll(state, moves, lots, rolls), after)
    return np.asarray(after)


def _roll(state: int, moves: Moves, lots: FloatArray, rolls: FloatArray) -> IntArray:
    worse = expit(logit(moves.worse) + rolls)
    left = (1 - worse) / (1 - moves.worse)  # what does not get worse keeps its proportions
    cured, better = worse + moves.cured * left, worse + (moves.cured + moves.better) * left
    return np.where(
        lots < worse,
        state + 1,
        np.where(lots < cured, 0, np.where(lots < better, state - 1, state)),
    )
