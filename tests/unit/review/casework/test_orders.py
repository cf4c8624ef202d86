"""The order of a queue against theory: Smith, Cobham, c-mu, Van Mieghem; and nobody starves."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.authority import AuthoritySection
from equipoise.errors import BadInput
from equipoise.experience.calendar import WEEKDAYS
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.review.casework.orders import ByValue, FirstCome, Order
from equipoise.review.casework.priority import Waiting, ordered
from equipoise.review.casework.queueing import Cases, Turns, Visits, run_queue
from equipoise.review.casework.staffing import staffing
from equipoise.review.casework.worktime import open_time

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
START = MONDAY.timestamp()
DAY = 86_400.0
ALWAYS = {"hours": dict.fromkeys(WEEKDAYS, "00:00-24:00")}
NIGHT = {"name": "a", "staff": 1, "hours_per_day": 24}
OFFICE = {"name": "a", "staff": 1, "hours_per_day": 8}


class Fixed:
    """An order by a number per case, whatever the time."""

    def __init__(self, worth: Array) -> None:
        self.worth = np.asarray(worth, dtype=np.float64)

    def turns(self, cases: pl.DataFrame, clock: object) -> Turns:
        size = self.worth.size
        never = np.full(size, np.inf)
        opens = np.array([START])
        return Turns(self.worth, np.zeros(size), np.zeros(size), never, opens, opens, np.zeros(1))


def through(
    order: Order,
    arrival: Array,
    work: Array,
    level: dict[str, object],
    *,
    needs: int = 1,
    always: bool = True,
    **columns: Array,
) -> tuple[Visits, FloatArray]:
    """Visits, and seconds of open time that each case waited until it was first begun."""
    more = {"calendar": ALWAYS} if always else {}
    section = AuthoritySection.model_validate(
        {"levels": [level], "matrix": [{"level": level["name"]}], **more}
    )
    calendar = section.calendar.calendar()
    last = float(arrival[-1]) + float(np.sum(work)) * 4 + 60 * DAY
    staff = staffing(section, (), float(arrival[0]), last)
    size = len(arrival)
    cases = Cases(arrival, np.zeros(size, np.int64), np.arange(size + 1) * needs, work)
    known = {"stake": np.ones(size), "chance": np.ones(size), "promised": np.full(size, 8.0)}
    frame = pl.DataFrame({"arrived": arrival, **known, **columns})
    clock = open_time(calendar, float(arrival[0]), last)
    visits = run_queue(cases, staff.pools, order.turns(frame, clock))
    assert visits is not None
    return visits, clock.elapsed(visits.start[::needs]) - clock.elapsed(arrival)


@settings(max_examples=40)
@given(jobs=st.lists(st.tuples(st.integers(1, 20), st.integers(60, 9_000)), min_size=1, max_size=6))
def test_with_all_cases_there_the_order_costs_least_of_all_orders(
    jobs: list[tuple[int, int]],
) -> None:
    """Smith 1956: all permutations tried, each hour of waiting until the answer at its cost."""
    cost = np.array([each for each, _ in jobs], dtype=np.float64)
    work = np.array([each for _, each in jobs], dtype=np.float64)
    arrival = START + 8 * 3600 + np.arange(len(jobs), dtype=np.float64)
    order = ByValue(leaving=1.0, late=0.0, longest=1e9)
    visits, waited = through(
        order, arrival, work, OFFICE, always=False, stake=cost, expected=work / 60
    )
    assert visits.person.min() == 0
    least = min(
        sum(cost[k] * done for k, done in zip(way, np.cumsum(work[list(way)]), strict=True))
        for way in permutations(range(len(jobs)))
    )
    # arrival before the office opens counts nothing
    assert cost @ (waited + work) == pytest.approx(least, rel=1e-6)


def cobham(rates: Array, means: Array, second: Array, way: tuple[int, ...]) -> FloatArray:
    """Mean waits by class in M/G/1 where `way` names the classes, first served first (1954)."""
    left = float(rates @ second) / 2
    waits, before = np.zeros(len(rates)), 0.0
    for k in way:
        after = before + rates[k] * means[k]
        waits[k] = left / ((1 - before) * (1 - after))
        before = after
    return waits


def test_waits_are_cobhams_and_the_c_mu_rule_is_the_best_of_all_static_orders() -> None:
    rng = np.random.default_rng(3)
    rates, means = np.array([1.0, 0.5, 0.25]) / 4000, np.array([600.0, 1_800.0, 3_600.0])
    costs = np.array([1.0, 6.0, 2.0])
    size = 100_000
    arrival = START + np.cumsum(rng.exponential(1 / rates.sum(), size))
    kind = rng.choice(3, size, p=rates / rates.sum())
    work = rng.exponential(means[kind])
    found, theory = {}, {}
    for way in permutations(range(3)):
        place = np.argsort(way)
        _, waited = through(Fixed(-place[kind]), arrival, work, NIGHT)
        waits = np.array([waited[kind == k].mean() for k in range(3)])
        expected = cobham(rates, means, 2 * means**2, way)
        np.testing.assert_allclose(waits, expected, rtol=0.08)
        found[way], theory[way] = float(waits @ (rates * costs)), float(expected @ (rates * costs))
    rule = tuple(np.argsort(-costs / means))
    assert min(theory, key=theory.__getitem__) == min(found, key=found.__getitem__) == rule
    # and that is what the order by value does, given costs and mean work
    _, waited = through(
        ByValue(leaving=1.0, late=0.0, longest=1e9), arrival, work, NIGHT,
        stake=costs[kind], expected=means[kind] / 60,
    )  # fmt: skip
    waits = np.array([waited[kind == k].mean() for k in range(3)])
    assert float(waits @ (rates * costs)) == pytest.approx(found[rule], rel=1e-9)


def test_with_many_people_waits_are_those_of_m_m_c_with_priorities() -> None:
    rng = np.random.default_rng(4)
    people, load, mean, size = 4, 3.4, 600.0, 150_000
    arrival = START + np.cumsum(rng.exponential(mean / load, size))
    work = rng.exponential(mean, size)
    first = rng.random(size) < 0.4
    level = {**NIGHT, "staff": people}
    terms = [load**k / math.factorial(k) for k in range(people)]
    last = load**people / math.factorial(people) * people / (people - load)
    some = last / (sum(terms) + last) * mean / people  # Erlang C x mean time to the next free
    busy = load / people
    _, waited = through(Fixed(first), arrival, work, level)
    assert waited[first].mean() == pytest.approx(some / (1 - 0.4 * busy), rel=0.05)
    rest = some / ((1 - 0.4 * busy) * (1 - busy))
    assert waited[~first].mean() == pytest.approx(rest, rel=0.08)
    # of alike cases no order changes the mean wait
    _, in_turn = through(FirstCome(), arrival, work, level)
    assert waited.mean() == pytest.approx(in_turn.mean(), rel=0.02)
    assert in_turn.mean() == pytest.approx(some / (1 - busy), rel=0.05)


def test_where_cost_grows_with_the_wait_the_generalised_rule_beats_every_fixed_order() -> None:
    """Van Mieghem 1995: cost c t² / 2, so c t / m is compared, and waits stay in proportion."""
    rng = np.random.default_rng(5)
    mean, size = np.array([600.0, 1_200.0]), 100_000
    cost = np.array([1.0, 4.0])
    kind = rng.integers(2, size=size)
    work = rng.exponential(mean[kind])
    arrival = START + np.cumsum(rng.exponential(900.0 / 0.95, size))
    # `late` x minutes / promised is the slope of an hour's cost: here cost[kind]
    rule = ByValue(leaving=0.0, late=1.0, near=0.0, longest=1e9)
    columns = {"expected": mean[kind] / 60, "promised": 1 / cost[kind]}

    def costs(waited: FloatArray) -> float:
        return float((cost[kind] * (waited / 3600) ** 2).mean())

    _, waited = through(rule, arrival, work, NIGHT, **columns)
    others = {
        name: costs(through(order, arrival, work, NIGHT)[1])
        for name, order in {
            "in turn": FirstCome(), "first kind": Fixed(kind == 0), "second kind": Fixed(kind == 1),
        }.items()
    }  # fmt: skip
    assert costs(waited) < 0.97 * min(others.values())
    # as the queue grows busy, c w / m is the same for both kinds
    proportion = waited[kind == 0].mean() / waited[kind == 1].mean()
    assert proportion == pytest.approx((cost[1] / mean[1]) / (cost[0] / mean[0]), rel=0.1)


@given(seed=st.integers(0, 10_000), people=st.integers(1, 3))
@settings(max_examples=20)
def test_where_only_the_wait_counts_and_all_are_alike_it_is_first_come_first_served(
    seed: int, people: int
) -> None:
    rng = np.random.default_rng(seed)
    arrival = START + np.sort(rng.uniform(0, 2 * DAY, 30))
    level = {**OFFICE, "staff": people}
    work = rng.exponential(2_000, 30)
    order = ByValue(leaving=0.0, near=0.0)
    _, waited = through(order, arrival, work, level, always=False, expected=np.ones(30))
    _, in_turn = through(FirstCome(), arrival, work, level, always=False)
    np.testing.assert_allclose(waited, in_turn, atol=1e-3)


def test_joint_signatures_are_of_different_people_in_any_order() -> None:
    rng = np.random.default_rng(6)
    arrival = START + np.sort(rng.uniform(0, 2 * DAY, 60))
    level = {**OFFICE, "staff": 3}
    found, _ = through(
        ByValue(), arrival, rng.exponential(2_000, 120), level, needs=2, always=False,
        stake=rng.lognormal(7, 1, 60), expected=np.ones(60),
    )  # fmt: skip
    assert all(len(set(row)) == 2 for row in found.person.reshape(60, 2).tolist())
    start, end = found.start.reshape(60, 2), found.end.reshape(60, 2)
    assert (start[:, 1] >= end[:, 0]).all()


@given(
    seed=st.integers(0, 10_000),
    people=st.integers(1, 3),
    busy=st.floats(0.5, 1.5),
    longest=st.floats(1, 6),
)
@settings(max_examples=60)
def test_nobody_starves(seed: int, people: int, busy: float, longest: float) -> None:
    """Once a case has waited the longest, nobody who came later is begun before it: so it waits
    that and no more than three of the longest cases longer than it would first come first served.
    """
    rng = np.random.default_rng(seed)
    size = 60
    work = rng.exponential(1_800, size)
    arrival = START + np.cumsum(rng.exponential(1_800 / people / busy, size))
    stake = np.where(rng.random(size) < 0.2, 0.0, rng.lognormal(6, 2, size))  # some worth nothing
    level = {**NIGHT, "staff": people}
    promised = 1.0
    order = ByValue(leaving=0.02, late=float(rng.choice([0.0, 5.0])), longest=longest)
    found, waited = through(
        order, arrival, work, level, stake=stake, expected=work / 60,
        promised=np.full(size, promised),
    )  # fmt: skip
    bound = longest * promised * 3600
    for k in range(size):
        later = (np.arange(size) > k) & (found.start >= arrival[k] + bound + 1e-3)
        assert not (later & (found.start < found.start[k] - 1e-3)).any()
    _, in_turn = through(FirstCome(), arrival, work, level)
    assert (waited <= in_turn + bound + 3 * work.max() + 1e-3).all()


@given(seed=st.integers(0, 10_000), needs=st.integers(1, 2), more=st.integers(0, 1))
@settings(max_examples=40)
def test_the_simulation_takes_the_case_that_a_desk_is_told_to_take(
    seed: int, needs: int, more: int
) -> None:
    rng = np.random.default_rng(seed)
    size, people = 25, needs + more
    arrival = START + np.sort(rng.choice(3 * 86_400, size, replace=False) + 0.5)
    work = rng.exponential(4_000 * people / needs, size * needs)
    stake, chance = rng.lognormal(7, 1, size), rng.uniform(0, 1, size)
    minutes, promised = rng.uniform(5, 90, size), rng.choice([2.0, 8.0, 20.0], size)
    order = ByValue(leaving=0.02, late=10.0, near=0.3, longest=2.0)
    visits, _ = through(
        order, arrival, work, {**OFFICE, "staff": people}, needs=needs, always=False,
        stake=stake, chance=chance, expected=minutes, promised=promised,
    )  # fmt: skip
    calendar = AuthoritySection.model_validate(
        {"levels": [OFFICE], "matrix": [{"level": "a"}]}
    ).calendar.calendar()
    cases = [
        Waiting(str(k), instant(arrival[k]), stake[k], chance[k], minutes[k], promised[k])
        for k in range(size)
    ]
    signers = visits.person.reshape(size, needs)
    for v in range(size * needs):
        at, who = visits.start[v], visits.person[v]
        # what waited when this person took it: not what a colleague took at the same opening
        waited = (visits.ready <= at) & (
            (visits.start > at) | ((visits.start == at) & (visits.person >= who))
        )
        there = [
            cases[w // needs]
            for w in np.flatnonzero(waited)
            if who not in signers[w // needs, : w % needs]
        ]
        first = ordered(there, instant(at), calendar=calendar, order=order)[0]
        assert first.key == str(v // needs)


def instant(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=float(seconds) - START)


def test_a_policy_that_cannot_be_and_a_flow_that_cannot_be_ordered_are_refused() -> None:
    for values, words in (
        ({"leaving": 1.5}, "`leaving` is 1.5"),
        ({"late": -1.0}, "money of 0 or more"),
        ({"near": 1.0}, "from 0 to below 1"),
        ({"longest": 0.5}, "1 or more"),
    ):
        with pytest.raises(BadInput, match=words):
            ByValue(**values)
    with pytest.raises(BadInput, match="`expected` of every case"):
        through(ByValue(), np.array([START]), np.ones(1), NIGHT, expected=np.array([None]))
