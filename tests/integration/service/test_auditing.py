"""An auditor opens any past decision, has it made again, reads an application's whole history, and
sees how the record stands and who looked at what."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from fronting import completed
from lender import RISKY, ask, facts, publish, shop
from people import logged_in, person, send, with_key
from through_door import Client

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.erasing import services as erasing
from equipoise.service.contexts.erasing.people import person_of
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.exports import files
from equipoise.service.platform.looks.following import follow
from equipoise.service.platform.record import verifications
from equipoise.service.platform.record.signing import make_checkpoints

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def auditor() -> Client:
    return logged_in(person(Role.AUDITOR, "ada"))


def read(client: Client, address: str, status: int = 200) -> str:
    """What a page says, as text."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return said(answer)


def said(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def csv(answer: Any) -> list[str]:
    text: str = answer.content.decode("utf-8-sig")
    return text.splitlines()


def decided(**more: Any) -> Decision:
    answer = ask(shop(), facts(application_id="a1", **more)).json()
    return Decision.objects.get(pk=answer["id"])


def test_a_decision_is_opened_to_its_trace_and_made_again(auditor: Client) -> None:
    publish()
    made = decided(**RISKY, dti=0.9) if "dti" not in RISKY else decided(**{**RISKY, "dti": 0.9})
    there = f"/audit/decisions/{made.pk}/"
    page = read(auditor, there)
    assert "Decision: decline" in page
    assert "Rule that decided" in page
    assert "reading them needs the right to personal facts" in page
    assert "0.9" not in page, "an auditor is told no facts"
    again = auditor.post(f"{there}replay")
    assert "it came out the same, to the bit" in said(again)


def test_facts_stand_there_for_whoever_may_read_them(auditor: Client) -> None:
    """No role has both rights today: were one given them, the page has what it needs."""
    from people import acting

    from equipoise.service.contexts.decisions import reading
    from equipoise.service.pages.auditor.trace import sections_of
    from equipoise.service.platform.accounts.permissions import Reach

    publish()
    made = decided(dti=0.31)
    by = acting(person(Role.UNDERWRITER, branch="north"))
    Decision.objects.filter(pk=made.pk).update(branch="north")
    decision = reading.visible(made.pk, by, Reach.ALL)
    by_name = {each.title: each for each in sections_of(reading.traced(decision, by))}
    assert "0.31" in [line.value for line in by_name["Facts used"].lines]
    assert by_name["What it was expected to be worth"].lines
    assert any(line.value == "holds" for line in by_name["Rules"].lines) is False


def test_what_cannot_be_made_again_says_why(auditor: Client) -> None:
    publish()
    made = decided()
    erasing.begin(person_of("a1", {}), erasing.Reason.REQUEST, {"by": "user.1"})
    from equipoise.service.contexts.erasing.carrying import carry_on
    from equipoise.service.contexts.erasing.models import Erasure

    carry_on(Erasure.objects.get())
    there = f"/audit/decisions/{made.pk}/"
    assert "The applicant was erased" in read(auditor, there)
    assert "It cannot be made again" in said(auditor.post(f"{there}replay"))
    history = read(auditor, f"/audit/applications/{made.application}/")
    assert (
        "The applicant was erased: nothing sealed can be read. the person asked for it." in history
    )


def test_an_application_s_history_tells_all_entries_of_its_chain_and_its_draft_s(
    auditor: Client,
) -> None:
    from equipoise.service.contexts.drafts.models import Draft
    from equipoise.service.platform.record import services as record

    publish()
    program = with_key(person(Role.ADMINISTRATOR), "applications.apply", rate=1e4)[0]
    draft = Draft.objects.get(pk=completed(program))
    page = read(auditor, f"/audit/applications/{draft.application}/")
    chains = (draft.pk, draft.application)
    count = sum(len(record.entries(each)) for each in chains)
    assert f"Entries {count}" in page
    assert all(each in page for each in chains)
    assert page.index("An application was begun") < page.index("The application was sent")
    assert "Decided: " in page
    zh = auditor.get(f"/audit/applications/{draft.pk}/", headers={"Accept-Language": "zh"})
    assert "申请已提交" in said(zh)


def test_others_ids_are_not_there(auditor: Client) -> None:
    none = "0" * 32
    for address in (
        f"decisions/decision-{none}",
        "decisions/x",
        f"applications/application-{none}",
        "applications/verifications",
    ):
        read(auditor, f"/audit/{address}/", 404)


def test_the_newest_decisions_are_listed_filtered_and_taken_as_a_file(auditor: Client) -> None:
    publish()
    client = shop()
    for number in range(3):
        ask(client, facts(application_id=f"n{number}"))
    ask(client, facts(application_id="no", dti=0.9))
    page = read(auditor, "/audit/?outcome=decline")
    assert page.count("corner") == 2, "the choice of strategies, and the one decision"
    taken = csv(auditor.post("/audit/export", {"outcome": "decline", "as": "csv"}))
    assert len(taken) == 2
    assert taken[0].startswith("decision,application,outcome,strategy")
    left = read(auditor, "/audit/left/")
    assert "decisions.csv" in left
    assert "outcome decline" in left
    files.sweep(older_than=-1)


def test_the_record_is_verified_at_a_button_and_says_what_is_wrong(auditor: Client) -> None:
    from django.db import connection

    publish()
    decided()
    User.objects.filter(username="colleague").delete()  # a helper of the tests', never recorded
    make_checkpoints()
    assert "it holds the last checkpoint" in read(auditor, "/audit/record/")
    auditor.post("/audit/record/verify")
    assert "under way" in read(auditor, "/audit/record/")
    auditor.post("/audit/record/verify")
    assert "A verification is under way already." in read(auditor, "/audit/record/")
    (asked,) = verifications.newest(5)
    verifications.verify_asked.func(asked.number)
    assert "all as it was written" in read(auditor, "/audit/record/")
    with connection.cursor() as cursor:  # as an intruder who has the database and none of our code
        cursor.execute("UPDATE registry_pointer SET serial = 7")
    auditor.post("/audit/record/verify")
    verifications.verify_asked.func(verifications.newest(1)[0].number)
    page = read(auditor, "/audit/record/")
    assert "not as it was written" in page
    assert "registry_pointer" in page
    assert "differs in serial" in page
    newest = verifications.newest(1)[0]
    assert newest.report is not None
    assert (newest.report.rows, newest.report.bad) == (1, 0)
    rows = [each.event for each in _verified()]
    assert [(each.rows, each.by) for each in rows] == [(0, newest.by), (1, newest.by)]


def _verified() -> Any:
    from equipoise.service.platform.record import services as record
    from equipoise.service.platform.record.events import RecordVerified

    return record.history(verifications.CHAIN, RecordVerified)


def test_a_verification_whose_job_is_gone_does_not_stand_in_the_way(auditor: Client) -> None:
    from django_tasks_db.models import DBTaskResult

    assert verifications.ask("user.1")
    assert not verifications.ask("user.2")
    DBTaskResult.objects.all().delete()
    assert verifications.ask("user.2")
    states = [(each.by, each.under_way, each.failed) for each in verifications.newest(5)]
    assert states == [("user.2", True, ""), ("user.1", False, verifications.LOST)]


def test_who_looked_at_what_is_found_by_person_application_and_day(auditor: Client) -> None:
    publish()
    made = decided()
    searcher = person(Role.RISK_OFFICER, "rita")
    other = person(Role.AUDITOR, "otto")
    for who in (searcher, other):
        answer = send(logged_in(who), "POST", "/v1/decisions/search", {"identifier": "a1"})
        assert answer.status_code == 200
    follow()
    assert follow() == 0, "each look is filed once"
    page = read(auditor, "/audit/looks/")
    assert page.count("People were searched by identifier; 1 were found.") == 2
    hers = read(auditor, f"/audit/looks/?by=user.{searcher.pk}")
    assert hers.count("People were searched") == 1
    about = read(auditor, f"/audit/looks/?about={made.application}")
    assert about.count("People were searched") == 2
    assert "None." in read(auditor, "/audit/looks/?to=2020-01-01")
    assert "None." in read(auditor, "/audit/looks/?about=application-" + "0" * 32)
    taken = csv(auditor.post("/audit/looks/export", {"by": f"user.{searcher.pk}", "as": "csv"}))
    assert len(taken) == 2
    assert made.application in taken[1]
    files.sweep(older_than=-1)


def test_an_analyst_opens_a_decision_and_no_other_part(auditor: Client) -> None:
    publish()
    made = decided()
    analyst = logged_in(person(Role.ANALYST))
    page = analyst.get(f"/audit/decisions/{made.pk}/")
    assert page.status_code == 200
    assert "/audit/looks/" not in page.content.decode()
    assert analyst.get("/audit/").status_code == 403
