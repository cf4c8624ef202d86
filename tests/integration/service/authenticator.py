"""An authenticator app, as a person's phone runs it."""

from __future__ import annotations

import base64
import hmac
import struct
import time

PERIOD = 30  # seconds that a code is shown
TO_TYPE = 10  # seconds a person wants left; with fewer they wait for the next code


def code(secret: str) -> str:
    """What the app shows (RFC 6238), with enough time left to type it and to be believed."""
    left = PERIOD - time.time() % PERIOD
    if left < TO_TYPE:
        time.sleep(left)
    return code_at(secret, time.time())


def code_at(secret: str, moment: float) -> str:
    """What it shows at a moment, in seconds since 1970."""
    counter = struct.pack(">Q", int(moment) // PERIOD)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
