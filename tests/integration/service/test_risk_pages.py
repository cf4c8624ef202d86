"""An alert's way by its pages: told once, taken, treated, closed by two; in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import watching
from lender import anew, publish
from own_folder import own_folder
from people import acting, logged_in, person, with_key
from plan_text import TEXT as PLANS

from equipoise.service.contexts.plans import reading as plans
from equipoise.service.contexts.plans import services as running
from equipoise.service.contexts.watch import reading, services
from equipoise.service.contexts.watch.tasks import (
    inject_readings,
    measure_watch,
    tell_of_alerts,
)
from equipoise.service.platform.accounts.permissions import Role

TRIGGERED = PLANS.replace("bureau_answers", "late").replace(", starts: true", "")


@pytest.fixture
def lender(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "watch.yaml").write_text(watching.TEXT, encoding="utf-8")
    (tmp_path / "plans.yaml").write_text(TRIGGERED, encoding="utf-8")
    watching.deliver(tmp_path, watching.QUIET)
    with anew(), own_folder(tmp_path):
        publish()
        yield tmp_path


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_an_alert_is_told_taken_treated_by_a_plan_and_closed_by_two(lender: Path) -> None:
    rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
    officer, approver = logged_in(rita), logged_in(ben)
    for each in (officer, approver):
        each.defaults["HTTP_ACCEPT"] = "text/html"
    assert "Nothing is watched yet." in text(officer.get("/risk/"))
    officer.post("/risk/bring")
    assert "Approve this watch.yaml" not in text(officer.get("/risk/"))
    waits = reading.waiting()
    assert waits is not None
    approver.post(f"/risk/{waits.id}/approve")
    officer.post("/plans/bring")
    brought = plans.waiting()
    assert brought is not None
    approver.post(f"/plans/{brought.id}/approve")
    measure_watch.call()
    assert "Nothing rings." in text(officer.get("/risk/"))
    watching.deliver(lender, [*watching.QUIET, 0.9])
    measure_watch.call()
    tell_of_alerts.call()
    shown = text(officer.get("/risk/"))
    assert "You are told" in shown and "rings, nobody has it" in shown and "180" in shown
    assert "You are told" not in text(approver.get("/risk/"))
    assert "20 measured by Late" in text(officer.get("/risk/register/"))  # 5 by 4
    (alert,) = reading.alerts()
    room = f"/risk/alerts/{alert.id}/"

    def act(client: Any, do: str, **typed: Any) -> Any:
        return client.post(f"{room}do", {"do": do, "seen": reading.alerts()[0].version, **typed})

    stale = reading.alerts()[0].version
    act(officer, "acknowledge")
    lost = officer.post(f"{room}do", {"do": "treat", "seen": stale, "words": "call the branch"})
    kept = text(lost, 409)
    assert "rita was first: has the alert." in kept and "call the branch" in kept
    assert "nothing says what is done, or why" in text(act(officer, "treat"), 409)
    act(officer, "close", ending="accepted", words="we live with it")
    assert "wants it closed as accepted as it is: we live" in text(officer.get(room))
    own = text(act(officer, "agree"), 409)
    assert "whoever asked to close it does not agree to it" in own and "user." not in own
    asked = text(approver.get(room, headers={"accept-language": "zh"}))
    assert "接受风险" in asked and "客户接受" not in asked and "整改中" not in asked
    act(approver, "refuse", words="no")
    run = act(officer, "plan", plan="bureau_down")["Location"]
    assert run.startswith("/plans/runs/")
    assert "Its run" in text(officer.get(room))
    act(officer, "mitigate", words="lending is stopped")
    assert "Somebody else than who treated it" in text(officer.get(room))
    watching.deliver(lender, [*watching.QUIET, 0.9, 0.05])
    measure_watch.call()
    act(approver, "verify")
    act(approver, "close", ending="resolved", words="it holds")
    assert "I agree" not in text(approver.get(room))
    act(officer, "agree")
    assert reading.alerts() == []
    program, _ = with_key(person(Role.ADMINISTRATOR), "risk.read")
    (told,) = program.get("/v1/watch/alerts?state=closed").json()["items"]
    assert (told["id"], told["stage"]) == (alert.id, "closed")
    assert told.items() <= program.get(f"/v1/watch/alerts/{alert.id}").json().items()
    readings = program.get("/v1/watch/readings?indicator=late&limit=2").json()["items"]
    assert [each["verdict"] for each in readings] == ["green", "red"]
    history = text(officer.get(room, headers={"accept-language": "zh"}))
    assert "已关闭（已解决）" in history and "rita 已接手" in history
    page = text(officer.get("/risk/indicators/late/"))
    assert "AVG(CASE WHEN days > 0" in page and "90" in page
    assert "30.0" in text(officer.get("/risk/indicators/late/rows?period=2026-09-01"))
    csv = officer.post("/risk/indicators/late/export", {"as": "csv"})
    assert b"red" in csv.getvalue()


def test_a_drill_injects_what_an_indicator_reads_and_nothing_rings(lender: Path) -> None:
    rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
    officer, approver = logged_in(rita), logged_in(ben)
    for place in ("/risk/", "/plans/"):
        officer.post(f"{place}bring")
        waits = reading.waiting() if place == "/risk/" else plans.waiting()
        assert waits is not None
        approver.post(f"{place}{waits.id}/approve")
    measure_watch.call()
    officer.post("/plans/bureau_down/begin", {"cause": "spring", "drill": "1"})
    assert (inject_readings.call(), inject_readings.call()) == (1, 0)
    assert "Injected by drills" in text(officer.get("/risk/indicators/late/"))
    assert reading.alerts() == []


def test_a_plan_that_says_so_begins_by_itself_once(lender: Path) -> None:
    (lender / "plans.yaml").write_text(PLANS.replace("bureau_answers", "late"), encoding="utf-8")
    rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
    services.approve(services.bring_in(acting(rita)), acting(ben))
    running.approve(running.bring_in(acting(rita)), acting(ben))
    measure_watch.call()
    watching.deliver(lender, [*watching.QUIET, 0.9])
    measure_watch.call()
    for _ in range(2):
        tell_of_alerts.call()
    (run,) = plans.runs()
    (alert,) = reading.alerts()
    assert reading.alert(alert.id).begun == (("bureau_down", run.id),)
    page = text(logged_in(rita).get(f"/risk/alerts/{alert.id}/"))
    assert "The plan “The bureau is down” began by itself" in page


@pytest.mark.usefixtures("lender")
def test_what_is_not_there_is_not_found() -> None:
    reader = logged_in(person(Role.AUDITOR))
    for address in ("/risk/alerts/none/", "/risk/indicators/none/", "/risk/indicators/none/rows"):
        assert reader.get(address).status_code == 404
