"""What happens to messages, in the chain of the application they are about. Where one goes and what
it says never stands there: only its text's name, and why it was written."""

from __future__ import annotations

from equipoise.record.events import Signed, event


@event("message.queued", 1)
class MessageQueued(Signed, frozen=True, kw_only=True):
    """A message is to be sent: which `text` in which version, in which language, by which way."""

    message: str
    text: str
    language: str
    channel: str
    purpose: str


@event("message.suppressed", 1)
class MessageSuppressed(Signed, frozen=True, kw_only=True):
    """A message is not sent: the person opted out of its purpose, or their mailbox is not there."""

    message: str
    text: str
    purpose: str
    why: str


@event("message.sent", 1)
class MessageSent(Signed, frozen=True, kw_only=True):
    """A server took the message on."""

    message: str


@event("message.delivered", 1)
class MessageDelivered(Signed, frozen=True, kw_only=True):
    """The message arrived, as a provider reports."""

    message: str


@event("message.bounced", 1)
class MessageBounced(Signed, frozen=True, kw_only=True):
    """The message came back for good: nothing more goes there."""

    message: str
    why: str


@event("message.failed", 1)
class MessageFailed(Signed, frozen=True, kw_only=True):
    """The message was given up."""

    message: str
    why: str


@event("message.opted_out", 1)
class MessageOptedOut(Signed, frozen=True, kw_only=True):
    """Whoever got the message wants no more of its purpose."""

    message: str
    purpose: str


@event("message.opted_in", 1)
class MessageOptedIn(Signed, frozen=True, kw_only=True):
    """Somebody wants messages of the purpose again, or is to be written to after all."""

    message: str
    purpose: str
