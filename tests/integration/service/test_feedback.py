"""People say how it went: with one tap, if they agreed to be asked, and never because of a look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from applying import ANSWERS, CONTACT, PURPOSES, Applicant, bureau, publish_asking
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from people import logged_in, person, send
from through_door import Client

from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.feedback import asking, tasks
from equipoise.service.contexts.feedback.events import FeedbackEvent
from equipoise.service.contexts.feedback.models import Ask, Moment
from equipoise.service.contexts.feedback.tokens import link, token
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.messages.reading import newest
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.proving import verify_record, verify_rows

ADDRESS = "https://apply.example.com"
YES = {"score": 780.0, "dti": 0.2, "on_sick_leave": False}
NO = {**YES, "dti": 0.7}  # the corner lender declines by a rule
SICK = {**YES, "on_sick_leave": True}  # and has a person look at this
LINK = re.compile(rf"{ADDRESS}(/\S+)")


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> Iterator[None]:
    publish_asking()
    configuration = replace(settings.CONFIGURATION, messages="keep", address=ADDRESS)
    with override_settings(CONFIGURATION=configuration):
        yield


def filled(email: str, agrees: bool) -> Applicant:
    """Somebody who is reached there, and nowhere else, and answered everything."""
    applicant = Applicant().begin()
    for question, text in ANSWERS.items():
        applicant.type(question, text)
    agreed = {"asking_back": "on"} if agrees else {}
    applicant.post("contact", {**CONTACT, "email": email, **agreed})
    return applicant


def answered(email: str = "ada@example.com", *, agrees: bool = True, **known: Any) -> Applicant:
    """Somebody who sent their application; then the job ran that asks."""
    with bureau(**(known or YES)):
        applicant = filled(email, agrees)
        applicant.post("consents", PURPOSES)
        applicant.send()
    tasks.ask_how_it_went.func()
    return applicant


def left_off(email: str = "eve@example.com", *, agrees: bool = True) -> Applicant:
    """Somebody who answered all but one question, and never came to the consents at the end."""
    applicant = filled(email, agrees)
    applicant.type("income", "")
    return applicant


def later(**by: float) -> datetime:
    return timezone.now() + timedelta(**by)


def happened(draft: str) -> list[str]:
    kinds = [each.entry.kind for each in record.history(draft, FeedbackEvent)]
    return [kind.partition(".")[2] for kind in kinds]


def asks() -> list[str]:
    """Messages that ask, as they were written."""
    return [each.said for each in newest(50) if each.text.startswith("ask_effort@")]


def test_after_an_answer_a_person_taps_twice_and_adds_words() -> None:
    applicant = answered()
    assert "How satisfied are you" in applicant.text("progress")
    for sent in ({"scale": "satisfaction", "score": "4"}, {"scale": "effort", "score": "6"}):
        assert applicant.client.post(f"{applicant.home}feedback", sent).status_code == 302
    assert "What should we do better?" in applicant.text("feedback")
    applicant.client.post(
        f"{applicant.home}feedback", {"go": "say", "words": "Fewer letters, says Ada Planted."}
    )
    assert "Thank you. People here read" not in applicant.text("progress")
    row = Ask.objects.get()
    assert (row.satisfaction, row.effort, row.said) == (4, 6, True)
    assert (row.moment, row.step, row.outcome) == ("answer", "answer", "approve")
    assert happened(applicant.draft) == ["asked", "scored", "scored", "said"]
    assert not any(b"Planted" in bytes(each.body) for each in record.entries(applicant.draft))
    assert verify_record().valid
    assert verify_rows().differences == ()
    (comment,) = send(logged_in(person(Role.SERVICE_OWNER)), "GET", "/v1/feedback/comments").json()[
        "items"
    ]
    assert comment["words"] == "Fewer letters, says Ada Planted."
    assert (comment["satisfaction"], comment["effort"]) == (4, 6)


def test_a_no_is_asked_about_too() -> None:
    applicant = answered(**NO)
    assert "How satisfied are you" in applicant.text("decline")
    assert Ask.objects.get().outcome == "decline"


def test_another_language_leads_back_to_what_is_asked() -> None:
    applicant = answered()
    spoken = {"language": "zh", "page": "apply-feedback"}
    left = applicant.client.post(f"{applicant.home}language", spoken)
    assert left["Location"] == f"{applicant.home}feedback"
    assert "您对我们办理您申请的过程满意吗？" in applicant.text("feedback")


@pytest.mark.parametrize("known", [SICK])
def test_nobody_is_asked_while_something_is_awaited(known: dict[str, Any]) -> None:
    applicant = answered(**known)
    assert Ask.objects.count() == 0
    assert "How satisfied" not in applicant.text("progress")


def test_nobody_is_asked_who_did_not_agree() -> None:
    answered(agrees=False)
    left_off(agrees=False)
    asking.ask_who_left_off(later(hours=49))
    assert (Ask.objects.count(), asks()) == (0, [])


def test_looking_at_a_page_asks_nobody_and_counts_for_nothing() -> None:
    with bureau(**YES):
        applicant = Applicant().begin().fill()
        applicant.post("contact", {**CONTACT, "asking_back": "on"})
        applicant.send()
    for page in ("progress", "feedback"):
        applicant.get(page)
    assert happened(applicant.draft) == []
    tasks.ask_how_it_went.func()
    for page in ("progress", "feedback"):
        applicant.get(f"{page}?scale=satisfaction&score=5")
    assert happened(applicant.draft) == ["asked"]


def test_every_mailed_link_crawled_twice_changes_nothing() -> None:
    left_off()
    assert asking.ask_who_left_off(later(hours=49)) == 1
    mailed = [each.said for each in newest(50)]
    links = {matches for said in mailed for matches in LINK.findall(said)}
    assert any("/apply/feedback/" in each for each in links)
    assert any("/messages/stop/" in each for each in links)
    before = (record.entries(Draft.objects.get().pk), [*Ask.objects.values()])
    crawler = Client(headers={"accept": "text/html"})
    for each in (*links, *links):
        assert crawler.get(each).status_code == 200, each
        assert crawler.head(each).status_code == 200, each
        assert crawler.get(f"{each}?scale=effort&score=7").status_code == 200
    assert (record.entries(Draft.objects.get().pk), [*Ask.objects.values()]) == before


def test_who_left_off_is_written_to_once_after_two_nights_and_taps_by_the_link() -> None:
    applicant = left_off()
    assert asking.ask_who_left_off(later(hours=47)) == 0
    assert asking.ask_who_left_off(later(hours=49)) == 1
    assert asking.ask_who_left_off(later(hours=50)) == 0
    (said,) = asks()
    (where,) = (each for each in LINK.findall(said) if "/feedback/" in each)
    browser = Client(headers={"accept": "text/html"})
    page = unescape(browser.get(where).content.decode())
    assert "We made it easy for you to apply" in page
    assert "satisfied" not in page
    assert Draft.objects.get().reference not in page  # the link opens no application
    assert browser.post(where, {"scale": "effort", "score": "2"}).status_code == 302
    row = Ask.objects.get()
    assert (row.effort, row.step, row.moment) == (2, "q/income", "drop_off")
    assert happened(applicant.draft) == ["asked", "scored"]


def test_who_went_on_or_comes_late_is_left_alone() -> None:
    left_off()
    assert asking.ask_who_left_off(later(hours=73)) == 0
    Draft.objects.update(changed_at=later(hours=-1))
    assert asking.ask_who_left_off(timezone.now()) == 0


def test_who_wants_no_such_message_gets_none_and_counts_as_not_asked() -> None:
    first = left_off()
    asking.ask_who_left_off(later(hours=49))
    (said,) = asks()
    (stop,) = (each for each in LINK.findall(said) if "/messages/stop/" in each)
    Client().post(stop, {"go": "stop"})
    Ask.objects.all().delete()
    Draft.objects.filter(pk=first.draft).delete()
    left_off()
    assert asking.ask_who_left_off(later(hours=49)) == 0
    assert Ask.objects.count() == 0


def test_one_person_is_asked_once_in_thirty_days_whatever_they_apply_for() -> None:
    answered("ada@example.com")
    answered("ada@example.com", **NO)
    assert Ask.objects.count() == 1
    answered("eve@example.com")
    assert Ask.objects.count() == 2
    Ask.objects.update(asked_at=later(days=-31))
    answered("ada@example.com")
    assert Ask.objects.count() == 3


@pytest.mark.parametrize(("ago", "asked"), [(29.9, 1), (30.1, 2)])
def test_after_thirty_days_a_person_may_be_asked_again(ago: float, asked: int) -> None:
    answered("ada@example.com")
    assert Ask.objects.update(asked_at=later(days=-ago)) == 1
    answered("ada@example.com")
    assert Ask.objects.count() == asked


def test_who_complained_is_never_asked() -> None:
    with bureau(**YES):
        applicant = Applicant().begin().fill()
        applicant.post("contact", {**CONTACT, "asking_back": "on"})
        applicant.post("complain", {"words": "The page is slow."})
        applicant.send()
    tasks.ask_how_it_went.func()
    answered(CONTACT["email"])  # the same person, of whom another application is in order
    assert Ask.objects.count() == 0


def test_who_is_in_need_is_never_asked() -> None:
    with bureau(**YES):
        applicant = Applicant().begin().fill()
        applicant.post("contact", {**CONTACT, "asking_back": "on"})
        applicant.client.post(
            f"{applicant.home}ask", {"question": "I lost my job and cannot pay any more"}
        )
        applicant.send()
    tasks.ask_how_it_went.func()
    assert Ask.objects.count() == 0


def test_a_service_that_asks_for_the_first_time_asks_nobody_of_long_ago(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_two_days = later(days=2)
    monkeypatch.setattr(asking, "clock", SimpleNamespace(now=lambda: in_two_days))
    answered()
    assert Ask.objects.count() == 0


def test_after_a_review_a_person_is_asked_how_that_was() -> None:
    applicant = answered(**NO)
    Ask.objects.update(asked_at=later(days=-31))
    applicant.post("decline/review", {"words": "I have a new job."})
    clerk = logged_in(person(Role.UNDERWRITER, branch="north"))
    (review,) = send(clerk, "GET", "/v1/reviews?state=asked").json()["items"]
    body = {"outcome": "kept", "words": "It was read."}
    assert send(clerk, "POST", f"/v1/reviews/{review['id']}/settle", body).status_code == 200
    tasks.ask_how_it_went.func()
    assert [each.moment for each in Ask.objects.order_by("asked_at")] == ["answer", "review"]


@pytest.mark.parametrize(
    "sent",
    [
        {"scale": "satisfaction", "score": "6"},
        {"scale": "satisfaction", "score": "0"},
        {"scale": "effort", "score": "8"},
        {"scale": "nps", "score": "9"},
        {"scale": "effort", "score": "²"},
        {},
    ],
)
def test_what_is_no_score_is_not_kept(sent: dict[str, str]) -> None:
    applicant = answered()
    applicant.client.post(f"{applicant.home}feedback", sent)
    assert happened(applicant.draft) == ["asked"]


def test_who_would_rather_not_say_is_not_asked_again() -> None:
    applicant = answered()
    applicant.client.post(f"{applicant.home}feedback", {"scale": "effort", "go": "dismiss"})
    assert "How satisfied" not in applicant.text("progress")
    assert happened(applicant.draft) == ["asked", "dismissed"]


def test_a_link_that_is_not_whole_or_old_asks_nothing() -> None:
    left_off()
    asking.ask_who_left_off(later(hours=49))
    row = Ask.objects.get()
    client = Client(headers={"accept": "text/html"})
    for wrong in (token(row.id)[:-1], "ask-1.abc", "é"):
        assert client.get(f"/apply/feedback/{wrong}").status_code == 404
        client.post(f"/apply/feedback/{wrong}", {"scale": "effort", "score": "7"})
    Ask.objects.update(asked_at=later(days=-31))
    where = link(row.id).removeprefix(ADDRESS)
    assert "Nothing is asked here any more" in client.get(where).content.decode()
    client.post(where, {"scale": "effort", "score": "7"})
    assert Ask.objects.get().effort is None


def test_of_who_was_erased_nothing_is_asked_or_read() -> None:
    applicant = answered()
    applicant.client.post(f"{applicant.home}feedback", {"go": "say", "words": "Thank you"})
    subjects.erase(applicant.draft, "admin", "request")
    where = link(Ask.objects.get().id).removeprefix(ADDRESS)
    Client().post(where, {"scale": "effort", "score": "7"})
    assert Ask.objects.get().effort is None
    owner = logged_in(person(Role.SERVICE_OWNER))
    (comment,) = send(owner, "GET", "/v1/feedback/comments").json()["items"]
    assert comment["words"] is None
    assert Message.objects.filter(text__startswith="ask_effort@").count() == 0


def scored(n: int, satisfaction: int | None, effort: int | None, **more: Any) -> None:
    """So many people who tapped that."""
    Ask.objects.bulk_create(
        Ask(
            id=subjects.new_id("ask"),
            draft=subjects.new_id("draft"),
            asked_at=timezone.now(),
            satisfaction=satisfaction,
            effort=effort,
            **{
                "moment": Moment.ANSWER,
                "step": "answer",
                "product": "corner",
                "channel": "web",
                "language": "en",
                **more,
            },
        )
        for _ in range(n)
    )


def test_the_owner_reads_shares_with_their_intervals() -> None:
    """The intervals are those of published examples: Wilson's of 18 of 20 is 0.699 to 0.972."""
    scored(18, 5, 6)
    scored(2, 1, 2)
    scored(20, None, None)
    owner = logged_in(person(Role.SERVICE_OWNER))
    (group,) = send(owner, "GET", "/v1/feedback/summary").json()["groups"]
    assert (group["by"], group["asked"]) == ({"moment": "answer"}, 40)
    satisfied = group["satisfied"]
    assert (satisfied["value"], satisfied["n"]) == (0.9, 20)
    assert satisfied["low"] == pytest.approx(0.699, abs=5e-4)
    assert satisfied["high"] == pytest.approx(0.972, abs=5e-4)
    assert (group["response"]["value"], group["response"]["n"]) == (0.5, 40)
    effort = group["effort"]  # (18 * 6 + 2 * 2) / 20, and 2.0930 standard errors of 0.27530
    assert effort["value"] == pytest.approx(5.6)
    assert effort["high"] - effort["value"] == pytest.approx(0.5762, abs=5e-4)


def test_four_of_five_is_satisfied_and_six_of_seven_is_easy_and_one_less_is_not() -> None:
    scored(10, 4, 6)
    scored(30, 3, 5)
    owner = logged_in(person(Role.SERVICE_OWNER))
    (group,) = send(owner, "GET", "/v1/feedback/summary").json()["groups"]
    assert (group["satisfied"]["value"], group["easy"]["value"]) == (0.25, 0.25)


def test_groups_of_few_are_counted_and_not_told() -> None:
    scored(9, 5, 6, language="zh")
    scored(10, 5, None, language="en")
    scored(9, None, 7, language="en")
    owner = logged_in(person(Role.SERVICE_OWNER))
    answer = send(owner, "GET", "/v1/feedback/summary?by=language").json()
    (group,) = answer["groups"]
    assert (group["by"], answer["few"]) == ({"language": "en"}, 9)
    assert (group["satisfied"]["n"], group["easy"], group["effort"]) == (10, None, None)


def test_days_that_are_none_are_refused() -> None:
    owner = logged_in(person(Role.SERVICE_OWNER))
    where = "/v1/feedback/summary?since=2026-02-01&until=2026-01-01"
    assert send(owner, "GET", where).status_code == 422
