"""Whether a webhook's message is the service's own (Standard Webhooks, v1)."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Mapping

WINDOW = 300.0  # seconds by which the message's clock and ours may differ
LEAST_KEY = 16  # bytes; with fewer a key can be guessed, and with none anybody signs
_DIGITS = 12  # of a timestamp; more are no time, and are not turned into a number
_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def is_genuine(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None
) -> bool:
    """Whether the body, as it came, was signed with the secret, and not long ago.

    Names of headers in any case; whatever a sender writes into them, the answer is True or False.
    Raises ValueError where the secret is none: empty, not base64, or of fewer than 16 bytes.
    """
    key = _key(secret)
    identity, sent_at, signatures = (_header(headers, name) for name in _HEADERS)
    if not (identity and sent_at.isdigit() and len(sent_at) <= _DIGITS):
        return False
    apart = abs((time.time() if now is None else now) - int(sent_at))
    if not apart <= WINDOW:  # so that a clock that is no number lets nothing through
        return False
    signed = hmac.digest(key, f"{identity}.{sent_at}.".encode() + body, "sha256")
    expected = b"v1," + base64.b64encode(signed)
    return any(hmac.compare_digest(expected, each) for each in signatures.encode().split(b" "))


def _key(secret: str) -> bytes:
    """The secret's key. Raises ValueError that does not show it."""
    mend = "give the one that the service showed, which begins with whsec_"
    if not isinstance(secret, str) or not secret.removeprefix("whsec_").strip():
        raise ValueError(f"the webhook's secret is empty; {mend}")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise ValueError(f"the webhook's secret is not base64; {mend}") from None
    if len(key) < LEAST_KEY:
        raise ValueError(
            f"the webhook's secret has {len(key)} bytes, and {LEAST_KEY} are the least; {mend}"
        )
    return key


def _header(headers: Mapping[str, str], name: str) -> str:
    """The header's text; empty where it is absent, given twice, or no plain ASCII text."""
    given = [value for each, value in headers.items() if str(each).lower() == name]
    if len(given) != 1 or not isinstance(given[0], str) or not given[0].isascii():
        return ""
    return given[0]
