"""A witness begun anew, by command of whoever owns the machine, where the one before is lost.

Its first lines are the record's own checkpoints, so of what was signed before nobody but us says
that none was cut off. That it was begun, why and from where on, stands in the record, and every
verification says it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from equipoise.errors import GateRefused
from equipoise.progress import Progress
from equipoise.service.platform import keyfiles
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import signing, witness
from equipoise.service.platform.record.events import WitnessBegun
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.witness import Beginning

_OWNER = "system.owner"


def begin_witness(
    reason: str, copies: Sequence[Path] = (), *, progress: Progress | None = None
) -> Beginning:
    """Begin the service's witness with what the record's checkpoints say, and sign that it was.

    `copies` are copies of the lost one, of any age, which the record must match. Raises GateRefused
    where there is a witness, nothing was signed, or the record does not hold otherwise.
    """
    path, last = witness.own_witness(), signing.last_checkpoint()
    lost = witness.first_fault(path, record.trusted_keys(), own=True)
    if last is None or lost is None or witness.holds_lines(path):
        raise GateRefused(
            f"the witness {path} is not lost" if last else "nothing was signed yet",
            mend="see `equipoise record verify`; where the file is damaged, take it from a copy, "
            "or else move it away and keep it",
        )
    signing.check_signer(record.signing_key())
    wrong = [each for each in verify_record(copies, progress=progress).faults if each != lost]
    if wrong:
        raise GateRefused(
            f"the record does not hold without its witness: {wrong[0].what}",
            mend="no witness is begun over that; see `equipoise record verify`",
        )
    begun = Beginning(last.number, last.upto, reason)
    with transaction.atomic():
        event = WitnessBegun(
            checkpoint=begun.checkpoint, entry=begun.entry, reason=reason, by=_OWNER
        )
        record.append(record.event(witness.CHAIN, event))
    _write(path)
    signing.make_checkpoints()
    return begun


def _write(path: Path) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with part.open("wb") as file:
        part.chmod(keyfiles.PRIVATE_FILE)
        file.writelines(each.line().encode() for each in witness.stored())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    keyfiles.sync_folder(path.parent)
