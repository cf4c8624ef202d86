"""How the record stands, without reading it: signed how far, by which keys, told to whom."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from equipoise.record.checkpoint import Checkpoint, read_line
from equipoise.service.platform.record import witness
from equipoise.service.platform.record.models import Event
from equipoise.service.platform.record.services import former_keys, public_key
from equipoise.service.platform.record.signers import FormerKey
from equipoise.service.platform.record.signing import last_checkpoint, unsigned

_TAIL = 65_536  # bytes: many lines


@dataclass(frozen=True, slots=True)
class Witness:
    """The service's own witness: the number of its last line (None: it has none, or that cannot be
    read), whether that is the record's last checkpoint, and where it was begun anew."""

    there: bool
    last: int | None
    agrees: bool
    begun_anew: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The record at this moment. `last` is the number of its newest entry, `signed_at` when the
    last checkpoint was made, whose number and last entry are `checkpoint` and `signed`; `key` is
    the public key that signs now."""

    last: int
    checkpoint: int
    signed: int
    signed_at: datetime | None
    unsigned: int
    witness: Witness
    key: str
    former: Sequence[FormerKey]


def standing() -> Standing:
    """The record as it stands. Raises BadInput where the signing key is missing."""
    last = last_checkpoint()
    newest = Event.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return Standing(
        last=newest or 0,
        checkpoint=last.number if last else 0,
        signed=last.upto if last else 0,
        signed_at=datetime.fromtimestamp(last.at / 1e6, UTC) if last else None,
        unsigned=unsigned(),
        witness=_witness(last),
        key=public_key(),
        former=former_keys(),
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as a file tells it; see `record.checkpoint.Checkpoint`."""

    number: int
    at: datetime
    after: int
    upto: int
    events: int
    chains: int
    entries: str
    heads: str
    prev: str
    key: str
    signature: str


def checkpoints() -> Iterator[Signed]:
    """All checkpoints of the record, in order."""
    for each in witness.stored():
        at = datetime.fromtimestamp(each.at / 1e6, UTC)
        yield Signed(
            each.number, at, each.after, each.upto, each.events, each.chains, each.entries,
            each.heads, each.prev, each.key, each.signature,
        )  # fmt: skip


def _witness(last: Checkpoint | None) -> Witness:
    begun, line = witness.begun_anew(), _last_line()
    agrees = line == last
    return Witness(
        there=witness.own_witness().is_file(),
        last=line.number if line else None,
        agrees=agrees,
        begun_anew=str(begun) if begun else "",
    )


def _last_line() -> Checkpoint | None:
    """The witness's last whole line, read beside whoever writes it."""
    try:
        with witness.own_witness().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            tail = file.read()
        whole = tail[: tail.rfind(b"\n") + 1].splitlines()
        return read_line(whole[-1].decode()) if whole else None
    except (OSError, ValueError):
        return None
