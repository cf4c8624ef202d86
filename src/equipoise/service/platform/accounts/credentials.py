"""The one reading of the Authorization header: what it is taken for at the door is what it is taken
for behind it."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[\x21-\x7e]{1,200}")  # ASCII without blanks


def token_in(header: str) -> str:
    """The token of `Bearer <token>`; empty where there is none that could be a key.

    Whoever sends this header at all is a program, and nobody else: an empty or broken one is a key
    that nobody has.
    """
    scheme, _, rest = header.partition(" ")
    token = rest.strip(" ")
    return token if scheme.lower() == "bearer" and _TOKEN.fullmatch(token) else ""
