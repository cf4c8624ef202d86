"""Messages: queued with what they follow from, sent at least once, and told in the record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from mail_server import MailServer, serving_mail
from outgoing import (
    ADA,
    LINKS,
    SECRET,
    applicant,
    configured,
    let_time_pass,
    sent_to,
    state,
    told,
)
from receiver import Receiver, documented_check, receiving

from equipoise.errors import BadInput
from equipoise.service.platform.jobs.registering import Again
from equipoise.service.platform.messages import couriers, delivering, tasks
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.messages.reading import counts, newest, unreachable
from equipoise.service.platform.messages.services import (
    Channel,
    NoTransport,
    Purpose,
    Transport,
    described,
    email,
    opt_in,
    phone,
    send,
    transport,
)
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.proving import verify_record

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


@pytest.mark.usefixtures("database")
def test_a_message_is_sent_once_and_told_in_its_chain(mail: MailServer) -> None:
    chain = applicant()
    message = sent_to(chain)
    assert state(message) == "queued"
    assert mailed() == 1
    assert mailed() == 0
    [got] = mail.got
    assert got["To"] == ADA
    assert got["From"] == "Example Bank <loans@example.com>"
    assert got["Subject"] == "We have received your application"
    assert got["Message-ID"] == f"<{message}@example.com>"
    assert "Its reference is R-1." in got.get_content()
    assert LINKS["link"] in got.get_content()
    assert state(message) == "sent"
    assert told(chain) == ["message.queued", "message.sent"]
    assert verify_record().valid


@pytest.mark.usefixtures("sqlite_database")
def test_a_message_is_in_the_applicants_language(mail: MailServer) -> None:
    sent_to(applicant(), language="zh-CN")
    mailed()
    assert mail.got[0]["Subject"] == "我们已收到您的申请"
    assert "申请编号为 R-1" in mail.got[0].get_content()


@pytest.mark.usefixtures("database")
def test_what_is_rolled_back_is_not_sent(mail: MailServer) -> None:
    chain = applicant()
    with pytest.raises(RuntimeError), transaction.atomic():
        send(chain, email(ADA), "received", "en", LINKS, purpose=Purpose.PROGRESS)
        raise RuntimeError
    assert mailed() == 0
    assert told(chain) == []


@pytest.mark.usefixtures("sqlite_database")
def test_one_connection_carries_all_that_is_due(mail: MailServer) -> None:
    chains = [applicant() for _ in range(5)]
    for each in chains:
        sent_to(each)
    assert mailed() == 5
    assert mail.connections == 1


@pytest.mark.usefixtures("sqlite_database")
def test_a_text_that_does_not_fit_is_refused_where_it_is_queued(mail: MailServer) -> None:
    chain = applicant()
    with pytest.raises(BadInput, match="lacks 'link'"):
        sent_to(chain, reference="R-1")
    with pytest.raises(BadInput, match="there is no message"):
        sent_to(chain, template="none such")
    assert not Message.objects.exists()


@pytest.mark.usefixtures("database")
def test_a_worker_killed_before_it_could_note_that_a_message_went_sends_it_again(
    mail: MailServer,
) -> None:
    class Killed(BaseException):
        pass

    class Dying(couriers.Mail):
        def carry(self, letter: couriers.Letter) -> Any:
            super().carry(letter)
            raise Killed

    message = sent_to(applicant())
    with pytest.raises(Killed):
        delivering.carry(Channel.EMAIL, Dying, lambda: False)
    assert state(message) == "queued"
    assert mailed() == 0  # somebody may still have it in hand
    let_time_pass()
    assert mailed() == 1
    assert [each["Message-ID"] for each in mail.got] == [f"<{message}@example.com>"] * 2
    assert state(message) == "sent"


@pytest.mark.usefixtures("database")
def test_of_several_who_look_at_once_one_sends(
    mail: MailServer, in_threads: Callable[[int, Callable[[int], Any]], list[Any]]
) -> None:
    for _ in range(6):
        sent_to(applicant())
    sent = in_threads(3, lambda _: delivering.carry(Channel.EMAIL, couriers.Mail, lambda: False))
    assert sum(sent) == len(mail.got) == 6


@pytest.mark.usefixtures("database")
def test_an_address_that_is_not_there_gets_nothing_more(mail: MailServer) -> None:
    mail.answers[ADA] = "550 5.1.1 no such user"
    chain = applicant()
    message = sent_to(chain)
    assert mailed() == 0
    assert state(message) == "bounced"
    for purpose in (Purpose.PROGRESS, Purpose.NOTICE, Purpose.CODE):
        assert state(sent_to(chain, email("Ada.Planted@EXAMPLE.com"), purpose=purpose)) == (
            "suppressed"
        )
    assert state(sent_to(chain, email("eve@example.com"))) == "queued"
    assert told(chain)[:2] == ["message.queued", "message.bounced"]
    assert told(chain).count("message.suppressed") == 3
    assert unreachable() == 1
    with transaction.atomic():
        opt_in(chain, email(ADA), Purpose.PROGRESS)
    assert state(sent_to(chain)) == "queued"


@pytest.mark.parametrize(
    ("answer", "stands", "reachable"),
    [
        ("550 no", "bounced", False),
        ("552 5.2.2 mailbox full", "failed", True),
        ("554 5.7.1 policy", "failed", True),
        ("451 4.7.1 come again", "queued", True),
    ],
)
@pytest.mark.usefixtures("sqlite_database")
def test_an_answer_is_taken_for_what_it_says(
    mail: MailServer, answer: str, stands: str, reachable: bool
) -> None:
    mail.answers[ADA] = answer
    message = sent_to(applicant())
    mailed()
    assert state(message) == stands
    assert unreachable() == (0 if reachable else 1)


@pytest.mark.usefixtures("sqlite_database")
def test_what_is_refused_for_now_is_tried_again_and_given_up_after_three_days(
    mail: MailServer,
) -> None:
    mail.answers[ADA] = "451 4.7.1 come again"
    chain = applicant()
    message = sent_to(chain)
    mailed()
    waiting = Message.objects.get()
    assert waiting.tries == 1
    assert timedelta(seconds=3) < waiting.next_at - timezone.now() < timedelta(seconds=7)
    assert mailed() == 0
    del mail.answers[ADA]
    let_time_pass()
    assert mailed() == 1
    late = sent_to(chain)
    Message.objects.filter(pk=late).update(made_at=timezone.now() - timedelta(days=3, minutes=1))
    assert mailed() == 0
    assert (state(message), state(late)) == ("sent", "failed")
    assert Message.objects.get(pk=late).problem == "too late"
    assert told(chain)[-1] == "message.failed"


@pytest.mark.usefixtures("sqlite_database")
def test_a_code_that_is_over_is_not_sent(mail: MailServer) -> None:
    values = {"code": "123456", "minutes": "10"}
    code = sent_to(applicant(), template="code", purpose=Purpose.CODE, **values)
    Message.objects.update(made_at=timezone.now() - timedelta(minutes=11))
    assert mailed() == 0
    assert state(code) == "failed"
    assert mail.got == []


@pytest.mark.usefixtures("sqlite_database")
def test_what_a_code_message_said_is_emptied_once_it_went(mail: MailServer) -> None:
    values = {"code": "123456", "minutes": "10"}
    sent_to(applicant(), template="code", purpose=Purpose.CODE, **values)
    mailed()
    assert "Your code is 123456." in mail.got[0].get_content()
    assert Message.objects.get().sealed == ""


@pytest.mark.usefixtures("sqlite_database")
def test_while_the_mail_server_is_away_all_waits_and_none_is_given_up() -> None:
    with serving_mail() as server:
        port = server.port
    with configured(port):
        first, second = sent_to(applicant()), sent_to(applicant())
        with pytest.raises(Again) as again:
            mailed()
        assert again.value.after == timedelta(seconds=30)
        assert (state(first), state(second)) == ("queued", "queued")
        assert set(Message.objects.values_list("tries", flat=True)) == {0}


@pytest.mark.usefixtures("sqlite_database")
def test_a_server_that_offers_no_tls_gets_nothing_where_it_is_another_machine(
    mail: MailServer,
) -> None:
    from django.test import override_settings

    sent_to(applicant())
    with override_settings(EMAIL_USE_TLS=True), pytest.raises(Again):
        mailed()
    assert mail.got == []


@pytest.mark.usefixtures("database")
def test_a_message_to_a_telephone_is_posted_signed(hook: Receiver) -> None:
    chain = applicant()
    message = sent_to(chain, MOBILE)
    assert tasks.carry_to_telephones.call() == 1
    [got] = hook.got
    assert documented_check()(SECRET, got.headers, got.body)
    assert got.headers["idempotency-key"] == got.id == message
    said = json.loads(got.body)
    assert said["to"] == "+12025550143"
    assert said["text"].startswith("We have received your application R-1 (A loan).")
    assert told(chain) == ["message.queued", "message.sent"]


@pytest.mark.parametrize(
    ("status", "stands"), [(422, "failed"), (410, "bounced"), (503, "queued"), (401, "queued")]
)
@pytest.mark.usefixtures("sqlite_database")
def test_a_providers_answer_is_taken_for_what_it_says(
    hook: Receiver, status: int, stands: str
) -> None:
    hook.status = status
    message = sent_to(applicant(), MOBILE)
    try:
        tasks.carry_to_telephones.call()
    except Again:
        assert stands == "queued"
    assert state(message) == stands


@pytest.mark.usefixtures("sqlite_database")
def test_the_provider_may_not_be_on_a_private_network() -> None:
    with (
        receiving() as receiver,
        configured(sms_hook_url=receiver.url, sms_hook_secret=SECRET, webhook_private=()),
    ):
        with pytest.raises(BadInput, match="EQUIPOISE_WEBHOOK_PRIVATE"):
            described()
        sent_to(applicant(), MOBILE)
        with pytest.raises(Again):
            tasks.carry_to_telephones.call()
        assert receiver.got == []


@pytest.mark.usefixtures("sqlite_database")
def test_without_a_transport_nothing_is_queued() -> None:
    with configured():
        assert transport() is None
        with pytest.raises(NoTransport, match="nothing can be sent by email"):
            sent_to(applicant())


@pytest.mark.usefixtures("sqlite_database")
def test_mail_alone_reaches_no_telephone(mail: MailServer) -> None:
    assert transport() == Transport(frozenset({Channel.EMAIL}))
    assert described() == {"email": "127.0.0.1", "phone": "none"}
    with pytest.raises(NoTransport, match="by phone"):
        sent_to(applicant(), MOBILE)


def test_messages_need_an_address_that_their_links_lead_to(sqlite_database: Any) -> None:
    with configured(25, address=""), pytest.raises(BadInput, match="lead nowhere") as caught:
        described()
    assert caught.value.field == "EQUIPOISE_ADDRESS"


def test_a_secret_that_is_none_is_said_to_be_none(sqlite_database: Any) -> None:
    given = {"sms_hook_url": "https://sms.example.com/", "sms_hook_secret": "whsec_short"}
    with configured(**given), pytest.raises(BadInput, match="whsec_") as caught:
        described()
    assert caught.value.field == "EQUIPOISE_SMS_HOOK_SECRET"


@pytest.mark.usefixtures("database")
def test_kept_messages_are_there_to_be_looked_at_and_none_is_sent(mail: MailServer) -> None:
    with configured(mail.port, messages="keep"):
        assert transport() == Transport(frozenset(Channel), keeps=True)
        chain = applicant()
        message = sent_to(chain)
        sms = sent_to(chain, MOBILE)
        assert mailed() == 0
    assert mail.got == []
    assert state(message) == state(sms) == "kept"
    texted, kept = newest(10)
    assert (kept.to, kept.subject) == (ADA, "We have received your application")
    assert "Its reference is R-1." in kept.said
    assert texted.to == "+12025550143"
    assert counts()["kept"] == 2
    subjects.erase(chain, "user.1", "request")
    assert newest(10)[0].to == ""
