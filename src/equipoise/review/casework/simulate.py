"""Who decides what, and how long it takes: the matrix, the people and a flow, put together."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from equipoise.authority.document import SYSTEM, AuthoritySection
from equipoise.authority.matrix import Authority
from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.progress import Progress, Silent
from equipoise.review.casework.arrivals import Flow, checked_flow
from equipoise.review.casework.figures import (
    ALL,
    AuthorityReport,
    Values,
    gathered,
    queue_lengths,
    spread_of,
)
from equipoise.review.casework.queueing import Cases, Visits, run_queue
from equipoise.review.casework.staffing import Absence, Staffing, staffing
from equipoise.review.casework.worktime import OpenTime, open_time

DAY = 86_400.0
LONGEST = 100 * 365 * DAY


def simulate_authority(
    section: AuthoritySection,
    flow: pl.DataFrame | Flow,
    *,
    seed: int = 0,
    replications: int = 20,
    absences: Sequence[Absence] = (),
    progress: Progress | None = None,
) -> AuthorityReport:
    """Let a flow of cases through the levels, `replications` times.

    `flow` is a frame of cases (see `checked_flow`) or something that draws one. A case goes to
    its level, or the next above with people enough for its signatures. Service times are
    lognormal around the level's minutes_per_case, unless the flow gives `minutes`. The same seed
    draws the same cases and the same work for any section. Raises BadInput for a flow that cannot
    be read, and where no level could ever sign.
    """
    if replications < 1:
        raise BadInput("replications must be 1 or more", field="replications")
    watched = progress or Silent()
    calendar = section.calendar.calendar()
    runs = []
    with watched.step("who decides what") as step:
        for number, source in enumerate(np.random.SeedSequence(seed).spawn(replications)):
            draws, works = (np.random.default_rng(one) for one in source.spawn(2))
            cases = checked_flow(
                flow if isinstance(flow, pl.DataFrame) else flow.draw(calendar, draws)
            )
            runs.append(_one_run(section, cases, absences, works))
            step.advance(number + 1, replications)
    return AuthorityReport(replications, seed, gathered(runs))


def _one_run(
    section: AuthoritySection,
    cases: pl.DataFrame,
    absences: Sequence[Absence],
    rng: np.random.Generator,
) -> dict[str, Values]:
    arrival = cases["arrived"].to_numpy()
    staff, visits, chosen = _through(section, cases, absences, rng)
    done = arrival.copy()
    pool = np.full(arrival.size, -1)
    if visits is not None:
        done[chosen] = visits.end[visits.first[1:] - 1]
        pool[chosen] = visits.pool[visits.first[:-1]]
    clock = open_time(section.calendar.calendar(), float(arrival[0]), float(done.max()))
    values: dict[str, Values] = {}
    window = float(arrival[0]), float(arrival[-1])
    for place, name in enumerate((SYSTEM, *staff.names), start=-1):
        mine = pool == place
        values[name] = _times(clock, arrival[mine], done[mine]) | _load(
            staff, visits, place, window
        )
    values[ALL] = _times(clock, arrival, done)
    return values


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
    rng: np.random.Generator,
) -> tuple[Staffing, Visits | None, IntArray]:
    """The staff, what happened at each signature, and which cases went to people."""
    arrival = cases["arrived"].to_numpy()
    begin, last = float(arrival[0]), float(arrival[-1])
    staff = staffing(section, absences, begin, last + 30 * DAY)
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
    beyond = 30 * DAY
    while beyond < LONGEST:
        visits = run_queue(queued, staff.pools)
        if visits is not None:
            return staff, visits, chosen
        beyond *= 4
        staff = staffing(section, absences, begin, last + beyond)
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
