"""A lender who sends messages: to a mail server and a hook on this machine."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from happened import happened_to

from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.messages.services import Contact, Purpose, email, send
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.webhooks.services import allowed

ADA = "ada.planted@example.com"
ADDRESS = "https://apply.example.com"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the specification's example
LINKS = {"product": "A loan", "reference": "R-1", "link": f"{ADDRESS}/apply/1"}


@contextmanager
def configured(mail: int = 0, **given: Any) -> Iterator[None]:
    """The settings of a lender whose mail server listens at that port of this machine."""
    configuration = dataclasses.replace(
        settings.CONFIGURATION,
        **{
            "address": ADDRESS,
            "messages": "send",
            "mail_url": f"smtp://127.0.0.1:{mail}" if mail else "",
            "webhook_private": ("127.0.0.1",),
            **given,
        },
    )
    smtp = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": mail,
        "EMAIL_USE_TLS": False,
        "EMAIL_TIMEOUT": 15,
        "DEFAULT_FROM_EMAIL": "Example Bank <loans@example.com>",
    }
    allowed.cache_clear()
    with override_settings(CONFIGURATION=configuration, **smtp):
        yield
    allowed.cache_clear()


def applicant() -> str:
    """Somebody whose chain has a key."""
    chain = subjects.new_id("application")
    with transaction.atomic():
        record.append(happened_to(subjects.seal_new(chain, {"name": "Ada"})))
    return chain


def sent_to(
    chain: str,
    to: Contact | None = None,
    template: str = "received",
    language: str = "en",
    purpose: Purpose = Purpose.PROGRESS,
    **values: str,
) -> str:
    """Queue a message in a transaction of its own."""
    with transaction.atomic():
        given = values or LINKS
        to = to or email(ADA)
        return send(chain, to, template, language, given, purpose=purpose)


def state(message: str) -> str:
    return str(Message.objects.values_list("state", flat=True).get(pk=message))


def let_time_pass() -> None:
    """Whatever waits is due now."""
    Message.objects.update(next_at=timezone.now())


def told(chain: str) -> list[str]:
    """The kinds of what is told of messages in a chain, in order."""
    return [each.kind for each in record.entries(chain) if each.kind.startswith("message.")]
