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
from equipoise.simulation.watched.parameters import WatchedParameters, read_watched
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
    document: dict[str, Any] = yaml.safe_load(TRUTH.read_text(encoding="utf-8"))
    return document


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


def as_strong(strength: float) -> WatchedParameters:
    """The months' parameters with every shock so many times as strong: 1 as written, 0 none."""
    of = read_watched()
    shocks, feeds = of.shocks, of.feeds
    sizes: dict[str, dict[str, float]] = {
        "bad_vintage": {"log_odds": strength * shocks.bad_vintage.log_odds},
        "broken_channel": {"completing": 1 - strength * (1 - shocks.broken_channel.completing)},
        "fraud_ring": {"share": strength * shocks.fraud_ring.share},
        "bureau_feed_down": {
            "failing": feeds.failing + strength * (shocks.bureau_feed_down.failing - feeds.failing)
        },
        "region_recession": {
            "log_odds": strength * shocks.region_recession.log_odds,
            "unemployment": strength * shocks.region_recession.unemployment,
        },
        "slow_desk": {"hours": 1 + strength * (shocks.slow_desk.hours - 1)},
    }
    weaker = {
        name: getattr(shocks, name).model_copy(update=update) for name, update in sizes.items()
    }
    return of.model_copy(update={"shocks": shocks.model_copy(update=weaker)})


def measured(seed: int, planted: Planted, months: int, strength: float = 1.0) -> Measured:
    """A lender's readings."""
    lender, watch = watched_lender(seed, planted, months, as_strong(strength)), fifty()
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
    """A lender with shocks that begin together: for each how many periods after the onset its first
    right red came (None: not within reach), what rang first and whether that was right for one of
    them, what rang besides what is right, not inhibited, and how many reds were inhibited."""

    seed: int
    shocks: tuple[Shock, ...]
    lags: tuple[int | None, ...]
    first: str
    is_right: bool
    besides: tuple[str, ...]
    inhibited: int


def quiet(seed: int) -> Quiet:
    """Watch a lender in which nothing changes."""
    result = measured(seed, Planted(), truth()["months"])
    watched = result.periods[fifty().document.history :]
    after = set(watched)
    readings = [each for each in result.readings if each.period in after]
    return Quiet(
        seed,
        len(watched),
        tuple(began(result.readings, watched[0])),
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


def shaken(seed: int, *shocks: Shock, strength: float = 1.0) -> Shaken:
    """Watch a lender until as long after its shocks' onset as they may take to be found."""
    onset, within = onset_of(seed), truth()["within"]
    right = [set(truth()["right"][shock]) for shock in shocks]
    lender = measured(seed, Planted(frozenset(shocks), onset), onset + within + 1, strength)
    reds = [each for period in lender.periods[onset:] for each in lender.at(period)]
    alarms = [
        sorted(
            (each for each in lender.at(period) if each.is_alarm),
            key=lambda each: 0.0 if each.chance is None else each.chance,
        )
        for period in lender.periods[onset:]
    ]
    first = next((here[0].indicator for here in alarms if here), "")
    names = [{each.indicator for each in here} for here in alarms]
    return Shaken(
        seed,
        shocks,
        tuple(next((lag for lag, here in enumerate(names) if here & of), None) for of in right),
        first,
        any(first in of for of in right),
        tuple(sorted(set().union(*names) - set().union(*right))),
        sum(each.verdict == "red" and bool(each.inhibited_by) for each in reds),
    )


def _pool(processes: int) -> ProcessPoolExecutor:
    """Fresh processes: polars' threads do not live through a fork."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


def all_quiet(of: Iterable[int], processes: int) -> list[Quiet]:
    """Several lenders, so many at a time."""
    with _pool(processes) as pool:
        return list(pool.map(quiet, of))


def all_shaken(
    of: Iterable[int], processes: int, together: int = 1, strength: float = 1.0
) -> list[Shaken]:
    """Each lender with each shock alone, or with every so many of them together."""
    with _pool(processes) as pool:
        lenders = [
            pool.submit(shaken, seed, *shocks, strength=strength)
            for seed in of
            for shocks in combinations(SHOCKS, together)
        ]
        return [each.result() for each in lenders]


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

    result = {
        "list": found(rank, truth.listed),
        "everything": found(knows_everything(made), truth.listed),
        "days": found(days, truth.listed),
    }
    return result | {f"{100 * share:g}": found(rank, share) for share in SHORTER}


def knows_everything(made: Borrowers) -> FloatArray:
    """(T, N) who is likely to be late, by what is true and the lender cannot see: who stopped
    paying; who is without work, and how long the buffer lasts; who may lose work without one."""
    soon = np.where(made.buffer < 1.5, made.hazard, made.hazard / 10)
    return np.where(made.work, soon, 10 - made.buffer) + 20.0 * made.stopped
