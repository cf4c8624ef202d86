"""Failure falls to a person: refer, or 503 with Retry-After; never a yes, nothing half-written."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from lender import anew, ask, publish, shop
from people import send
from through_door import end_doors

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.registry.models import Pointer, Version
from equipoise.service.platform.operations import requests
from equipoise.service.platform.record.models import Event
from equipoise.service.platform.record.proving import verify_record


def test_a_strategy_that_is_gone_refers(client: Any) -> None:
    Version.objects.update(content=b"gone")
    with anew():
        answer = ask(client)
        assert answer.status_code == 201
        assert (answer.json()["outcome"], answer.json()["offers"]) == ("refer", [])
        where = f"/v1/decisions/{answer.json()['id']}"
        assert client.get(where).json() == answer.json()
        assert client.get(f"{where}/explanation").status_code == 409
        assert send(client, "POST", f"{where}/replay").status_code == 409


def test_a_strategy_that_breaks_refers(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from equipoise.strategy.runtimes.record.runtime import RecordRuntime

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(RecordRuntime, "decide_one", broken)
    assert ask(client).json()["outcome"] == "refer"


def test_with_nothing_in_force_nothing_is_decided(client: Any) -> None:
    Pointer.objects.all().delete()
    response = ask(client)
    assert response.status_code == 503
    assert response["Retry-After"]


def test_a_database_that_takes_nothing_is_told_and_nothing_is_half_written(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from equipoise.service.platform.record import writer

    real = writer.write_events
    monkeypatch.setattr(writer, "write_events", _full)
    response = ask(client, key="once")
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    monkeypatch.setattr(writer, "write_events", real)
    assert Decision.objects.count() == 0
    assert ask(client, key="once").status_code == 201


def _full(*_: Any) -> None:
    raise OperationalError("database or disk is full")


def test_a_full_disk_is_told_and_nothing_is_half_written(
    sqlite_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connections

    with anew():
        publish()
        client = shop()
        options = connections.settings["default"]["OPTIONS"]
        full = options["init_command"] + "; PRAGMA max_page_count = 1"  # as many as there are now
        monkeypatch.setitem(options, "init_command", full)
        end_doors()  # whoever decides next opens the database anew
        kept = []
        for number in range(2_000):
            response = ask(client, key=f"full-{number}")
            if response.status_code != 201:
                break
            kept.append(response.json()["id"])
        assert (response.status_code, response["Retry-After"]) == (503, "2")
        assert set(Decision.objects.values_list("id", flat=True)) == set(kept)
        assert Decision.objects.count() == Event.objects.filter(kind="decision.made").count()
        assert verify_record().valid
        monkeypatch.undo()
        end_doors()
        assert ask(client, key=f"full-{number}").status_code == 201


def test_a_database_held_by_someone_else_is_told_in_bounded_time(database: Any) -> None:
    from django.db import connection, connections, transaction

    with anew():
        publish()
        client = shop()
        holds, released = threading.Event(), threading.Event()

        def hold() -> None:
            with transaction.atomic(), connections["default"].cursor() as cursor:
                if connections["default"].vendor == "postgresql":
                    cursor.execute("LOCK TABLE record_event IN ACCESS EXCLUSIVE MODE")
                holds.set()
                released.wait(600)
            connections.close_all()

        thread = threading.Thread(target=hold)
        thread.start()
        assert holds.wait(60)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET lock_timeout = '300ms'")
            else:
                cursor.execute("PRAGMA busy_timeout = 300")
        try:
            assert ask(client, key="once").status_code == 503
        finally:
            released.set()
            thread.join()
        assert ask(client, key="once").status_code == 201


def signal_all(processes: list[int], number: int) -> None:
    for process in processes:
        os.kill(process, number)


def test_a_frozen_database_is_told_in_bounded_time(
    postgresql_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    with anew():
        publish()
        client = shop()
        monkeypatch.setattr(requests, "_REQUESTS_TIME", 0.2)
        assert ask(client).status_code == 201
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            backends = [pid for (pid,) in cursor.fetchall()]
        assert backends
        signal_all(backends, signal.SIGSTOP)
        # were it to wait for the database, it would be let go on in the end, and answer 201
        thaw = threading.Timer(120, signal_all, (backends, signal.SIGCONT))
        thaw.start()
        try:
            response = ask(client, key="once")
        finally:
            thaw.cancel()
            signal_all(backends, signal.SIGCONT)
        assert (response.status_code, response["Retry-After"]) == (503, "2")
        assert ask(client, key="once").status_code == 201


def test_a_database_that_is_gone_is_told_and_all_goes_on_once_it_is_back(
    postgresql_database: Any,
) -> None:
    import psycopg

    where = urlsplit(postgresql_database.url)
    name = where.path.strip("/")
    with (
        anew(),
        psycopg.connect(where._replace(path="/postgres").geturl(), autocommit=True) as admin,
    ):
        publish()
        client = shop()
        ask(client, key="before")
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        gone = [ask(client, key="once") for _ in range(3)]
        assert {(each.status_code, each["Retry-After"]) for each in gone} == {(503, "2")}
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert ask(client, key="once").status_code == 201
        assert Decision.objects.count() == 2
        assert verify_record().valid
