"""Whether a webhook's message is the service's own (Standard Webhooks, v1)."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Mapping

WINDOW = 300.0  # seconds by which the message's clock and ours may differ


def is_genuine(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None
) -> bool:
    """Whether the body, as it came, was signed with the secret, and not long ago.

    Names of headers in any case. Raises ValueError where the secret is none.
    """
    given = {name.lower(): value for name, value in headers.items()}
    identity, sent_at = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not (identity and sent_at.isascii() and sent_at.isdigit()):
        return False
    if abs((time.time() if now is None else now) - int(sent_at)) > WINDOW:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = hmac.digest(key, f"{identity}.{sent_at}.".encode() + body, "sha256")
    expected = b"v1," + base64.b64encode(signed)
    signatures = given.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(expected, each) for each in signatures)
