"""The room of a plan, by its pages: begun, worked through with the keyboard, ended, in both
languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from lender import anew, publish
from own_folder import own_folder
from people import acting, logged_in, person
from plan_text import TEXT

from equipoise.service.contexts.plans import reading, services
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.registry import services as versions
from equipoise.service.platform.accounts.permissions import Role

PLAN = "/plans/bureau_down/"


@pytest.fixture
def lender(sqlite_database: Any, tmp_path: Path) -> Iterator[None]:
    (tmp_path / "plans.yaml").write_text(TEXT, encoding="utf-8")
    with anew(), own_folder(tmp_path):
        publish()
        yield


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.usefixtures("lender")
def test_plans_go_from_the_folder_to_a_run_that_two_people_end() -> None:
    rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
    officer, approver = logged_in(rita), logged_in(ben)
    assert "No plans are in force." in text(officer.get("/plans/"))
    assert officer.post("/plans/bring")["Location"] == "/plans/"
    waits = reading.waiting()
    assert waits is not None
    assert "Approve these plans" not in text(officer.get("/plans/"))
    assert "Approve these plans" in text(approver.get("/plans/"))
    approver.post(f"/plans/{waits.id}/approve")
    assert "0 of 1" in text(approver.get("/plans/"))

    assert "never checked" in text(officer.get(PLAN))
    officer.post(f"{PLAN}resources/desk/check", {"amount": "3"})
    assert "too little" in text(officer.get(PLAN))
    officer.post(f"{PLAN}resources/desk/check", {"amount": "4"})
    assert "4 people rita" in text(officer.get(PLAN, headers={"accept-language": "en"}))
    assert "not prepared" in text(officer.get(PLAN))
    officer.post(f"{PLAN}switches/all_to_people/prepare")
    assert "waits for approval" in text(officer.get(PLAN))
    plans = reading.in_force()
    assert plans is not None
    (switch,) = reading.standings(plans.document.plan("bureau_down"))
    assert switch.version is not None
    versions.approve(switch.version, acting(ben), "it only tightens")
    assert "1 of 1" in text(approver.get("/plans/"))

    room = approver.post(f"{PLAN}begin", {"cause": "one call in five is answered"})["Location"]
    shown = text(approver.get(room))
    assert "one call in five is answered" in shown and "30 minutes left" in shown
    assert "called: olga" in shown and "waits for Call the bureau" in shown
    owner = logged_in(person(Role.SERVICE_OWNER, "oscar"))
    owner.post(f"{room}do", {"step": "confirm", "note": "they know of it"})
    assert "A risk officer or an approver turns switches." in text(owner.get(room))
    assert owner.post(f"{room}do", {"step": "to_people"}).status_code == 403
    before = registry.in_force()["corner"]
    approver.post(f"{room}do", {"step": "to_people"})
    assert registry.in_force()["corner"] == switch.digest != before
    drafted = text(approver.get(room))
    assert "To The supervisor, by " in drafted and "Done since: Call the bureau" in drafted
    assert "我们于" in drafted
    approver.post(f"{room}skip", {"step": "report", "note": "told by telephone"})
    approver.post(f"{room}close")
    assert "still on: all_to_people" in text(approver.get(room))
    approver.post(f"{room}back", {"switch": "all_to_people"})
    assert registry.in_force()["corner"] == before
    approver.post(f"{room}close", {"note": "it answers again"})
    assert "The run has ended." in text(approver.get(room))


@pytest.mark.usefixtures("lender")
def test_a_drill_says_that_it_is_one_and_what_it_showed_in_chinese_too() -> None:
    rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
    services.approve(services.bring_in(acting(rita)), acting(ben))
    officer, approver = logged_in(rita), logged_in(ben)
    room = officer.post(f"{PLAN}begin", {"cause": "spring", "drill": "1"})["Location"]
    assert "nothing in force changes" in text(officer.get(room))
    for step in ("confirm", "to_people"):
        officer.post(f"{room}do", {"step": step})
    officer.post(f"{room}skip", {"step": "report", "note": "nobody was free"})
    officer.post(f"{room}back", {"switch": "all_to_people"})
    approver.post(f"{room}close")
    assert "a gap" in text(officer.get(room))
    spoken = text(officer.get(room, headers={"accept-language": "zh"}))
    assert "演练结果" in spoken and "未达标" in spoken
    assert "上次演练有 1 处未达标" in text(officer.get(PLAN, headers={"accept-language": "zh"}))


@pytest.mark.usefixtures("lender")
def test_what_is_not_there_is_not_found() -> None:
    reader = logged_in(person(Role.AUDITOR))
    for address in (PLAN, "/plans/runs/none/", "/plans/runs/none/clocks"):
        assert reader.get(address).status_code == 404
