"""A clock that jumps: by hours or years, back or ahead, while the service runs or between two runs.
Real servers and workers, whose clock is moved under them; nothing of the service knows of that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from lender import facts
from moved_clock import MovedClock, can_be_had
from processes import Server, until, workspace
from receiver import Receiver, receiving
from work_to_do import succeed

from equipoise.service.platform.jobs import clock, queue, schedule
from equipoise.service.platform.jobs.models import Clock, Due, Lease
from equipoise.service.platform.jobs.registering import SHORT

HOURS, YEARS = 2 * 3600, 2 * 365 * 86_400
needs_a_compiler = pytest.mark.skipif(not can_be_had(), reason="needs a C compiler")


def slow(*values: int) -> Any:
    return pytest.param(values, marks=pytest.mark.slow)


@pytest.fixture
def moved(tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path)


@pytest.fixture
def server(moved: MovedClock, tmp_path: Path) -> Iterator[Server]:
    more = {"EQUIPOISE_WEBHOOK_PRIVATE": "127.0.0.1", "EQUIPOISE_JOB_LEASE": "2"}
    service = Server(workspace(tmp_path / "lender"), more={**more, **moved.environment})
    yield service
    if service.runs():
        service.kill()


def signed(server: Server) -> int:
    path = server.folder / "service" / "witness.jsonl"
    return len(path.read_bytes().splitlines()) if path.exists() else 0


def decides(server: Server, key: str) -> None:
    status, answer = server.decide(facts(application_id=key), key)
    assert status == 201, answer


def tells(server: Server, move: int) -> None:
    """Readiness says, once a worker has looked, which way the clock went."""
    way = "back" if move < 0 else "ahead"

    def told() -> bool:
        _, answer = server.call("GET", "/readyz")
        return f" {way} at " in answer.get("checks", {}).get("clock", "")

    until(told)


def is_told(server: Server, receiver: Receiver, hook: str) -> None:
    """A test message comes through."""
    before = len(receiver.got)
    status, answer = server.call("POST", f"/v1/webhooks/{hook}/ping")
    assert status in (200, 202, 204), answer
    until(lambda: len(receiver.got) > before)


def address(server: Server, receiver: Receiver) -> str:
    given = {"url": receiver.url, "events": ["decision.made"]}
    status, hook = server.call("POST", "/v1/webhooks", given)
    assert status == 201, hook
    return str(hook["id"])


@needs_a_compiler
@pytest.mark.parametrize("moves", [(-HOURS, YEARS), slow(HOURS, -YEARS)])
def test_work_goes_on_while_the_clock_jumps(
    server: Server, moved: MovedClock, moves: tuple[int, ...]
) -> None:
    with receiving() as receiver:
        server.start()
        hook = address(server, receiver)
        is_told(server, receiver, hook)
        for move in moves:
            until(lambda: signed(server) > 0)
            decides(server, f"before{move}")
            before = signed(server)
            moved.set(move)
            tells(server, move)
            until(lambda before=before: signed(server) > before)  # due in minutes by a right clock
            if move != YEARS:  # keys have ended by then
                is_told(server, receiver, hook)
                decides(server, f"during{move}")
            moved.set(0)
            tells(server, -move)
            is_told(server, receiver, hook)
            decides(server, f"after{move}")
        assert server.stop() == 0


@needs_a_compiler
@pytest.mark.slow  # that no lease lies further ahead than its length is asked of every run, below
@pytest.mark.parametrize("moves", [(-YEARS,), (-HOURS, HOURS, YEARS)])
def test_work_goes_on_where_the_clock_jumped_between_two_runs(
    server: Server, moved: MovedClock, moves: tuple[int, ...]
) -> None:
    with receiving() as receiver:
        server.start()
        hook = address(server, receiver)
        is_told(server, receiver, hook)
        for move in moves:
            decides(server, f"before{move}")
            before = signed(server)
            server.kill()  # its jobs are under leases that end in a time to come
            moved.set(move)
            server.start()
            if abs(move) > 86_400 or move < 0:  # two hours ahead may be two hours of rest
                tells(server, move)
            until(lambda before=before: signed(server) > before)
            if move != YEARS:
                is_told(server, receiver, hook)
                decides(server, f"during{move}")
            server.kill()
            moved.set(0)
            server.start()
            is_told(server, receiver, hook)
        assert server.stop() == 0


@pytest.mark.usefixtures("database")
def test_no_lease_lies_further_ahead_than_its_length() -> None:
    succeed.enqueue(1)
    lease = timedelta(seconds=30)
    queue.claim(SHORT, "gone", 1, lease)
    now = timezone.now()
    assert queue.take_back(now) == 0
    Lease.objects.update(until=now + timedelta(hours=2))
    assert queue.take_back(now) == 1
    assert queue.claim(SHORT, "another", 1, lease)


@pytest.mark.usefixtures("database")
def test_no_job_waits_longer_than_the_longest_pause() -> None:
    succeed.enqueue(1)
    queue.stored().update(run_after=timezone.now() + timedelta(minutes=30))
    assert queue.claim(SHORT, "one", 1, timedelta(seconds=30)) == []
    queue.stored().update(run_after=timezone.now() + timedelta(days=730))
    assert len(queue.claim(SHORT, "one", 1, timedelta(seconds=30))) == 1


@pytest.mark.usefixtures("database")
def test_nothing_is_forgotten_by_age_for_a_day_after_a_jump() -> None:
    from equipoise.service.contexts.decisions.tasks import forget_old_keys

    name = forget_old_keys.module_path
    schedule.settle()
    watch, now = clock.Watch(), timezone.now()
    assert watch.look(now) is None
    assert not clock.doubtful(now)
    ahead = now + timedelta(days=730)
    jump = watch.look(ahead)
    assert jump is not None
    assert abs(jump - timedelta(days=730)) < timedelta(minutes=1)
    Due.objects.update(next=ahead)
    assert name not in schedule.queue_due(ahead)
    assert Due.objects.get(name=name).next > ahead  # and it is not late either
    Due.objects.update(next=ahead)
    later = ahead + clock.REST + timedelta(seconds=1)
    assert name in schedule.queue_due(later)
    assert clock.doubtful(now) is False  # set right: that rest lies further ahead than it may


@pytest.mark.usefixtures("database")
def test_readiness_tells_of_a_clock_behind_what_a_worker_saw() -> None:
    assert clock.jumped() is None
    Clock.objects.create(id=1, seen=timezone.now() + timedelta(hours=2))
    result = clock.jumped()
    assert result is not None
    assert "2.0 h behind what a worker saw" in result.says


@pytest.mark.usefixtures("database")
def test_a_clock_that_jumps_while_a_job_runs_is_noticed_before_a_worker_looks() -> None:
    now = timezone.now()
    assert not clock.unseen(now)  # nobody ever worked
    clock.Watch().look(now)
    assert not clock.unseen(now + timedelta(seconds=20))
    assert clock.unseen(now + timedelta(hours=2))
    assert clock.unseen(now - timedelta(hours=2))
