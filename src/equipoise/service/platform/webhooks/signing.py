"""Signatures as the Standard Webhooks specification has them (standardwebhooks.com, v1).

Signed is `id.timestamp.body` by HMAC-SHA-256. While a secret is being exchanged for another the
header holds a signature by each, with a space between.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256

PREFIX = "whsec_"
LEAST_KEY = 16  # bytes
WINDOW = 300  # seconds that a receiver should let a timestamp differ from its own clock


def secret_text(key: bytes) -> str:
    """A secret as it is shown, once, to whoever receives."""
    return PREFIX + b64encode(key).decode()


def secret_key(text: str) -> bytes:
    """The key of a secret as shown. Raises ValueError where it is none, or too short to be one."""
    return _long_enough(b64decode(text.removeprefix(PREFIX), validate=True))


def signature(key: bytes, message: str, timestamp: int, body: bytes) -> str:
    """One signature, `v1,` and base64. `timestamp` is seconds since 1970 UTC."""
    _long_enough(key)
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(key, signed, sha256)).decode()


def headers(keys: Iterable[bytes], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message, signed by every key in force.

    Raises ValueError where there is none: what is not signed is not sent.
    """
    keys = tuple(keys)
    if not keys:
        raise ValueError("no key is in force to sign with; make a new secret for the address")
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(key, message, timestamp, body) for key in keys),
    }


def _long_enough(key: bytes) -> bytes:
    if len(key) < LEAST_KEY:
        raise ValueError(
            f"a key of {len(key)} bytes signs nothing; a secret has {LEAST_KEY} at least: make a "
            "new one for the address"
        )
    return key
