"""What must be found nowhere after an erasure, kept until it is not.

It is sealed under a key of its own that stands in a file beside the database, never in it: when
the file goes, every copy of the sealed text is worthless, in whatever log or page it stands.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from equipoise.files import present
from equipoise.service.contexts.erasing.people import Person
from equipoise.service.platform.keyfiles import PRIVATE_FILE, private_folder

_NONCE = 12
_LEAST = 6  # characters: a shorter text stands everywhere by chance


@dataclass(frozen=True, slots=True)
class Needles:
    """Raw bytes that must be gone (wrapped keys, digests of the index), and the person's texts."""

    raw: tuple[bytes, ...]
    person: Person

    def without(self, raw: Collection[bytes]) -> Needles:
        """The same without these bytes, which are somebody else's too."""
        return replace(self, raw=tuple(each for each in self.raw if each not in raw))

    def texts(self) -> tuple[bytes, ...]:
        """The texts that are long enough to be somebody's."""
        return tuple(each.encode() for each in self.person.given if len(each) >= _LEAST)


def put_aside(erasure: str, needles: Needles) -> bytes:
    """Seal them; the key is on the disk before this returns."""
    key, nonce = os.urandom(32), os.urandom(_NONCE)
    path = _key_file(erasure)
    private_folder(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    person = needles.person
    plain = {
        "raw": [each.hex() for each in needles.raw],
        "identifier": person.identifier,
        "facts": dict(person.facts),
        "given": list(person.given),
    }
    return nonce + AESGCM(key).encrypt(nonce, json.dumps(plain).encode(), erasure.encode())


def taken_up(erasure: str, sealed: bytes) -> Needles | None:
    """The needles again; None where their key is not on this machine."""
    try:
        key = _key_file(erasure).read_bytes()
        text = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], erasure.encode())
    except (OSError, ValueError, InvalidTag):
        return None
    plain = json.loads(text)
    person = Person(plain["identifier"], plain["facts"], tuple(plain["given"]))
    return Needles(tuple(bytes.fromhex(each) for each in plain["raw"]), person)


def forget(erasure: str) -> None:
    """Remove the key: overwritten first, as far as the disk writes in place."""
    path = _key_file(erasure)
    if path.exists():
        with path.open("r+b") as file:
            file.write(bytes(32))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def set_aside() -> list[tuple[str, float]]:
    """The erasures whose keys stand here, and how many seconds each does."""
    files = _key_file("none").parent.glob("erasure-*")
    return [(path.name, time.time() - status.st_mtime) for path, status in present(files)]


def _key_file(erasure: str) -> Path:
    return Path(settings.CONFIGURATION.folder) / "erasing" / erasure
