"""Who carries a message away: a mail server, or the lender's provider for telephones.

Everything goes at least once, under one id: the mail's `Message-ID`, the hook's `Idempotency-Key`.
"""

from __future__ import annotations

import json
import re
import smtplib
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from equipoise.service.platform.messages.transports import hook_key, hook_target
from equipoise.service.platform.webhooks import signing
from equipoise.service.platform.webhooks.sending import Line
from equipoise.service.platform.webhooks.services import allowed

_FOR_GOOD = range(500, 600)  # of SMTP's answers
_NO_SUCH = (550, 551, 553)
_ENHANCED = re.compile(rb"5\.(\d{1,3})\.\d")
_OF_THE_SENDER = (401, 403, 404, 408, 425, 429)  # statuses that are about us or the moment


class NoWay(Exception):
    """Nothing can be carried now, and it is no message's fault; `problem` says why."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to go. `leave` is the link by which one gets no more such, where there is."""

    id: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    short: str = field(repr=False)
    leave: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that was not taken: `for_good`, or for the time being; `no_such` says that the
    contact point is not there at all."""

    problem: str
    for_good: bool = False
    no_such: bool = False


class Courier(Protocol):
    """Carries messages one by one, over one connection."""

    def __enter__(self) -> Courier: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def carry(self, letter: Letter) -> Refused | None:
        """None where it was taken. Raises NoWay."""
        ...


class Mail:
    """By the mail server that the settings name."""

    def __init__(self) -> None:
        self._connection: Any = get_connection()

    def __enter__(self) -> Mail:
        try:
            self._connection.open()
        except OSError as error:  # SMTP's exceptions are such
            self.__exit__()
            raise NoWay(_why(error)) from None
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._connection.close()

    def carry(self, letter: Letter) -> Refused | None:
        """None where the server took it. Raises NoWay."""
        try:
            self._mail(letter).send()
        except smtplib.SMTPRecipientsRefused as error:
            return _of_recipient(*next(iter(error.recipients.values())))
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return Refused(f"SMTP {error.smtp_code}", for_good=error.smtp_code in _FOR_GOOD)
        except OSError as error:
            raise NoWay(_why(error)) from None
        return None

    def _mail(self, letter: Letter) -> EmailMessage:
        sender = settings.DEFAULT_FROM_EMAIL
        domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
        headers = {"Message-ID": f"<{letter.id}@{domain}>", "Auto-Submitted": "auto-generated"}
        if letter.leave:
            headers["List-Unsubscribe"] = f"<{letter.leave}>"
        if letter.leave.startswith("https:"):  # RFC 8058 allows no other
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return EmailMessage(
            letter.subject, letter.text, sender, [letter.to], headers=headers,
            connection=self._connection,
        )  # fmt: skip


class Hook:
    """By a post to the lender's provider, signed as webhooks are and to addresses that they may
    reach."""

    def __init__(self) -> None:
        self._line = Line(hook_target(), allowed())

    def __enter__(self) -> Hook:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.__exit__()

    def carry(self, letter: Letter) -> Refused | None:
        """None where it was taken. Raises NoWay."""
        said = {"id": letter.id, "to": letter.to, "text": letter.short}
        body = json.dumps(said, ensure_ascii=False).encode()
        headers = signing.headers([hook_key()], letter.id, int(time.time()), body)
        answer = self._line.post(body, {**headers, "Idempotency-Key": letter.id})
        status = answer.status or 0
        if answer.problem is None:
            return None
        if 400 <= status < 500 and status not in _OF_THE_SENDER:
            return Refused(f"HTTP {status}", for_good=True, no_such=status == 410)
        raise NoWay(str(answer.problem) if not answer.status else f"HTTP {status}")


def _of_recipient(code: int, said: bytes) -> Refused:
    """A full mailbox or a policy is no mailbox that is not there (RFC 3463: 5.1.x is)."""
    enhanced = _ENHANCED.match(said)
    no_such = enhanced[1] == b"1" if enhanced else code in _NO_SUCH
    for_good = code in _FOR_GOOD
    return Refused(f"SMTP {code}", for_good=for_good, no_such=for_good and no_such)


def _why(error: Exception) -> str:
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (smtplib.SMTPAuthenticationError, "not let in"),
        (smtplib.SMTPNotSupportedError, "no STARTTLS"),
        (ssl.SSLError, "certificate or TLS"),
        (TimeoutError, "too slow"),
        (smtplib.SMTPException, "no SMTP answer"),
    )
    fitting = (words for kind, words in kinds if isinstance(error, kind))
    return next(fitting, "no connection")
