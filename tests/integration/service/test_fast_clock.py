"""Time runs fast in a rehearsal whose first entry says so, and in nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from applying import Applicant, sealed_asking
from django.db import connection, transaction
from lender import publish
from processes import environment

from equipoise.service.contexts.drafts import tasks
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.platform import clock, variables
from equipoise.service.platform.configuration import read_configuration
from equipoise.service.platform.jobs import schedule
from equipoise.service.platform.jobs.models import Due
from equipoise.service.platform.record import nature as natures
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.events import RehearsalBegun
from equipoise.service.platform.record.nature import FASTEST, Nature, begin_as, nature
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.reading import first

SPEED = 600


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    natures.forget()
    yield
    natures.forget()


def begin(kind: Nature, speed: int = 1) -> datetime:
    """Make the test's service one of a nature; when it began."""
    with transaction.atomic():
        begin_as(kind, speed)
    entry = first()
    return datetime.fromtimestamp(entry.at / 1e6, UTC) if entry else datetime.now(UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts another moment in the place of the system's."""
    return lambda moment: monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


@pytest.mark.usefixtures("database")
def test_a_rehearsal_s_time_runs_as_fast_as_its_first_entry_says(at: Any) -> None:
    began = begin(Nature.REHEARSAL, SPEED)
    at(began + timedelta(seconds=144))
    assert (nature(), clock.now()) == (Nature.REHEARSAL, began + timedelta(days=1))
    entry = first()
    assert entry is not None
    assert (entry.chain, entry.index, entry.kind) == ("service", 0, "service.begun")


@pytest.mark.usefixtures("database")
def test_who_has_only_the_database_comes_to_the_same_time(at: Any) -> None:
    began = begin(Nature.REHEARSAL, SPEED)
    at(began + timedelta(hours=3))
    here = clock.now()
    natures.forget()  # as in a process that has just begun
    assert clock.now() == here


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("kind", [Nature.REAL, Nature.DEMO])
def test_neither_a_lender_s_service_nor_a_demonstration_is_made_fast(kind: Nature) -> None:
    with pytest.raises(ValueError, match="600 times as fast"):
        begin(kind, SPEED)
    assert first() is None


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("speed", [0, -600, FASTEST + 1])
def test_there_are_speeds_that_time_has_not(speed: int) -> None:
    with pytest.raises(ValueError, match="times as fast"):
        begin(Nature.REHEARSAL, speed)


@pytest.mark.usefixtures("database")
def test_an_entry_that_says_so_of_a_demonstration_makes_nothing_fast(at: Any) -> None:
    with transaction.atomic():
        forged = RehearsalBegun(nature="demo", speed=SPEED)
        record.append(record.event("service", forged, begins=True))
    moment = clock.now() + timedelta(hours=1)
    at(moment)
    assert (nature(), clock.now()) == (Nature.DEMO, moment)


@pytest.mark.usefixtures("database")
def test_a_later_entry_makes_nothing_fast(at: Any) -> None:
    begin(Nature.REHEARSAL)
    with transaction.atomic():
        record.append(record.event("service", RehearsalBegun(nature="rehearsal", speed=SPEED)))
    natures.forget()
    moment = clock.now() + timedelta(hours=1)
    at(moment)
    assert clock.now() == moment


def test_a_first_entry_that_is_changed_is_named(sqlite_database: Any) -> None:
    begin(Nature.REHEARSAL)
    publish(raw=sealed_asking())
    assert verify_record().valid
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = [row[0] for row in cursor.fetchall()]
    sqlite_database.execute(*(f'DROP TRIGGER "{name}"' for name in names))
    body = b'{"nature":"rehearsal","speed":600,"v":2}'
    sqlite_database.execute(f"UPDATE record_event SET body = X'{body.hex()}' WHERE sequence = 1")
    bad = verify_record().first_bad
    assert bad is not None
    assert (bad.chain, bad.index) == ("service", 0)


@pytest.mark.usefixtures("database")
def test_no_variable_makes_a_service_fast(monkeypatch: pytest.MonkeyPatch, at: Any) -> None:
    words = {word for each in variables.SETTINGS for word in each.name.split("_")}
    assert not {"SPEED", "CLOCK", "NOW", "PACE", "FAST", "REHEARSAL", "NATURE"} & words
    publish(raw=sealed_asking())
    for name in ("SPEED", "CLOCK", "CLOCK_SPEED", "REHEARSAL", "REHEARSAL_SPEED", "NATURE"):
        monkeypatch.setenv(f"EQUIPOISE_{name}", str(SPEED))
    try:
        read_configuration()
    except Exception as error:
        assert "EQUIPOISE_" in str(error)
    moment = clock.now() + timedelta(hours=1)
    at(moment)
    assert clock.now() == moment


@pytest.mark.parametrize("command", ["serve", "demo", "worker"])
def test_no_command_line_makes_a_service_fast(tmp_path: Path, command: str) -> None:
    program = [sys.executable, "-m", "equipoise", command, str(tmp_path), "--speed", str(SPEED)]
    done = subprocess.run(program, env=environment(""), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--speed" in done.stderr + done.stdout


@pytest.mark.usefixtures("sqlite_database")
def test_every_page_says_how_fast_time_runs_and_what_day_it_is(at: Any) -> None:
    began = begin(Nature.REHEARSAL, SPEED)
    publish(raw=sealed_asking())
    at(began + timedelta(seconds=144 * 30))
    day = (began + timedelta(days=30)).date()
    said = f"Time passes 600 times as fast here: it is {day.day} {day:%B %Y}."
    ada = Applicant().begin()
    for page in ("", "contact", "q/amount", "check", "data", "ask"):
        assert said in ada.text(page)
    assert said in ada.client.get("/accounts/login/").content.decode()
    ada.post("contact", go="language-zh")
    assert f"600 倍速流逝，现在是{day.year}年{day.month}月{day.day}日" in ada.text("check")


@pytest.mark.usefixtures("sqlite_database")
def test_a_service_by_the_system_s_time_says_nothing_of_it() -> None:
    begin(Nature.REHEARSAL)
    publish(raw=sealed_asking())
    assert "Time passes" not in Applicant().begin().text("")


@pytest.mark.usefixtures("sqlite_database")
def test_a_draft_is_over_after_thirty_of_its_days(at: Any) -> None:
    began = begin(Nature.REHEARSAL, SPEED)
    publish(raw=sealed_asking())
    at(began)
    Applicant().begin()
    at(began + timedelta(seconds=144 * 29))
    assert tasks.expire_drafts.func() == 0
    at(began + timedelta(seconds=144 * 31))
    assert tasks.expire_drafts.func() == 1
    assert Draft.objects.get().state == DraftState.ENDED
    assert verify_record().valid


@pytest.mark.usefixtures("sqlite_database")
def test_what_is_done_every_hour_is_done_every_hour_of_its_time(at: Any) -> None:
    began = begin(Nature.REHEARSAL, SPEED)
    at(began)
    schedule.settle()
    schedule.queue_due(began)
    hourly, minutely = tasks.expire_drafts.module_path, tasks.send_on.module_path
    due = dict(Due.objects.values_list("name", "next"))
    assert due[hourly] == began + timedelta(hours=1) / SPEED
    assert due[minutely] == began + timedelta(seconds=2), "no worker looks more often"
