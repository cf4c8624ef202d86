"""What is done about a loan in trouble: by two people, with care of the customer, in both
languages; and the watch list that leads to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from at_the_desk import at
from leading import numbers_without_a_way
from lender import anew, ask, publish, shop
from own_folder import own_folder
from people import acting, logged_in, person
from through_door import Client

from equipoise.errors import BadInput, GateRefused
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.disposals import reading, services
from equipoise.service.contexts.disposals.models import Disposal
from equipoise.service.contexts.disposals.services import Asked
from equipoise.service.contexts.disposals.tasks import chase_disposals, measure_borrowers
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.overtaking import Overtaken
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.simulation import write_borrowers

LETTER = {"en": "We would like to talk.", "zh": "我们希望与您商谈。"}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday


@pytest.fixture
def lender(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    with anew(), own_folder(tmp_path):
        yield tmp_path


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def browser(user: User) -> Client:
    client = logged_in(user)
    client.defaults["HTTP_ACCEPT"] = "text/html"
    return client


def asked(**more: Any) -> Asked:
    given = {
        "loan": "L-77", "measure": "restructure", "reason": "lost work", "exposure": 500_000,
        "expected": 400_000, "currency": "EUR", "place": "US", "zone": "America/New_York",
        "letter": LETTER,
    }  # fmt: skip
    return Asked(**{**given, **more})


@pytest.mark.usefixtures("lender")
def test_a_disposal_goes_from_its_proposal_to_what_came_in_on_pages() -> None:
    rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
    officer, approver = browser(rita), browser(ben)
    form = {
        "loan": "L-77", "measure": "litigation", "reason": "no answer since May", "currency": "EUR",
        "exposure": "5,000.00", "expected": "2500", "place": "CN", "zone": "Asia/Shanghai",
    }  # fmt: skip
    drafted = text(officer.post("/risk/disposals/propose", {**form, "draft": "1"}))
    assert "About your loan L-77" in drafted and "关于您的贷款 L-77" in drafted
    form |= {"letter-en": "We go to court.", "letter-zh": "我们将起诉。"}
    bare = text(officer.post("/risk/disposals/propose", form), 409)
    assert "litigation has a calendar" in bare and "no answer since May" in bare
    form |= {"what-0": "file the claim", "due-0": "2099-05-01"}
    page = officer.post("/risk/disposals/propose", form)["Location"]
    own = text(officer.get(page))
    assert "Somebody who did not propose it decides." in own and "EUR 5,000" in own

    def does(client: Client, deed: str, **given: str) -> Any:
        return client.post(f"{page}{deed}", {"seen": Disposal.objects.get().serial, **given})

    assert "nobody decides on what they proposed" in text(does(officer, "approve"), 409)
    does(approver, "approve")
    slow = text(approver.post(f"{page}begin", {"seen": "0"}), 409)
    assert "ben was first: approved it." in slow
    does(officer, "begin")
    assert "open dates: file the claim" in text(does(officer, "end"), 409)
    does(officer, "date-met", number="0")
    does(officer, "money", entry="B-1", amount="1000.50")
    assert "counted already" in text(does(officer, "money", entry="B-1", amount="1000.50"), 409)
    does(officer, "end")
    assert "EUR 1,000.50" in text(officer.get(page))
    shown = text(officer.get("/risk/disposals/", headers={"accept-language": "zh"}))
    assert "预期 EUR 2,500，已回收 EUR 1,000.50" in shown and "诉讼" in shown
    assert verify_record().valid
    assert [e for e in verify_rows().differences if e.table.startswith("disposals_")] == []
    told = b"".join(each.body for each in record.entries(Disposal.objects.get().pk))
    assert not re.search(rb"\bL-77\b|answer since", told)


@pytest.mark.usefixtures("lender")
def test_no_contact_is_planned_against_the_rules_and_a_vulnerable_customer_is_written_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rita = acting(person(Role.RISK_OFFICER, "rita"))
    at(NOON, monkeypatch)
    one, two = services.propose(asked(), rita), services.propose(asked(), rita)
    with pytest.raises(GateRefused, match="not before 2026-03-03 08:00 of the customer's clock"):
        services.plan_contact(one, 0, "call", NOON + timedelta(hours=18), rita)  # 1:00 there
    services.plan_contact(one, 0, "call", NOON + timedelta(hours=4), rita)
    with pytest.raises(Overtaken, match="rita was first"):
        services.plan_contact(one, 0, "call", NOON + timedelta(hours=5), rita)
    services.record_contact(one, 1, "call", "she wants a pause", rita, talked=True)
    with pytest.raises(GateRefused, match="not before 2026-03-09"):  # seven days after a talk
        services.plan_contact(two, 0, "call", NOON + timedelta(days=2, hours=4), rita)
    services.change_care(two, 0, "she is in hospital", rita, vulnerable=True)
    with pytest.raises(GateRefused, match="vulnerable"):
        services.plan_contact(one, 2, "visit", NOON + timedelta(days=20, hours=4), rita)
    services.plan_contact(one, 2, "letter", NOON + timedelta(days=1), rita)


@pytest.mark.usefixtures("lender")
def test_an_accepted_risk_runs_out_and_whoever_is_erased_is_erased_here() -> None:
    rita, ben = acting(person(Role.RISK_OFFICER, "rita")), acting(person(Role.APPROVER, "ben"))
    soon = clock.now().date() + timedelta(days=1)
    with pytest.raises(GateRefused, match="never for ever"):
        services.propose(asked(measure="leave"), rita)
    with pytest.raises(BadInput, match="no such application"):
        services.propose(asked(application="application-none"), rita)
    publish()
    application = ask(shop()).json()["application"]
    one = services.propose(asked(measure="leave", expires=soon, application=application), rita)
    services.approve(one, 0, ben)
    with pytest.MonkeyPatch.context() as patched:
        at(clock.now() + timedelta(days=3), patched)
        assert chase_disposals.func() == 1
        assert chase_disposals.func() == 0
        assert reading.shown(one, clock.now().date()).late == ("expires",)
    subjects.erase(application, "user.1", "request")
    assert services.forget([application]) == 1
    gone = reading.shown(one, date(2026, 1, 1)).story
    assert (gone.disposal.proposal.loan, gone.disposal.proposal.reason) == ("", "")
    assert gone.disposal.proposal.exposure == 500_000
    with pytest.raises(Unreadable):
        services.change_care(one, 2, "she is ill", rita, vulnerable=True)


def test_the_watch_list_is_measured_and_one_click_makes_a_disposal_of_a_borrower(
    lender: Path,
) -> None:
    officer = browser(person(Role.RISK_OFFICER, "rita"))
    nobody = officer.get("/risk/watch-list/").content.decode()
    assert "Nobody was measured yet." in nobody and "under <code>borrowers</code>" in nobody
    assert "/watch-list/measure" not in nobody
    officer.post("/risk/watch-list/measure")
    told = text(officer.get("/risk/watch-list/"))
    assert "watch.yaml names no borrowers to measure." in told
    write_borrowers(lender, 9100)
    assert "/watch-list/measure" in officer.get("/risk/watch-list/").content.decode()
    assert measure_borrowers.func().startswith("watch_list-")
    kept = reading.borrowers()
    assert kept is not None and kept.borrowers
    first = kept.borrowers[0]
    answer = officer.get("/risk/watch-list/")
    assert first.who in text(answer) and "late payments" in text(answer)
    (how_many,) = numbers_without_a_way(answer.content)  # they are the rows below it
    assert "borrowers are likely to be late soon" in how_many
    assert "Such a list would have found" in text(answer)
    tenth = next(each for each in kept.curve if each.share == 0.1)
    assert (tenth.found, tenth.events) == (kept.found, kept.events)
    assert "Found two periods before" in text(answer) and f"10.0 % {tenth.found} of" in text(answer)
    link = re.search(r'href="(/risk/watch-list/watch_list-\w+/0/)"', answer.content.decode())
    assert link is not None
    services.propose(asked(loan=first.who), acting(User.objects.get(username="rita")))
    page = officer.get(link[1])
    chinese = text(officer.get(link[1], headers={"accept-language": "zh"}))
    told = text(page)
    assert "late payments" in told and "What the tape says" in told and "restructure" in told
    assert first.who in chinese and "数据表中的记录" in chinese
    tape = pl.read_parquet(lender / "data" / "borrowers.parquet")
    newest = tape.filter(pl.col("borrower").cast(pl.String) == first.who).sort("month")[-1]
    assert f"{newest['month'][0]} " in told
    link = re.search(r'href="(/risk/disposals/new\?[^"]+)"', page.content.decode())
    assert link is not None
    form = officer.get(unescape(link[1])).content.decode()
    assert f'value="{first.who}"' in form and "On the watch list" in form
    assert verify_record().valid
