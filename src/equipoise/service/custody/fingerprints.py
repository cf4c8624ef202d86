"""Fingerprints of the secrets that this process is given.

Of a key, HMAC-SHA-256 of a constant; of the signing key its public half, which checkpoints name; of
the secret that signs sessions, which a person may have chosen, scrypt, so that a copy of the
database does not let anyone try out words quickly.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import lru_cache
from hashlib import scrypt, sha256

from django.conf import settings

from equipoise.errors import EquipoiseError
from equipoise.service import keyfiles
from equipoise.service.keyfiles import Secret
from equipoise.service.ledger import services as ledger
from equipoise.service.ledger.personal import Keyring
from equipoise.service.ledger.subjects import keyring

INDEX_KEY, SIGNING_KEY, SECRET_KEY = "index key", "signing key", "secret key"
_MASTER_KEY = "master key "


def of_master_keys(ring: Keyring) -> dict[str, str]:
    """Each version's, and that of the key of the blind index, which the oldest version makes."""
    each = {f"{_MASTER_KEY}{version}": key for version, key in sorted(ring.keys.items())}
    return {name: _digest(key, name) for name, key in (*each.items(), (INDEX_KEY, ring.index_key))}


def present() -> dict[str, str]:
    """By name, the fingerprint of every secret that can be read here."""
    found: dict[str, str] = {}
    for each in (
        lambda: of_master_keys(keyring()),
        lambda: {SIGNING_KEY: ledger.public_key()},
        lambda: {SECRET_KEY: _of_secret_key(keyfiles.SECRET_KEY.text(settings.CONFIGURATION))},
    ):  # fmt: skip
        found |= _readable(each)
    return found


def damaged() -> list[EquipoiseError]:
    """Why a secret that is here cannot be read."""
    faults = []
    for secret, read in (
        (keyfiles.MASTER_KEYS, keyring),
        (keyfiles.SIGNING_KEY, ledger.signing_key),
        (keyfiles.SECRET_KEY, lambda: keyfiles.SECRET_KEY.text(settings.CONFIGURATION)),
    ):
        if secret.is_here(settings.CONFIGURATION):
            try:
                read()
            except EquipoiseError as error:
                faults.append(error)
    return faults


def kept_as(name: str) -> Secret:
    """Where the secret of that fingerprint is kept."""
    if name in (SIGNING_KEY, SECRET_KEY):
        return keyfiles.SIGNING_KEY if name == SIGNING_KEY else keyfiles.SECRET_KEY
    return keyfiles.MASTER_KEYS


def version_of(name: str) -> int | None:
    """The version of a master key's name; None where it is another secret's."""
    return int(name.removeprefix(_MASTER_KEY)) if name.startswith(_MASTER_KEY) else None


def _readable(read: Callable[[], dict[str, str]]) -> dict[str, str]:
    try:
        return read()
    except EquipoiseError:
        return {}


def _digest(key: bytes, name: str) -> str:
    return hmac.digest(key, f"equipoise fingerprint of {name}".encode(), sha256).hex()[:32]


@lru_cache(maxsize=4)
def _of_secret_key(text: str) -> str:
    salt = b"equipoise fingerprint of secret key"
    return scrypt(text.encode(), salt=salt, n=2**14, r=8, p=1, dklen=16).hex()
