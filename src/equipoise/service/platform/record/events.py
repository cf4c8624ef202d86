"""What happens to the record itself: what it is of, applicants erased, its witness begun anew, its
keys."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from equipoise.record.events import Event, Signed, event


@event("service.begun", 1)
class ServiceBegun(Event, frozen=True, kw_only=True):
    """The record is that of a `demo` or of a `rehearsal`: nobody in it is real. It is the first
    entry of such a record, and stands in no other."""

    nature: str


@event("service.begun", 2)
class RehearsalBegun(Event, frozen=True, kw_only=True, tag_field="v", tag=2):
    """The record is that of a `rehearsal` whose time runs `speed` times as fast as the system's,
    from the moment of this entry on. It is the first entry of such a record, and stands in no
    other."""

    nature: str
    speed: int


@event("subject.erased", 1)
class SubjectErased(Signed, frozen=True, kw_only=True):
    """The key of the chain's applicant was destroyed: nothing sealed in it can be read."""

    reason: str


@event("witness.begun", 1)
class WitnessBegun(Signed, frozen=True, kw_only=True):
    """The witness was begun anew after a checkpoint, whose last entry is `entry`."""

    checkpoint: int
    entry: int
    reason: str


class Vouching(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a signing key says of the one before, under its signature: that it signed up to the
    checkpoint `upto` (0: none), whose digest is `digest`. Keys and signature are hex."""

    former: str
    key: str
    upto: int
    digest: str
    signature: str


class KeysTold(Event, frozen=True, kw_only=True):
    """Which secrets the database needs from now on: fingerprints, by their names."""

    fingerprints: Mapping[str, str]


@event("custody.replaced", 1)
class CustodyReplaced(KeysTold, frozen=True, kw_only=True):
    """A secret of the service was replaced; of a signing key the new one vouches for the former."""

    former: str
    by: str
    reason: str
    vouches: Vouching | None = None


@event("record.verified", 1)
class RecordVerified(Signed, frozen=True, kw_only=True):
    """The whole record was read and checked, as somebody asked on a page: so many `entries`, of
    which checkpoints cover those up to `signed`; so many faults (`bad`) of entries, checkpoints and
    witness, and `rows` of other tables that are not as the record tells."""

    entries: int
    checkpoints: int
    signed: int
    unsigned: int
    bad: int
    rows: int
