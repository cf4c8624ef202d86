"""Whose signatures of checkpoints count: the key's that is here, and those of keys before it.

Where a signing key is replaced, the new one signs which key it follows, and the last checkpoint of
that key. So whoever trusts the key of today trusts what the former one signed until then, and
nothing that it signs afterwards; and nobody without today's key can name another as a former one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from equipoise.record.chain import Entry, canonical
from equipoise.record.checkpoint import Checkpoint
from equipoise.service.platform.keyfiles import SIGNING_KEY

CHAIN, REPLACED = "custody", "custody.replaced"
NAME = SIGNING_KEY.name


@dataclass(frozen=True, slots=True)
class FormerKey:
    """A public key (hex) that signed checkpoints up to `upto`, whose digest is `digest`."""

    key: str
    upto: int
    digest: str


def vouching(former: str, last: Checkpoint | None, key: Ed25519PrivateKey) -> dict[str, Any]:
    """What the new key says of the former one, under its signature."""
    said = {
        "former": former,
        "key": key.public_key().public_bytes_raw().hex(),
        "upto": last.number if last else 0,
        "digest": last.digest if last else "",
    }
    return {**said, "signature": key.sign(canonical(said)).hex()}


def former_keys(current: str, history: Iterable[Entry]) -> list[FormerKey]:
    """The keys that the current one vouches for, one by the other, by what the record holds."""
    found: list[FormerKey] = []
    key = current
    for entry in reversed([each for each in history if each.kind == REPLACED]):
        said = json.loads(entry.body).get("vouches")
        if said and _is_vouched(said, key):
            found.append(FormerKey(said["former"], said["upto"], said["digest"]))
            key = said["former"]
    return found


def in_force(history: Iterable[Entry]) -> str:
    """The public key (hex) that the record says is the one to sign; empty before it says any."""
    key = ""
    for entry in history:
        key = json.loads(entry.body).get("fingerprints", {}).get(NAME, key)
    return key


def wrong_signer(checkpoints: Sequence[Checkpoint], former: Iterable[FormerKey]) -> int | None:
    """The first checkpoint that a former key signed after it was replaced, or that is another than
    the last it is vouched for; None where there is none."""
    for known in former:
        for checkpoint in checkpoints:
            late = checkpoint.key == known.key and checkpoint.number > known.upto
            other = checkpoint.number == known.upto and checkpoint.digest != known.digest
            if late or other:
                return checkpoint.number
    return None


def _is_vouched(said: dict[str, Any], key: str) -> bool:
    signed = {name: value for name, value in said.items() if name != "signature"}
    if said.get("key") != key:
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(said["signature"]), canonical(signed))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True
