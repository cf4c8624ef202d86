"""The service's clock: how it runs, and who may look at another one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import equipoise.service
from equipoise.service.platform import clock
from equipoise.service.platform.clock import Pace

ROOM = Path(equipoise.service.__file__).parent
BEGAN = datetime(2026, 11, 29, 12, tzinfo=UTC)

MACHINERY = {
    "door/asked.py",
    "platform/accounts",
    "platform/allowances",
    "platform/backups.py",
    "platform/clock.py",
    "platform/exports/files.py",
    "platform/jobs",
    "platform/login",
    "platform/messages/codes.py",
    "platform/messages/couriers.py",
    "platform/setting.py",
    "platform/webhooks",
    "contexts/batches/retention.py",
    "contexts/drafts/access.py",
    "contexts/erasing/carrying.py",
    "contexts/erasing/needles.py",
    "contexts/papers/files.py",
}
"""Rooms that go by the system's clock, and why, in ADR 43: what they wait for is waited for by
machines and by people at them, and does not go faster for being rehearsed."""
BOTH = {
    "contexts/drafts/helping.py": "idleness of who helps; what is told of it",
    "contexts/erasing/carrying.py": "pauses between two tries; when it was done",
    "contexts/batches/retention.py": "how old a file of nobody is; until when it keeps",
    "platform/jobs/schedule.py": "periods, of which it asks how long they last",
    "platform/messages/delivering.py": "leases and tries; how old a message is",
    "platform/messages/queueing.py": "from when it may be sent; when it was made",
    "platform/messages/tasks.py": "codes; what messages said",
}
"""Rooms that need both, each of its own columns: what of the machine's; what of the service's."""
_READS = {
    ("timezone", "now"), ("timezone", "localtime"), ("timezone", "localdate"), ("datetime", "now"),
    ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "time_ns"),
}  # fmt: skip
_AUTOMATIC = {"auto_now", "auto_now_add"}


def looks(tree: ast.Module) -> Iterator[str]:
    """At which clocks a module looks: the `system`'s, the `service`'s."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) in _READS:
                yield "system"
            elif (node.value.id, node.attr) in {("clock", "now"), ("clock", "micros")}:
                yield "service"
        if isinstance(node, ast.keyword) and node.arg in _AUTOMATIC:
            yield "system"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from ("system" for each in node.names if each.name in {"time", "time_ns"})
        if isinstance(node, ast.ImportFrom) and node.module == "django.db.models.functions":
            yield from ("system" for each in node.names if each.name == "Now")


def modules() -> Iterator[tuple[str, set[str]]]:
    for path in sorted(ROOM.rglob("*.py")):
        if "migrations" not in path.parts:
            result = set(looks(ast.parse(path.read_text(encoding="utf-8"))))
            yield path.relative_to(ROOM).as_posix(), result


def of(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(f"{room}/") for room in rooms)


def test_the_system_s_clock_is_looked_at_in_the_rooms_of_machinery_alone() -> None:
    looking = {name for name, value in modules() if "system" in value}
    strangers = {name for name in looking if not of(name, MACHINERY) and name not in BOTH}
    assert not strangers, "take `clock.now()`, or say in ADR 43 why the system's"
    gone = {room for room in MACHINERY if not any(of(name, {room}) for name in looking)}
    assert not gone, "these look at no clock any more"


def test_who_looks_at_both_is_known_by_name() -> None:
    """`jobs/clock` is another module by that name: the worker's watch over the system's."""
    both = {name for name, value in modules() if value == {"system", "service"}}
    assert both - {"platform/jobs/worker.py"} <= set(BOTH)


@pytest.fixture
def fast() -> Iterator[Pace]:
    """A service whose clock runs 600 times as fast."""
    result, known = [*clock._told], [*clock._known]
    pace = Pace(BEGAN, 600)
    clock.goes_by(lambda: pace)
    yield pace
    clock._told[:], clock._known[:] = result, known


def test_it_runs_so_many_times_as_fast_from_the_moment_at_which_it_began() -> None:
    pace = Pace(BEGAN, 600)
    assert pace.at(BEGAN) == BEGAN
    assert pace.at(BEGAN + timedelta(seconds=144)) == BEGAN + timedelta(days=1)
    assert Pace(BEGAN, 1).at(BEGAN + timedelta(hours=5)) == BEGAN + timedelta(hours=5)


def test_it_ends_where_dates_do() -> None:
    assert Pace(BEGAN, 20_000).at(BEGAN + timedelta(days=365 * 50)).year == 9999


def test_now_and_spans_follow_it(fast: Pace, monkeypatch: pytest.MonkeyPatch) -> None:
    real = BEGAN + timedelta(seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: real)
    assert clock.now() == BEGAN + timedelta(minutes=10)
    assert clock.micros() == int(clock.now().timestamp()) * 1_000_000
    assert clock.passing(timedelta(seconds=1)) == timedelta(minutes=10)
    assert clock.lasting(timedelta(minutes=10)) == timedelta(seconds=1)


def test_while_nobody_knows_it_is_the_system_s_and_is_asked_again(
    fast: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: BEGAN + timedelta(seconds=1))
    answers: list[Pace | None] = []

    def told() -> Pace | None:
        if not answers:
            raise LookupError
        return answers[0]

    clock.goes_by(told)
    assert clock.now() == BEGAN + timedelta(seconds=1)
    answers.append(fast)
    assert clock.now() == BEGAN + timedelta(minutes=10)
    answers[:] = [None]
    assert clock.now() == BEGAN + timedelta(minutes=10), "what is known stays so"
