"""Watched lenders: what rings where nothing changed, and what rings first where something did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from equipoise.numeric.arrays import FloatArray
from equipoise.simulation import (
    SHOCKS,
    Borrowers,
    Planted,
    Shock,
    borrower_parameters,
    borrowers,
    watched_lender,
)
from equipoise.watch import (
    FrameSource,
    Measured,
    Reading,
    Watch,
    fit_behaviour,
    found_ahead,
    measure,
    panel,
    read_watch,
    signs_of,
)

TRUTH = Path(__file__).with_name("watch_truth.yaml")


@cache
def truth() -> dict[str, Any]:
    """What was written down before."""
    told: dict[str, Any] = yaml.safe_load(TRUTH.read_text(encoding="utf-8"))
    return told


@cache
def fifty() -> Watch:
    """The watch of fifty indicators."""
    ours = files("equipoise.simulation.watched").joinpath("watch.yaml")
    with as_file(ours) as path:
        return read_watch(path)


def seeds(which: str) -> range:
    """The seeds to tune on, or those that are unseen."""
    span = truth()[which]
    return range(span["first"], span["last"] + 1)


def onset_of(seed: int) -> int:
    """The month in which a lender's shocks begin."""
    span = truth()["onset"]
    return int(np.random.default_rng([seed, 17]).integers(span["first"], span["last"] + 1))


def measured(seed: int, planted: Planted, months: int) -> Measured:
    """A lender's readings."""
    lender, watch = watched_lender(seed, planted, months), fifty()
    document = watch.document
    sources = {
        name: FrameSource.of(frame, document.table(name), document.every, str(seed))
        for name, frame in lender.tables.items()
    }
    return measure(watch, sources)


@dataclass(frozen=True, slots=True)
class Quiet:
    """A lender in which nothing was planted: each red that began, by indicator, over the months."""

    seed: int
    months: int
    reds: tuple[str, ...]
    ambers: int
    insufficient: int


@dataclass(frozen=True, slots=True)
class Shaken:
    """A lender with a shock: how many periods after its onset the first right red came (None: not
    within reach), what rang first, and what rang besides what is right, not inhibited."""

    seed: int
    shock: str
    lag: int | None
    first: str
    is_right: bool
    besides: tuple[str, ...]
    inhibited: int


def quiet(seed: int) -> Quiet:
    """Watch a lender in which nothing changes."""
    told = measured(seed, Planted(), truth()["months"])
    watched = told.periods[fifty().document.history :]
    after = set(watched)
    readings = [each for each in told.readings if each.period in after]
    return Quiet(
        seed,
        len(watched),
        tuple(began(told.readings, watched[0])),
        sum(each.verdict == "amber" for each in readings),
        sum(each.verdict == "insufficient" for each in readings),
    )


def began(readings: Iterable[Reading], since: Any) -> Iterator[str]:
    """The indicator of every alarm that was none in the period before."""
    before: dict[str, bool] = {}
    for each in readings:
        if each.period >= since and each.is_alarm and not before.get(each.indicator, False):
            yield each.indicator
        before[each.indicator] = each.is_alarm


def shaken(seed: int, shock: Shock) -> Shaken:
    """Watch a lender until as long after a shock's onset as it may take to be found."""
    onset, within, right = onset_of(seed), truth()["within"], set(truth()["right"][shock])
    told = measured(seed, Planted(frozenset({shock}), onset), onset + within + 1)
    first, lag, besides, inhibited = "", None, set[str](), 0
    for later, period in enumerate(told.periods[onset:]):
        here = told.at(period)
        alarms = sorted(
            (each for each in here if each.is_alarm),
            key=lambda each: 0.0 if each.chance is None else each.chance,
        )
        inhibited += sum(each.verdict == "red" and bool(each.inhibited_by) for each in here)
        besides |= {each.indicator for each in alarms} - right
        if alarms and not first:
            first = alarms[0].indicator
        if lag is None and any(each.indicator in right for each in alarms):
            lag = later
    return Shaken(seed, shock, lag, first, first in right, tuple(sorted(besides)), inhibited)


def _pool(processes: int) -> ProcessPoolExecutor:
    """Fresh processes: polars' threads do not live through a fork."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


def both_found(seed: int, pair: tuple[Shock, Shock]) -> bool:
    """Whether each of two shocks that begin together is told by a red of its own in time."""
    onset, within, right = onset_of(seed), truth()["within"], truth()["right"]
    told = measured(seed, Planted(frozenset(pair), onset), onset + within + 1)
    alarms = {
        each.indicator
        for period in told.periods[onset:]
        for each in told.at(period)
        if each.is_alarm
    }
    return all(alarms & set(right[shock]) for shock in pair)


def all_pairs(of: Iterable[int], processes: int) -> dict[tuple[Shock, Shock], float]:
    """For each pair of shocks the share of lenders in which both are found."""
    seeds_of = list(of)
    pairs = list(combinations(SHOCKS, 2))
    asked = [(seed, pair) for pair in pairs for seed in seeds_of]
    with _pool(processes) as pool:
        found = list(pool.map(both_found, *zip(*asked, strict=True)))
    size = len(seeds_of)
    return {pair: sum(found[at * size : (at + 1) * size]) / size for at, pair in enumerate(pairs)}


def all_quiet(of: Iterable[int], processes: int) -> list[Quiet]:
    """Several lenders, so many at a time."""
    with _pool(processes) as pool:
        return list(pool.map(quiet, of))


def all_shaken(of: Iterable[int], processes: int) -> list[Shaken]:
    """Each lender with each shock."""
    pairs = [(seed, shock) for seed in of for shock in SHOCKS]
    with _pool(processes) as pool:
        return list(pool.map(shaken, *zip(*pairs, strict=True)))


SIGNS = {
    name: name
    for name in ("days", "inflow", "utilisation", "minimum_only", "enquiries", "unemployment")
}
LEARNT_UNTIL = 24
SHORTER = (0.01, 0.02, 0.05, 0.2)


def borrowers_found(seed: int) -> dict[str, float]:
    """Of coming arrears the share found two months ahead: by the list, by who knows everything, by
    days late alone, and by lists of other lengths."""
    made, truth = borrowers(seed), borrower_parameters().truth
    months = panel(made.table, "month", "borrower", SIGNS)
    signs = signs_of(months)
    rank = fit_behaviour(signs, horizon=3, until=LEARNT_UNTIL).rank(signs)
    days = signs.values["days_late"] * 10 + signs.values["days_late_in_6"]

    def found(value: FloatArray, share: float) -> float:
        hit, events = found_ahead(months, value, ahead=truth.ahead, share=share, since=LEARNT_UNTIL)
        return hit / events

    told = {
        "list": found(rank, truth.listed),
        "everything": found(knows_everything(made), truth.listed),
        "days": found(days, truth.listed),
    }
    return told | {f"{100 * share:g}": found(rank, share) for share in SHORTER}


def knows_everything(made: Borrowers) -> FloatArray:
    """(T, N) who is likely to be late, by what is true and the lender cannot see: who stopped
    paying; who is without work, and how long the buffer lasts; who may lose work without one."""
    soon = np.where(made.buffer < 1.5, made.hazard, made.hazard / 10)
    return np.where(made.work, soon, 10 - made.buffer) + 20.0 * made.stopped
