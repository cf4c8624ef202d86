"""How long is left to wait: by hand on small numbers, and against later arrivals on many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.documents import read_document
from equipoise.errors import BadInput
from equipoise.experience import ExperienceDocument
from equipoise.experience.document import WaitsFor
from equipoise.experience.log import CaseLog, prepare
from equipoise.journey import Arrival, Arrivals, arrival_sentence, stage_waits
from equipoise.journey.arrival import LEAST
from equipoise.simulation import simulate

# Five waits, the second and the last not ended. By hand S(1) = 4/5, S(3) = 4/5 * 2/3 = 8/15,
# S(4) = 8/15 * 1/2 = 4/15; repeated, the curve stays the same.
HAND = [(1.0, True), (2.0, False), (3.0, True), (4.0, True), (5.0, False)]


def arrivals_of(waits: Sequence[tuple[float, bool]], stage: str = "review") -> Arrivals:
    durations, observed = (np.array(column) for column in zip(*waits, strict=True))
    return Arrivals.fit(durations, observed, [stage] * len(waits))


@pytest.fixture(scope="module")
def hand() -> Arrivals:
    return arrivals_of(HAND * LEAST)


def test_the_quantiles_are_those_of_the_curve_by_hand(hand: Arrivals) -> None:
    assert hand.quantiles("review") == (1.0, 4.0, None)
    assert hand.quantiles("review", 0.0, (0.4, 0.46, 0.47, 0.7)) == (3.0, 3.0, 4.0, 4.0)


def test_what_is_left_is_reckoned_from_those_who_waited_as_long(hand: Arrivals) -> None:
    # S(3) / S(2) = 2/3, S(4) / S(2) = 1/3
    assert hand.quantiles("review", 2.0, (0.1, 0.5, 0.66, 0.7)) == (1.0, 2.0, 2.0, None)
    # S(4) / S(3) = 1/2
    assert hand.quantiles("review", 3.0, (0.1, 0.5, 0.9)) == (1.0, 1.0, None)


def test_beyond_what_is_known_the_wait_is_only_longer(hand: Arrivals) -> None:
    arrival = hand.after("review", 2.0)
    assert arrival is not None
    assert arrival.wait(0.9) is None
    assert (arrival.beyond, arrival.group, arrival.arrivals) == (3.0, "review", 2 * LEAST)


def test_cases_still_open_make_the_wait_longer() -> None:
    ended = [(float(t), True) for t in range(1, 101)]
    still_open = [(50.0, False)] * 100
    assert arrivals_of(ended).quantiles("review") == (10.0, 50.0, 90.0)
    half = arrivals_of(ended + still_open).quantiles("review", 0.0, (0.5,))[0]
    assert half is not None
    # S(50) = 1 - 50/200; of the 50 then at risk, two thirds are left at half of all
    assert half == 67.0


def test_nothing_is_promised_from_few() -> None:
    few = arrivals_of([(float(t), True) for t in range(1, LEAST)])
    assert few.after("review") is None
    assert few.quantiles("review") == (None, None, None)
    enough = arrivals_of([(float(t), True) for t in range(1, LEAST + 1)])
    assert enough.after("review") is not None
    assert enough.after("review", 1.0) is None
    assert enough.after("another stage") is None


def test_few_waits_are_answered_for_by_the_wider_group() -> None:
    many = [(float(t), True) for t in range(1, 101)]
    few = [(1000.0, True)] * 5
    durations, observed = (np.array(column) for column in zip(*many, *few, strict=True))
    stages = ["review/short"] * 100 + ["review/long"] * 5
    arrivals = Arrivals.fit(durations, observed, stages)
    long, short = arrivals.after("review/long"), arrivals.after("review/short")
    assert long is not None
    assert short is not None
    assert (long.group, long.arrivals) == ("review", 105)
    assert (short.group, short.arrivals) == ("review/short", 100)
    assert arrivals.after("review/new") == long
    assert arrivals.after("other/short") is None


@given(
    st.lists(st.tuples(st.floats(0, 1000), st.booleans()), min_size=1, max_size=60),
    st.floats(0, 900),
)
def test_waits_rise_with_the_share_and_none_is_past(
    waits: list[tuple[float, bool]], elapsed: float
) -> None:
    arrivals = arrivals_of(waits * LEAST)
    arrival = arrivals.after("review", elapsed)
    if arrival is None:
        assert not any(ended and wait > elapsed for wait, ended in waits)
        return
    reached = [wait for wait in arrival.waits if wait is not None]
    assert all(0 <= wait <= arrival.beyond for wait in reached)
    assert all(one <= other for one, other in pairwise(reached))
    assert arrival.waits[: len(reached)] == tuple(reached)


def test_waits_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadInput):
        arrivals_of([(-1.0, True)])
    with pytest.raises(BadInput):
        Arrivals.fit(np.array([1.0]), np.array([True, False]), ["a"])
    with pytest.raises(BadInput):
        arrivals_of(HAND).quantiles("review", 0.0, (0.0,))


def told(half: float | None, most: float | None, beyond: float, language: str = "en") -> str:
    return arrival_sentence(Arrival((0.5, 0.9), (half, most), beyond, "x", 60), language)


def test_arrivals_are_told_in_words_no_sooner_than_is_known() -> None:
    assert told(61.2, 1500.0, 9e9) == (
        "Half of those at this point have their answer within 62 minutes, "
        "nine in ten within 25 hours."
    )
    assert told(0.2, None, 6000.0) == (
        "Half of those at this point have their answer within 1 minute; at least one in ten waits "
        "longer than 4 days."
    )
    assert told(None, None, 179.0) == (
        "At least half of those at this point wait longer than 2 hours."
    )
    assert told(None, None, 119.0).endswith("longer than 119 minutes.")
    assert told(None, None, 120.0).endswith("longer than 2 hours.")
    assert told(None, None, 2880.0).endswith("longer than 2 days.")
    assert told(2881.0, 2881.0, 1.0, "zh") == (
        "处于这一步的申请，一半在 3 天内得到答复，九成在 3 天内得到答复。"
    )
    assert "too few" in arrival_sentence(None, "en")
    assert arrival_sentence(None, "zh").startswith("目前还无法说明")


@pytest.fixture(scope="module")
def document() -> ExperienceDocument:
    path = files("equipoise.examples") / "demo" / "experience.yaml"
    return read_document(path, ExperienceDocument).value  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def periods(document: ExperienceDocument) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Waits of a synthetic lender: as known by a day, and those that began later and ended."""
    events = simulate(20_000, seed=15).events().rename({"application_id": "case"})
    times = events["time"].sort()
    day = times[int(len(times) * 0.6)]
    past = stage_waits(prepare(document, events.filter(pl.col("time") <= day)))
    later = stage_waits(prepare(document, events)).filter("answered", pl.col("entered") > day)
    return past, later


def minutes(waits: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    lasted = (waits["until"] - waits["entered"]).dt.total_microseconds()
    return lasted.to_numpy() / 60e6  # type: ignore[no-any-return]


def covered(
    arrivals: Arrivals, waits: pl.DataFrame, elapsed: float = 0.0
) -> tuple[int, float, float]:
    """Of waits longer than `elapsed`: how many, shares before p90 and between p10 and p90."""
    rows = [(s, t - elapsed) for s, t in zip(waits["stage"], minutes(waits), strict=True)]
    left = [(stage, time) for stage, time in rows if time > 0]
    promised = {stage: arrivals.quantiles(stage, elapsed) for stage in {s for s, _ in left}}
    before = between = 0
    for stage, time in left:
        low, _, high = promised[stage]
        assert low is not None
        assert high is not None
        before += time <= high
        between += low <= time <= high
    return len(left), before / len(left), between / len(left)


def test_later_arrivals_keep_the_times_told(periods: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    past, later = periods
    assert not past["answered"].all()
    arrivals = Arrivals.fit(minutes(past), past["answered"].to_numpy(), past["stage"].to_list())
    first = later.filter(pl.col("stage") == "application_form:schedule")
    n, before, between = covered(arrivals, first)
    assert n >= 2000
    assert 0.85 <= before <= 0.95
    assert 0.75 <= between <= 0.85
    # recomputed whenever a case enters its next stage
    stages = later.group_by("stage").len().filter(pl.col("len") >= 2000)["stage"].to_list()
    assert len(stages) >= 6
    for stage in stages:
        _, before, between = covered(arrivals, later.filter(pl.col("stage") == stage))
        assert 0.85 <= before <= 0.95, stage
        assert 0.75 <= between <= 0.85, stage
    # and again a day later, for those who still wait
    n, before, between = covered(arrivals, first, timedelta(days=1) / timedelta(minutes=1))
    assert n >= 2000
    assert 0.85 <= before <= 0.95
    assert 0.75 <= between <= 0.85


def test_a_case_s_waits_end_with_its_answer(document: ExperienceDocument) -> None:
    story = [
        ("a", "application_form", "schedule", 0),
        ("a", "application_form", "complete", 10),
        ("a", "offer_made", "complete", 60),
        ("a", "offer_accepted", "complete", 90),
        ("b", "application_form", "schedule", 0),
        ("b", "abandoned", "complete", 30),
        ("c", "application_form", "schedule", 70),
    ]
    nine = datetime(2026, 1, 5, 9)
    events = pl.DataFrame(
        [(case, name, part, nine + timedelta(minutes=at)) for case, name, part, at in story],
        schema=["case", "activity", "lifecycle", "time"],
        orient="row",
    )
    stops = [("a", 90), ("b", 30), ("c", 100)]
    cases = pl.DataFrame(
        [(case, nine + timedelta(minutes=at)) for case, at in stops],
        schema=["case", "stop"],
        orient="row",
    )
    assert document.log is not None
    waits = stage_waits(CaseLog(events, cases, document.log))
    rows = zip(waits["case"], waits["stage"], minutes(waits), waits["answered"], strict=True)
    assert list(rows) == [
        ("a", "application_form:schedule", 60.0, True),
        ("a", "application_form:complete", 50.0, True),
        ("b", "application_form:schedule", 30.0, False),
        ("c", "application_form:schedule", 30.0, False),
    ]


def test_a_document_that_names_no_stages_is_told_so(document: ExperienceDocument) -> None:
    assert document.log is not None
    section = document.log.model_copy(update={"waits_for": WaitsFor()})
    with pytest.raises(BadInput, match="whose turn"):
        stage_waits(CaseLog(pl.DataFrame(), pl.DataFrame(), section))
