"""A notice of an alert that is carried twice is one: its mail keeps the Message-ID, its webhook the
event id, and pages show it once. Between two tries the sender is killed, or the other end fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import watching
from at_the_desk import at
from django.utils import timezone
from lender import anew
from mail_server import MailServer, serving_mail
from outgoing import configured, let_time_pass
from own_folder import own_folder
from people import acting, logged_in, person, send
from receiver import Receiver, receiving

from equipoise.service.contexts.watch import services, telling
from equipoise.service.contexts.watch.tasks import measure_watch
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages import couriers, delivering, tasks
from equipoise.service.platform.messages.contacts import Channel
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.webhooks import outbox
from equipoise.service.platform.webhooks.models import Delivery, Webhook
from equipoise.service.platform.webhooks.postman import deliver_due


class Killed(BaseException):
    """Nothing of ours catches it."""


class Dying(couriers.Mail):
    """The mail went, and its sender is killed before it could write that down."""

    def carry(self, letter: couriers.Letter) -> Any:
        super().carry(letter)
        raise Killed


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serving_mail() as server, configured(server.port):
        yield server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def officer(sqlite_database: Any, tmp_path: Path, mail: MailServer) -> Iterator[User]:
    """Of a lender whose watch is in force, and quiet."""
    (tmp_path / "watch.yaml").write_text(watching.TEXT, encoding="utf-8")
    watching.deliver(tmp_path, watching.QUIET)
    with anew(), own_folder(tmp_path):
        rita = person(Role.RISK_OFFICER, "rita")
        User.objects.filter(pk=rita.pk).update(email="rita@lender.example")
        ben = acting(person(Role.APPROVER, "ben"))
        services.approve(services.bring_in(acting(rita)), ben)
        measure_watch.call()
        watching.deliver(tmp_path, [*watching.QUIET, 0.9])
        yield rita


def test_a_notice_that_is_carried_twice_is_one(
    officer: User, mail: MailServer, receiver: Receiver
) -> None:
    owner = logged_in(person(Role.SERVICE_OWNER))
    body = {"url": receiver.url, "events": ["alert.notified"]}
    made = send(owner, "POST", "/v1/webhooks", body)
    assert made.status_code == 201, made.content
    measure_watch.call()
    telling.tick()
    with pytest.MonkeyPatch.context() as patched:
        at(clock.now() + timedelta(seconds=40), patched)  # the group's companions may have come
        assert telling.tell() == 1
    [message] = Message.objects.values_list("pk", flat=True)

    with pytest.raises(Killed):
        delivering.carry(Channel.EMAIL, Dying, lambda: False)
    let_time_pass()
    assert tasks.carry_mail.call() == 1
    assert [each["Message-ID"] for each in mail.got] == [f"<{message}@example.com>"] * 2
    assert {each["To"] for each in mail.got} == {"rita@lender.example"}

    answers = iter([500, 200])
    receiver.answers = lambda _: next(answers)
    outbox.gather()
    deliver_due()
    Delivery.objects.update(next_at=timezone.now())
    Webhook.objects.update(rests_until=timezone.now())
    deliver_due()
    first, second = receiver.got
    assert first.id == second.id
    assert first.told == second.told
    assert first.told["type"] == "alert.notified"

    rita = logged_in(officer)
    rita.defaults["HTTP_ACCEPT"] = "text/html"
    page = rita.get("/risk/").content.decode()
    told = page.partition('aria-label="You are told"')[2].partition("</section>")[0]
    assert told.count("<li>") == 1
    assert "it rings" in told
