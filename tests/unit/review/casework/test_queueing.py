"""The queue against theory: Kiefer and Wolfowitz, Erlang C, Little; and the people's own rules."""

from __future__ import annotations

import heapq
import math
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.authority import AuthoritySection
from equipoise.experience.calendar import WEEKDAYS
from equipoise.review.casework.figures import queue_lengths
from equipoise.review.casework.queueing import Cases, Visits, run_queue
from equipoise.review.casework.simulate import simulate_authority
from equipoise.review.casework.staffing import Absence, Staffing, staffing

MONDAY = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
DAY = 86_400.0
ALWAYS = {"hours": dict.fromkeys(WEEKDAYS, "00:00-24:00")}


def section(*levels: dict[str, Any], **more: Any) -> AuthoritySection:
    matrix = [{"level": levels[0]["name"]}]
    return AuthoritySection.model_validate({"levels": levels, "matrix": matrix, **more})


def through(staff: Staffing, arrival: Any, work: Any, needs: int = 1, pool: int = 0) -> Visits:
    count = len(arrival)
    cases = Cases(
        np.array(arrival, dtype=np.float64),
        np.full(count, pool, dtype=np.int64),
        np.arange(count + 1, dtype=np.int64) * needs,
        np.array(work, dtype=np.float64),
    )
    visits = run_queue(cases, staff.pools)
    assert visits is not None
    return visits


def waits_by_recursion(arrival: Any, work: Any, people: int) -> list[float]:
    """First come, first served with many servers: Kiefer and Wolfowitz 1955."""
    free = [0.0] * people
    heapq.heapify(free)
    found = []
    for came, lasts in zip(arrival, work, strict=True):
        start = max(came, heapq.heappop(free))
        heapq.heappush(free, start + lasts)
        found.append(start - came)
    return found


@settings(max_examples=60)
@given(
    gaps=st.lists(st.floats(0, 40_000), min_size=1, max_size=40),
    people=st.integers(1, 4),
    seed=st.integers(0, 1000),
)
def test_waits_in_working_hours_are_those_of_the_recursion(
    gaps: list[float], people: int, seed: int
) -> None:
    rules = section({"name": "a", "staff": people, "hours_per_day": 8})
    arrival = MONDAY + np.cumsum(gaps)
    work = np.random.default_rng(seed).exponential(7_000, arrival.size)
    staff = staffing(rules, (), arrival[0], arrival[-1] + 90 * DAY)
    visits = through(staff, arrival, work)
    clock = staff.clocks[0]
    expected = waits_by_recursion(clock.elapsed(arrival), work, people)
    waited = clock.elapsed(visits.start) - clock.elapsed(visits.ready)
    np.testing.assert_allclose(waited, expected, atol=1e-3)
    # every second of work is done, and only while the office is open
    worked = clock.elapsed(visits.end) - clock.elapsed(visits.start)
    np.testing.assert_allclose(worked, work, atol=1e-3)
    # Little's law, with the number waiting counted from the events alone
    begin, end = 0.0, float(clock.elapsed(visits.end).max())
    lengths = queue_lengths(clock.elapsed(visits.ready), clock.elapsed(visits.start), begin, end)
    assert lengths["queue_mean"] * (end - begin) == pytest.approx(sum(expected), abs=0.1)


def erlang_c(people: int, load: float) -> float:
    """The probability to wait in M/M/c; `load` in Erlang."""
    terms = [load**k / math.factorial(k) for k in range(people)]
    last = load**people / math.factorial(people) * people / (people - load)
    return last / (sum(terms) + last)


@pytest.mark.parametrize(("people", "load"), [(1, 0.7), (3, 2.4), (10, 8.0)])
def test_waiting_time_is_that_of_erlang_c(people: int, load: float) -> None:
    rng = np.random.default_rng(5)
    size, minutes = 200_000, 10.0
    arrival = MONDAY + np.cumsum(rng.exponential(60 * minutes / load, size))
    flow = pl.DataFrame(
        {
            "arrived_at": pl.Series((arrival * 1e6).astype(np.int64)).cast(pl.Datetime("us")),
            "amount": np.ones(size),
            "grade": ["A"] * size,
            "minutes": rng.exponential(minutes, size),
        }
    )
    level = {"name": "a", "staff": people, "hours_per_day": 24}
    found = simulate_authority(section(level, calendar=ALWAYS), flow, replications=1).level("a")
    wait = erlang_c(people, load) * minutes / 60 / (people - load)
    assert found["calendar_mean"].mean == pytest.approx(wait + minutes / 60, rel=0.03)
    assert found["business_mean"].mean == pytest.approx(found["calendar_mean"].mean)
    assert found["queue_mean"].mean == pytest.approx(load / (minutes / 60) * wait, rel=0.05)
    assert found["utilisation"].mean == pytest.approx(load / people, rel=0.01)
    assert found["work_hours"].mean == pytest.approx(flow["minutes"].sum() / 60)


@given(seed=st.integers(0, 50), people=st.integers(2, 5), needs=st.integers(2, 3))
@settings(max_examples=30)
def test_joint_signatures_are_of_different_people_one_after_the_other(
    seed: int, people: int, needs: int
) -> None:
    people = max(people, needs)
    rng = np.random.default_rng(seed)
    arrival = MONDAY + np.sort(rng.uniform(0, 3 * DAY, 30))
    rules = section({"name": "a", "staff": people})
    staff = staffing(rules, (), arrival[0], arrival[-1] + 90 * DAY)
    visits = through(staff, arrival, rng.exponential(3_000, 30 * needs), needs)
    signers = visits.person.reshape(30, needs)
    assert all(len(set(row)) == needs for row in signers.tolist())
    start, end = visits.start.reshape(30, needs), visits.end.reshape(30, needs)
    assert (start[:, 1:] >= end[:, :-1]).all()
    # nobody is in two places at once
    for person in range(people):
        mine = visits.person == person
        order = np.argsort(visits.start[mine])
        assert (visits.start[mine][order][1:] >= visits.end[mine][order][:-1] - 1e-6).all()


def test_a_persons_other_work_stretches_the_case_over_the_day() -> None:
    rules = section({"name": "a", "staff": 1, "hours_per_day": 4})
    staff = staffing(rules, (), MONDAY, MONDAY + 30 * DAY)
    visits = through(staff, [MONDAY + 9 * 3600], [3_600.0])
    assert visits.end[0] == MONDAY + 11 * 3600  # an hour of work, half of each open hour


def test_who_is_away_signs_nothing_and_the_case_waits_or_goes_to_the_delegate() -> None:
    levels = ({"name": "a", "staff": 1}, {"name": "b", "staff": 1})
    rules = section(*levels)
    away = Absence("b", date(2026, 1, 5), date(2026, 1, 6))
    staff = staffing(rules, (away,), MONDAY, MONDAY + 30 * DAY)
    visits = through(staff, [MONDAY + 36_000], [600.0], pool=1)
    assert visits.start[0] == MONDAY + 2 * DAY + 9 * 3600
    lent = Absence("b", date(2026, 1, 5), date(2026, 1, 6), delegated_to="a")
    staff = staffing(rules, (lent,), MONDAY, MONDAY + 30 * DAY)
    visits = through(staff, [MONDAY + 36_000, MONDAY + 2 * DAY + 36_000], [600.0] * 2, pool=1)
    assert visits.pool.tolist() == [0, 1]
    assert visits.start[0] == MONDAY + 36_000


def test_half_the_cases_go_to_the_delegate_of_one_in_two() -> None:
    rules = section({"name": "a", "staff": 5}, {"name": "b", "staff": 2})
    lent = Absence("b", date(2026, 1, 5), date(2026, 1, 9), delegated_to="a")
    staff = staffing(rules, (lent,), MONDAY, MONDAY + 60 * DAY)
    arrival = MONDAY + 36_000 + np.arange(40) * 60.0
    visits = through(staff, arrival, np.full(40, 60.0), pool=1)
    assert np.bincount(visits.pool).tolist() == [20, 20]
    # a case for two signatures stays where two people can be
    alone = section({"name": "a", "staff": 1}, {"name": "b", "staff": 2})
    staff = staffing(alone, (lent,), MONDAY, MONDAY + 60 * DAY)
    visits = through(staff, arrival, np.full(80, 60.0), needs=2, pool=1)
    assert set(visits.pool.tolist()) == {1}


def test_work_past_the_calendars_end_is_told_so_that_it_can_be_longer() -> None:
    staff = staffing(section({"name": "a", "staff": 1}), (), MONDAY, MONDAY + DAY)
    cases = Cases(np.array([MONDAY]), np.zeros(1, np.int64), np.array([0, 1]), np.array([1e9]))
    assert run_queue(cases, staff.pools) is None
