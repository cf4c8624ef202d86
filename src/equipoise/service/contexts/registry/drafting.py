"""Taking a sealed strategy's file in, as the next draft of its strategy."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max

from equipoise.errors import BadInput
from equipoise.service.contexts.registry.events import Drafted
from equipoise.service.contexts.registry.models import Version
from equipoise.service.contexts.registry.read_aside import read_aside
from equipoise.service.contexts.registry.sealed import Identity, as_sealed, identify
from equipoise.service.contexts.registry.telling import signed, tell
from equipoise.service.platform.accounts.owners import authors_by
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.api.short_text import check_plain


def add_draft(raw: bytes, by: Principal) -> Version:
    """Take in a sealed strategy's file. Raises BadInput where it is none, or is here already."""
    raw = as_sealed(raw)
    return _added(raw, identify(raw), by)


def add_file(raw: bytes, by: Principal) -> Version:
    """The same of a file as somebody has it, which is read aside within bounds. Raises GateRefused
    where it cannot be."""
    return _added(*read_aside(raw), by)


def _added(raw: bytes, identity: Identity, by: Principal) -> Version:
    check_plain(identity.strategy, "name")
    for _ in range(3):  # another draft may take the number meanwhile
        try:
            return _add(raw, identity, by)
        except IntegrityError:
            if Version.objects.filter(strategy=identity.strategy, digest=identity.digest).exists():
                break
    raise BadInput(
        f"this very strategy is in the registry, under the digest {identity.digest[:12]}…",
        field="digest",
    )


def _add(raw: bytes, identity: Identity, by: Principal) -> Version:
    with transaction.atomic():
        authors = authors_by(by)
        versions = Version.objects.filter(strategy=identity.strategy)
        number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = Version.objects.create(
            strategy=identity.strategy,
            number=number,
            label=identity.label[:80],
            digest=identity.digest,
            content=raw,
            authors=authors,
        )
        tell(version, Drafted(**signed(version, by)))
    return version
