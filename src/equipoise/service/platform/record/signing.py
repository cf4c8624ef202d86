"""Signing what was written since the last checkpoint, and telling the witness.

What is signed is said to be as it was written. So nothing is signed that does not fit: not where
the witness knows of more than the record, not where an entry does not match its hash or does not
follow what was signed before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connections, transaction

from equipoise.errors import GateRefused
from equipoise.record import checkpoint as pure
from equipoise.record.verifying import Fault, Window, check_window, witness_fault
from equipoise.service.platform import clock
from equipoise.service.platform.record import signers, witness
from equipoise.service.platform.record.models import Checkpoint, Event
from equipoise.service.platform.record.safe_upto import settled
from equipoise.service.platform.record.services import keys_told, signing_key, trusted_keys
from equipoise.service.platform.record.stored import StoredRecord


class NotSigned(GateRefused):
    """What was written is not what may be signed; nothing is, until a person has looked."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(
            f"the record is not signed any further: {fault.what}",
            mend="see `equipoise record verify`; nothing is lost by waiting",
        )
        self.fault = fault


def make_checkpoints(path: Path | None = None) -> list[pure.Checkpoint]:
    """Sign everything since the last checkpoint; none where nothing happened.

    Each is a line of the witness (by default the service's own), the file to copy elsewhere, before
    the next is signed. May be run by several processes. Raises NotSigned.
    """
    path = path or witness.own_witness()
    key = signing_key()
    trusted = trusted_keys()
    if not path.exists() and Checkpoint.objects.exists() and not path.exists():
        raise NotSigned(Fault(f"the witness {path} is gone"))
    made: list[pure.Checkpoint] = []
    with witness.held(path) as file:
        check_signer(key)
        last = _caught_up(file, trusted)
        while (new := _next_checkpoint(key, last)) is not None:
            witness.tell(file, new)
            made.append(new)
            last = new
    return made


def check_signer(key: Ed25519PrivateKey) -> None:
    """Raise NotSigned unless the record names this key as the one to sign. A process may have been
    given it before it was replaced, so it is asked each time, with the witness held."""
    needed = signers.in_force(keys_told())
    if needed and key.public_key().public_bytes_raw().hex() != needed:
        raise NotSigned(
            Fault(
                "this process was given another signing key than the record names, as before it "
                "was replaced; start it again with the key that `equipoise keys list` asks for"
            )
        )


def unsigned() -> int:
    """How many sequences stand after the last checkpoint: at least as many as entries."""
    last = last_checkpoint()
    newest = Event.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return (newest or 0) - (last.upto if last else 0)


def last_checkpoint() -> pure.Checkpoint | None:
    """The record's last, as it stands there."""
    line = Checkpoint.objects.order_by("-number").values_list("line", flat=True).first()
    return pure.read_line(line) if line else None


def many_unsigned() -> bool:
    """Whether enough entries stand unsigned that they are signed now and not when it is due. Half
    of what may be: others come while they are."""
    most: int = settings.CONFIGURATION.most_unsigned
    return unsigned() >= max(1, most // 2)


def _caught_up(file: BinaryIO, trusted: list[str]) -> pure.Checkpoint | None:
    """The record's last checkpoint, once the witness knows of all: whoever made one may have been
    killed before it was told."""
    try:
        last = witness.last_told(file)
        if (
            last is None and Checkpoint.objects.count() > 1
        ):  # who makes one tells it before the next
            raise NotSigned(Fault(f"the witness {file.name} is empty"))
        number = last.number if last else 0
        if last is not None:
            ours = next(witness.stored(number, number), None)
            if (fault := witness_fault(ours, last)) is not None:
                raise NotSigned(fault)
        for each in witness.stored(number + 1):
            marks = (each.number, each.prev, each.after)
            expected = (last.number + 1, last.digest, last.upto) if last else (1, "", 0)
            if not pure.is_signed(each, trusted) or marks != expected:
                raise NotSigned(Fault("a checkpoint is not ours", checkpoint=each.number))
            witness.tell(file, each)
            last = each
    except ValueError as error:
        raise NotSigned(Fault(f"a checkpoint cannot be read: {error}")) from None
    return last


def _next_checkpoint(
    key: Ed25519PrivateKey, last: pure.Checkpoint | None
) -> pure.Checkpoint | None:
    upto = settled()
    if upto is None:
        return None
    number, after, prev = (last.number + 1, last.upto, last.digest) if last else (1, 0, "")
    with _reading():
        record = StoredRecord(connections["default"])
        end = record.end_of(after, pure.MOST_EVENTS, upto)
        if end == after:
            return None
        seen = Window()
        fault = check_window(record, next(record.windows([end], after)), seen)
        fault = fault or record.former_fault(seen.entering)
        if fault is not None:
            raise NotSigned(fault)
        plain = pure.Checkpoint(
            number=number,
            at=clock.micros(),
            after=after,
            upto=end,
            events=len(seen.hashes),
            chains=len(seen.last),
            heads=pure.heads_digest(seen.heads),
            entries=seen.digest,
            prev=prev,
        )
        signed = pure.signed(plain, key)
        Checkpoint.objects.create(number=number, line=signed.line())
    return signed


@contextmanager
def _reading() -> Iterator[None]:
    """PostgreSQL streams within a transaction only; on SQLite one would keep others from writing,
    and what is read here never changes."""
    if connections["default"].vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        yield
