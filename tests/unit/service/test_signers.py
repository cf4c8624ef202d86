"""Whose signatures count once a signing key was replaced."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from equipoise.record.checkpoint import Checkpoint, signed
from equipoise.service.platform.record.events import CustodyReplaced, Vouching
from equipoise.service.platform.record.signers import (
    FormerKey,
    former_keys,
    vouching,
    wrong_signer,
)

FIRST, SECOND, THIRD, STRANGER = (Ed25519PrivateKey.from_private_bytes(bytes([n] * 32)) for n in
                                  range(4))  # fmt: skip


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def checkpoint(number: int, key: Ed25519PrivateKey, entries: str = "") -> Checkpoint:
    plain = Checkpoint(number, 0, number - 1, number, 1, 1, "", entries, "")
    return signed(plain, key)


def replaced(said: Vouching) -> CustodyReplaced:
    return CustodyReplaced(fingerprints={}, former="", by="", reason="", vouches=said)


def test_a_key_vouches_for_the_one_before_it_and_so_on() -> None:
    one, two = checkpoint(1, FIRST), checkpoint(2, SECOND)
    history = [
        replaced(vouching(public(FIRST), one, SECOND)),
        replaced(vouching(public(SECOND), two, THIRD)),
    ]
    known = former_keys(public(THIRD), history)
    assert known == [
        FormerKey(public(SECOND), 2, two.digest),
        FormerKey(public(FIRST), 1, one.digest),
    ]
    assert former_keys(public(STRANGER), history) == []
    assert wrong_signer([one, two, checkpoint(3, THIRD)], known) is None
    assert wrong_signer([one, two, checkpoint(3, FIRST)], known) == 3  # by a key that had ended
    assert wrong_signer([checkpoint(1, FIRST, "other"), two], known) == 1  # signed anew by it


def test_nobody_without_the_key_of_today_names_another_as_a_former_one() -> None:
    said = vouching(public(STRANGER), None, STRANGER)
    assert former_keys(public(FIRST), [replaced(said)]) == []
    forged = replace(said, key=public(FIRST))
    assert former_keys(public(FIRST), [replaced(forged)]) == []
    unsigned = replace(forged, signature="")
    assert former_keys(public(FIRST), [replaced(unsigned)]) == []
