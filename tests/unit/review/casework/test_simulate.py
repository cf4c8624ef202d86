"""The simulation as a lender uses it: flows, levels, what moves when limits or staff move."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.authority import AuthoritySection
from equipoise.errors import BadInput
from equipoise.experience.calendar import BusinessCalendar
from equipoise.review.casework.arrivals import SyntheticFlow, checked_flow, flow_from_decisions
from equipoise.review.casework.figures import estimate, queue_lengths
from equipoise.review.casework.simulate import simulate_authority
from equipoise.review.casework.staffing import Absence
from equipoise.review.casework.whatif import Change, changed, what_if
from equipoise.review.casework.worktime import open_time

DATA: dict[str, Any] = {
    "levels": [
        {"name": "underwriter", "staff": 4, "minutes_per_case": 40},
        {"name": "senior", "staff": 2, "minutes_per_case": 45},
        {"name": "committee", "staff": 3, "minutes_per_case": 10, "days": ["tuesday"]},
    ],
    "matrix": [
        {"up_to": 10_000, "grades": ["A", "B"], "level": "system"},
        {"up_to": 25_000, "level": "underwriter"},
        {"up_to": 60_000, "level": "senior"},
        {"level": "committee", "joint": 2},
    ],
}
RULES = AuthoritySection.model_validate(DATA)
FLOW = SyntheticFlow(per_day=60, days=60, exceptions={"LOW_INCOME": 0.1}, products={"car": 1})
WEDNESDAY = datetime(2026, 1, 7, 10, tzinfo=UTC)


def cases(*amounts: float, **columns: Any) -> pl.DataFrame:
    arrived = [WEDNESDAY + timedelta(minutes=k) for k in range(len(amounts))]
    return pl.DataFrame(
        {"arrived_at": arrived, "amount": list(amounts), "grade": ["A"] * len(amounts)} | columns
    )


def test_cases_go_to_the_level_of_the_matrix_and_none_is_lost() -> None:
    report = simulate_authority(RULES, FLOW, seed=1, replications=3)
    by_level = {name: measures["arrivals"] for name, measures in report.runs.items()}
    total = by_level.pop("all")
    assert np.array(list(by_level.values())).sum(axis=0) == pytest.approx(total)
    found = report.level("underwriter")
    assert found["business_p50"].mean < found["business_p90"].mean < found["business_p99"].mean
    assert found["business_mean"].mean < found["calendar_mean"].mean
    assert report.level("system")["calendar_p99"].mean == 0
    assert report.level("committee")["same_day"].mean < 0.3


def test_the_same_seed_gives_the_same_report_and_it_is_plain_data() -> None:
    first = simulate_authority(RULES, FLOW, seed=3, replications=2).as_dict()
    again = simulate_authority(RULES, FLOW, seed=3, replications=2).as_dict()
    assert json.dumps(first, allow_nan=False) == json.dumps(again, allow_nan=False)
    other = simulate_authority(RULES, FLOW, seed=4, replications=2).as_dict()
    assert first["levels"] != other["levels"]


def test_a_case_by_hand() -> None:
    flow = cases(20_000.0, 5_000.0, 100_000.0, minutes=[60.0, 60.0, 30.0])
    report = simulate_authority(RULES, flow, replications=1)
    under = report.level("underwriter")
    # an hour of work at 6 of 8 hours a day takes an hour and 20 minutes
    assert under["business_mean"].mean == pytest.approx(80 / 60)
    assert under["same_day"].mean == 1
    board = report.level("committee")
    # it sits on Tuesday from 9; two signatures of 40 minutes each
    from_wednesday_10_02 = 6 * 24 - (10 + 2 / 60) + 9 + 80 / 60
    assert board["calendar_mean"].mean == pytest.approx(from_wednesday_10_02)
    assert board["same_day"].mean == 0
    assert report.level("senior")["business_mean"].mean is None
    assert report.level("system")["arrivals"].mean == 1


def test_what_a_strategy_referred_is_not_decided_by_the_system() -> None:
    flow = cases(5_000.0, 5_000.0, 5_000.0, person=[True, False, None])
    report = simulate_authority(RULES, flow, replications=1)
    assert report.level("underwriter")["arrivals"].mean == 1
    exception = cases(5_000.0, exceptions=[["LOW_INCOME"]])
    assert simulate_authority(RULES, exception).level("underwriter")["arrivals"].mean == 1


def test_a_level_without_people_enough_hands_its_cases_up() -> None:
    empty = changed(RULES, Change("none", staff={"underwriter": -4}))
    report = simulate_authority(empty, cases(20_000.0), replications=1)
    assert report.level("senior")["arrivals"].mean == 1
    board = changed(RULES, Change("one", staff={"committee": -2}))
    with pytest.raises(BadInput, match="needs 2 signatures"):
        simulate_authority(board, cases(100_000.0), replications=1)


def test_higher_limits_and_more_people_shorten_the_wait_on_the_same_cases() -> None:
    away = Absence("underwriter", date(2026, 1, 5), date(2026, 5, 1))
    table = what_if(
        RULES,
        [
            Change("as it is"),
            Change("system to 20,000", up_to={"system": 2.0}),
            Change("one more", staff={"underwriter": 1}),
            Change("one away", absences=[away]),
        ],
        FLOW,
        seed=2,
        replications=4,
    )  # fmt: skip
    moved = {
        row["change"]: row
        for row in table.filter(level="underwriter", measure="business_mean").to_dicts()
    }
    assert moved["as it is"]["difference"] == 0
    assert moved["system to 20,000"]["high"] < 0
    assert moved["one more"]["high"] < 0
    assert moved["one away"]["low"] > 0
    sent = table.filter(change="system to 20,000", level="system", measure="arrivals").to_dicts()
    assert sent[0]["low"] > 0


def test_a_change_that_names_no_level_is_refused() -> None:
    for change, words in (
        (Change("x", up_to={"seniro": 2.0}), "did you mean 'senior'"),
        (Change("x", staff={"system": 1}), "not a level with staff"),
        (Change("x", staff={"senior": -3}), "with -1 people"),
    ):
        with pytest.raises(BadInput, match=words):
            changed(RULES, change)


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        (cases(1.0).drop("amount"), "no column 'amount'"),
        (cases(1.0).clear(), "has no cases"),
        (cases(1.0).with_columns(arrived_at=pl.lit("today")), "not a time"),
        (cases(1.0, 2.0, minutes=[1.0, -1.0]), "flow: row 2  minutes"),
        (cases(1.0).with_columns(arrived_at=pl.lit(None, pl.Datetime)), "row 1  arrived_at"),
    ],
)
def test_a_flow_that_cannot_be_read_is_refused(flow: pl.DataFrame, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        simulate_authority(RULES, flow)
    assert words in str(caught.value)


def test_absences_and_hours_that_cannot_be_are_refused() -> None:
    day = date(2026, 1, 7)
    for absence, words in (
        (Absence("senior", day, day, people=3), "2 are there"),
        (Absence("boss", day, day), "'boss' is not a level"),
        (Absence("senior", day, day, delegated_to="senior"), "cannot be delegated"),
        (Absence("senior", day, day - timedelta(days=3)), "cannot be away"),
    ):
        with pytest.raises(BadInput, match=words):
            simulate_authority(RULES, cases(1.0), absences=[absence])
    long = AuthoritySection.model_validate(
        {**DATA, "levels": [{**DATA["levels"][0], "hours_per_day": 9}, *DATA["levels"][1:]]}
    )
    with pytest.raises(BadInput, match="9 hours a day"):
        simulate_authority(long, cases(1.0))


def test_a_strategys_decisions_become_a_flow() -> None:
    decisions = cases(1.0, 2.0, 3.0, 4.0).with_columns(
        outcome=pl.Series(["approve", "decline", "refer", "refer"]),
        reasons=pl.Series([["DEBTS"], ["AGE"], ["NO_SCORE"], ["ABOVE_AUTHORITY"]]),
    )
    flow = flow_from_decisions(decisions, ignore=("ABOVE_AUTHORITY",))
    assert flow["amount"].to_list() == [1.0, 3.0, 4.0]
    assert flow["exceptions"].to_list() == [[], ["NO_SCORE"], []]
    assert flow["person"].to_list() == [False, True, False]
    checked_flow(flow)


def test_synthetic_arrivals_follow_their_hours_days_and_shares() -> None:
    flow = SyntheticFlow(
        per_day=400, days=70, closed=0.5, grades={"A": 3, "B": 1}, exceptions={"X": 0.2}
    )
    frame = flow.draw(BusinessCalendar(), np.random.default_rng(0))
    weekend = frame["arrived_at"].dt.weekday() > 5
    expected = 400 * (50 + 20 * 0.5)
    assert frame.height == pytest.approx(expected, abs=4 * expected**0.5)
    assert weekend.mean() == pytest.approx(1 / 6, abs=0.01)
    assert (frame["grade"] == "A").mean() == pytest.approx(0.75, abs=0.01)
    assert (frame["exceptions"].list.len() > 0).mean() == pytest.approx(0.2, abs=0.01)
    by_hour = np.bincount(frame["arrived_at"].dt.hour().to_numpy())
    assert by_hour[10] / by_hour[20] == pytest.approx(1 / 0.4, rel=0.15)


def test_open_time_agrees_with_the_calendar_across_summer_time() -> None:
    calendar = BusinessCalendar("Europe/Amsterdam", holidays=frozenset({date(2026, 3, 31)}))
    rng = np.random.default_rng(0)
    start = datetime(2026, 3, 20, tzinfo=UTC).timestamp()
    instants = start + np.sort(rng.uniform(0, 20 * 86_400, 200))
    clock = open_time(calendar, instants[0], instants[-1])
    ours = clock.elapsed(instants) - clock.elapsed(instants[:1])
    whole = (instants * 1e6).astype(np.int64)
    np.testing.assert_allclose(ours, calendar.business_seconds(whole[:1], whole), atol=1e-3)


def test_queue_lengths_and_intervals_by_hand() -> None:
    lengths = queue_lengths(np.array([0.0, 2.0]), np.array([4.0, 3.0]), 0.0, 10.0)
    assert lengths["queue_mean"] == pytest.approx(0.5)
    assert (lengths["queue_p50"], lengths["queue_p90"], lengths["queue_p99"]) == (0, 1, 2)
    found = estimate([1.0, 2.0, 3.0, float("nan")])
    # t quantile with 2 degrees of freedom: 4.3027
    assert (found.mean, found.high) == (2.0, pytest.approx(2 + 4.3027 / 3**0.5, abs=1e-4))
