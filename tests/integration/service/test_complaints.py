"""A person says what is wrong, with a reference and a clock; a person answers them in time, or they
are told whom else to turn to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from applying import Applicant, bureau, publish_asking
from django.conf import settings
from django.test import override_settings
from people import logged_in, person, send

from equipoise.service.contexts.complaints import services, tasks
from equipoise.service.contexts.complaints.events import ComplaintEvent, ComplaintReceived
from equipoise.service.contexts.complaints.models import Complaint
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.messages.reading import newest
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.proving import verify_record, verify_rows

WRONG = "You asked me, Ada Planted, for the same letter twice."
ANSWER = "We did, and are sorry for it: nothing more is needed."
RECEIVED = datetime(2026, 1, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> Iterator[None]:
    publish_asking()
    configuration = replace(
        settings.CONFIGURATION, messages="keep", address="https://apply.example.com"
    )
    with override_settings(CONFIGURATION=configuration):
        yield


def heeding(law: str = "", days: int | None = None) -> Any:
    configuration = replace(settings.CONFIGURATION, jurisdiction=law, complaint_days=days)
    return override_settings(CONFIGURATION=configuration)


@pytest.fixture
def applicant() -> Applicant:
    return Applicant().begin().fill()


@pytest.fixture
def clerk() -> Any:
    return logged_in(person(Role.SERVICE_OWNER))


def sent() -> Applicant:
    with bureau(score=780.0, dti=0.25):
        applicant = Applicant().begin().fill()
        applicant.send()
    return applicant


def complain(applicant: Applicant, words: str = WRONG, **more: str) -> Any:
    return applicant.post("complain", {"words": words, **more})


def happened(draft: str) -> list[str]:
    return [each.entry.kind for each in record.history(draft, ComplaintEvent)]


def written(text: str) -> list[str]:
    """What was said in messages of that text."""
    return [each.said for each in newest(50) if each.text.startswith(f"{text}@")]


@pytest.mark.parametrize(
    "page", ["tasks", "q/amount", "contact", "consents", "check", "data", "ask", "complain"]
)
def test_every_page_of_an_application_leads_there_and_says_where_it_was(
    applicant: Applicant, page: str
) -> None:
    address = "" if page == "tasks" else page
    said = applicant.get(address).content.decode()
    assert f'href="{applicant.home}complain?step={address}"' in said


def test_whoever_complains_gets_a_reference_and_the_day_of_the_answer(
    applicant: Applicant,
) -> None:
    reference = Draft.objects.get(pk=applicant.draft).reference
    with heeding("UK"):
        assert complain(applicant, step="q/income").status_code == 302
        said = unescape(applicant.text("complain"))
    row = Complaint.objects.get()
    assert (row.reference, row.step) == (f"{reference}-1", "q/income")
    assert row.rule == "uk.complaint-answer"
    assert f"Your complaint {reference}-1" in said
    assert WRONG in said
    assert "8 weeks after" in said  # how the day was counted
    assert "Financial Ombudsman Service" in said
    (receipt,) = written("complaint_received")
    assert row.reference in receipt
    assert "A person answers by" in receipt
    assert "Planted" not in receipt


@pytest.mark.parametrize(
    ("law", "own", "due"),
    [
        ("US", None, date(2026, 2, 14)),
        ("CN", None, date(2026, 2, 14)),
        ("UK", None, date(2026, 3, 27)),
        ("UK", 10, date(2026, 2, 9)),
        ("US", 60, date(2026, 2, 14)),
        ("EU", None, date.max),
        ("EU", 20, date(2026, 2, 19)),
        ("", None, date.max),
    ],
)
def test_the_answer_is_due_by_the_law_or_sooner(
    applicant: Applicant,
    monkeypatch: pytest.MonkeyPatch,
    law: str,
    own: int | None,
    due: date,
) -> None:
    monkeypatch.setattr(f"{services.__name__}.clock.now", lambda: RECEIVED)
    with heeding(law, own):
        complain(applicant)
    assert Complaint.objects.get().last_day == due


def test_the_same_words_twice_are_one_complaint(applicant: Applicant) -> None:
    for words in (WRONG, f"  {WRONG}\n", "And the page is slow."):
        assert complain(applicant, words).status_code == 302
    assert happened(applicant.draft) == ["complaint.received"] * 2
    assert len(written("complaint_received")) == 2


def test_looking_changes_nothing(applicant: Applicant) -> None:
    before = [*record.entries(applicant.draft)]
    for _ in range(2):
        assert applicant.get("complain?step=check").status_code == 200
        assert applicant.client.head(f"{applicant.home}complain").status_code == 200
    assert [*record.entries(applicant.draft)] == before


@pytest.mark.parametrize("words", ["", "  \n", "\x00", "x" * 2001])
def test_nothing_and_too_much_are_told_and_stay_in_the_box(
    applicant: Applicant, words: str
) -> None:
    answer = complain(applicant, words)
    assert answer.status_code == 422
    assert 'href="#words"' in answer.content.decode()
    assert words.strip("\x00 \n") in answer.content.decode()
    assert happened(applicant.draft) == []


def test_whoever_floods_is_asked_to_wait(applicant: Applicant) -> None:
    for place in range(10):
        complain(applicant, f"This is wrong: {place}")
    answer = complain(applicant, "and this")
    assert answer.status_code == 422
    assert "wait for our answer" in answer.content.decode()
    assert Complaint.objects.count() == 10


def test_another_language_keeps_what_was_written(applicant: Applicant) -> None:
    page = applicant.post("complain", {"words": WRONG, "step": "check"}, go="language-zh")
    said = unescape(page.content.decode())
    assert (WRONG in said, "请告诉我们出了什么问题" in said) == (True, True)
    assert 'name="step" value="check"' in said
    assert happened(applicant.draft) == []
    complain(applicant)
    (receipt,) = written("complaint_received")
    assert "工作人员会尽快答复。" in receipt


def test_a_step_that_is_none_is_not_kept(applicant: Applicant) -> None:
    complain(applicant, step="ada.planted@example.com")
    assert Complaint.objects.get().step == ""


def test_a_person_answers_and_it_is_read_on_the_page(applicant: Applicant, clerk: Any) -> None:
    complain(applicant)
    (row,) = send(clerk, "GET", "/v1/complaints?state=open").json()["items"]
    assert "words" not in row
    at = f"/v1/complaints/{row['id']}"
    assert send(clerk, "GET", at).json()["words"] == WRONG
    body = {"outcome": "upheld", "words": ANSWER}
    answered = send(clerk, "POST", f"{at}/answer", body).json()
    assert (answered["state"], answered["outcome"]) == ("answered", "upheld")
    assert answered["answer"] == ANSWER
    said = unescape(applicant.text("complain"))
    assert ANSWER in said
    assert "you are right." in said
    assert len(written("complaint_answered")) == 1
    assert send(clerk, "POST", f"{at}/answer", body).status_code == 409
    assert send(clerk, "GET", "/v1/complaints?state=open").json()["items"] == []
    assert happened(applicant.draft) == ["complaint.received", "complaint.answered"]


def test_an_answer_is_told_also_to_who_wants_no_news(applicant: Applicant, clerk: Any) -> None:
    """A notice is required: nobody can opt out of it."""
    complain(applicant)
    assert Message.objects.get(text__startswith="complaint_received@").purpose == "notice"


def test_the_desk_sees_first_what_is_due_first(clerk: Any) -> None:
    first, second, third = (Applicant().begin().fill() for _ in range(3))
    complain(first)  # no law, no day
    with heeding("UK"):
        complain(second)
    with heeding("CN"):
        complain(third)
    collected: list[str] = []
    after = ""
    for _ in range(3):
        page = send(clerk, "GET", f"/v1/complaints?limit=1&after={after}").json()
        collected += [each["draft"] for each in page["items"]]
        after = page["next"]
    assert collected == [third.draft, second.draft, first.draft]
    assert after is None


def test_whoever_waits_too_long_is_told_once_whom_else_to_turn_to(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{services.__name__}.clock.now", lambda: RECEIVED)
    with heeding("UK"):
        complain(applicant)
        assert services.tell_overdue(datetime(2026, 3, 27, 12, tzinfo=UTC)) == 0
        assert services.tell_overdue(datetime(2026, 3, 28, 12, tzinfo=UTC)) == 1
        assert services.tell_overdue(datetime(2026, 3, 29, 12, tzinfo=UTC)) == 0
        said = unescape(applicant.text("complain"))
    assert "It was due by 27 March 2026" in said
    assert len(written("complaint_overdue")) == 1
    assert happened(applicant.draft) == ["complaint.received", "complaint.overdue"]


def test_the_job_tells_nobody_who_was_answered_or_erased(clerk: Any) -> None:
    answered, erased = Applicant().begin().fill(), Applicant().begin().fill()
    for each in (answered, erased):
        complain(each)
    Complaint.objects.update(last_day=date.today() - timedelta(days=3))
    row = Complaint.objects.get(draft=answered.draft)
    body = {"outcome": "not_upheld", "words": ANSWER}
    send(clerk, "POST", f"/v1/complaints/{row.pk}/answer", body)
    subjects.erase(erased.draft, "admin", "request")
    assert tasks.tell_of_overdue_complaints.func() == 0
    theirs = Complaint.objects.get(draft=erased.draft).pk
    assert send(clerk, "GET", f"/v1/complaints/{theirs}").status_code == 410
    assert send(clerk, "POST", f"/v1/complaints/{theirs}/answer", body).status_code == 410


def test_words_stand_sealed_and_the_record_holds(applicant: Applicant, clerk: Any) -> None:
    complain(applicant)
    row = Complaint.objects.get()
    send(clerk, "POST", f"/v1/complaints/{row.pk}/answer", {"outcome": "upheld", "words": ANSWER})
    entries = [bytes(each.body) for each in record.entries(applicant.draft)]
    assert not any(b"Planted" in each or b"sorry" in each for each in entries)
    assert verify_record().valid
    assert verify_rows().differences == ()
    Complaint.objects.update(outcome="not_upheld")
    (difference,) = verify_rows().differences
    assert (difference.id, difference.columns) == (row.pk, ("outcome",))


def test_strangers_and_programs_see_none(applicant: Applicant) -> None:
    complain(applicant)
    stranger = Applicant().begin()
    assert stranger.client.get(f"{applicant.home}complain").status_code == 404
    assert stranger.client.post(f"{applicant.home}complain", {"words": "x"}).status_code == 404
    assert happened(applicant.draft) == ["complaint.received"]


def test_a_person_has_a_fact_corrected_that_is_held_of_them(clerk: Any) -> None:
    applicant = sent()
    assert "have it corrected" in applicant.text("data")
    assert "My salary" not in applicant.text("data/correct")
    with heeding("EU"):
        said = {"field": "income", "words": "It is 3,300 since May."}
        assert applicant.post("data/correct", said).status_code == 302
        assert "You asked us to correct a fact" in applicant.text("complain")
    (each,) = record.history(applicant.draft, ComplaintReceived)
    assert (each.event.matter, each.event.rule) == ("correction", "eu.correction-answer")
    row = Complaint.objects.get()
    asked = send(clerk, "GET", f"/v1/complaints/{row.pk}").json()["words"]
    assert asked.startswith("Your income a month (income): 3")
    assert asked.endswith("It is 3,300 since May.")
    body = {"outcome": "upheld", "words": "It is 3,300 now."}
    send(clerk, "POST", f"/v1/complaints/{row.pk}/answer", body)
    assert "we have corrected it" in applicant.text("complain")


def test_a_correction_without_words_is_asked_back() -> None:
    applicant = sent()
    answer = applicant.post("data/correct", {"field": "income", "words": " "})
    assert answer.status_code == 422
    assert 'value="income" selected' in answer.content.decode()
    assert Complaint.objects.count() == 0


def test_what_was_not_sent_is_corrected_by_the_person(applicant: Applicant) -> None:
    assert applicant.get("data/correct")["Location"] == f"{applicant.home}data"
