"""Who decides what, and how long it takes: the matrix, the people and a flow, put together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.authority.document import SYSTEM, AuthoritySection
from equipoise.authority.matrix import Authority
from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.progress import Progress, Silent
from equipoise.review.casework.arrivals import Flow, checked_flow
from equipoise.review.casework.desk import Desk, Signed, achieved, drawn_chances, judged
from equipoise.review.casework.figures import (
    ALL,
    AuthorityReport,
    Values,
    gathered,
    queue_lengths,
    spread_of,
)
from equipoise.review.casework.orders import FirstCome, Order
from equipoise.review.casework.queueing import Cases, Visits, run_queue
from equipoise.review.casework.staffing import Absence, Staffing, staffing
from equipoise.review.casework.underwriters import USUAL
from equipoise.review.casework.worktime import OpenTime, open_time

DAY = 86_400.0
FIRST_COME = FirstCome()
LONGEST = 100 * 365 * DAY


def simulate_authority(
    section: AuthoritySection,
    flow: pl.DataFrame | Flow,
    *,
    seed: int = 0,
    replications: int = 20,
    absences: Sequence[Absence] = (),
    order: Order = FIRST_COME,
    desk: Desk | None = None,
    progress: Progress | None = None,
) -> AuthorityReport:
    """Let a flow of cases through the levels, `replications` times.

    `flow` is a frame of cases (see `checked_flow`) or something that draws one. A case goes to
    its level, or the next above with people enough for its signatures. Service times are
    lognormal around the level's minutes_per_case, unless the flow gives `minutes`. The same seed
    draws the same cases and the same work for any section, order and desk. `order` says which case
    is taken next; with a `desk` people differ, and what they achieve is measured. Raises BadInput
    for a flow that cannot be read or ordered, and where no level could ever sign.
    """
    if replications < 1:
        raise BadInput("replications must be 1 or more", field="replications")
    watched = progress or Silent()
    runs = []
    with watched.step("who decides what") as step:
        for number, source in enumerate(np.random.SeedSequence(seed).spawn(replications)):
            runs.append(_figures(_one_run(section, flow, absences, order, desk, source=source)))
            step.advance(number + 1, replications)
    return AuthorityReport(replications, seed, gathered(runs))


def simulated_answers(
    section: AuthoritySection,
    flow: pl.DataFrame | Flow,
    desk: Desk,
    *,
    order: Order = FIRST_COME,
    seed: int = 0,
    absences: Sequence[Absence] = (),
) -> pl.DataFrame:
    """The first run of `simulate_authority` case by case, as a lender would have it on record.

    The flow's columns and `hours` of business until the answer, `changed` (a person changed the
    machine's answer), `right`, `gained` and `kept`.
    """
    (source,) = np.random.SeedSequence(seed).spawn(1)
    answers = _one_run(section, flow, absences, order, desk, source=source).answers
    if answers is None:  # pragma: no cover - a run with a desk has answers
        raise AssertionError("a desk without answers")
    return answers


@dataclass(frozen=True, slots=True)
class _Run:
    """One replication: cases in order of arrival, when and in which pool each was `done`."""

    staff: Staffing
    visits: Visits | None
    clock: OpenTime
    arrival: FloatArray
    done: FloatArray
    pool: IntArray
    answers: pl.DataFrame | None


def _one_run(
    section: AuthoritySection,
    flow: pl.DataFrame | Flow,
    absences: Sequence[Absence],
    order: Order,
    desk: Desk | None,
    *,
    source: np.random.SeedSequence,
) -> _Run:
    draws, works, eyes = (np.random.default_rng(one) for one in source.spawn(3))
    calendar = section.calendar.calendar()
    cases = checked_flow(flow if isinstance(flow, pl.DataFrame) else flow.draw(calendar, draws))
    if desk is not None:
        cases = cases.with_columns(pl.col("promised").fill_null(desk.promised))
    staff, visits, chosen = _through(section, cases, absences, order, desk, rng=works)
    arrival = cases["arrived"].to_numpy()
    done = arrival.copy()
    pool = np.full(arrival.size, -1)
    if visits is not None:
        done[chosen] = visits.end[visits.first[1:] - 1]
        pool[chosen] = visits.pool[visits.first[:-1]]
    clock = open_time(calendar, float(arrival[0]), float(done.max()))
    answers = None
    if desk is not None:
        hours = (clock.elapsed(done) - clock.elapsed(arrival)) / 3600
        chances = drawn_chances(desk, arrival.size, eyes)
        answers = judged(desk, cases, hours, chances, Signed(staff.crew, visits, chosen))
    return _Run(staff, visits, clock, arrival, done, pool, answers)


def _figures(run: _Run) -> dict[str, Values]:
    values: dict[str, Values] = {}
    window = float(run.arrival[0]), float(run.arrival[-1])
    for place, name in enumerate((SYSTEM, *run.staff.names), start=-1):
        mine = run.pool == place
        values[name] = (
            _times(run.clock, run.arrival[mine], run.done[mine])
            | _load(run.staff, run.visits, place, window)
            | _achieved(run, mine)
        )
    everyone = np.ones(run.pool.size, dtype=bool)
    values[ALL] = _times(run.clock, run.arrival, run.done) | _achieved(run, everyone)
    return values


def _achieved(run: _Run, mine: BoolArray) -> dict[str, float]:
    return {} if run.answers is None else achieved(run.answers, mine)


def _asked(section: AuthoritySection, cases: pl.DataFrame) -> tuple[IntArray, IntArray]:
    """Each case's rank (-1: the system) and signatures."""
    answers = Authority(section).level_for_frame(cases, exceptions="exceptions", product="product")
    names = [SYSTEM, *(level.name for level in section.levels)]
    ranks = {name: place - 1 for place, name in enumerate(names)}
    rank = answers["level"].replace_strict(ranks, return_dtype=pl.Int64).to_numpy()
    lowest = np.where(cases["person"].to_numpy(), 0, -1)
    return np.maximum(rank, lowest), answers["signatures"].to_numpy()


def _through(
    section: AuthoritySection,
    cases: pl.DataFrame,
    absences: Sequence[Absence],
    order: Order,
    desk: Desk | None,
    *,
    rng: np.random.Generator,
) -> tuple[Staffing, Visits | None, IntArray]:
    """The staff, what happened at each signature, and which cases went to people."""
    arrival = cases["arrived"].to_numpy()
    begin, last = float(arrival[0]), float(arrival[-1])
    crew = desk.crew if desk is not None else USUAL
    staff = staffing(section, absences, begin, last + 30 * DAY, crew)
    rank, signatures = _asked(section, cases)
    chosen = np.flatnonzero(rank >= 0)
    if not chosen.size:
        return staff, None, chosen
    needs = signatures[chosen]
    pairs = list(zip(rank[chosen].tolist(), needs.tolist(), strict=True))
    pool_of = {pair: staff.serving(*pair) for pair in set(pairs)}
    pool = np.array([pool_of[pair] for pair in pairs])
    first = np.concatenate([[0], np.cumsum(needs)])
    work = _work(section, cases["minutes"].to_numpy(), pool, needs, chosen, rng=rng)
    queued = Cases(arrival[chosen], pool, first, work)
    usual = np.array([level.minutes_per_case.value for level in section.levels])[pool]
    asked = cases[chosen].with_columns(
        expected=pl.col("expected").fill_null(pl.Series(usual)) * pl.Series(needs)
    )
    beyond = 30 * DAY
    while beyond < LONGEST:
        clock = open_time(section.calendar.calendar(), begin, last + beyond)
        visits = run_queue(queued, staff.pools, order.turns(asked, clock))
        if visits is not None:
            return staff, visits, chosen
        beyond *= 4
        staff = staffing(section, absences, begin, last + beyond, crew)
    raise BadInput(
        "the queue would take longer than a hundred years", mend="add people, or shorten the work"
    )


def _work(
    section: AuthoritySection,
    minutes: FloatArray,
    pool: IntArray,
    needs: IntArray,
    chosen: IntArray,
    *,
    rng: np.random.Generator,
) -> FloatArray:
    """Seconds of work for each signature, case by case; drawn for all cases, whoever serves."""
    mean = np.array([level.minutes_per_case.value for level in section.levels])[pool]
    variance = np.log1p(np.array([level.spread for level in section.levels])[pool] ** 2)
    stated = minutes[chosen]
    columns = []
    for _ in range(int(needs.max())):
        shape = rng.standard_normal(minutes.size)[chosen]
        drawn = mean * np.exp(np.sqrt(variance) * shape - variance / 2)
        columns.append(60.0 * np.where(np.isnan(stated), drawn, stated))
    work = np.column_stack(columns)
    seconds: FloatArray = work[np.arange(work.shape[1]) < needs[:, None]]
    return seconds


def _times(clock: OpenTime, arrival: FloatArray, done: FloatArray) -> dict[str, float]:
    business = (clock.elapsed(done) - clock.elapsed(arrival)) / 3600
    # a signature that ends with the day belongs to it
    same = clock.working_day(done) == clock.working_day(arrival)
    return {
        "arrivals": float(arrival.size),
        "same_day": float(same.mean()) if arrival.size else math.nan,
        **spread_of("business", business),
        **spread_of("calendar", (done - arrival) / 3600),
    }


def _load(
    staff: Staffing, visits: Visits | None, place: int, window: tuple[float, float]
) -> dict[str, float]:
    """Utilisation, work and queue of a pool between the first and the last arrival."""
    if place < 0:
        return {}
    clock = staff.clocks[place]
    begin, end = (float(each) for each in clock.elapsed(np.array(window)))
    ready = start = done = np.zeros(0)
    if visits is not None:
        mine = visits.pool == place
        ready, start, done = (
            clock.elapsed(each[mine]) for each in (visits.ready, visits.start, visits.end)
        )
    open_seconds = staff.people[place] * (end - begin) - staff.away_seconds(place, *window)
    busy = float((np.clip(done, begin, end) - np.clip(start, begin, end)).sum())
    rate = float(staff.pools.rate[place])
    return {
        "utilisation": busy / open_seconds if open_seconds > 0 else math.nan,
        "work_hours": float((done - start).sum()) * rate / 3600,
        **queue_lengths(ready, start, begin, end),
    }
