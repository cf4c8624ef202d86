"""A desk's queue in order, with the figures that say why."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.experience.calendar import BusinessCalendar
from equipoise.review.casework.orders import ByValue
from equipoise.review.casework.priority import Ranked, Usual, Waiting, ordered

OFFICE = BusinessCalendar()  # Monday to Friday, 9:00 to 17:00, UTC
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOON = MONDAY + timedelta(hours=3)
PLAIN = ByValue(leaving=0.01, late=5.0, near=0.5, longest=4.0)


def case(key: str, **figures: Any) -> Waiting:
    usual = {"stake": 1_000.0, "chance": 0.2, "minutes": 30.0, "promised": 8.0}
    return Waiting(**{"key": key, "arrived": MONDAY, **usual, **figures})


def keys(ranked: tuple[Ranked, ...]) -> list[str]:
    return [each.key for each in ranked]


def queue(*cases: Waiting, now: datetime = NOON, **more: Any) -> tuple[Ranked, ...]:
    return ordered(cases, now, calendar=OFFICE, order=PLAIN, **more)


def test_a_place_by_hand() -> None:
    (only,) = queue(case("a", sources={"stake": "the strategy's verdict"}), now=NOON + 3 * HOUR)
    # 1,000 x 0.2 = 200; 1 % of it an hour over 30 minutes; 6 of 8 hours waited, from the fourth on
    # an hour costs 5 / 4 more with each hour: 2.50 now
    assert only.part("gain").value == pytest.approx(200)
    assert only.part("waited").value == pytest.approx(6)
    assert only.part("left").value == pytest.approx(2)
    assert only.part("leaving").value == pytest.approx(2 / 30)
    assert only.part("lateness").value == pytest.approx(2.5 / 30)
    assert only.worth == pytest.approx(4.5 / 30)
    assert (only.rank, only.why, only.unknown) == (1, "late", ())
    assert only.part("stake").source == "the strategy's verdict"
    assert only.part("chance").source == "given"


HOUR = timedelta(hours=1)


def test_more_at_stake_a_likelier_change_and_less_work_go_first() -> None:
    more = [case("stake", stake=3_000.0), case("plain"), case("likely", chance=0.5)]
    assert keys(queue(*more, case("short", minutes=5.0))) == ["short", "stake", "likely", "plain"]
    assert {each.why for each in queue(*more)} == {"value"}


def test_a_promise_that_nears_overtakes_value_and_business_time_alone_counts() -> None:
    rich, due = case("rich", stake=2_000.0), case("due", promised=2.0)
    assert keys(queue(rich, due, now=MONDAY + HOUR)) == ["rich", "due"]
    later = queue(rich, due, now=MONDAY + 2.5 * HOUR)
    assert (keys(later), later[0].why) == (["due", "rich"], "late")
    # from Friday 17:00 to Monday 9:00 nobody is there, and nothing runs
    friday = case("friday", arrived=MONDAY - timedelta(days=3) + 7 * HOUR)
    (found,) = queue(friday, now=MONDAY + HOUR)
    assert found.part("waited").value == pytest.approx(2)


def test_the_clock_holds_while_the_customer_has_the_ball() -> None:
    held = case("held", held=((MONDAY + HOUR, MONDAY + 3 * HOUR),))
    asked = case("asked", stake=1e9, held=((MONDAY + HOUR, None),))
    ranked = queue(asked, held, case("plain"), now=MONDAY + 7 * HOUR)
    assert keys(ranked) == ["plain", "held", "asked"]
    assert [each.part("waited").value for each in ranked] == pytest.approx([7, 5, 1])
    assert (ranked[-1].why, ranked[-1].worth) == ("customer", 0.0)


def test_whoever_has_waited_the_longest_goes_before_all_oldest_first() -> None:
    poor = case("poor", stake=0.0, promised=1.0)
    older = case("older", stake=0.0, promised=1.0, arrived=MONDAY - HOUR / 2)
    rich = case("rich", stake=1e9)
    assert keys(queue(poor, rich, older, now=MONDAY + 3.9 * HOUR)) == ["rich", "older", "poor"]
    due = queue(rich, poor, older, now=MONDAY + 4 * HOUR)
    assert keys(due) == ["older", "poor", "rich"]
    assert [each.why for each in due] == ["overdue", "overdue", "value"]
    assert math.isinf(due[0].worth)


def test_what_is_unknown_stands_in_the_middle_and_says_so() -> None:
    some = [case("low", stake=100.0), case("mid", stake=700.0), case("high", stake=5_000.0)]
    ranked = queue(*some, case("dark", stake=None))
    assert keys(ranked) == ["high", "dark", "mid", "low"]  # as much as mid; its key sorts first
    assert ranked[1].unknown == ("stake",)
    assert ranked[1].part("stake").value == 700.0
    assert "median" in ranked[1].part("stake").source
    (alone,) = queue(
        case("x", stake=None, chance=None, minutes=None, promised=None),
        usual=Usual(stake=50.0, promised=2.0),
    )
    assert alone.unknown == ("stake", "chance", "minutes", "promised")
    assert (alone.part("stake").value, alone.part("promised").value) == (50.0, 2.0)
    assert ordered((), NOON, calendar=OFFICE) == ()


def test_worth_nothing_who_came_first_goes_first_then_the_key() -> None:
    early = case("z", stake=0.0, arrived=MONDAY - HOUR / 4)
    ranked = queue(case("b", stake=0.0), early, case("a", stake=0.0), now=MONDAY + HOUR)
    assert keys(ranked) == ["z", "a", "b"]
    assert {each.why for each in ranked} == {"arrival"}


@given(seed=st.permutations(range(8)), hours=st.floats(0, 40))
@settings(max_examples=40)
def test_the_order_is_that_of_the_cases_not_of_their_listing(seed: list[int], hours: float) -> None:
    cases = [
        case(str(k), stake=500.0 * (k % 3), chance=0.1 * k, promised=2.0 + k % 4,
             arrived=MONDAY + timedelta(minutes=7 * (k % 5)))
        for k in range(8)
    ]  # fmt: skip
    now = MONDAY + timedelta(hours=1 + hours)
    assert queue(*cases, now=now) == queue(*(cases[k] for k in seed), now=now)
    # a case worth more never falls back
    place = {each.key: each.rank for each in queue(*cases, now=now)}
    richer = [replace(one, stake=9_000.0) if one.key == "3" else one for one in cases]
    assert {each.key: each.rank for each in queue(*richer, now=now)}["3"] <= place["3"]


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"stake": -1.0}, "a stake of -1.0"),
        ({"stake": float("nan")}, "a stake of nan"),
        ({"chance": 1.2}, "a chance of 1.2"),
        ({"minutes": 0.0}, "a minutes of 0.0"),
        ({"promised": 0.0}, "a promised of 0.0"),
        ({"arrived": NOON + HOUR}, "no time before"),
        ({"arrived": NOON.replace(tzinfo=None)}, "no time before"),
        ({"held": ((MONDAY - HOUR, MONDAY),)}, "out of order"),
        ({"held": ((MONDAY, None), (MONDAY, NOON))}, "out of order"),
        ({"held": ((MONDAY, NOON + HOUR),)}, "out of order"),
    ],
)
def test_figures_and_times_that_cannot_be_are_refused(figures: Any, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        queue(case("a", **figures))
    assert words in str(caught.value)


def test_a_key_twice_and_a_now_without_zone_are_refused() -> None:
    with pytest.raises(BadInput, match="two cases are 'a'"):
        queue(case("a"), case("a"))
    with pytest.raises(BadInput, match="no time zone"):
        queue(case("a"), now=NOON.replace(tzinfo=None))
