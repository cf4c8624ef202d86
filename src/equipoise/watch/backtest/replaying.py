"""A changed threshold on the history that there is, beside the one that it would replace."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInput, did_you_mean
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.watch.backtest.borrowers import counted_values, months_of
from equipoise.watch.backtest.episodes import begun
from equipoise.watch.backtest.worth import worth_of
from equipoise.watch.document.watch import Backtest
from equipoise.watch.judging.readings import Reading
from equipoise.watch.measurement import Measured
from equipoise.watch.measuring.sources import PERIOD, Source
from equipoise.watch.watching import WATCH, Compiled, Watch

_DAYS_A_YEAR = 365.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a threshold would have shown: how many events it `saw` of those that came, the median
    days from its warning to them (None where it saw none), and warnings a year that nothing
    followed."""

    at: float
    saw: int
    of: int
    lead_days: float | None
    false_a_year: float


@dataclass(frozen=True, slots=True)
class Replay:
    """The red threshold of an indicator as it is and as it is proposed, on the same history, whose
    SHA-256 is `history`."""

    indicator: str
    before: Threshold
    after: Threshold
    history: str


def red_of(watch: Watch, indicator: str) -> float:
    """Where the indicator is red now. Raises BadInput where there is none of that name, or none
    that is red at a value."""
    named = {each.indicator.name: each for each in watch.indicators}
    if indicator not in named:
        raise BadInput(
            f"'{indicator}' is no indicator of {WATCH}",
            field="indicator",
            mend=did_you_mean(indicator, named),
        )
    red = named[indicator].indicator.red
    if red is None or red.at is None:
        raise BadInput(
            f"'{indicator}' is not red at a value",
            field="indicator",
            mend=f"give `red: {{at: ..}}` in {WATCH}, or choose another",
        )
    return red.at


def replay(
    watch: Watch, sources: Mapping[str, Source], measured: Measured, indicator: str, after: float
) -> Replay:
    """Hold both thresholds against what came: an indicator of customers against each loan's first
    event, one of the book against the reds of the outcome. Raises BadInput where watch.yaml does
    not say against what."""
    before, of = red_of(watch, indicator), watch.document.backtest
    if of is None:
        raise BadInput(
            f"{WATCH} does not say what warnings are held against",
            field="backtest",
            mend="add `backtest: {table: .., event: .., alert_cost: .., saved: ..}`",
        )
    compiled = watch.named(indicator)
    if compiled.indicator.level == "customer":
        return _of_customers(watch, sources[of.table], compiled, of, (before, after))
    if of.outcome is None:
        raise BadInput(
            f"{WATCH} names no outcome that '{indicator}' should foretell",
            field="backtest.outcome",
            mend="name the indicator whose reds are the trouble",
        )
    readings = (measured.of(indicator), measured.of(of.outcome))
    return _of_the_book(watch, compiled, of, readings, (before, after))


def _of_customers(
    watch: Watch, source: Source, compiled: Compiled, of: Backtest, at: tuple[float, float]
) -> Replay:
    table = watch.document.table(of.table)
    if compiled.indicator.table != table.name or compiled.of is None:
        raise BadInput(
            f"'{compiled.indicator.name}' is not of the table '{table.name}' of the backtest",
            field="indicator",
        )
    rows = source.rows(list(source.periods()))
    rows = rows.sort(table.entity or table.period, PERIOD)
    months, value = months_of(watch, rows, of), counted_values(compiled, rows)
    periods = np.unique(months.month).size
    tried = []
    for bound in at:
        warned = np.isfinite(value) & _beyond(value, bound, compiled)
        worth = worth_of(months, warned, horizon=of.horizon, costs=(of.alert_cost, of.saved))
        false = worth.alerts - worth.open - worth.hits
        tried.append(
            Threshold(
                bound,
                worth.caught,
                worth.events,
                None if worth.lead is None else worth.lead[1] * _days(watch),
                false * watch.document.periods_a_year / periods,
            )
        )
    arrays = (months.who, months.month, months.event, value)
    return Replay(compiled.indicator.name, tried[0], tried[1], _digest(arrays))


def _of_the_book(
    watch: Watch,
    compiled: Compiled,
    of: Backtest,
    readings: tuple[Sequence[Reading], Sequence[Reading]],
    at: tuple[float, float],
) -> Replay:
    readable = [np.nan if each.value is None else each.value for each in readings[0]]
    value = np.array(readable, dtype=np.float64)
    trouble = np.array([each.is_alarm for each in readings[1]], dtype=bool)
    believed = np.array([not each.inhibited_by for each in readings[0]], dtype=bool)
    episodes = begun(trouble)
    tried = []
    for bound in at:
        alarms = begun(np.isfinite(value) & believed & _beyond(value, bound, compiled))
        ahead = _ahead(episodes, alarms, of.horizon)
        leads = [each.max() for each in ahead if each.size]
        followed = np.isin(alarms[:, None], _followed(episodes, alarms, of.horizon)).any(axis=1)
        known = int(np.isfinite(value).sum())
        false = int((~followed).sum())
        tried.append(
            Threshold(
                bound,
                len(leads),
                int(episodes.size),
                float(np.median(leads)) * _days(watch) if leads else None,
                false * watch.document.periods_a_year / known if known else 0.0,
            )
        )
    return Replay(compiled.indicator.name, tried[0], tried[1], _digest((value, trouble)))


def _ahead(episodes: IntArray, alarms: IntArray, horizon: int) -> list[IntArray]:
    """Of each episode, how many periods before it the alarms came that foretold it."""
    gaps = [each - alarms for each in episodes]
    return [gap[(gap >= 0) & (gap <= horizon)] for gap in gaps]


def _followed(episodes: IntArray, alarms: IntArray, horizon: int) -> IntArray:
    gap = episodes[None, :] - alarms[:, None]
    return alarms[((gap >= 0) & (gap <= horizon)).any(axis=1)]


def _beyond(value: FloatArray, bound: float, compiled: Compiled) -> BoolArray:
    up = compiled.indicator.direction != "down"
    return np.asarray(value >= bound if up else value <= bound)


def _days(watch: Watch) -> float:
    return _DAYS_A_YEAR / watch.document.periods_a_year


def _digest(arrays: Sequence[FloatArray | IntArray | BoolArray]) -> str:
    digest = hashlib.sha256()
    for each in arrays:
        digest.update(np.ascontiguousarray(each).tobytes())
    return digest.hexdigest()
