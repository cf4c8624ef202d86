"""Applicants' keys: made with the first application, found by blind index, destroyed on request."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from equipoise.errors import Span
from equipoise.service.keyfiles import MASTER_KEYS
from equipoise.service.ledger import services
from equipoise.service.ledger.bulk import many_rows
from equipoise.service.ledger.models import Subject, SubjectIndex
from equipoise.service.ledger.personal import (
    Erased,
    Keyring,
    Unreadable,
    WrappedKey,
    opened_fields,
    sealed_fields,
)

PERSONAL_TABLES = ("ledger_subject", "ledger_subjectindex", "decisions_request")
_ERASED = "the applicant was erased, and nothing of theirs can be read"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Personal fields ready to be recorded: `body` for the event, `rows` for the writer."""

    subject: str
    body: dict[str, Any]
    rows: tuple[models.Model, ...]


@cache
def keyring() -> Keyring:
    """The master keys: from the environment, else from the workspace.

    Raises Unreadable where there are none, BadInput where they make no sense.
    """
    configuration = settings.CONFIGURATION
    if not MASTER_KEYS.is_here(configuration):
        raise Unreadable(
            "the master keys are not here",
            where=Span(str(MASTER_KEYS.path(configuration))),
            mend=f"take them from a backup, or give them as {MASTER_KEYS.variable}",
        )
    return Keyring.read(MASTER_KEYS.text(configuration))


def new_id(prefix: str) -> str:
    """An identifier that sorts by time (so that indexes grow at their end) and cannot be guessed:
    48 bits of milliseconds, 80 of chance."""
    return f"{prefix}-{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def first_id(prefix: str, moment: datetime) -> str:
    """What sorts before every identifier of that moment and after those before it."""
    return f"{prefix}-{int(moment.timestamp() * 1000):012x}"


def seal_new(fields: Mapping[str, Any], index: Mapping[str, str] | None = None) -> Sealed:
    """A new applicant: their fields sealed under a new key, findable by what `index` names."""
    subject = new_id("person")
    ring = keyring()
    key, kept = ring.new_key(subject)
    row = Subject(id=subject, version=kept.version, master=kept.master, wrapped=kept.wrapped)
    body = sealed_fields(key, kept.version, subject, fields)
    return Sealed(subject, body, (row, *_found_by(row, index or {})))


def seal_for(
    subject: str, fields: Mapping[str, Any], index: Mapping[str, str] | None = None
) -> Sealed:
    """More fields of a known applicant, under their key, findable by what `index` names too.
    Raises Unreadable after erasure."""
    row = Subject.objects.get(id=subject)
    body = sealed_fields(_key(row), row.version, subject, fields)
    new = _found_by(row, index or {})
    if new:
        known = SubjectIndex.objects.filter(subject=row).values_list("field", "digest")
        before = {(name, bytes(digest)) for name, digest in known}
        new = [each for each in new if (each.field, each.digest) not in before]
    return Sealed(subject, body, tuple(new))


def _found_by(row: Subject, index: Mapping[str, str]) -> list[SubjectIndex]:
    ring = keyring()
    return [
        SubjectIndex(subject=row, field=name, digest=ring.blind(name, value))
        for name, value in index.items()
    ]


def open_sealed(body: Mapping[str, Any]) -> dict[str, Any]:
    """The personal fields of an event. Raises Unreadable where the applicant was erased."""
    return opened(Subject.objects.filter(id=str(body.get("subject", ""))).first(), body)


def opened(row: Subject | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """The personal fields of an event of that applicant. Raises Unreadable."""
    if row is None:
        raise Unreadable("there is no such applicant")
    return opened_fields(_key(row), body)


def refuse_erased(subject: str) -> None:
    """Raises Unreadable where the applicant was erased, or is none."""
    if not Subject.objects.filter(id=subject, wrapped__isnull=False).exists():
        raise Erased(_ERASED)


def find(field: str, value: str, most: int | None = None) -> list[str]:
    """The applicants who gave this value for the field, so many at most."""
    digest = keyring().blind(field, value)
    found = SubjectIndex.objects.filter(field=field, digest=digest).order_by("id")
    return [str(subject) for subject in found.values_list("subject_id", flat=True)[:most]]


def found_by(digests: Collection[bytes]) -> list[str]:
    """The applicants filed under any of these blind indexes, the oldest first."""
    rows = SubjectIndex.objects.filter(digest__in=list(digests)).values_list("subject_id")
    return sorted({str(row[0]) for row in rows})


def sharing(named: Collection[str]) -> list[str]:
    """Other applicants who are filed under a value that one of these is filed under."""
    rows = SubjectIndex.objects.filter(subject__in=list(named)).values_list("digest", flat=True)
    return sorted({*found_by({bytes(each) for each in rows})} - {*named})


def traces(named: Collection[str]) -> list[bytes]:
    """What of these applicants stands in the database, as bytes: wrapped keys, blind indexes."""
    keys = Subject.objects.filter(id__in=list(named), wrapped__isnull=False)
    rows = SubjectIndex.objects.filter(subject__in=list(named))
    both = (*keys.values_list("wrapped", flat=True), *rows.values_list("digest", flat=True))
    return [bytes(each) for each in both]


def readable(named: Collection[str]) -> list[str]:
    """Which of these applicants are not erased."""
    rows = Subject.objects.filter(id__in=list(named), wrapped__isnull=False)
    return list(rows.order_by("id").values_list("id", flat=True))


def erased() -> Iterator[tuple[str, datetime]]:
    """Everybody who was erased, and when."""
    rows = Subject.objects.filter(erased_at__isnull=False).order_by("id")
    yield from rows.values_list("id", "erased_at").iterator()


def erase(subject: str, by: str, reason: str) -> None:
    """Destroy the applicant's key and index, and record that. What was sealed stays, unreadable.

    Doing it again changes nothing. Backups keep the wrapped key until they expire.
    """
    with transaction.atomic():
        row = Subject.objects.select_for_update().get(id=subject)
        if row.wrapped is None:
            return
        SubjectIndex.objects.filter(subject=row).delete()
        row.wrapped, row.erased_at = None, timezone.now()
        row.save(update_fields=["wrapped", "erased_at"])
        services.append(services.event(subject, "subject.erased", {"by": by, "reason": reason}))


def rewrap(at_once: int = 1000) -> Iterator[int]:
    """Wrap under the newest master key what older ones wrap, so many applicants' keys in each
    transaction; yields how many were. Raises Unreadable where an older master key is missing."""
    ring, last = keyring(), ""
    while True:
        older = Subject.objects.filter(master__lt=ring.newest, wrapped__isnull=False)
        after = older.filter(id__gt=last).order_by("id")
        found = list(after.values_list("id", flat=True)[:at_once])
        if not found:
            return
        with transaction.atomic():  # only now: to look for them takes no lock
            rows = older.select_for_update().filter(id__in=found)
            anew = [(row.id, ring.wrap(row.id, row.version, _key(row))) for row in rows]
            with many_rows(connection) as into:
                into.update(
                    Subject._meta.db_table,
                    {"master": "integer", "wrapped": "bytea", "id": "text"},
                    [(kept.master, kept.wrapped, subject) for subject, kept in anew],
                )
        last = found[-1]
        yield len(anew)


def _key(row: Subject) -> bytes:
    if row.wrapped is None:
        raise Erased(_ERASED)
    return keyring().unwrap(row.id, WrappedKey(row.version, row.master, bytes(row.wrapped)))
