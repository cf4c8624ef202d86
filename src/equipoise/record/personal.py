"""Personal fields, readable only while the applicant's key exists.

Each applicant has a random 256-bit key; it is kept only wrapped under a master key (AES-256-GCM
both). Master keys have versions: new wraps use the newest, old wraps stay readable. The blind index
is HMAC-SHA-256 of a value, so that a person can be found without keeping the value.
"""

from __future__ import annotations

import hmac
import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from equipoise.errors import BadInput, EquipoiseError
from equipoise.record.chain import canonical

MOST_VERSION = 32_767  # what the column holds
_NONCE = 12
_WINDOW, _HASHES = 12, 5  # zlib's wbits and memLevel


class Unreadable(EquipoiseError):
    """Personal fields that cannot be read: the key is gone, or the text was altered."""


class Erased(Unreadable):
    """Personal fields that nobody can read any more, as it should be: the applicant was erased."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """An applicant's key as kept: useless without the master key of that version."""

    version: int
    master: int
    wrapped: bytes


@dataclass(frozen=True)
class Keyring:
    """The master keys by version; the highest wraps what is new."""

    keys: Mapping[int, bytes]

    @classmethod
    def read(cls, text: str) -> Keyring:
        """From `1:hex,2:hex`. Raises BadInput for anything else, and where a version or a key
        stands there twice: which of two is meant cannot be known."""
        try:
            parts = [part.split(":") for part in text.replace("\n", ",").split(",") if part.strip()]
            given = [(int(version), bytes.fromhex(key.strip())) for version, key in parts]
        except ValueError:
            given = []
        if not given or any(len(key) != 32 or not 1 <= n <= MOST_VERSION for n, key in given):
            raise BadInput(
                "the master keys cannot be read",
                field="EQUIPOISE_MASTER_KEYS",
                mend="write them as `1:` and 64 hex digits, several by comma",
            )
        for what, values in (
            ("version", [n for n, _ in given]),
            ("key", [key for _, key in given]),
        ):
            if len(set(values)) < len(given):
                raise BadInput(
                    f"the master keys hold one {what} twice",
                    field="EQUIPOISE_MASTER_KEYS",
                    mend="give each version once, with the key that the service was started with",
                )
        return cls(dict(given))

    @cached_property
    def newest(self) -> int:
        return max(self.keys)

    def new_key(self, subject: str, version: int = 1) -> tuple[bytes, WrappedKey]:
        """A new key for the applicant, plain and wrapped."""
        key = os.urandom(32)
        return key, self.wrap(subject, version, key)

    def wrap(self, subject: str, version: int, key: bytes) -> WrappedKey:
        """The key under the newest master key, bound to its applicant and version."""
        nonce = os.urandom(_NONCE)
        bound = _bound(subject, version)
        wrapped = nonce + self._ciphers[self.newest].encrypt(nonce, key, bound)
        return WrappedKey(version, self.newest, wrapped)

    def unwrap(self, subject: str, kept: WrappedKey) -> bytes:
        """The plain key. Raises Unreadable where it was altered or its master key is not here."""
        master = self._ciphers.get(kept.master)
        if master is None:
            raise Unreadable(
                f"master key {kept.master} is not here",
                mend="give it in EQUIPOISE_MASTER_KEYS; it is in the backup of the keys",
            )
        nonce, text = kept.wrapped[:_NONCE], kept.wrapped[_NONCE:]
        try:
            return master.decrypt(nonce, text, _bound(subject, kept.version))
        except (InvalidTag, ValueError):  # the latter where it was cut short
            raise Unreadable("the applicant's key was altered, or is another's") from None

    def blind(self, field: str, value: str) -> bytes:
        """The blind index of a value: the same person's value gives the same 16 bytes.

        The value to the letter: two identifiers that differ in case are two people's. Made from
        the oldest master key, so that adding a newer one leaves the index as it is.
        """
        return hmac.digest(self.index_key, f"{field}\0{value}".encode(), sha256)[:16]

    @cached_property
    def _ciphers(self) -> Mapping[int, AESGCM]:
        return {version: AESGCM(key) for version, key in self.keys.items()}

    @cached_property
    def index_key(self) -> bytes:
        """The key of the blind index."""
        oldest = self.keys[min(self.keys)]
        return HKDF(SHA256(), 32, None, b"equipoise blind index").derive(oldest)


def sealed_fields(
    key: bytes, version: int, subject: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields, deflated and then encrypted, ready to stand in an event's body."""
    nonce = os.urandom(_NONCE)
    text = nonce + AESGCM(key).encrypt(nonce, _deflated(fields), _bound(subject, version))
    return {"subject": subject, "key": version, "sealed": b64encode(text).decode()}


def _deflated(fields: Mapping[str, Any]) -> bytes:
    """Half as long, and so is what is kept for years."""
    # To make room for the usual window takes several times longer than to deflate so little.
    deflating = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, _HASHES)
    return deflating.compress(canonical(fields)) + deflating.flush()


def opened_fields(key: bytes, sealed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields again. Raises Unreadable where the text was altered or the key is another."""
    try:
        text = b64decode(str(sealed["sealed"]), validate=True)
        bound = _bound(str(sealed["subject"]), int(sealed["key"]))
        plain = zlib.decompress(AESGCM(key).decrypt(text[:_NONCE], text[_NONCE:], bound))
    except (InvalidTag, ValueError, KeyError, zlib.error):
        raise Unreadable("the personal fields were altered, or belong to another key") from None
    fields: dict[str, Any] = json.loads(plain)
    return fields


def sealed_file(key: bytes, version: int, subject: str, name: str, content: bytes) -> bytes:
    """A file's content encrypted, bound to its applicant and to its name."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, _of_file(subject, version, name))


def opened_file(key: bytes, version: int, subject: str, name: str, sealed: bytes) -> bytes:
    """The content again. Raises Unreadable where it was altered, or is another's."""
    nonce, text = sealed[:_NONCE], sealed[_NONCE:]
    try:
        return AESGCM(key).decrypt(nonce, text, _of_file(subject, version, name))
    except (InvalidTag, ValueError):  # the latter where it was cut short
        raise Unreadable("the file was altered, or belongs to another key") from None


def _of_file(subject: str, version: int, name: str) -> bytes:
    return _bound(subject, version) + f"\0file\0{name}".encode()


def _bound(subject: str, version: int) -> bytes:
    return f"{subject}\0{version}".encode()
