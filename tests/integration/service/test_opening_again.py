"""A person opens their application in another browser, by a code that they are sent."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from alike import furthest_apart
from applying import CONTACT, Applicant, publish_asking
from django.conf import settings
from django.db import connection
from django.test import Client as PlainClient
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from through_door import Client

from equipoise.service.contexts.drafts import tasks
from equipoise.service.contexts.drafts.events import DraftEvent, DraftOpened
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.pages.applicant import pacing
from equipoise.service.platform.login.models import Guesses
from equipoise.service.platform.messages import reading as outbox
from equipoise.service.platform.messages.models import Code, Message
from equipoise.service.platform.record import services as record

EMAIL = CONTACT["email"]
NOBODYS = f"draft-{'0' * 32}"


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


def do_jobs() -> None:
    """Send the codes that were asked for, as a worker does."""
    for job in DBTaskResult.objects.filter(task_path=tasks.send_code.module_path):
        tasks.send_code.func(*job.args_kwargs["args"])
        job.delete()


def code() -> str:
    """The newest code that anybody was sent."""
    do_jobs()
    said = [each.said for each in outbox.newest(50) if each.text.startswith("code@")]
    return re.findall(r"\b\d{6}\b", said[0])[0]


def codes_sent() -> int:
    do_jobs()
    return Message.objects.filter(text__startswith="code@").count()


def after_a_while() -> None:
    """Nobody has asked for a code of late."""
    Code.objects.all().delete()
    Guesses.objects.all().delete()


def elsewhere() -> Client:
    return Client(headers={"accept": "text/html"})


def typing(client: Client, page: str, text: str) -> Any:
    return client.post(page, {"code": text, "go": "on"})


@pytest.fixture
def person() -> Applicant:
    return Applicant().begin().fill()


def test_a_person_goes_on_in_another_browser_by_the_link_and_a_code(person: Applicant) -> None:
    other = elsewhere()
    assert other.get(person.home).status_code == 404
    asked = other.post(person.home + "open")
    assert asked["Location"] == person.home + "open/code"
    page = other.get(asked["Location"]).content.decode()
    assert 'autocomplete="one-time-code"' in page
    opened = typing(other, person.home + "open/code", code())
    assert opened["Location"] == person.home
    assert "8,000" in other.get(person.home + "q/amount").content.decode()
    # The first browser has not lost it, and the link leads straight in now.
    assert person.get("").status_code == 200
    assert other.get(person.home + "open")["Location"] == person.home
    assert len(record.history(person.draft, DraftOpened)) == 1


def test_a_person_goes_on_by_the_reference_and_where_they_are_reached(person: Applicant) -> None:
    reference = Draft.objects.get(pk=person.draft).reference
    other = elsewhere()
    spelled = {"reference": f" {reference.lower().replace('-', ' ')}", "contact": EMAIL.upper()}
    asked = other.post("/apply/open", spelled)
    assert asked["Location"] == "/apply/open/code"
    assert typing(other, "/apply/open/code", code())["Location"] == person.home
    assert other.get(person.home).status_code == 200


@pytest.mark.parametrize("typed", ["138 0013 8000", "+86 138-0013-8000", "008613800138000"])
def test_a_telephone_is_known_again_however_it_is_written(person: Applicant, typed: str) -> None:
    person.post("contact", {"email": "", "phone": "+8613800138000"})
    reference = Draft.objects.get(pk=person.draft).reference
    other = elsewhere()
    other.post("/apply/open", {"reference": reference, "contact": typed})
    assert typing(other, "/apply/open/code", code())["Location"] == person.home
    (sent,) = Message.objects.filter(text__startswith="code@")
    assert sent.channel == "phone"


@pytest.mark.parametrize("written", ["{}", "{:.3} {:.3}", "full-width"])
def test_a_code_is_read_as_people_type_it(person: Applicant, written: str) -> None:
    other = elsewhere()
    other.post(person.home + "open")
    digits = code()
    wide = "".join(chr(ord(each) + 0xFEE0) for each in digits)
    typed = wide if written == "full-width" else f"{digits[:3]} {digits[3:]}"
    assert typing(other, person.home + "open/code", typed).status_code == 302


def test_a_wrong_code_opens_nothing_and_says_so(person: Applicant) -> None:
    other = elsewhere()
    other.post(person.home + "open")
    right = code()
    wrong = "000000" if right != "000000" else "000001"
    answer = typing(other, person.home + "open/code", wrong)
    assert answer.status_code == 422
    assert 'href="#code"' in answer.content.decode()
    assert other.get(person.home).status_code == 404


def test_a_code_opens_once_and_only_the_newest_does(person: Applicant) -> None:
    other = elsewhere()
    other.post(person.home + "open")
    first = code()
    after_a_while()
    other.post(person.home + "open")
    second = code()
    assert first != second, "one in a million"
    assert typing(other, person.home + "open/code", first).status_code == 422
    assert typing(other, person.home + "open/code", second).status_code == 302
    assert typing(elsewhere(), person.home + "open/code", second).status_code == 422


def test_after_five_guesses_the_right_code_opens_nothing_either(person: Applicant) -> None:
    other = elsewhere()
    other.post(person.home + "open")
    right = code()
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        typing(other, person.home + "open/code", wrong)
    Guesses.objects.all().delete()  # the pace of guesses is not what is looked at here
    assert typing(other, person.home + "open/code", right).status_code == 422


def test_who_asks_again_and_again_is_told_to_wait(person: Applicant) -> None:
    other = elsewhere()
    answers = [other.post(person.home + "open").status_code for _ in range(8)]
    assert answers[:5] == [302] * 5
    assert answers[-1] == 429
    assert codes_sent() == 1  # one in half a minute


def unknown(person: Applicant) -> list[str]:
    """Addresses of drafts that this browser knows nothing of."""
    ended = Applicant().begin().fill()
    ended.client.post(ended.home + "delete")
    return [person.draft, NOBODYS, ended.draft, "draft-x", "no-such-thing"]


@pytest.fixture
def looked_up_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request takes its own from the address's allowance, so that all ask the database as
    often: elsewhere one in twenty does."""
    monkeypatch.setattr(pacing, "_LEASE", 1)


@pytest.mark.usefixtures("looked_up_each_time")
def test_pages_say_the_same_of_every_draft(person: Applicant) -> None:
    pages = (
        ("open", None),
        ("open", {}),
        ("open/code", None),
        ("open/code", {"code": "123456"}),
        ("", None),
        ("q/amount", None),
    )
    said: dict[str, set[Any]] = {}
    for draft in unknown(person):
        other = PlainClient(headers={"accept": "text/html"})
        for page, sent in pages:
            address = f"/apply/{draft}/{page}"
            with CaptureQueriesContext(connection) as asked:
                answer = other.get(address) if sent is None else other.post(address, sent)
            body = answer.content.decode().replace(draft, "DRAFT")
            body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)
            where = answer.get("Location", "").replace(draft, "DRAFT")
            result = (answer.status_code, where, body, len(asked))
            said.setdefault(f"{page} {sent}", set()).add(result)
    assert {page: len(each) for page, each in said.items()} == dict.fromkeys(said, 1)


@pytest.mark.usefixtures("looked_up_each_time")
def test_a_search_says_the_same_whether_there_is_one_or_not(person: Applicant) -> None:
    reference = Draft.objects.get(pk=person.draft).reference
    said = set()
    for named, reached in ((reference, EMAIL), (reference, "x@example.com"), ("2222-2222", EMAIL)):
        other = PlainClient(headers={"accept": "text/html"})
        with CaptureQueriesContext(connection) as asked:
            answer = other.post("/apply/open", {"reference": named, "contact": reached})
        said.add((answer.status_code, answer["Location"], len(asked)))
    assert len(said) == 1
    assert codes_sent() == 1


def test_the_page_for_a_draft_that_is_not_open_here_speaks_both_languages() -> None:
    page = elsewhere().get(f"/apply/{NOBODYS}/")
    said = page.content.decode()
    assert page.status_code == 404
    assert 'lang="en"' in said
    assert 'lang="zh-Hans"' in said
    assert said.count("<h1") == 1
    assert f"/apply/{NOBODYS}/open" in said


def test_what_cannot_be_read_is_asked_back_and_kept_in_its_box() -> None:
    other = elsewhere()
    answer = other.post("/apply/open", {"reference": "12", "contact": EMAIL})
    assert answer.status_code == 422
    assert 'href="#reference"' in answer.content.decode()
    answer = other.post("/apply/open", {"reference": "2222-2222", "contact": "somewhere"})
    assert 'href="#contact"' in answer.content.decode()
    assert 'value="somewhere"' in answer.content.decode()
    assert DBTaskResult.objects.count() == 0


def test_looking_at_a_link_changes_nothing(person: Applicant) -> None:
    before = state(person)
    for page in ("open", "open/code"):
        for _ in range(2):
            elsewhere().get(person.home + page)
            elsewhere().head(person.home + page)
    elsewhere().get("/apply/open")
    assert state(person) == before


def state(person: Applicant) -> Any:
    rows = [*Draft.objects.values()], Code.objects.count(), Message.objects.count()
    return *rows, DBTaskResult.objects.count(), len(record.history(person.draft, DraftEvent))


def test_no_address_and_no_job_holds_where_a_person_is_reached(person: Applicant) -> None:
    reference = Draft.objects.get(pk=person.draft).reference
    other = elsewhere()
    asked = other.post("/apply/open", {"reference": reference, "contact": EMAIL})
    kept = [asked["Location"], *(str(each.args_kwargs) for each in DBTaskResult.objects.all())]
    kept += [str(each.value) for each in asked.cookies.values()]
    assert not any("ada.planted" in each for each in kept)


def test_a_code_is_spoken_in_the_drafts_language(person: Applicant) -> None:
    person.type("amount", "8000", "language-zh")
    elsewhere().post(person.home + "open")
    code()
    (sent,) = Message.objects.filter(text__startswith="code@")
    assert sent.language == "zh"


def test_contact_points_that_cannot_be_read_are_kept_and_asked_back() -> None:
    person = Applicant().begin()
    answer = person.post("contact", {"email": "ada at example", "phone": ""})
    assert answer.status_code == 422
    assert 'href="#email"' in answer.content.decode()
    assert 'value="ada at example"' in person.get("contact").content.decode()
    answer = person.post("contact", {"email": EMAIL, "phone": "12"})
    assert 'href="#phone"' in answer.content.decode()
    assert person.post("contact", {"email": "", "phone": " "}).status_code == 422


def test_nothing_is_sent_before_the_person_can_be_reached() -> None:
    person = Applicant().begin().fill()
    person.post("contact", {"email": "", "phone": ""}, "tasks")
    assert person.send()["Location"] == person.home + "check"
    assert "Not answered" in person.text("check")


@contextmanager
def no_transport() -> Iterator[None]:
    none = {"messages": "send", "mail_url": "", "sms_hook_url": ""}
    changed = dataclasses.replace(settings.CONFIGURATION, **none)
    with override_settings(CONFIGURATION=changed):
        yield


def test_where_nothing_can_be_sent_nobody_can_begin() -> None:
    begun = Applicant().begin()
    with no_transport():
        client = elsewhere()
        assert client.get("/apply/").status_code == 503
        assert client.post("/apply/begin", {"product": "corner"}).status_code == 503
        assert begun.get("").status_code == 200  # nobody loses what they typed
    assert Draft.objects.count() == 1


@pytest.fixture
def spent(person: Applicant) -> dict[str, str]:
    """Drafts and what is typed for each: a code that is over, one that is wrong, and where there
    never was any. Each is known to the person's own browser alone."""
    over, wrong = Applicant().begin().fill(), Applicant().begin().fill()
    elsewhere().post(over.home + "open")
    typed = {over.draft: code()}
    Code.objects.update(made_at=timezone.now() - timedelta(minutes=11))
    elsewhere().post(wrong.home + "open")
    typed[wrong.draft] = "000000" if code() != "000000" else "000001"
    ended = Applicant().begin().fill()
    ended.client.post(ended.home + "delete")
    return {**typed, person.draft: "1", ended.draft: "1", NOBODYS: "1", "no-such-thing": "1"}


@pytest.mark.slow
@pytest.mark.usefixtures("looked_up_each_time")
@pytest.mark.parametrize("page", ["", "q/amount", "open", "open/code"])
def test_what_is_not_open_here_is_refused_in_the_same_time_whatever_it_is(
    spent: dict[str, str], page: str
) -> None:
    client = PlainClient(headers={"accept": "text/html"})

    def asked(draft: str) -> int:
        address = f"/apply/{draft}/{page}"
        if not page.startswith("open"):
            return int(client.get(address).status_code)
        Guesses.objects.all().delete()  # of the pace of guesses other tests tell
        Code.objects.update(tries=0)
        sent = {"code": spent[draft]} if page == "open/code" else {}
        return int(client.post(address, sent).status_code)

    assert len({asked(draft) for draft in spent}) == 1
    apart, took = furthest_apart({each: partial(asked, each) for each in spent}, within=0.1)
    assert apart <= 0.1, took
