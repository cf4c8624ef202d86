"""The watch in the service: approved by two, measured by a job; people and time move its alerts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from at_the_desk import at
from django.conf import settings
from django.test import override_settings
from lender import anew
from own_folder import own_folder
from people import acting, person
from watching import QUIET, TEXT, deliver

from equipoise.authority.lifecycle import OwnWork
from equipoise.errors import GateRefused
from equipoise.service.contexts.watch import reading, services, telling
from equipoise.service.contexts.watch.models import Alert, Notice, Reading
from equipoise.service.contexts.watch.tasks import measure_watch, tell_of_alerts
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows


@pytest.fixture
def lender(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    """A lender with a quiet table, whose watch two people put in force."""
    (tmp_path / "watch.yaml").write_text(TEXT, encoding="utf-8")
    deliver(tmp_path, QUIET)
    with anew(), own_folder(tmp_path):
        for role, name in (
            (Role.RISK_OFFICER, "rita"),
            (Role.APPROVER, "ben"),
            (Role.SERVICE_OWNER, "olga"),
        ):
            person(role, name)
            User.objects.filter(username=name).update(email=f"{name}@lender.example")
        number = services.bring_in(who("rita"))
        with pytest.raises(OwnWork):
            services.approve(number, who("rita"))
        assert measure_watch.call() == 0
        services.approve(number, who("ben"))
        measure_watch.call()
        yield tmp_path


def who(name: str) -> Any:
    return acting(User.objects.get(username=name))


def alert(indicator: str = "late") -> Alert:
    return Alert.objects.get(indicator=indicator)


def kinds(chain: str) -> list[str]:
    return [each.kind.partition(".")[2] for each in record.entries(chain)]


def rows_as_they_are() -> list[Any]:
    return [
        sorted(model.objects.values_list(*names))
        for model, names in (
            (Alert, ("id", "indicator", "stage", "severity", "version", "owner", "since", "group")),
            (Notice, ("id", "alert_id", "to", "cause", "bundle", "message", "at", "told_at")),
            (Reading, ("indicator", "period", "n", "verdict", "snapshot", "measured_at")),
        )
    ]


def test_an_alert_goes_from_its_first_ring_to_the_second_signature(lender: Path) -> None:
    assert not Alert.objects.exists()
    assert measure_watch.call() == 0  # nothing is new
    deliver(lender, [*QUIET, 0.9])
    assert measure_watch.call() == 2
    assert measure_watch.call() == 0
    held = alert()
    assert (held.stage, held.severity, held.owner) == ("firing", "red", who("rita").id)
    services.acknowledge(held.pk, who("rita"), held.version)
    with pytest.raises(services.Overtaken, match=r"rita was first: alert\.acknowledged"):
        services.acknowledge(held.pk, who("ben"), held.version)
    services.treat(held.pk, who("rita"), alert().version, "the branch is called")
    services.mitigate(held.pk, who("rita"), alert().version, "its lending is stopped")
    with pytest.raises(GateRefused, match="still rings"):
        services.verify(held.pk, who("ben"), alert().version)
    deliver(lender, [*QUIET, 0.9, 0.05])
    measure_watch.call()
    with pytest.raises(GateRefused, match="whoever treated it"):
        services.verify(held.pk, who("rita"), alert().version)
    services.verify(held.pk, who("ben"), alert().version)
    services.ask_to_close(held.pk, who("ben"), alert().version, "resolved", "it holds")
    with pytest.raises(GateRefused, match="whoever asked to close it"):
        services.agree_to_close(held.pk, who("ben"), alert().version)
    services.agree_to_close(held.pk, who("rita"), alert().version)
    assert alert().stage == "closed"
    assert kinds(held.pk) == [
        "raised", "fired", "acknowledged", "treated", "mitigated", "cleared", "verified",
        "closing_asked", "closed",
    ]  # fmt: skip
    assert not any(b"branch is called" in bytes(each.body) for each in record.entries(held.pk))
    before = rows_as_they_are()
    assert services.rebuild() > 0
    assert rows_as_they_are() == before
    assert verify_record().valid
    assert [e for e in verify_rows().differences if e.table.startswith("watch_")] == []


def test_nobody_is_told_twice_and_nobody_is_forgotten(
    lender: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(lender, [*QUIET, 0.9])
    with override_settings(
        CONFIGURATION=dataclasses.replace(settings.CONFIGURATION, messages="keep")
    ):
        User.objects.filter(username="ben").update(language="zh")
        measure_watch.call()
        assert tell_of_alerts.call() == 1  # noticed; the group waits a little for its companions
        at(clock.now() + timedelta(seconds=40), monkeypatch)
        assert (tell_of_alerts.call(), tell_of_alerts.call()) == (1, 0)
        (first,) = Message.objects.all()
        at(clock.now() + timedelta(minutes=61), monkeypatch)
        telling.tick()
        with monkeypatch.context() as patched:
            patched.setattr(telling.record, "append", _killed)  # after the message was queued
            with pytest.raises(RuntimeError, match="killed"):
                telling.tell()
        assert [each.pk for each in Message.objects.all()] == [first.pk]
        assert telling.tell() == 1
        assert telling.tell() == 0
        told = Notice.objects.order_by("at")
        assert [(each.to, each.cause) for each in told] == [
            (who("rita").id, "fired"),
            (who("ben").id, "escalated"),
        ]
        assert {each.message for each in told} == set(Message.objects.values_list("pk", flat=True))
        languages = Message.objects.order_by("next_at").values_list("language", flat=True)
        assert sorted(languages) == ["en", "zh"]  # the lender's for rita, of whom none is known
        at(clock.now() + timedelta(hours=49), monkeypatch)
        telling.tick()
        assert Notice.objects.filter(cause="repeated").count() == 1  # of those missed the last


def test_a_broken_feed_and_a_table_that_cannot_be_read_are_no_risk(lender: Path) -> None:
    deliver(lender, [*QUIET, 0.05], missing=0.9)
    measure_watch.call()
    assert list(Alert.objects.values_list("indicator", "severity")) == [("score_missing", "red")]
    (lender / "loans.parquet").unlink()
    measure_watch.call()
    table = alert("table.loans")
    assert (table.stage, table.severity) == ("firing", "data")
    assert "loans.parquet" in reading.alert(table.pk).readings[-1].detail
    (lender / "loans.parquet").write_bytes(b"PAR1 cut off")
    measure_watch.call()
    assert "loans.parquet" in reading.states()[0].detail
    assert not Alert.objects.filter(indicator="late").exists()


def test_a_tape_that_stops_coming_rings_though_no_month_lacks(
    lender: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """December 2030 comes with all before it after 5 days, January and February after 10 each;
    March does not. Nothing is declared, so the rhythm is theirs: 10 days and a quarter more."""
    late = [0.05] * 60
    for moment in (datetime(2031, 1, 5), datetime(2031, 2, 10), datetime(2031, 3, 10)):
        _seen_on(moment, late, lender)
        late.append(0.05)
    at(datetime(2031, 4, 13, 12, tzinfo=UTC), monkeypatch)
    measure_watch.call()
    assert not Alert.objects.exists()
    at(datetime(2031, 4, 14, 12, tzinfo=UTC), monkeypatch)
    measure_watch.call()
    tape = alert("tape.loans")
    assert (tape.stage, tape.severity, Alert.objects.count()) == ("firing", "data", 1)
    assert reading.states()[0].detail == "loans.parquet: 2031-02-01 → 2031-04-13"
    deliver(lender, late)
    measure_watch.call()
    assert alert("tape.loans").cleared_at is not None
    assert reading.states() == []
    at(datetime(2031, 5, 6, 12, tzinfo=UTC), monkeypatch)
    declared = TEXT.replace("period: month,", "period: month, due_days: 5,", 1)
    (lender / "watch.yaml").write_text(declared, encoding="utf-8")
    services.approve(services.bring_in(who("rita")), who("ben"))
    measure_watch.call()
    assert reading.states()[0].detail == "loans.parquet: 2031-03-01 → 2031-05-05"


def _seen_on(moment: datetime, late: list[float], folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        at(moment.replace(hour=12, tzinfo=UTC), patched)
        deliver(folder, late)
        measure_watch.call()


def test_a_silence_is_kept_and_told_of_again_and_time_alone_overtakes_nobody(
    lender: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(lender, [*QUIET, 0.9])
    measure_watch.call()
    seen = alert().version
    tell_of_alerts.call()  # somebody is told while the page is open
    assert alert().version > seen
    until = clock.now() + timedelta(days=2)
    services.silence(alert().pk, who("rita"), seen, until, "the branch moves")
    with pytest.raises(GateRefused, match="too far away"):
        far = clock.now() + timedelta(days=99)
        services.silence(alert().pk, who("rita"), alert().version, far, "for ever")
    at(clock.now() + timedelta(days=1), monkeypatch)
    assert telling.tick() == 0
    at(until + timedelta(minutes=1), monkeypatch)
    assert telling.tick() == 1
    assert Notice.objects.filter(cause="silence_ended").count() == 1


def _killed(*_: Any) -> None:
    raise RuntimeError("killed")
