"""A clerk or an agent helps an applicant who is present: what they see, do and may not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from applying import ANSWERS, CONTACT, PURPOSES, Applicant, publish_asking
from django.utils import timezone
from people import logged_in, person
from through_door import Client

from equipoise.service.contexts.drafts import tasks
from equipoise.service.contexts.drafts.access import IDLE
from equipoise.service.contexts.drafts.events import (
    DraftAnswered,
    DraftBegun,
    DraftConsented,
    DraftEvent,
    DraftHelpBegan,
    DraftHelpEnded,
    DraftSent,
)
from equipoise.service.contexts.drafts.models import Access, Draft, DraftState
from equipoise.service.contexts.drafts.sought import known_by
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.events import MessageQueued
from equipoise.service.platform.record import services as record


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


class Clerk(Applicant):
    """Somebody of the lender's before the same pages."""

    def __init__(self, role: Role = Role.CLERK) -> None:
        self.user = person(role)
        super().__init__(logged_in(self.user))

    def help(self, reference: str, code: str, channel: str = "telephone") -> Any:
        sent = {"reference": reference, "code": code, "channel": channel, "go": "open"}
        answer = self.client.post("/help/open", sent)
        if answer.status_code == 302:
            self.home = str(answer["Location"])
        return answer


def reference_of(someone: Applicant) -> str:
    return Draft.objects.get(pk=someone.draft).reference


def code_of(someone: Applicant) -> str:
    page = someone.client.post(someone.home + "help").content.decode()
    match = re.search(r'class="code"[^>]*>([\d ]+)<', page)
    assert match, page
    return match[1]


def helped(channel: str = "telephone") -> tuple[Applicant, Clerk]:
    someone, clerk = Applicant().begin(), Clerk()
    answer = clerk.help(reference_of(someone), code_of(someone), channel)
    assert answer.status_code == 302, answer.content
    return someone, clerk


def events(draft: str, *kinds: type[DraftEvent]) -> list[Any]:
    return [each.event for each in record.history(draft, *kinds)]


def test_who_is_read_a_code_sees_the_same_pages_and_what_they_do_is_noted_as_theirs() -> None:
    someone, clerk = helped()
    assert clerk.draft == someone.draft
    someone.type("amount", "8,000")
    assert "You are helping with" in clerk.text("")
    assert 'value="8,000"' in clerk.get("q/amount").content.decode()
    clerk.type("term", "36")
    by = f"user.{clerk.user.pk}"
    rows = [(each.page, each.by, each.channel) for each in events(someone.draft, DraftAnswered)]
    assert rows == [("amount", "applicant", "web"), ("term", by, "telephone")]
    (began,) = events(someone.draft, DraftHelpBegan)
    assert (began.by, began.channel) == (by, "telephone")


def test_the_applicants_pages_say_that_somebody_helps_and_the_history_keeps_it() -> None:
    someone, clerk = helped()
    assert "Someone of ours is helping you" in someone.text("")
    someone.client.post(someone.home + "help/end")
    assert "Someone of ours is helping you" not in someone.text("")
    someone.fill().send()
    history = someone.text("progress")
    assert "Someone of ours began to help you" in history
    assert "The help ended" in history
    assert clerk.get("").status_code == 404


@pytest.mark.parametrize("by", ["clerk", "applicant"])
def test_either_of_them_ends_it(by: str) -> None:
    someone, clerk = helped()
    (clerk if by == "clerk" else someone).client.post(someone.home + "help/end")
    assert clerk.get("").status_code == 404
    assert someone.get("").status_code == 200
    (ended,) = events(someone.draft, DraftHelpEnded)
    assert (ended.by == "applicant", ended.why) == (by == "applicant", "over")
    assert ended.helper == f"user.{clerk.user.pk}"


def test_it_ends_after_half_an_hour_in_which_nothing_is_done() -> None:
    someone, clerk = helped()
    Access.objects.filter(used_at__isnull=False).update(used_at=timezone.now() - IDLE)
    assert clerk.get("").status_code == 404
    assert "Someone of ours is helping you" not in someone.text("")
    assert tasks.end_idle_help.func() == 1
    assert [each.why for each in events(someone.draft, DraftHelpEnded)] == ["idle"]
    assert tasks.end_idle_help.func() == 0


def test_what_is_done_keeps_it_going() -> None:
    _, clerk = helped()
    helping = Access.objects.filter(used_at__isnull=False)
    helping.update(used_at=timezone.now() - IDLE + timedelta(minutes=1))
    assert clerk.get("").status_code == 200
    (row,) = helping
    assert row.used_at is not None
    assert timezone.now() - row.used_at < timedelta(minutes=1)


def test_a_code_opens_once_and_none_opens_another_draft() -> None:
    someone, other = Applicant().begin(), Applicant().begin()
    code = code_of(someone)
    assert Clerk().help(reference_of(other), code).status_code == 422
    assert Clerk().help("2222-2222", code).status_code == 422
    assert Clerk().help("no reference", code).status_code == 422
    assert Clerk().help(reference_of(someone), code).status_code == 302
    assert Clerk().help(reference_of(someone), code).status_code == 422
    assert len(events(someone.draft, DraftHelpBegan)) == 1


def test_a_helpers_secret_opens_nothing_once_they_are_logged_out() -> None:
    someone, clerk = helped()
    stolen = Client()
    stolen.cookies["draft"] = clerk.client.cookies["draft"].value
    assert stolen.get(someone.home).status_code == 404
    colleague = Clerk()
    colleague.client.cookies["draft"] = clerk.client.cookies["draft"].value
    assert colleague.client.get(someone.home).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "help",
        "data",
        "data.json",
        "data/erase",
        "data/correct",
        "delete",
        "ask",
        "complain",
        "feedback",
    ],
)
def test_what_is_the_applicants_alone_a_helper_cannot_do(page: str) -> None:
    someone, clerk = helped()
    assert clerk.get(page).status_code == 403
    assert clerk.post(page).status_code in (403, 405)
    assert Draft.objects.get(pk=someone.draft).state == DraftState.OPEN


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.API_CLIENT])
def test_only_a_clerk_helps(role: Role) -> None:
    client = logged_in(person(role))
    expected = 200 if role is Role.CLERK else 403
    assert client.get("/help/").status_code == expected
    if role is not Role.CLERK:
        assert client.post("/help/open", {"go": "open", "channel": "branch"}).status_code == 403
        assert client.post("/help/begin", {"channel": "branch"}).status_code == 403
        assert not Draft.objects.exists()


def test_nobody_who_is_not_logged_in_helps() -> None:
    assert "/accounts/login/" in Client().get("/help/")["Location"]


def test_an_agent_has_the_applicant_sent_a_code() -> None:
    someone, clerk = Applicant().begin(), Clerk()
    someone.post("contact", CONTACT)
    sent = {"reference": reference_of(someone), "channel": "telephone", "go": "send"}
    said = clerk.client.post("/help/open", sent)
    assert "gets a code now" in said.content.decode()
    assert tasks.send_help_code.func(known_by(reference_of(someone))) is True
    assert tasks.send_help_code.func(known_by("2222-2222")) is False
    queued = [each.event.text for each in record.history(someone.draft, MessageQueued)]
    assert queued[-1] == "help_code@1"
    nobody = clerk.client.post("/help/open", {**sent, "reference": "2222-2222"})
    assert "gets a code now" in nobody.content.decode()


def test_a_clerk_begins_an_application_for_somebody_present() -> None:
    clerk = Clerk()
    answer = clerk.client.post(
        "/help/begin", {"product": "corner", "language": "zh", "channel": "branch"}
    )
    clerk.home = str(answer["Location"])
    for question, text in ANSWERS.items():
        clerk.type(question, text)
    clerk.post("contact", CONTACT)
    clerk.post("consents", PURPOSES)
    clerk.send()
    row = Draft.objects.get(pk=clerk.draft)
    assert (row.state, row.channel, row.language) == (DraftState.SENT, "branch", "zh")
    by = f"user.{clerk.user.pk}"
    history = events(clerk.draft, DraftBegun, DraftAnswered, DraftConsented, DraftSent)
    assert {(each.by, each.channel) for each in history} == {(by, "branch")}


def test_an_unknown_channel_or_product_is_not_there() -> None:
    clerk = Clerk()
    for sent in ({"product": "corner", "channel": "letter"}, {"product": "x", "channel": "branch"}):
        assert clerk.client.post("/help/begin", sent).status_code == 404
    assert not Draft.objects.exists()
