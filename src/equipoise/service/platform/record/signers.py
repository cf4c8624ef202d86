"""Whose signatures of checkpoints count: the key's that is here, and those of keys before it.

Where a signing key is replaced, the new one signs which key it follows, and the last checkpoint of
that key. So whoever trusts the key of today trusts what the former one signed until then, and
nothing that it signs afterwards; and nobody without today's key can name another as a former one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from equipoise.record.chain import canonical
from equipoise.record.checkpoint import Checkpoint
from equipoise.service.platform.keyfiles import SIGNING_KEY
from equipoise.service.platform.record.events import CustodyReplaced, KeysTold, Vouching

CHAIN = "custody"
NAME = SIGNING_KEY.name


@dataclass(frozen=True, slots=True)
class FormerKey:
    """A public key (hex) that signed checkpoints up to `upto`, whose digest is `digest`."""

    key: str
    upto: int
    digest: str


def vouching(former: str, last: Checkpoint | None, key: Ed25519PrivateKey) -> Vouching:
    """What the new key says of the former one, under its signature."""
    said: dict[str, str | int] = {
        "former": former,
        "key": key.public_key().public_bytes_raw().hex(),
        "upto": last.number if last else 0,
        "digest": last.digest if last else "",
    }
    signature = key.sign(canonical(said)).hex()
    return msgspec.convert({**said, "signature": signature}, Vouching)


def former_keys(current: str, history: Iterable[KeysTold]) -> list[FormerKey]:
    """The keys that the current one vouches for, one by the other, by what the record holds."""
    keys: list[FormerKey] = []
    key = current
    for said in reversed([_vouching_in(each) for each in history]):
        if said is not None and _is_vouched(said, key):
            keys.append(FormerKey(said.former, said.upto, said.digest))
            key = said.former
    return keys


def in_force(history: Iterable[KeysTold]) -> str:
    """The public key (hex) that the record says is the one to sign; empty before it says any."""
    key = ""
    for event in history:
        key = event.fingerprints.get(NAME, key)
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


def _vouching_in(event: KeysTold) -> Vouching | None:
    return event.vouches if isinstance(event, CustodyReplaced) else None


def _is_vouched(said: Vouching, key: str) -> bool:
    signed = {**msgspec.structs.asdict(said)}
    signature = signed.pop("signature")
    if said.key != key:
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), canonical(signed))
    except (InvalidSignature, ValueError):
        return False
    return True
