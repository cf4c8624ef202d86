"""Holding the secrets that are here against those that the database needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from equipoise.errors import BadInput, Span
from equipoise.service import keyfiles
from equipoise.service.accounts.models import User
from equipoise.service.custody import fingerprints
from equipoise.service.custody.fingerprints import INDEX_KEY, version_of
from equipoise.service.custody.models import Fingerprint
from equipoise.service.custody.recorded import CHAIN, recorded
from equipoise.service.ledger import services as ledger
from equipoise.service.ledger.models import Event
from equipoise.service.operations.health import Amiss

_MEND = (
    "mount the folder that the service was started in, take `service/` from its backup, or give "
    "the keys that it was started with; `equipoise keys list` shows which"
)


def known() -> dict[str, str]:
    """By name, the fingerprints of the secrets that this database needs; none if it is new."""
    return dict(Fingerprint.objects.values_list("name", "digest"))


def begin() -> None:
    """Note every secret that is here as those of this database, which holds nothing yet.

    Inside the caller's transaction. Raises BadInput where one cannot be read.
    """
    for fault in fingerprints.damaged():
        raise fault
    present = fingerprints.present()
    _note(present)
    ledger.append(ledger.event(CHAIN, "custody.begun", {"fingerprints": present}, begins=True))


def check() -> None:
    """Raise BadInput unless every secret that the database needs is here, and the same one.

    A newer version of the master keys is noted, in the record too.
    """
    for fault in fingerprints.damaged():
        raise fault
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
            ledger.append(ledger.event(CHAIN, "custody.added", {"fingerprints": added}))


def is_empty() -> bool:
    """Whether the database holds nothing that was made under a key."""
    return not (known() or Event.objects.exists() or User.objects.exists())


def use_kept_secret() -> None:
    """Sign with the secret that is kept, where settings were read before it was made."""
    settings.SECRET_KEY = keyfiles.SECRET_KEY.text(settings.CONFIGURATION)


def look() -> Amiss | None:
    """For readiness: whether this process has the secrets that the database needs by now."""
    faults = faults_of(known(), fingerprints.present())
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


def _called(name: str) -> str:
    secret = fingerprints.kept_as(name)
    if name == INDEX_KEY:
        return f"{name} (made from the oldest master key)"
    return f"{name} (service/{secret.file}, or {secret.variable})"


def _note(digests: Mapping[str, Any]) -> None:
    Fingerprint.objects.bulk_create(
        Fingerprint(name=name, digest=digest) for name, digest in digests.items()
    )
