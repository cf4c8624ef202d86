"""What became of a message: told by a provider, shown on a page, counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from mail_server import MailServer, serving_mail
from outgoing import (
    ADA,
    SECRET,
    applicant,
    configured,
    sent_to,
    state,
    told,
)
from people import logged_in, person, with_key
from people import send as send_json
from receiver import Receiver, receiving

from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages import tasks
from equipoise.service.platform.messages.services import (
    email,
    phone,
)
from equipoise.service.platform.operations.metrics import exposition
from equipoise.service.platform.record import services as record

MOBILE = phone("+1 202 555 0143")


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serving_mail() as server, configured(server.port):
        yield server


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiving() as receiver, configured(sms_hook_url=receiver.url, sms_hook_secret=SECRET):
        yield receiver


def mailed() -> int:
    """Everything that is due is tried once; how many were taken."""
    return tasks.carry_mail.call()


def provider() -> Any:
    """A program that may say what became of messages, and nothing else."""
    return with_key(person(Role.ADMINISTRATOR), "messages.report")[0]


def reported(client: Any, message: str, what: str) -> Any:
    return send_json(client, "POST", "/v1/messages/reports", {"id": message, "state": what})


@pytest.mark.usefixtures("database")
def test_a_provider_says_what_became_of_a_message(mail: MailServer) -> None:
    chain = applicant()
    first, second = sent_to(chain), sent_to(chain)
    mailed()
    client = provider()
    for _ in range(2):
        answer = reported(client, first, "delivered")
        assert answer.status_code == 200
        assert answer.json() == {"id": first, "state": "delivered"}
    assert reported(client, second, "failed").json()["state"] == "failed"
    assert reported(client, second, "delivered").json()["state"] == "failed"
    assert told(chain)[-2:] == ["message.delivered", "message.failed"]
    assert record.entries(chain)[-1].body.startswith(b'{"by":"program.')


@pytest.mark.usefixtures("sqlite_database")
def test_after_a_reported_bounce_nothing_more_goes_there(mail: MailServer) -> None:
    chain = applicant()
    message = sent_to(chain)
    mailed()
    client = provider()
    reported(client, message, "delivered")  # some servers take what they then send back
    assert reported(client, message, "bounced").json()["state"] == "bounced"
    assert state(sent_to(chain)) == "suppressed"
    assert told(chain)[-2:] == ["message.bounced", "message.suppressed"]


@pytest.mark.usefixtures("sqlite_database")
def test_a_report_may_come_before_we_have_noted_that_the_message_went(mail: MailServer) -> None:
    message = sent_to(applicant())
    client = provider()
    mail.taken = lambda _: reported(client, message, "delivered")
    assert mailed() == 1
    assert state(message) == "delivered"


@pytest.mark.usefixtures("sqlite_database")
def test_nobody_else_says_what_became_of_a_message(mail: MailServer) -> None:
    message = sent_to(applicant())
    other = with_key(person(Role.ADMINISTRATOR), "decisions.read")[0]
    assert reported(other, message, "delivered").status_code == 403
    assert reported(provider(), "outgoing-" + "0" * 32, "delivered").status_code == 404
    assert reported(provider(), message, "read").status_code == 422
    assert state(message) == "queued"


@pytest.mark.usefixtures("sqlite_database")
def test_the_page_shows_where_messages_stand_and_what_they_say_only_where_none_is_sent(
    mail: MailServer,
) -> None:
    mail.answers[ADA] = "550 5.1.1 no"
    sent_to(applicant())
    mailed()
    reader = logged_in(person(Role.ADMINISTRATOR))
    shown = reader.get("/messages/").content.decode()
    assert "bounced (1)" in shown
    assert "get nothing more, as what was sent there came back: 1" in shown
    assert ADA not in shown
    with configured(mail.port, messages="keep"):
        sent_to(applicant(), email("eve@example.com"))
        kept = reader.get("/messages/?state=kept").content.decode()
    assert "to eve@example.com" in kept
    assert "Its reference is R-1." in kept
    assert "none is sent" in kept
    for role in (Role.UNDERWRITER, Role.ANALYST, Role.AUDITOR):
        assert logged_in(person(role)).get("/messages/").status_code == 403
    with configured():
        assert "Nothing can be sent" in reader.get("/messages/").content.decode()


@pytest.mark.usefixtures("sqlite_database")
def test_figures_say_how_many_messages_stand_where(mail: MailServer) -> None:
    sent_to(applicant())
    text = exposition().decode()
    assert 'equipoise_messages{state="queued"} 1.0' in text
    assert "equipoise_messages_unreachable 0.0" in text
