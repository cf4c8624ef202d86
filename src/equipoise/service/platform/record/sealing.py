"""Secrets that are no applicant's, sealed under the master keys where the database must hold them.

A sealed text says which master key it needs: `sealed:2:...`. It is bound to what it is about, so
that it opens nowhere else.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from equipoise.record.personal import Unreadable, WrappedKey
from equipoise.service.platform.record import subjects

_MARK = "sealed"


def seal_text(about: str, text: str) -> str:
    """The text under the newest master key; `about` says what it is, such as a row's identifier."""
    kept = subjects.keyring().wrap(_bound(about), 0, text.encode())
    return f"{_MARK}:{kept.master}:{b64encode(kept.wrapped).decode()}"


def open_text(about: str, sealed: str) -> str:
    """The text again. Raises Unreadable where it was altered, is about something else, or its
    master key is not here."""
    master, content = _parts(sealed)
    return subjects.keyring().unwrap(_bound(about), WrappedKey(0, master, content)).decode()


def sealed_anew(about: str, sealed: str) -> str | None:
    """The same under the newest master key; None where it is already. Raises Unreadable."""
    if _parts(sealed)[0] == subjects.keyring().newest:
        return None
    return seal_text(about, open_text(about, sealed))


def _bound(about: str) -> str:
    return f"text\0{about}"


def _parts(sealed: str) -> tuple[int, bytes]:
    mark, _, rest = sealed.partition(":")
    master, _, content = rest.partition(":")
    try:
        if mark != _MARK:
            raise ValueError
        return int(master), b64decode(content, validate=True)
    except ValueError:
        raise Unreadable("a sealed text was altered, or is none") from None
