"""What the rest of the service does with the ledger: append, read, sign, verify."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connections, transaction

from equipoise.errors import BadInput, Span
from equipoise.service.keyfiles import SIGNING_KEY
from equipoise.service.ledger import checkpoint as pure
from equipoise.service.ledger.chain import Entry, canonical
from equipoise.service.ledger.models import Checkpoint, Event
from equipoise.service.ledger.settling import settled
from equipoise.service.ledger.shared import verify_shared
from equipoise.service.ledger.store import Append, now_micros, write_events
from equipoise.service.ledger.verifying import Verdict, entries_digest, heads_of
from equipoise.service.ledger.writer import Writer

WITNESS = "witness.jsonl"
_TAIL = 65_536  # bytes: many lines
_LEADERS = {"postgresql": 8}  # commits at a time; SQLite has one writer


@cache
def writer() -> Writer:
    """This process's group-commit writer."""
    leaders = _LEADERS.get(connections["default"].vendor, 1)
    return Writer(patience=2 * settings.CONFIGURATION.database_patience, leaders=leaders)


def event(chain: str, kind: str, data: Mapping[str, Any], *, begins: bool = False) -> Append:
    """An event to hand to `append` or the writer. No personal field may stand in `data` unsealed.

    `begins` says that the chain is new, which spares a look-up.
    """
    return Append(chain, kind, canonical(data), begins)


def append(*events: Append) -> list[Entry]:
    """Append inside the caller's transaction; the entries stand or fall with it."""
    connection = connections["default"]
    if not connection.in_atomic_block:
        raise RuntimeError("events belong into the transaction of what they tell")
    return write_events(connection, events)


def history(chain: str) -> list[Entry]:
    """All entries of a chain, in order."""
    columns = ("chain", "place", "at", "kind", "body", "prev", "hash")
    rows = Event.objects.filter(chain=chain).order_by("place").values_list(*columns)
    return [Entry(*row[:4], *(bytes(value) for value in row[4:])) for row in rows]


def signing_key() -> Ed25519PrivateKey:
    """The key under which checkpoints are signed. Raises BadInput where it is missing or none."""
    return read_signing_key(SIGNING_KEY.text(settings.CONFIGURATION))


def read_signing_key(text: str) -> Ed25519PrivateKey:
    """A key that signs checkpoints, from its hex digits. Raises BadInput where it is none."""
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
    except ValueError:
        raise BadInput(
            "the key that signs checkpoints is not 64 hex digits",
            where=Span(str(SIGNING_KEY.path(settings.CONFIGURATION))),
            field=SIGNING_KEY.variable,
            mend="take it from a backup",
        ) from None


def public_key() -> str:
    """What a witness needs to check our signature, as hex."""
    return signing_key().public_key().public_bytes_raw().hex()


def make_checkpoints(witness: Path | None = None) -> list[pure.Checkpoint]:
    """Sign everything since the last checkpoint; none where nothing happened.

    Each is also a line of `witness` (by default in the workspace), the file to copy elsewhere.
    May be run by several processes: a checkpoint's number is taken once.
    """
    made: list[pure.Checkpoint] = []
    key = signing_key()
    while (new := _next_checkpoint(key)) is not None:
        made.append(new)
    path = witness or Path(settings.CONFIGURATION.folder) / WITNESS
    if made or path.exists():
        _tell_witness(path)
    return made


def verify_ledger(witnessed: Iterable[pure.Checkpoint] = (), *, processes: int = 1) -> Verdict:
    """Read the whole ledger once and check it; see `verifying.verify`.

    More `processes` than one must not be asked for inside a transaction, nor by a process that
    serves: it is forked.
    """
    lines = Checkpoint.objects.order_by("number").values_list("line", flat=True)
    checkpoints = [pure.read_line(line) for line in lines]
    return verify_shared(checkpoints, [public_key()], witnessed, processes)


def read_witness(path: Path) -> list[pure.Checkpoint]:
    """The checkpoints in a witness's file."""
    with path.open(encoding="utf-8") as file:
        return [pure.read_line(line) for line in file if line.strip()]


def _tell_witness(path: Path) -> None:
    """Add every checkpoint that the file lacks: whoever made one may have been killed before it
    was written there, or in the middle of its line."""
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        told = _last_told(file)
        lines = Checkpoint.objects.filter(number__gt=told).order_by("number")
        file.writelines(line.encode() for line in lines.values_list("line", flat=True))
        file.flush()
        os.fsync(file.fileno())


def _last_told(file: BinaryIO) -> int:
    """The number of the last whole line; what is broken off after it is cut away."""
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - _TAIL))
    tail = file.read()
    end = tail.rfind(b"\n") + 1
    file.truncate(start + end)
    return pure.read_line(tail[:end].splitlines()[-1].decode()).number if end else 0


def _next_checkpoint(key: Ed25519PrivateKey) -> pure.Checkpoint | None:
    upto = settled()
    if upto is None:
        return None
    with transaction.atomic():
        last = _last_checkpoint()
        number, after, prev = (last.number + 1, last.upto, last.digest) if last else (1, 0, "")
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT MAX(sequence) FROM (SELECT sequence FROM ledger_event WHERE sequence > %s "
                f"AND sequence <= %s ORDER BY sequence LIMIT {pure.MOST_EVENTS}) AS part",
                [after, upto],
            )
            upto = cursor.fetchone()[0] or after
        if upto == after:
            return None
        columns = ("sequence", "chain", "place", "at", "kind", "kind", "prev", "hash")
        found = Event.objects.filter(sequence__gt=after, sequence__lte=upto).order_by("sequence")
        rows: list[Any] = [
            (*row[:6], bytes(row[6]), bytes(row[7])) for row in found.values_list(*columns)
        ]
        heads = heads_of(rows)
        plain = pure.Checkpoint(
            number=number,
            at=now_micros(),
            after=after,
            upto=upto,
            events=len(rows),
            chains=len(heads),
            heads=pure.heads_digest(heads),
            entries=entries_digest(rows),
            prev=prev,
        )
        signed = pure.signed(plain, key)
        Checkpoint.objects.create(number=number, line=signed.line())
    return signed


def _last_checkpoint() -> pure.Checkpoint | None:
    line = Checkpoint.objects.order_by("-number").values_list("line", flat=True).first()
    return pure.read_line(line) if line else None
