"""Holding the secrets that are here against those that the database needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from equipoise.errors import BadInput, EquipoiseError, Span
from equipoise.service.platform import keyfiles
from equipoise.service.platform.accounts.reading import anybody
from equipoise.service.platform.custody import fingerprints
from equipoise.service.platform.custody.events import CustodyAdded, CustodyBegun
from equipoise.service.platform.custody.fingerprints import INDEX_KEY, version_of
from equipoise.service.platform.custody.models import Fingerprint
from equipoise.service.platform.custody.recorded import CHAIN, recorded
from equipoise.service.platform.operations.health import Amiss
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.reading import is_empty as nothing_recorded
from equipoise.service.platform.record.subjects import keyring

_MEND = (
    "mount the folder that the service was started in, take `service/` from its backup, or give "
    "the keys that it was started with; `equipoise keys list` shows which"
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key that the database needs, or that is here. `state` is `fits`, `new`, `missing` or
    `another`; `source` where it is looked for."""

    name: str
    state: str
    fingerprint: str
    source: str

    @property
    def fits(self) -> bool:
        """Whether a start would take it."""
        return self.state in ("fits", "new")

    def as_dict(self) -> dict[str, str]:
        """As plain data, for `--json`."""
        return asdict(self)


def list_keys() -> list[Key]:
    """Every key that the database needs, and those here that it does not know yet."""
    needed, present = known(), fingerprints.present()
    return [
        Key(name, _state(name, needed, present), needed.get(name, present.get(name, "")), _at(name))
        for name in {**needed, **present}
    ]


def known() -> dict[str, str]:
    """By name, the fingerprints of the secrets that this database needs; none if it is new."""
    return dict(Fingerprint.objects.values_list("name", "digest"))


def begin() -> None:
    """Note every secret that is here as those of this database, which holds nothing yet.

    Inside the caller's transaction. Raises BadInput where one makes no sense.
    """
    present = fingerprints.present()
    _note(present)
    record.append(record.event(CHAIN, CustodyBegun(fingerprints=present), begins=True))


def check() -> None:
    """Raise BadInput unless every secret that the database needs is here, and the same one.

    A newer version of the master keys is noted, in the record too.
    """
    needed, present = known(), fingerprints.present()
    faults = faults_of(needed, present)
    if needed != recorded():
        faults.append("the fingerprints in the database are not those in its record")
    if faults:
        raise BadInput(
            "; ".join(faults), where=Span(str(settings.CONFIGURATION.folder)), mend=_MEND
        )
    added = {name: digest for name, digest in present.items() if name not in needed}
    if added:
        with transaction.atomic():
            _note(added)
            record.append(record.event(CHAIN, CustodyAdded(fingerprints=added)))


def is_empty() -> bool:
    """Whether the database holds nothing that was made under a key."""
    return nothing_recorded() and not (known() or anybody())


def use_kept_secrets() -> None:
    """Work with the secrets as they are kept by now: settings may have been read before."""
    settings.SECRET_KEY = keyfiles.SECRET_KEY.text(settings.CONFIGURATION)
    keyring()


def look() -> Amiss | None:
    """For readiness: whether the secrets that the database needs by now are here."""
    try:
        faults = faults_of(known(), fingerprints.present())
    except EquipoiseError as error:
        faults = [error.message]
    return Amiss("; ".join(faults), stops=True) if faults else None


def faults_of(needed: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """In words, which of the secrets needed are missing or others, and which cannot be new."""
    faults = []
    for name, digest in needed.items():
        if name not in present:
            faults.append(f"{_called(name)} is not here")
        elif present[name] != digest:
            faults.append(f"{_called(name)} is another than the database was begun with")
    oldest = min(filter(None, map(version_of, needed)), default=None)
    newest = max(filter(None, map(version_of, needed)), default=0)
    for name in present:
        version = version_of(name)
        if needed and name not in needed and version and version < newest:
            what = "older than the oldest" if oldest and version < oldest else "between known ones"
            faults.append(f"{_called(name)} was never there, and is {what}")
    # The index key is made from the oldest master key: that one is named already.
    named = [each for each in faults if not each.startswith(INDEX_KEY)]
    return named or faults


def _state(name: str, needed: Mapping[str, str], present: Mapping[str, str]) -> str:
    if name not in needed:
        return "new"
    if name not in present:
        return "missing"
    return "fits" if present[name] == needed[name] else "another"


def _called(name: str) -> str:
    return f"{name} ({_at(name)})"


def _at(name: str) -> str:
    secret = fingerprints.kept_as(name)
    if name == INDEX_KEY:
        return "made from the oldest master key"
    if secret.by_environment(settings.CONFIGURATION):
        return secret.variable
    here = secret.is_here(settings.CONFIGURATION)
    return f"service/{secret.file}" + ("" if here else f", or {secret.variable}")


def _note(digests: Mapping[str, Any]) -> None:
    Fingerprint.objects.bulk_create(
        Fingerprint(name=name, digest=digest) for name, digest in digests.items()
    )
