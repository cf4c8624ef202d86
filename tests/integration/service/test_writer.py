"""The group-commit writer: durable before it answers, and one bad write harms no other."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from happened import happened, happened_to

from equipoise.service.contexts.decisions.models import Request
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record import writer as module
from equipoise.service.platform.record.models import Event
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.writer import Conflict, Unavailable, Write, Writer


def event(chain: str, *, begins: bool = True) -> Any:
    return happened(chain, begins=begins, of=chain)


def row(name: str | None) -> Request:
    return Request(key=name, body=b"", answer_id="any", at=timezone.now())


@pytest.mark.usefixtures("database")
def test_rows_and_events_are_there_once_the_writer_answers() -> None:
    blind = subjects.keyring().blind("phone", "1")
    sealed = subjects.seal_new("app-1", {"phone": "1"}, blind)
    first = happened_to(sealed, of=sealed.body)
    entries = Writer().write(Write([row("any")], [first, event("app-1", begins=False)]))
    assert [(entry.chain, entry.index) for entry in entries] == [("app-1", 0), ("app-1", 1)]
    connection.close()  # what another connection sees is committed
    assert record.entries("app-1") == entries
    assert subjects.find("phone", "1") == ["app-1"]
    assert Request.objects.get().key == "any"
    assert verify_record().valid


@pytest.mark.usefixtures("database")
def test_many_threads_share_commits_and_each_gets_its_own_entries(in_threads: Any) -> None:
    writer = Writer()
    batches: list[int] = []
    plain = module._together

    def counted(on: Any, batch: list[Any]) -> None:
        batches.append(len(batch))
        plain(on, batch)

    module._together = counted
    try:

        def work(number: int) -> list[str]:
            written = [
                writer.write(Write((), [event(f"app-{number}-{turn}")])) for turn in range(10)
            ]
            return [entry.chain for [entry] in written]

        answers = in_threads(16, work)
    finally:
        module._together = plain
    assert answers == [[f"app-{n}-{turn}" for turn in range(10)] for n in range(16)]
    assert sum(batches) == 160
    assert len(batches) < 160
    assert verify_record().events == 160
    assert verify_record().valid


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("leaders", [1, 8])
def test_threads_that_write_to_one_chain_make_one_chain(in_threads: Any, leaders: int) -> None:
    writer = Writer(leaders=leaders)
    writer.write(Write((), [event("app-1")]))
    in_threads(12, lambda _: writer.write(Write((), [event("app-1", begins=False)])))
    verdict = verify_record()
    assert (verdict.events, verdict.first_bad) == (13, None)


@pytest.mark.usefixtures("database")
def test_two_writers_as_in_two_processes_make_one_chain(in_threads: Any) -> None:
    writers = [Writer(), Writer()]

    def work(number: int) -> None:
        for _ in range(5):
            writers[number % 2].write(Write((), [event("app-1", begins=False)]))

    Writer().write(Write((), [event("app-1")]))
    in_threads(8, work)
    verdict = verify_record()
    assert (verdict.events, verdict.first_bad) == (41, None)


BAD = {
    "taken": Write([row("taken")], [event("bad")]),
    "too long": Write([row("x" * 41)], [event("bad")]),
    "misnamed": Write([], [event("no name!")]),
    "begun twice": Write([], [event("known")]),
    "without key": Write([row(None)], [event("bad")]),
}
# SQLite knows no longest text.
REFUSED = [("postgresql", name) for name in BAD] + [
    ("sqlite", name) for name in BAD if name != "too long"
]


@pytest.mark.parametrize(("database", "name"), REFUSED, indirect=["database"])
def test_one_bad_write_fails_alone(database: Any, name: str) -> None:
    bad = BAD[name]
    Writer().write(Write([row("taken")], [event("known")]))
    waiting = [
        module._Waiting(Write([row("a")], [event("good-1")])),
        module._Waiting(bad),
        module._Waiting(Write([row("b")], [event("good-2")])),
    ]
    module._commit(connection, waiting)
    assert [each.error is None for each in waiting] == [True, False, True]
    chains = set(Event.objects.values_list("chain", flat=True))
    assert chains == {"known", "good-1", "good-2"}
    assert set(Request.objects.values_list("key", flat=True)) == {"taken", "a", "b"}
    assert verify_record().valid


@pytest.mark.usefixtures("database")
def test_of_fifty_who_take_one_name_one_gets_it(in_threads: Any) -> None:
    writer = Writer()

    def work(number: int) -> bool:
        try:
            writer.write(Write([row("the-one")], [event(f"app-{number}")]))
        except Conflict:
            return False
        return True

    assert sum(in_threads(50, work)) == 1
    assert Event.objects.count() == 1


@pytest.mark.usefixtures("sqlite_database")
def test_a_database_that_is_away_is_told_to_all_and_the_next_write_goes_through(
    in_threads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer()
    plain = module._together

    def away(_on: Any, _batch: Any) -> None:
        raise OperationalError("disk full")

    monkeypatch.setattr(module, "_together", away)

    def work(number: int) -> bool:
        with pytest.raises(Unavailable):
            writer.write(Write((), [event(f"app-{number}")]))
        return True

    assert all(in_threads(8, work))
    monkeypatch.setattr(module, "_together", plain)
    writer.write(Write((), [event("app-later")]))
    assert Event.objects.count() == 1


@pytest.mark.usefixtures("sqlite_database")
def test_whoever_waits_too_long_is_told_so_and_those_behind_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writer = Writer(patience=0.1)
    begun, go_on = threading.Event(), threading.Event()
    plain = module._together

    def slow(on: Any, batch: Any) -> None:
        begun.set()
        go_on.wait(60)
        plain(on, batch)

    monkeypatch.setattr(module, "_together", slow)
    first = threading.Thread(target=_written, args=(writer, "app-1"))
    first.start()
    assert begun.wait(60)
    with pytest.raises(Unavailable):
        writer.write(Write((), [event("app-2")]))
    go_on.set()
    first.join()
    writer.write(Write((), [event("app-3")]))
    assert set(Event.objects.values_list("chain", flat=True)) == {"app-1", "app-3"}


@pytest.mark.usefixtures("database")
def test_beside_slow_commits_others_lead_and_no_write_and_no_lead_is_lost(
    in_threads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(leaders=3)
    plain, lock, second = module._together, threading.Lock(), threading.Event()
    leading: list[int] = [0]

    def slow(on: Any, batch: Any) -> None:
        with lock:
            leading.append(leading[-1] + 1)
            if leading[-1] > 1:
                second.set()
        second.wait(10)  # long enough for another to lead beside it, of those who are not in it
        time.sleep(0.02)
        plain(on, batch)
        with lock:
            leading.append(leading[-1] - 1)

    monkeypatch.setattr(module, "_together", slow)

    def work(number: int) -> list[str]:
        written = [writer.write(Write((), [event(f"app-{number}-{turn}")])) for turn in range(5)]
        return [entry.chain for [entry] in written]

    assert in_threads(16, work) == [[f"app-{n}-{turn}" for turn in range(5)] for n in range(16)]
    assert 1 < max(leading) <= 3
    assert (writer._leading, len(writer._queue)) == (0, 0)
    assert verify_record().events == 80
    assert verify_record().valid


@pytest.mark.usefixtures("sqlite_database")
def test_a_commit_that_hangs_holds_nobody_up_where_another_may_lead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writer = Writer(leaders=2)
    begun, go_on = threading.Event(), threading.Event()
    plain = module._together

    def hangs(on: Any, batch: Any) -> None:
        if not begun.is_set():
            begun.set()
            assert go_on.wait(600)
        plain(on, batch)

    monkeypatch.setattr(module, "_together", hangs)
    first = threading.Thread(target=_written, args=(writer, "app-1"))
    first.start()
    assert begun.wait(60)
    writer.write(Write((), [event("app-2")]))
    assert set(Event.objects.values_list("chain", flat=True)) == {"app-2"}
    go_on.set()
    first.join()
    assert set(Event.objects.values_list("chain", flat=True)) == {"app-1", "app-2"}


@pytest.mark.usefixtures("sqlite_database")
def test_a_durable_write_cannot_hide_in_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"), transaction.atomic():
        Writer().write(Write((), [event("app-1")]))


def _written(writer: Writer, chain: str) -> None:
    from django.db import connections

    writer.write(Write((), [event(chain)]))
    connections.close_all()
