"""Links in messages that ask: each names its ask and is signed. Whoever has it can say how it went,
and sees nothing of the application."""

from __future__ import annotations

import hmac

from django.conf import settings

from equipoise.errors import BadInput
from equipoise.service.platform.record import subjects

PATH = "apply/feedback/"
"""Where the page stands; a token follows."""


def link(ask: str) -> str:
    """The address that a message holds."""
    return f"{settings.CONFIGURATION.address}/{PATH}{token(ask)}"


def token(ask: str) -> str:
    """The ask's id and a keyed digest of it."""
    return f"{ask}.{_digest(ask)}"


def ask_of(token: str) -> str:
    """The ask's id. Raises BadInput where it is no token of ours."""
    ask, _, digest = token.partition(".")
    if not hmac.compare_digest(digest.encode(), _digest(ask).encode()):
        raise BadInput("this link is not whole", mend="open it from the message, or copy all of it")
    return ask


def _digest(ask: str) -> str:
    return subjects.blind("feedback.ask", ask).hex()
