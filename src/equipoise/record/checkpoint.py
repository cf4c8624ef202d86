"""Signed checkpoints: what the record held, in one line that an outside witness can keep."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from equipoise.record.chain import Head, canonical

MOST_EVENTS = 100_000  # per checkpoint, so that checking one needs bounded memory


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the entries of sequence `after` < s <= `upto` are, and that we said so.

    `heads` is the digest of the chains' heads that these entries leave, `entries` that of their
    hashes in order, `prev` the digest of the checkpoint before; `key` is the signer's public key.
    """

    number: int
    at: int
    after: int
    upto: int
    events: int
    chains: int
    heads: str
    entries: str
    prev: str
    key: str = ""
    signature: str = ""

    def statement(self) -> bytes:
        """What is signed: everything but the signature, as canonical JSON."""
        return canonical(self._plain() | {"key": self.key})

    @property
    def digest(self) -> str:
        """SHA-256 of the statement."""
        return sha256(self.statement()).hexdigest()

    def line(self) -> str:
        """The checkpoint as one line of JSON, for a witness's file."""
        full = self._plain() | {"key": self.key, "signature": self.signature}
        return canonical(full).decode() + "\n"

    def _plain(self) -> dict[str, Any]:
        kept = ("key", "signature")
        return {name: getattr(self, name) for name in self.__slots__ if name not in kept}


def read_line(line: str) -> Checkpoint:
    """A checkpoint from a witness's line. Raises ValueError where it is not one."""
    try:
        return Checkpoint(**json.loads(line))
    except TypeError as error:
        raise ValueError(f"this is no checkpoint: {error}") from None


def heads_digest(heads: Iterable[Head]) -> str:
    """SHA-256 over `chain:length:hash` lines, sorted by chain."""
    lines = sorted(f"{head.chain}:{head.length}:{head.hash.hex()}\n" for head in heads)
    return sha256("".join(lines).encode()).hexdigest()


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> Checkpoint:
    """The checkpoint under the key's signature."""
    named = _with(checkpoint, key=key.public_key().public_bytes_raw().hex(), signature="")
    return _with(named, signature=key.sign(named.statement()).hex())


def is_signed(checkpoint: Checkpoint, trusted: Iterable[str]) -> bool:
    """Whether one of the trusted public keys (hex) signed exactly this."""
    if checkpoint.key not in set(trusted):
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.key))
        key.verify(bytes.fromhex(checkpoint.signature), checkpoint.statement())
    except (InvalidSignature, ValueError):
        return False
    return True


def _with(checkpoint: Checkpoint, **changed: Any) -> Checkpoint:
    values = {name: getattr(checkpoint, name) for name in checkpoint.__slots__}
    return Checkpoint(**values | changed)
