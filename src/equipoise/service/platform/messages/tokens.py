"""Links in messages: each names its message and is signed; nothing in it is about a person."""

from __future__ import annotations

import hmac

from django.conf import settings

from equipoise.errors import BadInput
from equipoise.service.platform.record import subjects

STOP_PATH = "messages/stop/"
"""Where the page stands on which one says: no more such messages. A token follows."""


def token(message: str) -> str:
    """The message's id and a keyed digest of it, which outlasts every exchange of keys."""
    return f"{message}.{_digest(message)}"


def message_of(token: str) -> str:
    """The message's id. Raises BadInput where it is no token of ours."""
    message, _, digest = token.partition(".")
    if not hmac.compare_digest(digest.encode(), _digest(message).encode()):
        raise BadInput("this link is not whole", mend="open it from the message, or copy all of it")
    return message


def link(message: str) -> str:
    """The address on which whoever got the message can say that they want no more such."""
    return f"{settings.CONFIGURATION.address}/{STOP_PATH}{token(message)}"


def _digest(message: str) -> str:
    return subjects.blind("message.stop", message).hex()
