"""A plan under way: what can be done when, who is called, and how it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_text import TEXT

from equipoise.documents import parse_document
from equipoise.errors import GateRefused
from equipoise.watch.plans import (
    Did,
    Happening,
    PlansDocument,
    Run,
    after,
    calls_due,
    close,
    do,
    drilled,
    folded,
    late,
    next_drill,
    opened,
    skip,
    switch_back,
)

DOCUMENT = parse_document(TEXT, PlansDocument, Path("plans.yaml")).value
PLAN = DOCUMENT.plan("bureau_down")
CALENDAR = DOCUMENT.calendar.calendar()
MONDAY = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return MONDAY + timedelta(minutes=count)


def begun(*, drill: bool = False) -> Run:
    return opened(PLAN, Happening(Did.OPENED, MONDAY, "olga", note="red"), drill=drill)


def test_a_step_waits_for_those_before_it() -> None:
    run = begun()
    assert run.open_steps == ("confirm",)
    with pytest.raises(GateRefused, match="waits for confirm"):
        do(run, "to_people", minutes(1), "rita")
    run = folded(run, do(run, "confirm", minutes(5), "olga"))
    assert run.open_steps == ("to_people",)
    assert run.due("to_people", CALENDAR) == minutes(20)


def test_a_step_turns_its_switch_and_the_end_wants_it_back() -> None:
    run = folded(begun(), do(begun(), "confirm", minutes(5), "olga"))
    happenings = do(run, "to_people", minutes(9), "rita")
    assert [each.did for each in happenings] == [Did.SWITCHED_ON, Did.DONE]
    run = folded(run, happenings)
    run = folded(run, skip(run, "report", minutes(12), "rita", "written by the bureau"))
    with pytest.raises(GateRefused, match="still on: all_to_people"):
        close(run, minutes(40), "olga", "over")
    run = folded(run, switch_back(run, "all_to_people", minutes(41), "rita"))
    run = folded(run, close(run, minutes(42), "olga", "over"))
    assert run.closed == minutes(42)
    with pytest.raises(GateRefused, match="ended on 2026-03-02 17:12"):
        do(run, "report", minutes(50), "rita")


def test_minutes_of_opening_hours_pass_only_while_the_lender_is_open() -> None:
    run = folded(begun(), do(begun(), "confirm", minutes(0), "olga"))
    run = folded(run, do(run, "to_people", minutes(0), "rita"))
    # thirty minutes are left on Monday; ninety more are open until half past ten on Tuesday
    assert run.due("report", CALENDAR) == datetime(2026, 3, 3, 10, 30, tzinfo=UTC)


def test_calls_go_through_the_role_and_then_to_the_next() -> None:
    run = begun()
    first = calls_due(run, DOCUMENT, MONDAY)
    assert [(each.what, each.whom) for each in first] == [("confirm", "olga")]
    run = folded(run, first)
    assert calls_due(run, DOCUMENT, minutes(9)) == ()
    # nobody looked for a while: who was due meanwhile is called now, each once
    caught_up = calls_due(run, DOCUMENT, minutes(25))
    assert [each.whom for each in caught_up] == ["otto", "rita"]
    run = folded(run, caught_up)
    assert calls_due(run, DOCUMENT, minutes(600)) == ()


def test_who_does_a_step_stops_its_calls() -> None:
    run = folded(begun(), calls_due(begun(), DOCUMENT, MONDAY))
    run = folded(run, do(run, "confirm", minutes(2), "olga"))
    assert [each.what for each in calls_due(run, DOCUMENT, minutes(500))] == ["to_people"]


def test_a_step_is_late_once_its_time_is_over() -> None:
    assert late(begun(), CALENDAR, minutes(30)) == ()
    assert late(begun(), CALENDAR, minutes(31)) == ("confirm",)


def test_nobody_ends_alone_what_they_did_alone() -> None:
    run = begun()
    for step in ("confirm", "to_people", "report"):
        run = folded(run, skip(run, step, minutes(1), "olga", "it works again"))
    with pytest.raises(GateRefused, match="nobody ends"):
        close(run, minutes(2), "olga", "over")
    assert folded(run, close(run, minutes(2), "rita", "over")).closed == minutes(2)


def test_a_step_that_is_left_out_says_why() -> None:
    with pytest.raises(GateRefused, match="without a reason"):
        skip(begun(), "confirm", minutes(1), "olga", "  ")


def test_a_drill_tells_target_and_time_and_asks_for_a_retest_of_gaps() -> None:
    run = begun(drill=True)
    run = folded(run, do(run, "confirm", minutes(12), "olga"))
    run = folded(run, do(run, "to_people", minutes(40), "rita"))
    result = drilled(run, CALENDAR)
    assert [(each.step, each.took_minutes, each.kept) for each in result.steps] == [
        ("confirm", 12.0, True),
        ("to_people", 28.0, False),
        ("report", None, False),
    ]
    assert [each.step for each in result.gaps] == ["to_people", "report"]
    assert result.retest == date(2026, 4, 1)
    assert next_drill(PLAN, result, date(2026, 1, 1)) == date(2026, 4, 1)
    assert next_drill(PLAN, None, date(2026, 1, 1)) == date(2026, 4, 1)


def test_a_drill_without_gaps_is_due_in_its_turn() -> None:
    run = begun(drill=True)
    run = folded(run, do(run, "confirm", minutes(1), "olga"))
    run = folded(run, do(run, "to_people", minutes(2), "rita"))
    run = folded(run, do(run, "report", minutes(3), "rita"))
    assert next_drill(PLAN, drilled(run, CALENDAR), date(2026, 1, 1)) == date(2026, 5, 31)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=12))
def test_nobody_is_called_twice_however_often_the_clock_is_looked_at(looks: list[int]) -> None:
    run = begun()
    for at in sorted(looks):
        run = folded(run, calls_due(run, DOCUMENT, minutes(at)))
    called = [(step, whom) for step, whom, _ in run.calls]
    assert len(set(called)) == len(called)
    once = folded(begun(), calls_due(begun(), DOCUMENT, minutes(max(looks))))
    assert [(step, whom) for step, whom, _ in once.calls] == called


def test_what_opens_a_run_does_not_happen_to_it_again() -> None:
    with pytest.raises(ValueError, match="opened once"):
        after(begun(), Happening(Did.OPENED, MONDAY, "olga"))
