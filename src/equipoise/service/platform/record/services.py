"""What the rest of the service does with the record: append to it, and read it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connections, models
from msgspec.structs import replace

from equipoise.errors import BadInput, Span
from equipoise.record.chain import Entry
from equipoise.record.events import Event, body_of
from equipoise.service.platform.keyfiles import SIGNING_KEY
from equipoise.service.platform.record import signers
from equipoise.service.platform.record.bulk import many_rows
from equipoise.service.platform.record.events import KeysTold
from equipoise.service.platform.record.reading import at, entries, has, history, in_chains, read
from equipoise.service.platform.record.rows import row_states
from equipoise.service.platform.record.store import Append, write_events
from equipoise.service.platform.record.writer import Writer

__all__ = [
    "append",
    "at",
    "entries",
    "event",
    "former_keys",
    "has",
    "history",
    "in_chains",
    "keys_told",
    "public_key",
    "read",
    "read_signing_key",
    "signing_key",
    "trusted_keys",
    "writer",
]
_LEADERS = {"postgresql": 8}  # commits at a time; SQLite has one writer


@cache
def writer() -> Writer:
    """This process's group-commit writer."""
    leaders = _LEADERS.get(connections["default"].vendor, 1)
    return Writer(patience=2 * settings.CONFIGURATION.database_patience, leaders=leaders)


def event(
    chain: str,
    what: Event,
    *,
    begins: bool = False,
    rows: Iterable[models.Model] = (),
    gone: Iterable[models.Model] = (),
) -> Append:
    """An event to hand to `append` or the writer. No personal field may stand in it unsealed.

    `begins` says that the chain is new, which spares a look-up. `rows` are those of other tables
    that it makes or changes, as they are then, and `gone` those it removes (see `rows`).
    """
    tables = row_states(rows, gone)
    said = replace(what, tables=tables) if tables else what
    return Append(chain, what.kind, body_of(said), begins)


def append(*events: Append) -> list[Entry]:
    """Append inside the caller's transaction; the entries stand or fall with it."""
    connection = connections["default"]
    if not connection.in_atomic_block:
        raise RuntimeError("events belong into the transaction of what they tell")
    with many_rows(connection) as into:
        return write_events(connection, into, events)


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


def keys_told() -> list[KeysTold]:
    """What the record says of the service's secrets, in order."""
    return [each.event for each in history(signers.CHAIN, KeysTold)]


def former_keys() -> list[signers.FormerKey]:
    """The keys that signed checkpoints before this one, as the record vouches for them."""
    return signers.former_keys(public_key(), keys_told())


def trusted_keys() -> list[str]:
    """Whose signatures of checkpoints count, as hex: the key's that is here, and former ones'."""
    return [public_key(), *(each.key for each in former_keys())]
