"""What a database keeps of rows that are gone, and how it is made to let go of it."""

from __future__ import annotations

from django.db import connection

from equipoise.service.platform.record.subjects import PERSONAL_TABLES

_POSTGRESQL = (
    "PostgreSQL: the tables were vacuumed, so the erased rows' space is free and will be written "
    "over; until then their bytes may stand in the files of the database. "
    "VACUUM FULL on them in a quiet hour (it locks them) writes the files anew.",
    "PostgreSQL: archived and unarchived WAL, replicas' disks and base backups hold what stood in "
    "the rows until they expire: erase it there by letting them, and apply the register of "
    "erasures after a restore.",
)
_SQLITE = (
    "Files that the disk itself has copied (snapshots, worn blocks of an SSD) are beyond us: "
    "encrypt the disk.",
)
_ALWAYS = (
    "Backups of before hold the keys, and your copies of batches' files hold rows, until you "
    "delete them; after a restore the command equipoise erase DIR --register FILE erases again.",
    "What was told to others stays theirs: answers and results that programs fetched, what "
    "webhooks' receivers asked for, messages that were sent.",
    "Whoever opted out of messages stays opted out, by a keyed digest of where they were written "
    "to that leads to nobody.",
)


def let_go(*, thoroughly: bool = False) -> str | None:
    """Have the database drop what it keeps of changed rows; why that was not possible yet, or None.

    `thoroughly` writes anew what may hold copies of moved rows.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {', '.join(PERSONAL_TABLES)}")
        return None
    with connection.cursor() as cursor:
        if thoroughly:
            for table in PERSONAL_TABLES:
                cursor.execute(f"REINDEX {table}")  # freed pages are overwritten: secure_delete
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    return "the database's log is being read by others; it is tried again" if busy else None


def rewrite() -> None:
    """SQLite: write the whole database anew, where nothing less has helped."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


def remarks() -> tuple[str, ...]:
    """What an erasure does not reach, said plainly."""
    return (*(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE), *_ALWAYS)
