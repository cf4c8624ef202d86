"""An incident from its report to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from equipoise.errors import GateRefused
from equipoise.watch.incidents import Incident, Noted, Task, incident

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
REPORTED = Incident("Bureau down", "operational", "major", NOON, "olga", "EUR", notice_hours=24)


def hours(count: float) -> datetime:
    return NOON + timedelta(hours=count)


def led() -> Incident:
    return incident.take(REPORTED, "lead", "rita", hours(0.1))


def ready() -> Incident:
    told = incident.notify(led(), hours(3))
    return incident.stabilise(told, hours(4))


def test_the_timeline_is_told_as_it_happened_and_written_once() -> None:
    first = incident.note(REPORTED, Noted(hours(2), hours(3), "olga", "answers come again"))
    both = incident.note(first, Noted(hours(-1), hours(3.5), "otto", "answers grew slow"))
    assert [each.text for each in both.timeline] == ["answers come again", "answers grew slow"]
    assert [each.text for each in both.chronicle()] == ["answers grew slow", "answers come again"]
    with pytest.raises(GateRefused, match="what has happened"):
        incident.note(both, Noted(hours(9), hours(4), "otto", "will be over"))


def test_the_lead_is_handed_over_and_never_dropped() -> None:
    handed = incident.take(led(), "lead", "omar", hours(2))
    assert handed.lead == "omar"
    assert [(each.person, each.until) for each in handed.roles] == [
        ("rita", hours(2)),
        ("omar", None),
    ]
    with pytest.raises(GateRefused, match="never without a lead"):
        incident.give_back(handed, "lead", hours(3))
    scribe = incident.take(handed, "scribe", "olga", hours(2))
    assert incident.give_back(scribe, "scribe", hours(3)).roles[-1].until == hours(3)


def test_a_regulator_s_notice_has_a_clock() -> None:
    assert REPORTED.notice_due == hours(24)
    assert incident.overdue(REPORTED, hours(24)) == ()
    assert incident.overdue(REPORTED, hours(25)) == ("notice",)
    assert incident.overdue(incident.notify(REPORTED, hours(23)), hours(25)) == ()
    with pytest.raises(GateRefused, match="no notice"):
        incident.notify(replace(REPORTED, notice_hours=None), hours(1))


@pytest.mark.parametrize(
    ("unready", "by", "says"),
    [
        (incident.notify(led(), hours(3)), "omar", "not stable"),
        (incident.add_task(ready(), Task("call back", "olga", hours(9))), "omar", "call back"),
        (incident.stabilise(led(), hours(4)), "omar", "regulator was not told"),
        (incident.stabilise(incident.notify(REPORTED, hours(3)), hours(4)), "omar", "nobody leads"),
        (ready(), "rita", "does not close it alone"),
    ],
)
def test_it_is_closed_when_all_is_done_and_by_somebody_else(
    unready: Incident, by: str, says: str
) -> None:
    with pytest.raises(GateRefused, match=says):
        incident.close(unready, by, hours(10), 120_000)


def test_what_is_closed_stays_closed() -> None:
    closed = incident.close(ready(), "omar", hours(10), 120_000)
    assert (closed.closed, closed.loss_actual) == (hours(10), 120_000)
    with pytest.raises(GateRefused, match="closed on 2026-03-02"):
        incident.touch(closed, "loan", "L1")


def test_what_it_touches_is_there_once() -> None:
    twice = incident.touch(incident.touch(REPORTED, "loan", "L1"), "loan", "L1")
    assert twice.touched == {("loan", "L1")}
    assert not REPORTED.touched


def test_a_task_is_done_once_and_told_late() -> None:
    open_ = incident.add_task(REPORTED, Task("call back", "olga", hours(2)))
    assert incident.overdue(open_, hours(3)) == ("call back",)
    with pytest.raises(GateRefused, match="there already"):
        incident.add_task(open_, Task("call back", "otto", hours(2)))
    done = incident.do_task(open_, "call back", hours(1))
    assert incident.overdue(done, hours(3)) == ()
    with pytest.raises(GateRefused, match="no open task"):
        incident.do_task(done, "call back", hours(1))
