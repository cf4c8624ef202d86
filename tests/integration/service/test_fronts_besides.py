"""A lender's own front end does by the API what the pages do besides: documents, what is unclear,
complaints, how it went, asking, letters, and what is held about a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from fronting import (
    ALL,
    accepted,
    asked_how_it_went,
    begun,
    brought,
    completed,
    front,
    offered,
    photo,
    unclear,
)
from kept_letters import PDF, kept_letter
from lender import publish
from people import logged_in, person, send
from PIL import Image
from test_papers import clamd, configured
from through_door import Client

from equipoise.service.contexts.complaints.events import ComplaintReceived
from equipoise.service.contexts.concerns.events import ConcernAnswered
from equipoise.service.contexts.conversations.events import Asked, PersonAsked
from equipoise.service.contexts.drafts.events import DraftErasureAsked, DraftHelpEnded
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.services import Hands, open_elsewhere
from equipoise.service.contexts.feedback.events import FeedbackSaid, FeedbackScored
from equipoise.service.contexts.feedback.models import Ask
from equipoise.service.contexts.notices.events import NoticeOpened
from equipoise.service.contexts.papers import services as papers
from equipoise.service.contexts.papers import tasks
from equipoise.service.contexts.papers.events import PaperBrought, PaperRemoved
from equipoise.service.contexts.papers.models import Paper
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.allowances.leases import Allowance
from equipoise.service.platform.papers import MOST_BYTES
from equipoise.service.platform.papers.incoming import FORM
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows

NAME = "payslip of Ada Planted.jpg"
WORDS = "I was ill, says Ada Planted, and am back."


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any, tmp_path: Path) -> Iterator[None]:
    publish()
    with configured(papers=str(tmp_path / "papers")):
        yield


def got(program: Client, draft: str, what: str) -> Any:
    answer = program.get(f"{ALL}/{draft}/{what}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def post(program: Client, draft: str, what: str, body: Any, status: int = 200) -> Any:
    answer = send(program, "POST", f"{ALL}/{draft}/{what}", body)
    assert answer.status_code == status, answer.content
    return answer.json()


def row_of(draft: str) -> Draft:
    return Draft.objects.get(pk=draft)


def hands(chain: str, *kinds: Any) -> set[str]:
    """Of what kind those are who did it."""
    return {each.event.by.partition(".")[0] for each in record.history(chain, *kinds)}


def test_a_person_who_only_uses_the_api_settles_what_is_unclear_complains_and_reads_what_is_held() -> (  # noqa: E501
    None
):
    program = front()
    draft = completed(program, sick="yes")
    application = row_of(draft).application
    assert got(program, draft, "standing")["turn"] == "you"
    [concern] = got(program, draft, "unclear")
    assert concern["state"] == "open"
    assert concern["what"]
    assert concern["how"]
    paper = brought(program, draft, photo(), name=NAME, about=concern["id"]).json()
    assert (paper["name"], paper["about"], paper["state"]) == (NAME, concern["id"], "clear")
    body = {"words": WORDS, "papers": [paper["id"]]}
    reply = post(program, draft, f"unclear/{concern['id']}/answers", body, 201)
    assert (reply["state"], reply["said"][0]["words"]) == ("answered", WORDS)
    assert reply["said"][0]["papers"] == [NAME]
    assert got(program, draft, "standing")["turn"] == "us"

    desk = logged_in(person(Role.UNDERWRITER, branch="north"))
    [warned] = desk.get("/v1/concerns", {"state": "answered"}).json()["items"]
    full = desk.get(f"/v1/concerns/{warned['id']}").json()
    assert full["answers"][0]["papers"] == [paper["id"]]
    at = f"/v1/applications/{application}/papers/{paper['id']}"
    assert desk.get(at).status_code == 200
    close = {"outcome": "cleared", "words": "The payslip shows it."}
    assert send(desk, "POST", f"/v1/concerns/{warned['id']}/close", close).status_code == 200
    assert got(program, draft, "unclear")[0]["outcome"] == "cleared"
    late = send(program, "POST", f"{ALL}/{draft}/unclear/{concern['id']}/answers", body)
    assert late.status_code == 409

    made = post(program, draft, "complaints", {"words": "You asked twice.", "step": "q/x"}, 201)
    assert made == post(program, draft, "complaints", {"words": "You asked twice."}, 201)
    [waiting] = desk.get("/v1/complaints").json()["items"]
    answer = {"outcome": "upheld", "words": "We did. We are sorry."}
    send(desk, "POST", f"/v1/complaints/{waiting['id']}/answer", answer)
    [read] = got(program, draft, "complaints")["complaints"]
    assert (read["reference"], read["outcome"]) == (made["reference"], "upheld")
    assert read["answer"] == "We did. We are sorry."
    assert "user." not in json.dumps(read)

    held = got(program, draft, "data")
    facts = {each["field"]: each for each in held["facts"]}
    assert facts["on_sick_leave"]["source"] == "You told us"
    assert facts["score"]["text"] == "780"
    assert held["email"] == "ada@example.com"
    assert [each["words"] for each in held["said"]] == [WORDS]
    [shown] = held["papers"]
    assert len(shown["opened"]) == 1  # by the desk
    assert {each["purpose"] for each in held["agreements"]} == {"decision", "sources"}
    assert [each["outcome"] for each in held["decisions"]] == ["refer"]
    assert hands(draft, PaperBrought, ComplaintReceived) == {"program"}
    assert hands(application, ConcernAnswered) == {"program"}
    chains = [*record.entries(draft), *record.entries(application)]
    assert not any(b"Planted" in bytes(each.body) for each in chains)
    assert verify_record().valid
    ours = [each for each in verify_rows().differences if not each.table.startswith("accounts")]
    assert ours == []


def test_what_the_person_takes_away_is_the_file_of_the_pages() -> None:
    program = front()
    draft = completed(program, sick="yes")
    brought(program, draft, photo(), name=NAME)
    post(program, draft, "complaints", {"words": "You asked twice."}, 201)
    browser = Client(headers={"accept": "text/html"})
    browser.cookies["draft"] = open_elsewhere(draft, Hands())
    by_page = browser.get(f"/apply/{draft}/data.json")
    by_api = program.get(f"{ALL}/{draft}/data/export")
    assert by_page.json() == by_api.json()
    assert by_api.json()["complaints"][0]["words"] == "You asked twice."
    reference = row_of(draft).reference
    assert f'filename="application-{reference}.json"' in by_api["Content-Disposition"]


# Documents.


def test_what_is_brought_is_drawn_anew_read_and_taken_back() -> None:
    program = front()
    draft = begun(program)["id"]
    form = {"paper": SimpleUploadedFile(NAME, photo(), "image/jpeg")}
    by_form = program.post(f"{ALL}/{draft}/papers", form).json()
    as_it_is = brought(program, draft, photo(), name=NAME).json()
    assert by_form["name"] == as_it_is["name"] == NAME
    assert (by_form["kind"], by_form["pages"]) == ("image/jpeg", 1)
    answer = got(program, draft, "papers")
    assert [each["id"] for each in answer["papers"]] == [by_form["id"], as_it_is["id"]]
    assert (answer["wanted"], answer["most"]) == ([], papers.MOST_PAPERS)
    at = f"{ALL}/{draft}/papers/{as_it_is['id']}"
    seen = program.get(at)
    assert seen["Content-Disposition"].startswith("attachment")
    with Image.open(BytesIO(seen.content)) as picture:
        assert picture.size == (64, 48)
    assert b"taken at home" not in seen.content
    assert program.delete(at).status_code == 204
    assert program.delete(at).status_code == program.get(at).status_code == 404
    assert [each["id"] for each in got(program, draft, "papers")["papers"]] == [by_form["id"]]
    assert hands(draft, PaperBrought, PaperRemoved) == {"program"}


@pytest.mark.parametrize(
    ("content", "said", "status"),
    [
        (b"MZ" + bytes(500), "neither a picture nor a PDF", 422),
        (photo()[:200], "cannot be opened", 422),
        (photo() + bytes(MOST_BYTES), "larger than 12 MB", 413),
        (bytes(MOST_BYTES + FORM + 1), "", 413),  # not even read
    ],
    ids=["program", "broken", "large", "larger"],
)
def test_what_is_not_taken_is_told_as_the_page_does(content: bytes, said: str, status: int) -> None:
    program = front()
    draft = begun(program)["id"]
    answer = brought(program, draft, content)
    assert answer.status_code == status, answer.content
    assert said in answer.json()["detail"]
    if said:
        assert (answer.json()["field"], answer.json()["mend"] != "") == ("paper", True)
    assert not Paper.objects.exists()


def test_a_refusal_is_told_in_the_persons_language() -> None:
    program = front()
    draft = send(program, "POST", ALL, {"product": "corner", "language": "zh"}).json()["id"]
    answer = brought(program, draft, b"MZ" + bytes(500)).json()
    assert answer["detail"].startswith("该文件既不是图片")


def test_no_file_another_kind_and_what_nothing_asks_for_are_told() -> None:
    program = front()
    draft = begun(program)["id"]
    at = f"{ALL}/{draft}/papers"
    nothing = program.post(at, {"other": SimpleUploadedFile(NAME, photo())})
    assert (nothing.status_code, nothing.json()["field"]) == (422, "paper")
    assert brought(program, draft, photo(), "text/html").status_code == 415
    odd = {"Content-Disposition": "attachment; filename*=none''x.jpg"}
    named = program.generic("POST", at, photo(), "image/jpeg", headers=odd)
    assert (named.status_code, named.json()["field"]) == (422, "Content-Disposition")
    strange = brought(program, draft, photo(), about="income")
    assert (strange.status_code, strange.json()["field"]) == (422, "about")
    assert not Paper.objects.exists()


def test_one_too_many_and_too_often_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    program = front()
    draft = begun(program)["id"]
    monkeypatch.setattr(papers, "MOST_PAPERS", 1)
    assert brought(program, draft, photo()).status_code == 201
    many = brought(program, draft, photo())
    assert (many.status_code, many.json()["type"]) == (409, "/problems/not-as-things-stand")
    few = Allowance("papers of a draft", 1, timedelta(days=3650))
    monkeypatch.setattr(papers, "_OF_DRAFT", few)
    other = begun(program)["id"]
    answers = [brought(program, other, b"MZ" + bytes(500)) for _ in range(2)]
    assert [each.status_code for each in answers] == [422, 429]
    assert int(answers[1]["Retry-After"]) > 0


def test_a_document_is_held_until_the_scanner_has_looked() -> None:
    program = front()
    draft = begun(program)["id"]
    with clamd(b"stream: OK\0") as (address, _), configured(clamd=address):
        paper = brought(program, draft, photo()).json()
        assert paper["state"] == "held"
        at = f"{ALL}/{draft}/papers/{paper['id']}"
        assert program.get(at).status_code == 404
        assert tasks.scan_held.call() == 1
    assert program.get(at).status_code == 200
    assert got(program, draft, "papers")["papers"][0]["state"] == "clear"


def test_a_program_opens_no_papers_and_answers_nothing_of_anothers() -> None:
    ours, theirs = front(), front()
    draft, other = completed(ours, sick="yes"), completed(theirs, sick="yes")
    paper = brought(ours, draft, photo()).json()["id"]
    concern = unclear(ours, draft)
    for at in (f"{ALL}/{draft}", f"{ALL}/{other}"):
        assert theirs.get(f"{at}/papers/{paper}").status_code == 404
        assert theirs.delete(f"{at}/papers/{paper}").status_code == 404
        said = send(theirs, "POST", f"{at}/unclear/{concern}/answers", {"words": "x"})
        assert said.status_code == 404
    mixed = {"words": "x", "papers": [paper]}
    at = f"{ALL}/{other}/unclear/{unclear(theirs, other)}/answers"
    answer = send(theirs, "POST", at, mixed)
    assert (answer.status_code, answer.json()["field"]) == (422, "papers")
    assert Paper.objects.filter(pk=paper).exists()
    assert got(ours, draft, "unclear")[0]["state"] == "open"


def test_the_desk_is_warned_as_soon_as_it_is_sent() -> None:
    completed(front(), sick="yes")
    desk = logged_in(person(Role.UNDERWRITER, branch="north"))
    assert len(desk.get("/v1/concerns", {"state": "open"}).json()["items"]) == 1


# Complaints and corrections.


def test_a_correction_names_the_fact_as_it_is_held() -> None:
    program = front()
    draft = completed(program)
    strange = send(program, "POST", f"{ALL}/{draft}/corrections", {"words": "x", "field": "hat"})
    assert (strange.status_code, strange.json()["field"]) == (422, "field")
    body = {"words": "It is 790.", "field": "score"}
    made = post(program, draft, "corrections", body, 201)
    assert made["matter"] == "correction"
    assert "(score): 780\nIt is 790." in made["words"]
    early = begun(program)["id"]
    answer = send(program, "POST", f"{ALL}/{early}/corrections", {"words": "It is 790."})
    assert answer.status_code == 409


def test_a_complaint_has_the_clock_of_the_law_and_says_whom_else_to_turn_to() -> None:
    program = front()
    draft = completed(program)
    configuration = replace(settings.CONFIGURATION, jurisdiction="EU", complaint_days=5)
    with override_settings(CONFIGURATION=configuration):
        before = got(program, draft, "complaints")
        made = post(program, draft, "complaints", {"words": "Why?"}, 201)
    assert made["due_on"] == before["due_on"] is not None
    assert before["elsewhere"]


@pytest.mark.parametrize(
    "body", [{}, {"words": "  "}, {"words": "x" * 2001}, {"words": "x", "step": "../../etc"}]
)
def test_a_complaint_that_says_nothing_or_too_much_is_refused(body: Any) -> None:
    program = front()
    draft = begun(program)["id"]
    assert send(program, "POST", f"{ALL}/{draft}/complaints", body).status_code == 422


# How it went.


def test_who_agreed_is_asked_on_two_scales_and_may_add_words() -> None:
    program = front()
    draft = asked_how_it_went(program)
    first = {"moment": "answer", "scale": "satisfaction", "highest": 5, "said": False}
    assert got(program, draft, "feedback") == {"ask": first}
    answer = post(program, draft, "feedback", {"scale": "satisfaction", "score": 4})
    assert (answer["ask"]["scale"], answer["ask"]["highest"]) == ("effort", 7)
    answer = post(program, draft, "feedback", {"scale": "effort", "score": 6})
    assert answer["ask"]["scale"] is None
    answer = post(program, draft, "feedback", {"words": "Fewer letters, says Ada Planted."})
    assert answer == {"ask": None}
    row = Ask.objects.get()
    assert (row.satisfaction, row.effort, row.said) == (4, 6, True)
    assert hands(draft, FeedbackScored, FeedbackSaid) == {"program"}
    over = send(program, "POST", f"{ALL}/{draft}/feedback", {"dismiss": True})
    assert over.status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"score": 3},
        {"scale": "effort"},
        {"scale": "effort", "score": 8},
        {"scale": "satisfaction", "score": 6},
        {"words": ""},
        {"words": "x", "dismiss": True},
    ],
)
def test_what_is_no_answer_is_refused(body: Any) -> None:
    program = front()
    draft = asked_how_it_went(program)
    assert send(program, "POST", f"{ALL}/{draft}/feedback", body).status_code == 422
    row = Ask.objects.get()
    assert (row.satisfaction, row.effort, row.said, row.dismissed) == (None, None, False, False)


def test_nobody_is_asked_who_did_not_agree_or_complained() -> None:
    program = front()
    quiet = completed(program)
    cross = completed(program, more=("asking_back",))
    post(program, cross, "complaints", {"words": "Why?"}, 201)
    asked_how_it_went(program)  # whom this one does not keep from being asked
    assert got(program, quiet, "feedback") == got(program, cross, "feedback") == {"ask": None}


# Asking.


def test_the_helper_answers_offers_a_choice_and_hands_over() -> None:
    program = front()
    draft = completed(program)
    answer = post(program, draft, "conversation", {"choice": "my_cost"})
    assert [each["who"] for each in answer["turns"]] == ["helper"]
    asked = post(program, draft, "conversation", {"question": "Where is it, asks Ada Planted?"})
    assert asked["turns"][1]["text"] == "Where is it, asks Ada Planted?"
    assert asked == got(program, draft, "conversation")
    with_person = post(program, draft, "conversation", {"person": True})
    assert with_person["person"]
    assert with_person["menu"] == []
    clerk = logged_in(person(Role.UNDERWRITER))
    send(clerk, "POST", f"/v1/conversations/{draft}/replies", {"text": "We have it."})
    last = got(program, draft, "conversation")["turns"][-1]
    assert (last["who"], last["text"]) == ("person", "We have it.")
    assert hands(draft, Asked, PersonAsked) == {"program"}


@pytest.mark.parametrize(
    "body", [{}, {"question": " "}, {"question": "x", "person": True}, {"choice": "no_such_text"}]
)
def test_what_is_no_turn_is_refused(body: Any) -> None:
    program = front()
    draft = begun(program)["id"]
    assert send(program, "POST", f"{ALL}/{draft}/conversation", body).status_code == 422
    assert got(program, draft, "conversation") == {"turns": [], "menu": [], "person": False}


# Help in person.


def test_whoever_helps_in_person_sees_the_same_until_it_is_ended() -> None:
    program = front()
    draft = begun(program)["id"]
    assert got(program, draft, "help") == {"over": []}
    read_out = post(program, draft, "help", None)
    assert read_out["reference"] == row_of(draft).reference
    assert send(program, "POST", f"{ALL}/{draft}/help").status_code == 409  # one in half a minute
    clerk = logged_in(person(Role.CLERK))
    opened = clerk.post("/help/open", {**read_out, "channel": "telephone", "go": "open"})
    assert opened["Location"] == f"/apply/{draft}/"
    assert clerk.get(opened["Location"]).status_code == 200
    assert got(program, draft, "help") == {"over": ["telephone"]}
    for _ in range(2):
        assert program.delete(f"{ALL}/{draft}/help").status_code == 204
    assert got(program, draft, "help") == {"over": []}
    assert clerk.get(opened["Location"]).status_code != 200
    assert hands(draft, DraftHelpEnded) == {"program"}


# Letters and what is held.


def test_the_letter_is_taken_and_noted_once() -> None:
    program = front()
    draft = completed(program, dti=0.9)
    at = f"{ALL}/{draft}/letter"
    assert program.get(at).status_code == 409
    kept_letter(row_of(draft).decision)
    for _ in range(2):
        letter = program.get(at)
        assert (letter["Content-Type"], letter.content) == ("application/pdf", PDF)
    application = row_of(draft).application
    assert len(record.history(application, NoticeOpened)) == 1
    [listed] = got(program, draft, "data")["letters"]
    assert listed["title"] == "Our decision on your application"
    assert listed["opened_at"] is not None
    assert program.get(f"{at}?of={listed['id']}").content == PDF
    assert program.get(f"{at}?of=notice-0").status_code == 409


def test_a_copy_of_what_was_signed_is_handed_out() -> None:
    program = front()
    draft = completed(program)
    at = f"{ALL}/{draft}/agreement/copy"
    assert program.get(at).status_code == 409
    seen = accepted(program, draft, offered(program, draft)["seen"])["seen"]
    post(program, draft, "signature", {"name": "Ada Byron", "seen": seen})
    file: Path = settings.CONFIGURATION.workspace / "lender.yaml"
    file.write_text("name: {en: Balance Bank}\naddress: {en: [1 Balance Street]}\n", "utf-8")
    try:
        copy = program.get(at)
    finally:
        file.unlink()
    assert copy["Content-Type"] == "application/pdf", copy.content
    assert copy.content.startswith(b"%PDF")


def test_erasure_is_asked_for_once_and_said_what_is_kept() -> None:
    program = front()
    draft = completed(program)
    configuration = replace(settings.CONFIGURATION, jurisdiction="US")
    with override_settings(CONFIGURATION=configuration):
        before = got(program, draft, "erasure")
        assert before["asked_at"] is None
        assert before["kept_until"]
        assert before["rule"]
        asked = [post(program, draft, "erasure", None) for _ in range(2)]
    assert asked[0] == asked[1]
    assert asked[0]["asked_at"]
    assert len(record.history(draft, DraftErasureAsked)) == 1
    early = begun(program)["id"]
    assert send(program, "POST", f"{ALL}/{early}/erasure").status_code == 409
