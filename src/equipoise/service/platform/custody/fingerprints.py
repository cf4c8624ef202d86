"""Fingerprints of the secrets that this process is given.

Of a key, HMAC-SHA-256 of a constant; of the signing key its public half, which checkpoints name; of
the secret that signs sessions, which a person may have chosen, scrypt, so that a copy of the
database does not let anyone try out words quickly.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from hashlib import scrypt, sha256

from django.conf import settings

from equipoise.record.personal import Keyring
from equipoise.service.platform import keyfiles
from equipoise.service.platform.keyfiles import Secret
from equipoise.service.platform.record.services import read_signing_key
from equipoise.service.platform.record.subjects import keyring

INDEX_KEY = "index key"
_MASTER_KEY = "master key "


def of(secret: Secret, text: str) -> dict[str, str]:
    """By its name, the fingerprint of the signing key or the secret key in the text. Raises
    BadInput where it is none."""
    if secret is keyfiles.SIGNING_KEY:
        return {secret.name: read_signing_key(text).public_key().public_bytes_raw().hex()}
    return {secret.name: _of_chosen(text)}


def of_master_keys(ring: Keyring) -> dict[str, str]:
    """Each version's, and that of the key of the blind index, which the oldest version makes."""
    each = {f"{_MASTER_KEY}{version}": key for version, key in sorted(ring.keys.items())}
    return {name: _digest(key, name) for name, key in (*each.items(), (INDEX_KEY, ring.index_key))}


def present() -> dict[str, str]:
    """By name, the fingerprints of all secrets that are here; of master keys, those that this
    process has read and works with. Raises BadInput where one makes no sense."""
    configuration, fingerprints = settings.CONFIGURATION, dict[str, str]()
    for secret in keyfiles.SECRETS:
        if not secret.is_here(configuration):
            continue
        if secret is keyfiles.MASTER_KEYS:
            fingerprints |= of_master_keys(keyring())
        else:
            fingerprints |= of(secret, secret.text(configuration))
    return fingerprints


def kept_as(name: str) -> Secret:
    """Where the secret of that fingerprint is kept."""
    return next((each for each in keyfiles.SECRETS if each.name == name), keyfiles.MASTER_KEYS)


def version_of(name: str) -> int | None:
    """The version of a master key's name; None where it is another secret's."""
    return int(name.removeprefix(_MASTER_KEY)) if name.startswith(_MASTER_KEY) else None


def _digest(key: bytes, name: str) -> str:
    return hmac.digest(key, f"equipoise fingerprint of {name}".encode(), sha256).hex()[:32]


@lru_cache(maxsize=4)
def _of_chosen(text: str) -> str:
    salt = b"equipoise fingerprint of secret key"
    return scrypt(text.encode(), salt=salt, n=2**14, r=8, p=1, dklen=16).hex()
