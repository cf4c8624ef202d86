"""An alert from its first ring to its closing: who is told when, and what nobody can do alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import EquipoiseError, GateRefused
from equipoise.watch import (
    Absence,
    Alert,
    AlertEvent,
    OpenHours,
    Overtaken,
    OwnWork,
    Reading,
    Rules,
    Step,
    acknowledge,
    after,
    agree_to_close,
    ask_to_close,
    begin_treatment,
    bundles,
    end_silence,
    folded,
    heard,
    mitigate,
    refuse_to_close,
    silence,
    ticked,
    verify,
)
from equipoise.watch.alerts.calendars import who_answers
from equipoise.watch.alerts.events import Escalated, Notified

START = datetime(2026, 3, 2, 8, 0)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = Rules(
    steps={
        "red": (Step("ana", 2), Step("head", 4), Step("board", 8)),
        "amber": (Step("ana", 8, OpenHours()),),
        "data": (Step("data_desk", 1), Step("head", 4)),
    },
    deputies={"ana": "bo", "bo": "cy"},
)
RED = Reading("arrears", date(2026, 2, 1), 0.2, 900, 0.1, 0.3, 0.05, 1e-6, "red")
GREEN = replace(RED, verdict="green", chance=0.4, value=0.05)
UNKNOWN = replace(RED, verdict="insufficient", chance=None, n=3)


class Life:
    """An alert lived through: its events in order, and what each command and tick added."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.rules = rules
        self.events: list[AlertEvent] = []
        self.alert: Alert | None = None
        self.at = START

    def take(self, events: tuple[AlertEvent, ...]) -> tuple[AlertEvent, ...]:
        for event in events:
            self.alert = after(self.alert, event)
        self.events += events
        return events

    def hear(self, reading: Reading) -> tuple[AlertEvent, ...]:
        return self.take(
            heard(self.alert, reading, owner="ana", group=("credit",), rules=self.rules, at=self.at)
        )

    def tick(self, passed: timedelta = timedelta(0)) -> tuple[AlertEvent, ...]:
        self.at += passed
        return self.take(ticked(self.there, self.rules, self.at))

    @property
    def there(self) -> Alert:
        assert self.alert is not None
        return self.alert

    def told(self) -> list[tuple[str, str]]:
        return [(each.to, each.cause) for each in self.events if isinstance(each, Notified)]


def fired(rules: Rules = RULES) -> Life:
    life = Life(rules)
    life.hear(RED)
    life.tick()
    return life


def test_from_the_first_ring_to_the_second_signature() -> None:
    life = fired()
    assert life.there.stage == "firing"
    assert life.told() == [("ana", "fired")]
    life.take(acknowledge(life.there, "ana", START + HOUR, life.there.version))
    life.take(begin_treatment(life.there, "ana", "tighten", START + 2 * HOUR, life.there.version))
    life.take(mitigate(life.there, "ana", "cut-off raised", START + DAY, life.there.version))
    with pytest.raises(GateRefused, match="still rings"):
        verify(life.there, "bo", START + DAY, life.there.version)
    life.hear(GREEN)
    with pytest.raises(OwnWork, match="somebody else"):
        verify(life.there, "ana", START + 2 * DAY, life.there.version)
    life.take(verify(life.there, "bo", START + 2 * DAY, life.there.version))
    life.take(
        ask_to_close(
            life.there, "ana", "resolved", "back to usual", at=life.at, version=life.there.version
        )
    )
    with pytest.raises(OwnWork, match="whoever asked to close it"):
        agree_to_close(life.there, "ana", life.at, life.there.version)
    life.take(agree_to_close(life.there, "bo", life.at, life.there.version))
    assert (life.there.stage, life.there.ending) == ("closed", "resolved")
    assert folded(life.events) == life.there


def test_whoever_saw_an_older_version_is_overtaken() -> None:
    life = fired()
    seen = life.there.version
    life.hear(GREEN)  # the reading came while somebody was about to take it
    with pytest.raises(Overtaken, match="has changed"):
        acknowledge(life.there, "ana", START, seen)


def test_nobody_closes_a_false_alarm_alone_and_another_may_refuse() -> None:
    life = fired()
    with pytest.raises(GateRefused, match="is firing"):
        ask_to_close(
            life.there, "ana", "false_positive", "typo", at=START, version=life.there.version
        )
    life.take(acknowledge(life.there, "ana", START, life.there.version))
    with pytest.raises(GateRefused, match="nothing says"):
        ask_to_close(life.there, "ana", "accepted", " ", at=START, version=life.there.version)
    life.take(
        ask_to_close(life.there, "ana", "accepted", "small", at=START, version=life.there.version)
    )
    life.take(refuse_to_close(life.there, "bo", "not small", START, life.there.version))
    assert life.there.stage == "acknowledged"
    with pytest.raises(GateRefused, match="nobody asked"):
        agree_to_close(life.there, "bo", START, life.there.version)


def test_what_nobody_takes_goes_up_step_by_step_and_stops_when_somebody_does() -> None:
    life = fired()
    assert life.tick(HOUR) == ()
    life.tick(HOUR)
    assert life.told()[-1] == ("head", "escalated")
    life.tick(4 * HOUR)
    assert life.told()[-1] == ("board", "escalated")
    life.tick(2 * DAY)
    assert [each.step for each in life.events if isinstance(each, Escalated)] == [1, 2]
    other = fired()
    other.take(acknowledge(other.there, "ana", START + HOUR, other.there.version))
    other.tick(20 * HOUR)
    assert other.told() == [("ana", "fired")]


def test_a_tick_after_an_outage_does_what_was_due_at_the_times_it_was_due() -> None:
    late, steady = fired(), fired()
    late.tick(10 * HOUR)
    for _ in range(10):
        steady.tick(HOUR)
    assert late.told() == steady.told()
    assert late.events == steady.events
    assert late.tick() == ()


def test_the_same_notice_has_the_same_id_whoever_makes_it() -> None:
    one, two = fired(), fired()
    ids = [[each.id for each in life.events if isinstance(each, Notified)] for life in (one, two)]
    assert ids[0] == ids[1]
    one.tick(3 * HOUR)
    made = [each.id for each in one.events if isinstance(each, Notified)]
    assert len(set(made)) == len(made) == 2


def test_a_silence_is_kept_and_told_of_again_at_its_end() -> None:
    life = fired()
    until = START + 3 * DAY
    life.take(
        silence(
            life.there, "ana", until, "known", rules=RULES, at=START, version=life.there.version
        )
    )
    assert life.tick(2 * DAY) == ()
    life.tick(DAY)
    assert life.told()[-1] == ("ana", "silence_ended")
    life.tick(2 * HOUR)
    assert life.told()[-1] == ("head", "escalated")
    with pytest.raises(GateRefused, match="30 days"):
        silence(
            life.there,
            "ana",
            life.at + 40 * DAY,
            "long",
            rules=RULES,
            at=life.at,
            version=life.there.version,
        )


def test_what_cleared_while_it_was_silenced_is_no_news_at_its_end() -> None:
    life = fired()
    life.take(
        silence(
            life.there, "ana", START + DAY, "known", rules=RULES, at=START,
            version=life.there.version,
        )
    )  # fmt: skip
    life.hear(GREEN)
    life.take(end_silence(life.there, START + HOUR, life.there.version))
    life.tick(2 * DAY)
    assert ("ana", "silence_ended") not in life.told()


def test_an_inhibited_alert_is_told_of_when_its_data_can_be_believed_again() -> None:
    life = Life()
    life.hear(replace(RED, inhibited_by="score_missing"))
    assert life.tick(DAY) == ()
    life.hear(RED)
    life.tick()
    assert life.told() == [("ana", "inhibition_ended")]


def test_a_fault_of_the_data_goes_to_the_desk_of_data_and_is_no_risk() -> None:
    life = Life()
    life.hear(replace(UNKNOWN, fault="silent"))
    life.tick()
    assert life.there.severity == "data"
    assert life.told() == [("data_desk", "fired")]


def test_what_becomes_red_is_news_and_goes_to_those_whom_red_concerns() -> None:
    life = Life()
    life.hear(replace(RED, verdict="amber"))
    life.tick(2 * DAY)
    life.hear(RED)
    life.tick()
    assert life.told()[-1] == ("ana", "worse")
    life.tick(2 * HOUR)
    assert life.told()[-1] == ("head", "escalated")


def test_what_is_insufficient_neither_rings_nor_clears() -> None:
    assert heard(None, UNKNOWN, owner="ana", group=(), rules=RULES, at=START) == ()
    life = fired()
    assert life.hear(UNKNOWN) == ()


def test_an_alert_that_may_be_chance_waits_and_ends_by_itself_before_anybody_is_told() -> None:
    life = Life(replace(RULES, fire_after=2))
    life.hear(RED)
    life.tick(DAY)
    life.hear(GREEN)
    assert (life.there.stage, life.there.ending, life.told()) == ("closed", "cleared", [])
    life.hear(RED)
    life.tick()
    assert (life.there.stage, life.there.episode) == ("firing", 1)


def test_one_that_comes_and_goes_is_held_open_and_its_returns_are_no_news() -> None:
    life = fired()
    for _ in range(6):
        life.at += DAY
        life.hear(GREEN)
        life.at += DAY
        life.hear(RED)
        life.tick()
    returned = [cause for _, cause in life.told() if cause == "returned"]
    assert len(returned) == RULES.flaps
    life.hear(GREEN)
    reminded = len([cause for _, cause in life.told() if cause == "repeated"])
    life.tick(2 * DAY)  # held: it still reminds
    assert len([cause for _, cause in life.told() if cause == "repeated"]) == reminded + 1


def test_whoever_stands_in_is_told_and_nobody_in_a_circle() -> None:
    away = (Absence("ana", date(2026, 3, 1), date(2026, 3, 5)),)
    life = fired(replace(RULES, absences=away))
    assert life.told() == [("bo", "fired")]
    both = (*away, Absence("bo", date(2026, 3, 2), date(2026, 3, 2)))
    assert who_answers("ana", {"ana": "bo", "bo": "ana"}, both, date(2026, 3, 2)) is None
    assert who_answers("ana", {"ana": "bo", "bo": "cy"}, both, date(2026, 3, 2)) == "cy"


@pytest.mark.parametrize(
    ("since", "hours", "due"),
    [
        (datetime(2026, 3, 2, 10), 2, datetime(2026, 3, 2, 12)),
        (datetime(2026, 3, 2, 16), 2, datetime(2026, 3, 3, 10)),
        (datetime(2026, 3, 6, 16), 2, datetime(2026, 3, 9, 10)),  # over a weekend
        (datetime(2026, 3, 7, 3), 8, datetime(2026, 3, 9, 17)),
        (datetime(2026, 3, 2, 20), 9, datetime(2026, 3, 5, 10)),  # the fourth is a holiday
    ],
)
def test_open_hours_stand_still_at_night_and_on_days_off(
    since: datetime, hours: float, due: datetime
) -> None:
    calendar = OpenHours(time(9), time(17), holidays=frozenset({date(2026, 3, 4)}))
    assert calendar.due(since, hours) == due


def test_notices_of_one_group_are_one_message_under_one_id() -> None:
    one, two = fired(), fired()
    two.alert = replace(two.there, indicator="roll")
    notices = [each for each in one.events if isinstance(each, Notified)]
    other = [replace(each, id="f" * 32) for each in notices]
    waiting = [(one.there, notices[0]), (two.there, other[0])]
    assert bundles(waiting, {}, START + timedelta(seconds=10)) == []
    (bundle,) = bundles(waiting, {}, START + timedelta(seconds=31))
    (again,) = bundles(reversed(waiting), {}, START + timedelta(seconds=90))
    assert bundle.id == again.id
    assert len(bundle.notices) == 2
    sent = {(bundle.group, bundle.to): START + timedelta(seconds=31)}
    assert bundles(waiting, sent, START + timedelta(minutes=5)) == []
    quiet = [(replace(one.there, inhibited_by="feed"), notices[0])]
    assert bundles(quiet, {}, START + HOUR) == []


PEOPLE = st.sampled_from(["ana", "bo", "cy"])
WAYS = st.one_of(
    st.tuples(st.just("hear"), st.sampled_from([RED, GREEN, UNKNOWN,
        replace(RED, verdict="amber"), replace(RED, inhibited_by="feed")])),
    st.tuples(st.just("tick"), st.integers(0, 100)),
    st.tuples(st.sampled_from(["take", "treat", "mitigate", "verify", "ask", "agree", "refuse",
        "accept", "silence", "speak"]), PEOPLE),
)  # fmt: skip


def act(life: Life, what: str, by: str) -> None:
    at, alert = life.at, life.there
    version = alert.version
    commands: dict[str, Any] = {
        "take": lambda: acknowledge(alert, by, at, version),
        "treat": lambda: begin_treatment(alert, by, "plan", at, version),
        "mitigate": lambda: mitigate(alert, by, "done", at, version),
        "verify": lambda: verify(alert, by, at, version),
        "ask": lambda: ask_to_close(alert, by, "resolved", "r", at=at, version=version),
        "accept": lambda: ask_to_close(alert, by, "accepted", "r", at=at, version=version),
        "agree": lambda: agree_to_close(alert, by, at, version),
        "refuse": lambda: refuse_to_close(alert, by, "no", at, version),
        "silence": lambda: silence(
            alert, by, at + 50 * HOUR, "known", rules=life.rules, at=at, version=version
        ),
        "speak": lambda: end_silence(alert, at, version),
    }
    life.take(commands[what]())


@settings(max_examples=300, deadline=None)
@given(st.lists(WAYS, max_size=40))
def test_whatever_happens_an_alert_stays_in_order(ways: list[tuple[str, Any]]) -> None:
    life = Life()
    life.hear(RED)
    for what, with_ in ways:
        before = life.there
        if what == "hear":
            life.hear(with_)
        elif what == "tick":
            told = life.tick(with_ * HOUR)
            if before.inhibited_by or (
                before.silenced_until is not None and before.silenced_until > life.at
            ):
                # kept quiet: not a step, and nobody is told
                assert not [each for each in told if isinstance(each, Notified | Escalated)]
            assert ticked(life.there, life.rules, life.at) == ()
        else:
            try:
                act(life, what, with_)
            except EquipoiseError:
                assert life.there == before  # refused, and nothing happened
        assert life.there.version >= before.version
    assert folded(life.events) == life.there
    ids = [each.id for each in life.events if isinstance(each, Notified)]
    assert len(ids) == len(set(ids))  # nothing is told twice as new
    asked: str | None = None
    for event in life.events:
        name = type(event).__name__
        if name == "ClosureAsked":
            asked = event.by  # type: ignore[union-attr]
        if name == "Closed" and event.by:  # type: ignore[union-attr]
            assert asked is not None
            assert event.by != asked  # type: ignore[union-attr]
    moments = [event.at for event in life.events if isinstance(event, Notified)]
    assert moments == sorted(moments)
