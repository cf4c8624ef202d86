"""Risk seen during an application: the person is told what is unclear and settles it on the spot,
and the desk is warned at once."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from applying import ANSWERS, PURPOSES, Applicant, asking_contract, bureau
from corner_lender import STRATEGY, content
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from lender import publish
from people import logged_in, person, send
from test_papers import clamd, photo
from through_door import Client

from equipoise.contract import Contract
from equipoise.service.contexts.cases.models import Ruling
from equipoise.service.contexts.concerns import tasks
from equipoise.service.contexts.concerns.events import ConcernEvent
from equipoise.service.contexts.concerns.models import Concern
from equipoise.service.contexts.concerns.reading import answers_to
from equipoise.service.contexts.concerns.services import raise_for
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.reading import read
from equipoise.service.contexts.decisions.services import asked_of, decide_together
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.papers import tasks as papers
from equipoise.service.contexts.papers.models import Paper
from equipoise.service.pages.applicant.views import tasks as sending
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.papers import MOST_BYTES
from equipoise.service.platform.papers.incoming import FORM
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.service.platform.webhooks.public import words as told_others
from equipoise.strategy.sealing import seal

WORDS = "My second job at Planted & Sons is not in there."
KNOWN = {
    "score": 780.0,
    "score_date": timezone.now().date().isoformat(),
    "dti": 0.2,
    "on_sick_leave": False,
    "income_shown": 3000.0,
    "usual_income": 2500.0,
}
RULES = [
    {"name": "shown", "when": "income > 1.2 * income_shown", "outcome": "refer", "reason": "SHOWN"},
    {"name": "usual", "when": "income > 3 * usual_income", "outcome": "refer", "reason": "USUAL"},
    {"name": "several", "when": "in_flight > 0", "outcome": "refer", "reason": "SEVERAL"},
]
TEXTS = {
    "SHOWN": {
        "en": "Your payslips show less than you told us.",
        "zh": "您的工资单显示的收入低于您填写的收入。",
    },
    "SETTLE_SHOWN": {
        "en": "Bring the payslips of the last three months.",
        "zh": "请提交最近三个月的工资单。",
    },
    "USUAL": {
        "en": "This is more than your kind of work usually brings where you live.",
        "zh": "这高于您所在地区同类工作的一般收入。",
    },
    "SEVERAL": {
        "en": "There is another application with your e-mail address.",
        "zh": "还有另一份申请使用了您的电子邮箱。",
    },
}


def contract() -> Contract:
    plain = asking_contract().model_dump(mode="json", exclude_none=True)
    more = [
        {"name": "income_shown", "type": "number", "source": "bank", "range": [0, 90000]},
        {"name": "usual_income", "type": "number", "source": "bank", "range": [0, 90000]},
        {"name": "in_flight", "type": "integer", "source": "bank", "range": [0, 9]},
    ]
    return Contract.model_validate({**plain, "fields": [*plain["fields"], *more]})


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any, tmp_path: Path) -> Iterator[None]:
    asked = content(
        rules=[*RULES, *STRATEGY["rules"]],
        texts={**STRATEGY["texts"], **TEXTS},
        languages=["en", "zh"],
    ).model_copy(update={"contract": contract()})
    publish(raw=seal(asked).text().encode())
    with configured(papers=str(tmp_path / "papers"), answer_days=2):
        yield


@contextmanager
def configured(**changes: Any) -> Iterator[None]:
    before = settings.CONFIGURATION
    settings.CONFIGURATION = replace(before, **changes)
    try:
        yield
    finally:
        settings.CONFIGURATION = before


def applied(email: str = "ada.planted@example.com", **facts: Any) -> Applicant:
    """Somebody of whom the lender's systems know this."""
    with bureau(**{**KNOWN, **facts}):
        ada = Applicant().begin()
        ada.post("contact", {"email": email, "phone": ""})
        for question, text in ANSWERS.items():
            ada.type(question, text)
        ada.post("consents", PURPOSES)
        ada.send()
    return ada


def desk() -> Any:
    return logged_in(person(Role.UNDERWRITER, branch="north"))


def application_of(ada: Applicant) -> str:
    return Draft.objects.get(pk=ada.draft).application


def kinds(ada: Applicant) -> list[str]:
    return [each.entry.kind for each in record.history(application_of(ada), ConcernEvent)]


def waiting(client: Any, state: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(
        "/v1/concerns", {"state": state} if state else {}
    ).json()["items"]
    return rows


def proved() -> None:
    assert verify_record().valid
    assert [each for each in verify_rows().differences if "concerns" in each.table] == []


RISKS = [
    ({"income_shown": 1500.0}, "SHOWN", "Bring the payslips of the last three months."),
    ({"usual_income": 900.0}, "USUAL", "Tell us in your own words how it is"),
]


@pytest.mark.parametrize(("facts", "code", "how"), RISKS, ids=[code for _, code, _ in RISKS])
def test_a_risk_seen_is_told_to_the_person_and_the_desk_at_once(
    facts: dict[str, Any], code: str, how: str
) -> None:
    ada = applied(**facts)
    said = ada.text("progress")
    assert "What we need from you" in said
    assert TEXTS[code]["en"] in said
    assert how in said
    assert "It is your turn." in said
    [warned] = waiting(desk(), "open")
    assert (warned["code"], warned["application"]) == (code, application_of(ada))
    proved()


def test_nobody_is_asked_where_nothing_is_unclear() -> None:
    ada = applied()
    assert Decision.objects.get().outcome == "approve"
    assert "What we need from you" not in ada.text("progress")
    assert waiting(desk()) == []


def test_several_applications_in_flight_are_seen_and_asked_about() -> None:
    first, second = applied(), applied()
    other = applied("somebody.else@example.com")
    outcomes = {each.application: each.outcome for each in Decision.objects.all()}
    assert outcomes == {
        application_of(first): "approve",
        application_of(second): "refer",
        application_of(other): "approve",
    }
    assert TEXTS["SEVERAL"]["en"] in second.text("progress")
    assert [each["application"] for each in waiting(desk())] == [application_of(second)]


def test_a_declined_or_old_application_is_none_in_flight() -> None:
    declined, old = applied(dti=0.9), applied(usual_income=900.0)
    assert Decision.objects.get(application=application_of(declined)).outcome == "decline"
    Draft.objects.filter(pk=old.draft).update(sent_at=timezone.now() - timedelta(days=31))
    applied()
    assert [each["code"] for each in waiting(desk())] == ["USUAL"]


def test_the_whole_way_answered_with_words_and_a_document_read_and_settled() -> None:
    ada = applied(income_shown=1500.0)
    link = re.search(r'href="([^"]*/unclear/[^"]*)"', ada.get("progress").content.decode())
    assert link is not None
    page = ada.client.get(link[1]).content.decode()
    assert TEXTS["SHOWN"]["en"] in page
    assert TEXTS["SETTLE_SHOWN"]["en"] in page
    sent = {"words": WORDS, "go": "on", "paper": SimpleUploadedFile("march.jpg", photo())}
    assert ada.client.post(link[1], sent)["Location"] == ada.home + "progress"
    said = ada.text("progress")
    assert "We have your answer." in said
    assert "A person reads it by " in said
    assert "It is our turn" in said
    underwriter = desk()
    assert waiting(underwriter, "open") == []
    [warned] = waiting(underwriter, "answered")
    full = underwriter.get(f"/v1/concerns/{warned['id']}").json()
    [answer] = full["answers"]
    assert answer["words"] == WORDS
    answered = date.fromisoformat(full["answered_at"][:10])
    assert date.fromisoformat(full["due_on"]) - answered in (timedelta(2), timedelta(3))
    brought = underwriter.get(f"/v1/applications/{application_of(ada)}/papers").json()
    about = [(each["id"], each["about"]) for each in brought]
    assert about == [(answer["papers"][0], warned["id"])]
    close = f"/v1/concerns/{warned['id']}/close"
    body = {"outcome": "cleared", "words": "Both contracts were read."}
    assert send(underwriter, "POST", close, body).json()["state"] == "closed"
    assert send(underwriter, "POST", close, body).status_code == 409
    assert "it is settled. Thank you." in ada.text("progress")
    assert kinds(ada) == ["concern.raised", "concern.answered", "concern.closed"]
    public = [told_others(each) for each in record.history(application_of(ada), ConcernEvent)]
    assert "Planted" not in json.dumps(public)
    assert not any(b"Planted" in bytes(e.body) for e in record.entries(application_of(ada)))
    proved()


def test_what_was_typed_stays_where_the_file_is_not_taken() -> None:
    ada = applied(income_shown=1500.0)
    at = f"{ada.home}unclear/{Concern.objects.get().id}"
    file = SimpleUploadedFile("x.exe", b"MZ" + bytes(400))
    answer = ada.client.post(at, {"words": WORDS, "paper": file})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "neither a picture nor a PDF" in text
    assert "My second job" in text
    chinese = ada.client.post(at, {"words": WORDS, "go": "language-zh"}).content.decode()
    assert "My second job" in chinese
    assert TEXTS["SETTLE_SHOWN"]["zh"] in chinese
    for words in ("  ", "x" * 2001):
        assert ada.client.post(at, {"words": words}).status_code == 422
    assert Concern.objects.get().state == "open"
    assert kinds(ada) == ["concern.raised"]


@pytest.mark.parametrize("over", [1, FORM], ids=["read", "not even read"])
def test_what_was_typed_stays_where_the_file_is_too_large(over: int) -> None:
    ada = applied(income_shown=1500.0)
    at = f"{ada.home}unclear/{Concern.objects.get().id}"
    words = "工" * 1900 + WORDS  # as long as it may be, in the script that takes most bytes
    file = SimpleUploadedFile("payslips.pdf", bytes(MOST_BYTES + over))
    answer = ada.client.post(at, {"words": words, "paper": file, "go": "on"})
    assert answer.status_code == 413
    text = html.unescape(answer.content.decode())
    assert "larger than 12 MB" in text
    assert words in text
    assert Concern.objects.get().state == "open"
    assert (kinds(ada), Paper.objects.count()) == (["concern.raised"], 0)


def test_who_is_no_applicant_writes_nothing_with_a_file_that_is_too_large() -> None:
    ada = applied(income_shown=1500.0)
    at = f"{ada.home}unclear/{Concern.objects.get().id}"
    strange = Client(enforce_csrf_checks=True)
    strange.cookies = ada.client.cookies
    for size in (1, MOST_BYTES + FORM):
        file = SimpleUploadedFile("payslips.pdf", bytes(size))
        assert strange.post(at, {"words": WORDS, "paper": file}).status_code == 403
    assert kinds(ada) == ["concern.raised"]


def test_the_person_may_add_to_an_answer_and_sees_what_they_said() -> None:
    ada = applied(income_shown=1500.0)
    at = f"{ada.home}unclear/{Concern.objects.get().id}"
    for words in ("I was ill in March", "and back in April"):
        ada.client.post(at, {"words": words})
    page = ada.client.get(at).content.decode()
    assert page.index("I was ill in March") < page.index("and back in April")
    assert kinds(ada) == ["concern.raised", "concern.answered", "concern.answered"]
    assert "I was ill in March" in ada.text("data")
    held = [each["words"] for each in ada.get("data.json").json()["said"]]
    assert held == ["I was ill in March", "and back in April"]


def test_a_document_brought_in_answer_is_held_for_the_scanner_too() -> None:
    ada = applied(income_shown=1500.0)
    with clamd(b"stream: OK\0") as (address, _), configured(clamd=address):
        at = f"{ada.home}unclear/{Concern.objects.get().id}"
        ada.client.post(at, {"words": "", "paper": SimpleUploadedFile("a.jpg", photo())})
        [held] = desk().get(f"/v1/applications/{application_of(ada)}/papers").json()
        assert held["state"] == "held"
        assert papers.scan_held.call() == 1


def test_others_concerns_are_not_there() -> None:
    ada, eve = applied(income_shown=1500.0), applied("eve@example.com")
    concern = Concern.objects.get().id
    assert eve.get(f"unclear/{concern}").status_code == 404
    assert eve.client.post(f"{eve.home}unclear/{concern}", {"words": "x"}).status_code == 404
    stranger = Applicant()
    stranger.home = ada.home
    assert stranger.get(f"unclear/{concern}").status_code == 404
    nowhere = logged_in(person(Role.UNDERWRITER))
    assert waiting(nowhere) == []
    assert nowhere.get(f"/v1/concerns/{concern}").status_code == 404
    assert kinds(ada) == ["concern.raised"]


def test_a_job_raises_what_no_page_did_and_writes_to_the_person_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "warn", lambda _draft: None)  # as where the server dies there
    ada = applied(income_shown=1500.0)
    assert Concern.objects.count() == 0
    for _ in range(2):
        tasks.raise_concerns.call()
    assert kinds(ada) == ["concern.raised"]
    assert Message.objects.filter(text__startswith="needs_you@").count() == 1


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [("cleared", "it is settled. Thank you."), ("stands", "It goes into what they decide.")],
)
def test_who_answered_is_written_to_once_a_person_has_read_it(outcome: str, shown: str) -> None:
    ada = applied(income_shown=1500.0)
    concern = Concern.objects.get().id
    ada.client.post(f"{ada.home}unclear/{concern}", {"words": WORDS})
    body = {"outcome": outcome, "words": "Both contracts were read."}
    assert send(desk(), "POST", f"/v1/concerns/{concern}/close", body).status_code == 200
    for _ in range(2):
        tasks.raise_concerns.call()
    mails = Message.objects.filter(text__startswith="concern_closed@")
    assert [(each.text, each.purpose) for each in mails] == [("concern_closed@1", "progress")]
    assert shown in ada.text("progress")


def test_what_was_unclear_can_still_be_read_once_a_person_has_said_no() -> None:
    ada = applied(income_shown=1500.0)
    [concern] = waiting(desk())
    at = f"unclear/{concern['id']}"
    ada.post(at, {"words": "It is the bonus."})
    row = Concern.objects.get()
    Ruling.objects.create(
        decision=row.decision,
        application=row.application,
        begun_by=row.begun_by,
        machine="refer",
        state="decided",
        answer="decline",
        reasons=["SHOWN"],
        officers=["user.9"],
        level="junior",
        signatures=1,
        signed_at=clock.now(),
    )
    page = ada.get(at)
    assert page.status_code == 200
    said = ada.text(at)
    assert TEXTS["SHOWN"]["en"] in said
    assert "It is the bonus." in said
    assert "Send this to a person" not in said
    assert ada.post(at, {"words": "More."}).status_code == 200
    assert len(answers_to(concern["id"], FOR_APPLICANTS)) == 1


def test_what_an_application_is_decided_without_is_closed_by_itself() -> None:
    ada = applied(income_shown=1500.0)
    facts = read(Decision.objects.get().id).facts
    assert facts is not None
    known = {**facts["application"], "income_shown": 3000.0}
    ask = asked_of(known, FOR_APPLICANTS, "again", strategy="corner", language="en")
    (again,) = decide_together((ask,))
    assert not isinstance(again, Exception)
    raise_for(again)
    row = Concern.objects.get()
    assert (row.state, row.outcome) == ("closed", "decided_anew")
    assert kinds(ada) == ["concern.raised", "concern.closed"]
    tasks.raise_concerns.call()  # the decision has a message of its own
    assert not Message.objects.filter(text__startswith="concern_closed@").exists()
    proved()
