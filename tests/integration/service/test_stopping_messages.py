"""Whoever got a message stops more of its kind, by its link, and may have them again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from mail_server import MailServer, serving_mail
from outgoing import ADA, ADDRESS, applicant, configured, sent_to, told
from through_door import Client

from equipoise.service.platform.messages import tasks
from equipoise.service.platform.messages.models import Message, Refusal
from equipoise.service.platform.messages.opting import refuse_all
from equipoise.service.platform.messages.services import Purpose, email, opted_out
from equipoise.service.platform.messages.tokens import token


@pytest.fixture(autouse=True)
def _database(sqlite_database: Any) -> None:
    pass


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serving_mail() as server, configured(server.port):
        yield server


def asked(purpose: Purpose = Purpose.FEEDBACK) -> tuple[str, str, str]:
    """Somebody who was written to: their chain, the message, and where its link leads."""
    chain = applicant()
    message = sent_to(chain, template="ask_effort", purpose=purpose, link=ADDRESS)
    return chain, message, f"/messages/stop/{token(message)}"


def test_the_link_is_opened_without_effect_and_the_button_stops_them(mail: MailServer) -> None:
    chain, _, link = asked()
    client = Client(headers={"accept": "text/html"})
    before = told(chain)
    for _ in range(2):
        page = client.get(link)
        assert page.status_code == 200
        assert client.head(link).status_code == 200
        assert "We write to you about this: questions about how we did." in page.content.decode()
    assert (told(chain), opted_out(email(ADA))) == (before, [])
    for _ in range(2):
        page = client.post(link, {"go": "stop"})
        assert "We no longer write to you about this" in page.content.decode()
    assert opted_out(email(ADA)) == [Purpose.FEEDBACK]
    assert told(chain).count("message.opted_out") == 1


def test_whoever_changes_their_mind_is_written_to_again(mail: MailServer) -> None:
    chain, message, link = asked()
    client = Client()
    client.post(link, {"go": "stop"})
    refuse_all(Message.objects.get(pk=message))
    for _ in range(2):
        assert "We write to you about this" in client.post(link, {"go": "again"}).content.decode()
    assert opted_out(email(ADA)) == []
    assert told(chain).count("message.opted_in") == 1
    assert [each.purpose for each in Refusal.objects.all()] == [""]  # no mailbox is there


def test_a_mail_program_stops_them_with_one_click(mail: MailServer) -> None:
    asked()
    tasks.carry_mail.call()
    (got,) = mail.got
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = got["List-Unsubscribe"].strip(" <>").removeprefix(ADDRESS)
    body = "List-Unsubscribe=One-Click"
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(link, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200  # no redirect: RFC 8058, 3.1
    assert opted_out(email(ADA)) == [Purpose.FEEDBACK]


def test_what_is_required_is_not_stopped_and_the_page_says_so(mail: MailServer) -> None:
    _, _, link = asked(Purpose.NOTICE)
    for page in (Client().get(link), Client().post(link, {"go": "stop"})):
        assert "they cannot be stopped" in page.content.decode()
    assert opted_out(email(ADA)) == []


@pytest.mark.parametrize("wrong", ["outgoing.1.abc", "x", "é"])
def test_a_link_that_is_not_whole_stops_nothing(wrong: str) -> None:
    client, link = Client(headers={"accept": "text/html"}), f"/messages/stop/{wrong}"
    for page in (client.get(link), client.post(link)):
        assert page.status_code == 404
        assert "This link is not whole" in page.content.decode()


def test_choosing_a_language_there_stops_nothing(mail: MailServer) -> None:
    _, _, link = asked()
    page = Client().post(link, {"go": "language-zh"}).content.decode()
    assert "我们目前会向您发送此类消息：" in page
    assert opted_out(email(ADA)) == []
