"""Applicants' keys: each application's chain has one of its own, found by blind index and destroyed
on request."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from equipoise.errors import Span
from equipoise.record.events import Event, body_of
from equipoise.record.personal import (
    Erased,
    Keyring,
    Unreadable,
    WrappedKey,
    opened_fields,
    opened_file,
    sealed_fields,
    sealed_file,
)
from equipoise.service.platform import clock
from equipoise.service.platform.keyfiles import MASTER_KEYS
from equipoise.service.platform.record import services
from equipoise.service.platform.record.bulk import many_rows
from equipoise.service.platform.record.events import SubjectErased
from equipoise.service.platform.record.models import BlindIndex, Chain
from equipoise.service.platform.record.store import Append

PERSONAL_TABLES = (
    *("record_chain", "record_blindindex", "decisions_decision", "outbox_message"),
    *("drafts_draft", "complaints_complaint", "conversations_handedover", "disposals_disposal"),
)
_ERASED = "the applicant was erased, and nothing of theirs can be read"
_NOBODY = "there is no such applicant"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Personal fields ready to be recorded in their chain: `body` stands in the event, the rest
    goes with it (see `store.Append`)."""

    chain: str
    body: dict[str, Any]
    key: WrappedKey | None = None
    blind: bytes | None = None
    found_by: tuple[bytes, ...] = ()

    def event(self, what: Event) -> Append:
        """The event to hand to the writer; it begins the chain where that has no key yet."""
        key, begins = self.key, self.key is not None
        body = body_of(what)
        return Append(self.chain, what.kind, body, begins, key, self.blind, self.found_by)


@dataclass(frozen=True, slots=True)
class Subject:
    """An applicant, as their chain knows them: the key to what is sealed in it, None once they were
    erased, and by what they are found again (`Keyring.blind`)."""

    chain: str
    key: WrappedKey | None = field(repr=False)
    blind: bytes | None = field(repr=False)


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


def blind(name: str, value: str) -> bytes:
    """A keyed digest of a value, under a name: equal for equal values, and readable by nobody."""
    return keyring().blind(name, value)


def new_id(prefix: str) -> str:
    """An identifier that sorts by time (so that indexes grow at their end) and cannot be guessed:
    48 bits of milliseconds, 80 of chance."""
    return f"{prefix}-{clock.micros() // 1000:012x}{secrets.token_hex(10)}"


def first_id(prefix: str, moment: datetime) -> str:
    """What sorts before every identifier of that moment and after those before it."""
    return f"{prefix}-{int(moment.timestamp() * 1000):012x}"


def seal_new(
    chain: str,
    fields: Mapping[str, Any],
    blind: bytes | None = None,
    index: Mapping[str, str] | None = None,
) -> Sealed:
    """The fields under a new key, of a chain that they begin. The applicant is found again by
    `blind` (see `Keyring.blind`), and can be searched for by what `index` names besides."""
    ring = keyring()
    key, wrapped = ring.new_key(chain)
    body = sealed_fields(key, wrapped.version, chain, fields)
    others = (ring.blind(*each) for each in (index or {}).items())
    return Sealed(chain, body, wrapped, blind, tuple(each for each in others if each != blind))


def seal_for(
    subject: Subject, fields: Mapping[str, Any], index: Mapping[str, str] | None = None
) -> Sealed:
    """More fields of a known applicant, under their chain's key, findable by what `index` names
    too. Raises Unreadable after erasure."""
    body = sealed_fields(_key(subject), _version(subject), subject.chain, fields)
    new = {keyring().blind(*each) for each in (index or {}).items()}
    if new:
        known = BlindIndex.objects.filter(chain=subject.chain).values_list("digest", flat=True)
        new -= {bytes(each) for each in (*known, *filter(None, [subject.blind]))}
    return Sealed(subject.chain, body, found_by=tuple(sorted(new)))


def held(chain: str) -> Subject:
    """The chain's applicant; whoever holds them is alone with the chain until the commit. Raises
    DoesNotExist."""
    return _subject(Chain.objects.select_for_update().get(chain=chain))


def several(chains: Collection[str]) -> Mapping[str, Subject]:
    """The applicants of these chains, by chain."""
    rows = Chain.objects.in_bulk(list(chains))
    return {chain: _subject(row) for chain, row in rows.items()}


def open_sealed(body: Mapping[str, Any]) -> dict[str, Any]:
    """The personal fields of an event. Raises Unreadable where the applicant was erased."""
    row = Chain.objects.filter(pk=str(body.get("subject", ""))).first()
    return opened(_subject(row) if row else None, body)


def opened(subject: Subject | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """The personal fields of an event of that applicant's chain. Raises Unreadable."""
    if subject is None:
        raise Unreadable(_NOBODY)
    return opened_fields(_key(subject), body)


def seal_file(subject: Subject, name: str, content: bytes) -> bytes:
    """What a file of a known applicant holds, under their chain's key; it opens under that `name`
    alone. Raises Unreadable after erasure."""
    return sealed_file(_key(subject), _version(subject), subject.chain, name, content)


def open_file(subject: Subject, name: str, sealed: bytes) -> bytes:
    """The same again. Raises Unreadable."""
    return opened_file(_key(subject), _version(subject), subject.chain, name, sealed)


def refuse_erased(chain: str) -> None:
    """Raises Erased where the chain's applicant was, Unreadable where there is none."""
    row = Chain.objects.filter(chain=chain).only("wrapped").first()
    if row is None:
        raise Unreadable(_NOBODY)
    if row.wrapped is None:
        raise Erased(_ERASED)


def find(field: str, value: str, most: int | None = None) -> list[str]:
    """The chains of whoever gave this value for the field, so many at most, the oldest first."""
    digest = keyring().blind(field, value)
    begun = Chain.objects.filter(blind=digest).values_list("chain")
    besides = BlindIndex.objects.filter(digest=digest).values_list("chain_id")
    return [str(row[0]) for row in begun.union(besides).order_by("chain")[:most]]


def found_by(digests: Collection[bytes]) -> list[str]:
    """The applicants filed under any of these blind indexes, the oldest first."""
    begun = Chain.objects.filter(blind__in=list(digests)).values_list("chain")
    besides = BlindIndex.objects.filter(digest__in=list(digests)).values_list("chain_id")
    return sorted({str(row[0]) for row in (*begun, *besides)})


def sharing(named: Collection[str]) -> list[str]:
    """Other applicants who are filed under a value that one of these is filed under."""
    return sorted({*found_by(_filed_under(named))} - {*named})


def traces(named: Collection[str]) -> list[bytes]:
    """What of these applicants stands in the database, as bytes: wrapped keys, blind indexes."""
    keys = Chain.objects.filter(chain__in=list(named), wrapped__isnull=False)
    wrapped = (bytes(each) for each in keys.values_list("wrapped", flat=True))
    return [*wrapped, *sorted(_filed_under(named))]


def in_use(digests: Collection[bytes]) -> set[bytes]:
    """Those of these blind indexes under which somebody is filed, who was not erased."""
    begun = Chain.objects.filter(blind__in=list(digests)).values_list("blind", flat=True)
    besides = BlindIndex.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
    return {bytes(each) for each in (*begun, *besides) if each is not None}


def _filed_under(named: Collection[str]) -> set[bytes]:
    begun = Chain.objects.filter(chain__in=list(named), blind__isnull=False)
    besides = BlindIndex.objects.filter(chain__in=list(named))
    rows = (*begun.values_list("blind", flat=True), *besides.values_list("digest", flat=True))
    return {bytes(each) for each in rows}


def readable(named: Collection[str]) -> list[str]:
    """Which of these applicants are not erased."""
    rows = Chain.objects.filter(chain__in=list(named), wrapped__isnull=False)
    return list(rows.order_by("chain").values_list("chain", flat=True))


def unreadable(named: Collection[str]) -> list[str]:
    """Which of these applicants are: erased, or never there."""
    return sorted({*named} - {*readable(named)})


def erased() -> Iterator[tuple[str, datetime]]:
    """Everybody who was erased, and when."""
    rows = Chain.objects.filter(erased_at__isnull=False).order_by("chain")
    for chain, at in rows.values_list("chain", "erased_at").iterator():
        if at is not None:
            yield chain, at


def erase(chain: str, by: str, reason: str) -> None:
    """Destroy the key and the indexes of the chain's applicant, and record that in the chain. What
    was sealed stays, unreadable.

    Doing it again changes nothing. Backups keep the wrapped key until they expire.
    """
    with transaction.atomic():
        row = Chain.objects.select_for_update().get(chain=chain)
        if row.wrapped is None:
            return
        BlindIndex.objects.filter(chain=row).delete()
        Chain.objects.filter(chain=chain).update(wrapped=None, blind=None, erased_at=clock.now())
        services.append(services.event(chain, SubjectErased(by=by, reason=reason)))


def rewrap(at_once: int = 1000) -> Iterator[int]:
    """Wrap under the newest master key what older ones wrap, so many applicants' keys in each
    transaction; yields how many were. Raises Unreadable where an older master key is missing."""
    ring, last = keyring(), ""
    while True:
        older = Chain.objects.filter(master__lt=ring.newest, wrapped__isnull=False)
        after = older.filter(chain__gt=last).order_by("chain")
        chains = list(after.values_list("chain", flat=True)[:at_once])
        if not chains:
            return
        with transaction.atomic():  # only now: to look for them takes no lock
            rows = older.select_for_update().filter(chain__in=chains)
            anew = [
                (row.chain, ring.wrap(row.chain, row.version or 0, _key(_subject(row))))
                for row in rows
            ]
            with many_rows(connection) as into:
                into.update(
                    Chain._meta.db_table,
                    {"master": "smallint", "wrapped": "bytea", "chain": "text"},
                    [(kept.master, kept.wrapped, chain) for chain, kept in anew],
                )
        last = chains[-1]
        yield len(anew)


def _subject(row: Chain) -> Subject:
    key = None
    if row.wrapped is not None and row.version is not None and row.master is not None:
        key = WrappedKey(row.version, row.master, bytes(row.wrapped))
    return Subject(row.chain, key, None if row.blind is None else bytes(row.blind))


def _key(subject: Subject) -> bytes:
    if subject.key is None:
        raise Erased(_ERASED)
    return keyring().unwrap(subject.chain, subject.key)


def _version(subject: Subject) -> int:
    return subject.key.version if subject.key else 0
