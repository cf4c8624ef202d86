"""Jobs are done whatever becomes of their workers, and once."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status
from people import logged_in, person
from processes import until, worker
from work_to_do import CHAIN, SECRET, ask_again, fail, notes, refuse, succeed, write_down

from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.jobs import queue, registering, schedule
from equipoise.service.platform.jobs.models import Due, Lease
from equipoise.service.platform.jobs.queue import Claimed, claim, stored
from equipoise.service.platform.jobs.registering import LONG, SHORT, queued
from equipoise.service.platform.jobs.tasks import forget_ended_jobs
from equipoise.service.platform.jobs.worker import Worker, run
from equipoise.service.platform.operations.metrics import exposition
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.writer import Write

LEASE = timedelta(minutes=10)


def taken(worker_: str = "one", queue_: str = SHORT) -> Claimed:
    (job,) = claim(queue_, worker_, 1, LEASE)
    return job


def now_due() -> None:
    stored().filter(status=Status.READY).update(run_after=timezone.now())


def test_of_many_workers_one_takes_a_job_on(database: Any, in_threads: Callable[..., Any]) -> None:
    succeed.enqueue(1)
    answers = in_threads(8, lambda number: claim(SHORT, f"worker {number}", 1, LEASE))
    assert sum(map(len, answers)) == 1
    assert Lease.objects.get().attempt == 1


@pytest.mark.usefixtures("database")
def test_a_job_that_is_done_is_kept_with_what_it_came_to() -> None:
    succeed.enqueue(7)
    assert run(taken()) == "done"
    row = stored().get()
    assert (row.status, row.return_value, Lease.objects.count()) == (Status.SUCCESSFUL, 7, 0)


@pytest.mark.usefixtures("database")
def test_a_job_that_breaks_waits_and_is_given_up_after_its_last_attempt() -> None:
    fail.enqueue()
    assert run(taken()) == "failed"
    assert stored().get().status == Status.READY
    assert claim(SHORT, "one", 1, LEASE) == []  # not yet
    now_due()
    again = taken()
    assert (again.attempt, run(again)) == (2, "failed")
    row = stored().get()
    assert row.status == Status.FAILED
    assert row.exception_class_path == "builtins.RuntimeError"
    assert "fail" in row.traceback
    assert SECRET not in row.traceback


def test_the_pauses_double_up_to_an_hour() -> None:
    pauses = [queue.pause(attempt).total_seconds() for attempt in range(1, 30)]
    assert all(0.75 * 2**at <= pause <= 2 * 2**at for at, pause in enumerate(pauses[:10]))
    assert max(pauses) <= 3600


@pytest.mark.usefixtures("database")
def test_what_no_repetition_can_mend_is_given_up_at_once() -> None:
    refuse.enqueue()
    assert run(taken()) == "failed"
    assert stored().get().status == Status.FAILED


@pytest.mark.usefixtures("database")
def test_a_job_may_ask_to_be_run_again_without_having_failed() -> None:
    ask_again.enqueue()
    for _ in range(3):
        assert run(taken()) == "again"
        row = stored().get()
        assert row.status == Status.READY
        assert row.run_after > timezone.now() + timedelta(minutes=6)
        now_due()


@pytest.mark.usefixtures("database")
def test_a_worker_that_lost_its_lease_has_no_say_any_more() -> None:
    succeed.enqueue(1)
    first = taken("first")
    assert queue.take_back(timezone.now()) == 0  # it still holds it
    later = timezone.now() + 2 * LEASE
    assert queue.take_back(later) == 1
    stored().update(run_after=timezone.now())
    second = taken("second")
    assert second.attempt == 2
    assert run(first) == "lost"
    assert stored().get().status == Status.RUNNING
    assert run(second) == "done"


@pytest.mark.usefixtures("database")
def test_a_worker_that_says_so_keeps_its_jobs() -> None:
    succeed.enqueue(1)
    held = taken()
    late = timezone.now() + 1.5 * LEASE
    queue.renew("one", [held.id], 2 * LEASE)
    assert queue.take_back(late) == 0
    queue.renew("another", [held.id], 9 * LEASE)
    assert queue.take_back(late + LEASE) == 1


@pytest.mark.usefixtures("database")
def test_a_job_that_takes_its_workers_with_it_is_given_up() -> None:
    fail.enqueue()  # which may be tried twice
    for _ in range(2):
        taken()
        queue.take_back(timezone.now() + 2 * LEASE)
        now_due()
    row = stored().get()
    assert (row.status, row.exception_class_path) == (Status.FAILED, queue.LOST)


@pytest.mark.usefixtures("sqlite_database")
def test_what_is_done_is_forgotten_before_what_was_given_up() -> None:
    for work in (succeed.enqueue(1), refuse.enqueue()):
        assert run(taken()) in ("done", "failed"), work
    stored().update(finished_at=timezone.now() - timedelta(days=2))
    assert forget_ended_jobs.call() == 1
    assert stored().get().status == Status.FAILED
    stored().update(finished_at=timezone.now() - timedelta(days=8))
    assert forget_ended_jobs.call() == 1


@pytest.mark.usefixtures("database")
def test_a_job_is_queued_by_the_commit_of_what_it_follows_from() -> None:
    record.writer().write(Write((queued(succeed, 3),), ()))
    assert run(taken()) == "done"
    assert stored().get().return_value == 3


@pytest.fixture
def nightly(monkeypatch: pytest.MonkeyPatch) -> Iterator[datetime]:
    """One scheduled job, and a time at which it is due."""
    monkeypatch.setattr(registering, "SCHEDULE", {})
    monkeypatch.setattr(schedule, "SCHEDULE", registering.SCHEDULE)
    registering.every(hours=24)(fail)
    return timezone.now() + timedelta(minutes=1)


def test_of_many_workers_one_queues_what_is_due(
    database: Any, nightly: datetime, in_threads: Callable[..., Any]
) -> None:
    in_threads(8, lambda _: schedule.settle())
    answers = in_threads(8, lambda _: schedule.queue_due(nightly))
    assert sum(map(len, answers)) == stored().count() == 1


@pytest.mark.usefixtures("database")
def test_what_was_missed_is_done_once_and_what_still_waits_is_not_doubled(
    nightly: datetime,
) -> None:
    schedule.settle()
    name = Due.objects.get().name
    assert schedule.queue_due(nightly + timedelta(days=30)) == [name]
    assert schedule.queue_due(nightly + timedelta(days=30)) == []
    assert schedule.queue_due(nightly + timedelta(days=31, minutes=1)) == []  # it still waits
    stored().update(status=Status.SUCCESSFUL)
    assert schedule.queue_due(nightly + timedelta(days=33)) == [name]


@pytest.mark.usefixtures("sqlite_database")
def test_old_code_leaves_nothing_in_the_schedule(nightly: datetime) -> None:
    Due.objects.create(name="gone.away", next=nightly)
    schedule.settle()
    assert [row.name for row in Due.objects.all()] == [fail.module_path]


def test_a_killed_workers_job_is_taken_up_again_and_done_once(
    database: Any, tmp_path: Path
) -> None:
    job = write_down.enqueue(str(tmp_path))
    with worker(tmp_path, database.url, EQUIPOISE_JOB_LEASE="1") as first:
        until(lambda: notes(tmp_path) == ["begun"])
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert stored().get(id=job.id).status == Status.RUNNING
    (tmp_path / "go").touch()
    with worker(tmp_path, database.url):
        until(lambda: stored().get(id=job.id).status == Status.SUCCESSFUL)
    assert notes(tmp_path) == ["begun", "begun", "done"]
    assert len(record.entries(CHAIN)) == 1
    assert len(set(stored().get(id=job.id).worker_ids)) == 2


def test_told_to_stop_a_worker_puts_back_what_it_has_in_hand(database: Any, tmp_path: Path) -> None:
    job = write_down.enqueue(str(tmp_path))
    with worker(tmp_path, database.url) as first:
        until(lambda: notes(tmp_path) == ["begun"])
        first.send_signal(signal.SIGTERM)
        assert first.wait(120) == 0
    row = stored().get(id=job.id)
    assert row.status == Status.READY
    assert Lease.objects.get(task=job.id).until is None
    assert claim(LONG, "another", 1, LEASE)[0].attempt == 1  # the attempt did not count


def test_a_worker_does_the_scheduled_work(database: Any, tmp_path: Path) -> None:
    with worker(tmp_path, database.url):
        until(lambda: stored().successful().filter(task_path__contains="checkpoints").exists())
    assert Due.objects.filter(last__isnull=False).count() >= 4
    log = (tmp_path / "worker.log").read_text().splitlines()
    assert all(json.loads(line)["from"].startswith("equipoise.") for line in log)


@pytest.mark.usefixtures("database")
def test_a_look_at_the_queue_begins_as_many_jobs_as_there_is_room_for() -> None:
    for number in range(5):
        succeed.enqueue(number)
    looking = Worker({SHORT: 3}, LEASE)
    assert looking.step() == 3
    assert looking.wait(60)
    assert looking.step() == 2
    assert looking.wait(60)
    assert sorted(stored().successful().values_list("return_value", flat=True)) == [*range(5)]


@pytest.mark.usefixtures("sqlite_database")
def test_the_queue_is_measured_and_shown_without_arguments() -> None:
    succeed.enqueue(12345)
    text = exposition().decode()
    assert 'equipoise_jobs_waiting{queue="default"} 1.0' in text
    assert 'equipoise_jobs_oldest_seconds{queue="default"}' in text
    shown = logged_in(person(Role.SERVICE_OWNER)).get("/v1/jobs?state=ready")
    assert [(each["name"], each["state"]) for each in shown.json()["items"]] == [
        ("succeed", "ready")
    ]
    assert not re.search(rb"\b12345\b", shown.content)  # as a word: a clock may spell it
    schedule.settle()
    assert logged_in(person(Role.AUDITOR)).get("/v1/jobs/schedule").status_code == 200
