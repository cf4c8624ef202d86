"""Emergency plans in the service: approved by two, run by several, switches in force at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from at_the_desk import at
from django.conf import settings
from django.test import override_settings
from lender import anew, ask, facts, publish, shop
from own_folder import own_folder
from people import acting, person
from plan_text import TEXT

from equipoise.authority.lifecycle import OwnWork
from equipoise.errors import BadInput, Faults, GateRefused
from equipoise.service.contexts.plans import calling, reading, services
from equipoise.service.contexts.plans.reading import Stands
from equipoise.service.contexts.plans.tasks import call_people
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.registry import services as versions
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows

PLAN = "bureau_down"


@pytest.fixture
def lender(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    """A lender with plans in the folder, and a strategy that decides in force."""
    (tmp_path / "plans.yaml").write_text(TEXT, encoding="utf-8")
    with anew(), own_folder(tmp_path):
        publish()
        yield tmp_path


@pytest.fixture
def rita(lender: Path) -> User:
    return person(Role.RISK_OFFICER, "rita")


@pytest.fixture
def ben(lender: Path) -> User:
    return person(Role.APPROVER, "ben")


@pytest.fixture
def in_force(rita: User, ben: User) -> int:
    """The plans, brought in by one and approved by another."""
    number = services.bring_in(acting(rita))
    services.approve(number, acting(ben))
    return number


def prepared(rita: User, ben: User) -> int:
    number = services.prepare(PLAN, "all_to_people", acting(rita))
    versions.approve(number, acting(ben), "it only tightens")
    return number


def switch() -> reading.Standing:
    plans = reading.in_force()
    assert plans is not None
    return reading.standings(plans.document.plan(PLAN))[0]


def kinds(chain: str) -> list[str]:
    return [each.kind.partition(".")[2] for each in record.entries(chain)]


def test_plans_are_in_force_once_somebody_else_approves_them(rita: User, ben: User) -> None:
    number = services.bring_in(acting(rita))
    assert reading.in_force() is None
    waits = reading.waiting()
    assert waits is not None and waits.id == number
    with pytest.raises(OwnWork):
        services.approve(number, acting(rita))
    with pytest.raises(GateRefused, match="no plans are in force"):
        services.begin(PLAN, "an outage", acting(rita))
    services.approve(number, acting(ben))
    plans = reading.in_force()
    assert plans is not None and plans.digest == waits.digest
    assert reading.waiting() is None
    with pytest.raises(GateRefused, match="brought in before"):
        services.bring_in(acting(rita))
    assert kinds(f"plans.{number}") == ["brought", "approved"]


def test_plans_whose_strategy_is_not_in_force_are_refused_by_their_line(
    lender: Path, rita: User
) -> None:
    (lender / "plans.yaml").write_text(TEXT.replace("strategy: corner", "strategy: cornr"))
    with pytest.raises((Faults, BadInput), match=r"plans.yaml:\d+.*cornr"):
        services.bring_in(acting(rita))


@pytest.mark.usefixtures("in_force")
def test_a_run_goes_by_its_steps_and_two_people_end_it(rita: User, ben: User) -> None:
    prepared(rita, ben)
    carl = person(Role.RISK_OFFICER, "carl")
    run = services.begin(PLAN, "one call in five is answered", acting(carl))
    assert reading.run(run).run.cause == "one call in five is answered"
    with pytest.raises(GateRefused, match="under way"):
        services.begin(PLAN, "again", acting(carl))
    with pytest.raises(GateRefused, match="waits for confirm"):
        services.do_step(run, "to_people", acting(carl))
    services.do_step(run, "confirm", acting(carl), "they know of it")
    services.do_step(run, "to_people", acting(carl))
    with pytest.raises(GateRefused, match="without a reason"):
        services.skip_step(run, "report", acting(carl), " ")
    services.skip_step(run, "report", acting(carl), "told by telephone")
    with pytest.raises(GateRefused, match="still on"):
        services.close(run, acting(ben))
    services.turn_back(run, "all_to_people", acting(carl))
    with pytest.raises(GateRefused, match="alone"):
        services.close(run, acting(carl))
    services.close(run, acting(ben), "the bureau answers again")
    shown = reading.run(run)
    assert shown.run.closed is not None
    assert {n: e.note for n, e in shown.run.ended.items()} == {
        "confirm": "they know of it", "to_people": "", "report": "told by telephone",
    }  # fmt: skip
    assert [each for each in kinds(run) if each != "called"] == [
        "begun", "done", "switched_on", "done", "skipped", "switched_back", "closed",
    ]  # fmt: skip
    assert verify_record().valid
    told = [each for each in verify_rows().differences if each.table.startswith("plans_")]
    assert told == []


@pytest.mark.usefixtures("in_force")
def test_a_switch_is_one_publication_and_the_way_back_another(rita: User, ben: User) -> None:
    client, before = shop(), registry.in_force()["corner"]
    assert ask(client, facts(application_id="before")).json()["outcome"] == "approve"
    assert switch().stands is Stands.UNPREPARED
    prepared_as = services.prepare(PLAN, "all_to_people", acting(rita))
    assert switch().stands is Stands.WAITS
    assert (switch().fewer, switch().applicants) == (1, 1)
    versions.approve(prepared_as, acting(ben), "it only tightens")
    assert switch().stands is Stands.READY
    moves = len(registry.publications("corner", 100))
    run = services.begin(PLAN, "an outage", acting(ben))
    services.do_step(run, "confirm", acting(ben))
    services.do_step(run, "to_people", acting(ben))
    assert switch().stands is Stands.ON
    assert len(registry.publications("corner", 100)) == moves + 1
    assert ask(client, facts(application_id="meanwhile")).json()["outcome"] == "refer"
    services.turn_back(run, "all_to_people", acting(ben))
    assert registry.in_force()["corner"] == before
    assert len(registry.publications("corner", 100)) == moves + 2
    assert ask(client, facts(application_id="after")).json()["outcome"] == "approve"
    assert switch().stands is Stands.READY


@pytest.mark.usefixtures("in_force")
def test_whoever_prepared_a_switch_does_not_turn_it_on(rita: User, ben: User) -> None:
    prepared(rita, ben)
    run = services.begin(PLAN, "an outage", acting(rita))
    services.do_step(run, "confirm", acting(rita))
    with pytest.raises(OwnWork):
        services.do_step(run, "to_people", acting(rita))
    assert "done" in kinds(run) and "switched_on" not in kinds(run)


@pytest.mark.usefixtures("in_force")
def test_a_switch_of_another_version_is_stale_and_is_not_turned_on(rita: User, ben: User) -> None:
    prepared(rita, ben)
    newer = publish(2)
    assert registry.in_force()["corner"] == newer
    assert switch().stands is Stands.STALE
    run = services.begin(PLAN, "an outage", acting(ben))
    services.do_step(run, "confirm", acting(ben))
    with pytest.raises(GateRefused, match="cannot be turned on: stale"):
        services.do_step(run, "to_people", acting(ben))
    assert registry.in_force()["corner"] == newer
    assert reading.run(run).run.open_steps == ("to_people",)


@pytest.mark.usefixtures("in_force")
def test_a_drill_puts_nothing_in_force_and_shows_its_gaps(rita: User, ben: User) -> None:
    prepared(rita, ben)
    before, moves = registry.in_force(), len(registry.publications("corner", 100))
    plans = reading.in_force()
    assert plans is not None and plans.approved_at is not None
    (never,) = reading.practised(plans)
    first = plans.approved_at.date() + timedelta(days=90)
    assert (never.last, never.due) == (None, first)
    assert not never.late(first) and never.late(first + timedelta(days=1))
    run = services.begin(PLAN, "the spring drill", acting(rita), drill=True)
    services.do_step(run, "confirm", acting(rita))
    services.do_step(run, "to_people", acting(rita))  # even by whoever prepared it
    services.skip_step(run, "report", acting(rita), "nobody was free")
    services.turn_back(run, "all_to_people", acting(rita))
    services.close(run, acting(ben))
    assert registry.in_force() == before
    assert len(registry.publications("corner", 100)) == moves
    (practised,) = reading.practised(plans)
    assert practised.last is not None
    assert [each.step for each in practised.last.gaps] == ["report"]
    assert practised.due == practised.last.retest


@pytest.mark.usefixtures("in_force")
def test_each_is_called_once_for_a_step_however_often_the_worker_looks(
    rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = services.begin(PLAN, "an outage", acting(rita))
    called = lambda: [whom for _, whom, _ in reading.run(run).run.calls]  # noqa: E731
    assert called() == ["olga"]
    for _ in range(3):
        assert call_people.call() == 0
    at(clock.now() + timedelta(minutes=11), monkeypatch)
    assert call_people.call() == 1
    at(
        clock.now() + timedelta(minutes=60), monkeypatch
    )  # nobody looked for an hour: whoever was due meanwhile is called now
    assert call_people.call() == 1
    assert call_people.call() == 0
    assert called() == ["olga", "otto", "rita"]


@pytest.mark.usefixtures("in_force")
def test_a_call_and_its_message_stand_or_fall_together_and_none_is_written_to_twice(
    rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("olga", "otto"):
        person(Role.SERVICE_OWNER, name)
        User.objects.filter(username=name).update(email=f"{name}@lender.example")
    kept = dataclasses.replace(settings.CONFIGURATION, messages="keep")
    with override_settings(CONFIGURATION=kept):
        run = services.begin(PLAN, "an outage", acting(rita), drill=True)
        first = reading.run(run).messages["confirm", "olga"]
        assert list(Message.objects.values_list("id", "text")) == [(first, "plan_drill@1")]
        at(clock.now() + timedelta(minutes=11), monkeypatch)
        with monkeypatch.context() as patched:
            patched.setattr(calling, "add", _killed)  # after the message was queued
            with pytest.raises(RuntimeError, match="killed"):
                call_people.call()
        assert [each.id for each in Message.objects.all()] == [first]
        assert call_people.call() == 1
        assert call_people.call() == 0
    messages = reading.run(run).messages
    assert set(messages) == {("confirm", "olga"), ("confirm", "otto")}
    assert sorted(messages.values()) == sorted(Message.objects.values_list("id", flat=True))


def _killed(*_: Any) -> None:
    raise RuntimeError("killed")
