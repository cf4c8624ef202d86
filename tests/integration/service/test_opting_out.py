"""Whoever opts out gets no more of that purpose; what was said is emptied in time, and nobody who
was erased is written to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from mail_server import MailServer, serving_mail
from outgoing import (
    ADA,
    ADDRESS,
    SECRET,
    applicant,
    configured,
    sent_to,
    state,
    told,
)
from receiver import Receiver, receiving

from equipoise.errors import BadInput, GateRefused
from equipoise.record.personal import Unreadable
from equipoise.service.platform.messages import tasks
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.messages.retention import empty_old
from equipoise.service.platform.messages.services import (
    Purpose,
    email,
    opt_in,
    opt_out,
    opted_out,
    opting_out,
    phone,
)
from equipoise.service.platform.messages.tokens import token
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

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
def test_whoever_opts_out_gets_no_more_of_that_purpose(mail: MailServer) -> None:
    chain = applicant()
    message = sent_to(chain, template="ask_effort", purpose=Purpose.FEEDBACK, link=ADDRESS)
    mailed()
    [got] = mail.got
    link = got["List-Unsubscribe"].strip(" <>")
    assert link in got.get_content()
    assert link == f"{ADDRESS}/messages/stop/{token(message)}"
    for part in ("@", "planted", "example"):  # not "ada": a digest may spell it
        assert part not in link.removeprefix(ADDRESS)
    for _ in range(2):  # a page that is opened changes nothing
        assert opting_out(token(message)) is Purpose.FEEDBACK
    assert opted_out(email(ADA)) == []
    assert opt_out(token(message)) is Purpose.FEEDBACK
    assert opt_out(token(message)) is Purpose.FEEDBACK
    assert opted_out(email(ADA)) == [Purpose.FEEDBACK]
    mailed()
    assert [each["Subject"] for each in mail.got[1:]] == ["You will get no more such messages"]
    other = applicant()
    asked = {"template": "ask_effort", "link": ADDRESS}
    assert state(sent_to(other, purpose=Purpose.FEEDBACK, **asked)) == "suppressed"
    assert state(sent_to(other, purpose=Purpose.PROGRESS)) == "queued"
    assert state(sent_to(other, purpose=Purpose.CODE)) == "queued"
    assert told(chain) == [
        "message.queued",
        "message.sent",
        "message.opted_out",
        "message.queued",
        "message.sent",
    ]
    with transaction.atomic():
        opt_in(chain, email(ADA), Purpose.FEEDBACK)
    assert opted_out(email(ADA)) == []
    assert told(chain)[-1] == "message.opted_in"


@pytest.mark.parametrize("purpose", [Purpose.CODE, Purpose.NOTICE])
@pytest.mark.usefixtures("sqlite_database")
def test_what_is_required_has_no_way_out_and_says_so(mail: MailServer, purpose: Purpose) -> None:
    message = sent_to(applicant(), purpose=purpose)
    mailed()
    assert "cannot be opted out of" in mail.got[0].get_content()
    assert "List-Unsubscribe" not in mail.got[0]
    with pytest.raises(GateRefused, match="required"):
        opt_out(token(message))


@pytest.mark.usefixtures("sqlite_database")
def test_a_link_that_was_altered_or_cut_short_opens_nothing(mail: MailServer) -> None:
    right = token(sent_to(applicant()))
    last = "0" if right[-1] != "0" else "1"
    for wrong in (right[:-1], right[:-1] + last, "", ".", "none.such", f"{right}é"):
        with pytest.raises(BadInput, match="not whole"):
            opt_out(wrong)


@pytest.mark.usefixtures("sqlite_database")
def test_a_message_that_waits_when_its_reader_opts_out_is_not_sent(mail: MailServer) -> None:
    chain = applicant()
    first, second = sent_to(chain), sent_to(chain)
    opt_out(token(first))
    mailed()
    assert state(first) == state(second) == "suppressed"
    assert [each["Subject"] for each in mail.got] == ["You will get no more such messages"]


@pytest.mark.usefixtures("sqlite_database")
def test_what_was_said_is_emptied_after_some_days_and_its_link_still_works(
    mail: MailServer,
) -> None:
    chain = applicant()
    message = sent_to(chain)
    waiting = sent_to(chain, email("eve@example.com"))
    Message.objects.filter(pk=waiting).update(next_at=timezone.now() + timedelta(minutes=1))
    mailed()
    assert empty_old(timezone.now() + timedelta(days=29)) == 0
    assert empty_old(timezone.now() + timedelta(days=31)) == 1
    assert Message.objects.get(pk=message).sealed == ""
    assert Message.objects.get(pk=waiting).sealed != ""
    assert told(chain) == ["message.queued", "message.queued", "message.sent"]
    opt_out(token(message))
    assert opted_out(email(ADA)) == [Purpose.PROGRESS]


@pytest.mark.usefixtures("database")
def test_nothing_is_sent_to_who_was_erased(mail: MailServer) -> None:
    chain = applicant()
    message = sent_to(chain)
    subjects.erase(chain, "user.1", "request")
    assert mailed() == 0
    assert mail.got == []
    assert state(message) == "failed"
    with pytest.raises(Unreadable):
        sent_to(chain)


@pytest.mark.usefixtures("sqlite_database")
def test_where_a_message_goes_stands_nowhere_in_the_clear(
    mail: MailServer, sqlite_database: Any, caplog: pytest.LogCaptureFixture
) -> None:
    mail.answers[ADA] = "550 5.1.1 no such user ada.planted@example.com"
    chain = applicant()
    sent_to(chain)
    with caplog.at_level("DEBUG"):
        mailed()
    sent_to(chain)
    bodies = "".join(repr(each) for each in record.entries(chain))
    rows = repr(list(Message.objects.values()))
    logged = "".join(f"{each.getMessage()} {each.__dict__}" for each in caplog.records)
    from django.db import connection

    connection.close()
    files = b"".join(
        each.read_bytes() for each in sqlite_database.file.parent.iterdir() if each.is_file()
    )
    for text in (bodies, rows, logged, files.decode("latin-1")):
        assert "ada.planted" not in text.casefold()
    assert "message refused" in logged
