"""Health, metrics, logs and limits."""

from __future__ import annotations

import io
import json
import logging
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from people import logged_in, person, send, with_key

from equipoise.service.contexts.registry.models import Pointer
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.jobs.models import Due
from equipoise.service.platform.operations import disk, health
from equipoise.service.platform.operations.logs import JsonLines, facts, log, request_id
from equipoise.service.platform.operations.metrics import exposition


@pytest.fixture
def lines() -> Iterator[Any]:
    """What was logged, as parsed lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger("equipoise"), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for logger in loggers:
        logger.removeHandler(handler)


def checks(client: Client | None = None) -> tuple[int, dict[str, str]]:
    """Status of /readyz, and what each check says that is not well."""
    response = (client or Client()).get("/readyz")
    state = response.json()["checks"]
    return response.status_code, {name: says for name, says in state.items() if says != "ok"}


@pytest.mark.usefixtures("client")
def test_health_and_readiness() -> None:
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").json()["status"] == "ready"
    assert Client().post("/healthz").status_code == 405


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_answered_under_any_name(path: str) -> None:
    """They ask by number, or under the name of a container."""
    answer = Client().get(path, headers={"Host": "10.0.0.7:8000"})
    assert answer.status_code == 200 or answer.json()["title"] == "The service is not ready"


@pytest.mark.usefixtures("sqlite_database")
def test_not_ready_while_the_database_is_away_or_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> list[str]:
        raise OperationalError("gone")

    monkeypatch.setattr(health, "faults", away)
    response = Client().get("/readyz")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert Client().get("/healthz").status_code == 200
    monkeypatch.undo()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'registry'")
    assert Client().get("/readyz").json()["detail"] == "migrations are not applied"


@pytest.mark.usefixtures("client")
def test_not_ready_while_no_strategy_is_in_force() -> None:
    assert "strategy" not in checks()[1]
    Pointer.objects.all().delete()
    status, amiss = checks()
    assert status == 503
    assert amiss["strategy"] == "no strategy is in force: publish one"


@pytest.mark.usefixtures("client")
def test_readiness_tells_how_much_room_is_left(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "disk" not in checks()[1]
    monkeypatch.setattr(disk, "left", lambda _folder: 300_000_000)
    status, amiss = checks()
    assert status == 200
    assert amiss["disk"] == "300 MB are left on the disk of 1,000 wanted"
    monkeypatch.setattr(disk, "left", lambda _folder: 40_000_000)
    status, amiss = checks()
    assert "40 MB are left" in amiss["disk"]
    assert status == (503 if database.vendor == "sqlite" else 200)  # only there it lies on it


def test_a_disk_without_room_for_files_has_none_left(tmp_path: Path) -> None:
    assert 0 < disk.left(tmp_path) < 10**18


@pytest.mark.usefixtures("client")
def test_readiness_says_when_nobody_does_the_background_work() -> None:
    def work() -> str | None:
        status, amiss = checks()
        assert status == 200  # decisions are made without a worker
        return amiss.get("work")

    assert work() == "no worker has run yet"
    now = timezone.now()
    Due.objects.create(name="somewhere.tidy", next=now + timedelta(hours=1))
    assert work() is None
    Due.objects.update(next=now - timedelta(seconds=300))
    result = work()
    assert result is not None
    assert re.fullmatch(r"background work is \d{3,} s late: is a worker running\?", result)
    assert 'equipoise_check_amiss{check="work"} 1.0' in exposition().decode()


@pytest.mark.usefixtures("client")
def test_whoever_asks_all_the_time_is_told_what_was_seen_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = []
    monkeypatch.setattr(health, "FRESH", 3600.0)
    health.register("test", lambda: looks.append(1))
    try:
        assert [checks()[0] for _ in range(20)] == [200] * 20
        assert len(looks) <= 1
    finally:
        health.unregister("test")


@pytest.mark.usefixtures("client")
def test_checks_that_never_come_back_are_a_fault_and_hold_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = threading.Event()
    health.register("test", lambda: release.wait(60) and None)
    watch = health.Watch()
    assert not watch.latest().ready
    try:
        watch.start()
        assert watch.latest().faults == ["nothing was looked at yet"]
        monkeypatch.setattr(health, "STALE", 0.0)
        assert "have not come back" in watch.latest().faults[0]
    finally:
        release.set()
        health.unregister("test")
        watch.stop()


@pytest.mark.usefixtures("sqlite_database")
def test_metrics_are_for_those_who_may_and_count_routes_not_paths() -> None:
    assert Client().get("/metrics").status_code == 401
    client, _ = with_key(person(Role.ADMINISTRATOR), "metrics.read")
    send(client, "GET", "/v1/strategies/4711")
    text = client.get("/metrics").content.decode()
    assert 'equipoise_requests_total{method="GET",route="/v1/strategies/<int:version_id>"' in text
    assert "strategies/4711" not in text


@pytest.mark.usefixtures("sqlite_database")
def test_every_answer_carries_its_id_and_so_does_its_log_line(lines: Any) -> None:
    client = logged_in(person(Role.AUDITOR))
    given = client.get("/v1/me", headers={"X-Request-ID": "abc-12345"})
    assert given["X-Request-ID"] == "abc-12345"
    made = client.get("/v1/me", headers={"X-Request-ID": "bad id\n"})
    assert len(made["X-Request-ID"]) == 24
    rows = [line for line in lines() if line["from"] == "equipoise.requests"]
    assert [line["request"] for line in rows] == ["abc-12345", made["X-Request-ID"]]
    assert rows[0]["route"] == "/v1/me"
    assert rows[0]["status"] == 200


@pytest.mark.usefixtures("sqlite_database")
def test_nothing_a_person_sends_is_in_the_logs(lines: Any) -> None:
    client = logged_in(person(Role.ADMINISTRATOR))
    planted = "PlantedValue"
    send(client, "POST", "/v1/users", {"username": planted, "password": planted, "role": planted})
    send(client, "POST", f"/v1/keys/{planted}/revoke?x={planted}")
    send(client, "GET", f"/{planted}")
    client.get("/v1/me", headers={"Host": f"{planted}.example", "User-Agent": planted})
    client.post("/accounts/login/", {"login": planted, "password": planted})
    text = json.dumps(lines())
    assert len(lines()) >= 5
    assert planted not in text


def test_an_exception_is_logged_without_its_message(lines: Any) -> None:
    token = request_id.set("r-1")
    try:
        raise ValueError("holds a planted value")
    except ValueError:
        log("test").exception("something broke", extra=facts(step="one"))
    finally:
        request_id.reset(token)
    [line] = lines()
    assert (line["message"], line["step"], line["request"]) == ("something broke", "one", "r-1")
    assert line["exception"]["type"] == "ValueError"
    assert "planted" not in json.dumps(line)


@pytest.mark.usefixtures("sqlite_database")
def test_a_database_that_is_away_is_told_as_503(monkeypatch: pytest.MonkeyPatch) -> None:
    from equipoise.service.platform.accounts import access

    def away(_token: str) -> None:
        raise OperationalError("gone")

    client, _ = with_key(person(Role.ADMINISTRATOR))
    monkeypatch.setattr(access, "principal_by_token", away)
    response = client.get("/v1/me")
    assert (response.status_code, response["Retry-After"]) == (503, "2")


@pytest.mark.usefixtures("sqlite_database")
def test_programs_get_the_transports_headers_too() -> None:
    client, _ = with_key(person(Role.ADMINISTRATOR))
    response = client.get("/v1/me")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert client.get("/v1/me", headers={"Host": "evil.example"}).status_code == 400
