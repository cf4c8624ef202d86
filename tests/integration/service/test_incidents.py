"""An incident in the service, from the report to what is learned, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from at_the_desk import at
from lender import anew
from own_folder import own_folder
from people import acting, logged_in, person
from through_door import Client

from equipoise.errors import GateRefused
from equipoise.service.contexts.incidents import reading, services
from equipoise.service.contexts.incidents.models import Incident
from equipoise.service.contexts.incidents.services import ActionAsked, Draft, Report, TaskAsked
from equipoise.service.contexts.incidents.tasks import chase_late, replay_threshold
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Principal, Role
from equipoise.service.platform.overtaking import Overtaken
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows

# Three borrowers. Days late by month: the first two are 30 late in month 5 and month 6, the third
# never is. At 10 days the warning comes two months before each, and one is false; at 20 days one
# month before, and none is.
DAYS = {"A": [0, 0, 12, 25, 40, 45], "B": [0, 0, 0, 15, 28, 50], "C": [0, 11, 0, 0, 0, 0]}
WATCH = """\
name: ours
history: 6
people: [{id: rita}]
tables:
  - {name: loans, data: loans.csv, period: month, entity: id,
     columns: {id: string, month: date, days: number}}
indicators:
  - {name: late, level: customer, about: credit, table: loans, kind: mean, of: days,
     red: {at: 20}, owner: rita}
risks:
  - name: bad_debt
    class: credit
    cause: people lose their work
    owner: rita
    probability: {judged: 3, by: rita, day: 2026-01-02}
    impact: {judged: 3, by: rita, day: 2026-01-02}
    appetite: 9
    reviewed: 2026-01-02
    controls: [{name: calls, test: listen to ten}]
backtest: {table: loans, event: days >= 30, horizon: 3, alert_cost: 5, saved: 100}
"""


@pytest.fixture
def lender(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    rows = [(who, f"2025-0{n}-01", d) for who, days in DAYS.items() for n, d in enumerate(days, 1)]
    frame = pl.DataFrame(rows, schema=["id", "month", "days"], orient="row")
    frame.write_csv(tmp_path / "loans.csv")
    (tmp_path / "watch.yaml").write_text(WATCH, encoding="utf-8")
    with anew(), own_folder(tmp_path):
        yield tmp_path


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def browser(user: User) -> Client:
    client = logged_in(user)
    client.defaults["HTTP_ACCEPT"] = "text/html"
    return client


def serial(incident: str) -> int:
    return Incident.objects.get(pk=incident).serial


def reported(by: Principal) -> str:
    of = Report("credit", "major", "Calls stopped", "Nobody was called for a week", "EUR", 24)
    return services.report(of, by)


@pytest.mark.usefixtures("lender")
def test_an_incident_goes_from_its_report_to_what_is_learned_on_pages() -> None:
    rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
    officer, approver = browser(rita), browser(ben)
    told = {"risk": "credit", "severity": "major", "title": "Calls stopped", "currency": "EUR",
            "text": "Nobody was called for a week", "notice_hours": "24"}  # fmt: skip
    kept = text(officer.post("/risk/incidents/report", {**told, "severity": "huge"}), 409)
    assert "'huge' is no severity" in kept and "Nobody was called for a week" in kept
    room = officer.post("/risk/incidents/report", told)["Location"]
    assert "nobody" in text(officer.get(room)) and "not stable yet" in text(officer.get(room))

    def does(client: Any, deed: str, **given: str) -> Any:
        return client.post(f"{room}{deed}", {"seen": serial(room.split("/")[3]), **given})

    does(officer, "role", role="lead", person="rita")
    does(officer, "task", name="Call them all", person="ben", due="2099-01-01T10:00")
    stale = {"seen": "0", "text": "the dialler was off"}
    slow = text(approver.post(f"{room}note", stale), 409)
    assert "rita was first: added a task." in slow and "the dialler was off" in slow
    chinese = text(approver.post(f"{room}note", stale, headers={"accept-language": "zh"}), 409)
    assert "rita 已先行操作：新增了任务。" in chinese and "时间线" in chinese
    does(approver, "note", text="the dialler was off", happened="2026-01-02T08:00")
    does(approver, "link", what="loan", which="A")
    does(approver, "task-done", name="Call them all")
    does(approver, "stable", text="calls go out again")
    does(approver, "notice")
    assert "its lead does not close it alone" in text(does(officer, "close", loss="1200.50"), 409)
    does(approver, "close", loss="1200.50")
    shown = text(officer.get(room))
    assert "EUR 1,200.50" in shown and "closed" in shown and "loan: A" in shown
    assert shown.index("the dialler was off") < shown.index("Nobody was called for a week")

    page = f"{room}post-mortem/"
    assert "Nobody has written down yet" in text(officer.get(page))
    draft = {
        **{"visible": "2026-01-01T08:00", "noticed": "2026-01-03T20:00", "cause": "no watch on it"},
        **{"failed_control": "calls", "went_well": "", "what-0": "watch the dialler"},
        **{"owner-0": "ben", "due-0": "2099-02-01", "indicator-0": "late", "red-0": "10"},
    }
    bad = text(officer.post(f"{page}write", {**draft, "owner-0": "olga", "seen": "9"}), 409)
    assert "nobody here is called 'olga'" in bad and "no watch on it" in bad
    incident = room.split("/")[3]
    officer.post(f"{page}write", {**draft, "seen": serial(incident)})
    assert "2.5 days" in text(officer.get(page)) and "is being replayed" in text(officer.get(page))
    early = approver.post(f"{page}accept", {"seen": serial(incident)})
    assert "was not replayed" in text(early, 409)
    replay_threshold.func(incident, "late", 10.0)
    shown = text(approver.get(page))
    assert "2 → 2 of 2 30.4 → 60.8 0 → 2" in shown
    assert "nobody accepts what they wrote" in text(
        officer.post(f"{page}accept", {"seen": serial(incident)}), 409
    )
    approver.post(f"{page}accept", {"seen": serial(incident)})
    approver.post(
        f"{page}action-done",
        {"seen": serial(incident), "what": "watch the dialler", "evidence": "indicator dialler"},
    )
    assert Incident.objects.get().learnt == "done"
    assert "整改措施" in text(officer.get(page, headers={"accept-language": "zh"}))
    assert "Calls stopped" in text(officer.get("/risk/incidents/"))
    assert verify_record().valid
    assert [e for e in verify_rows().differences if e.table.startswith("incidents_")] == []
    assert b"dialler" not in b"".join(each.body for each in record.entries(incident))


@pytest.mark.usefixtures("lender")
def test_what_is_late_is_told_once_and_a_threshold_that_sees_less_is_not_accepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rita, ben = acting(person(Role.RISK_OFFICER, "rita")), acting(person(Role.APPROVER, "ben"))
    start, incident = clock.now(), reported(rita)
    services.take_role(incident, 0, "lead", "rita", rita)
    services.add_task(incident, 1, TaskAsked("Call them", "ben", start + timedelta(hours=2)), rita)
    assert chase_late.func() == 0
    at(start + timedelta(hours=25), monkeypatch)
    assert chase_late.func() == 2  # the task, and the regulator's notice
    assert chase_late.func() == 0
    late = reading.shown(incident, clock.now()).late
    assert {(each.what, each.person) for each in late} == {
        ("task", ben.person), ("notice", rita.person),
    }  # fmt: skip
    with pytest.raises(Overtaken, match=r"system\.incidents was first: incident\.chased"):
        services.do_task(incident, 2, "Call them", ben)
    services.do_task(incident, 4, "Call them", ben)

    draft = Draft(
        visible=start, noticed=start, cause="nobody looked", went_well="", failed_control="calls",
        actions=[ActionAsked("look", "ben", clock.now().date())], thresholds={"late": 60.0},
    )  # fmt: skip
    services.write(incident, 5, draft, rita)
    replay_threshold.func(incident, "late", 60.0)
    with pytest.raises(GateRefused, match="sees 0 of what the old one saw 2 of"):
        services.accept(incident, 7, ben)
    services.hand_back(incident, 7, "propose none", ben)
    services.write(incident, 8, replace(draft, thresholds={}), rita)
    services.accept(incident, 9, ben)
    at(start + timedelta(days=4), monkeypatch)
    assert chase_late.func() == 1  # the action: the notice was told before
    assert [each.what for each in reading.shown(incident, clock.now()).late] == ["notice", "action"]
