"""The very first publication, when there are no two people yet who could look at it.

Four eyes need two people, and on a first start there is one at most. So an empty registry, and
only an empty one, takes the workspace's own sealed strategy into force by itself. It is recorded
as what it is: an event of its own kind by `system.bootstrap`, approved by nobody. Every later
version goes the whole way from draft to published, by author and approver.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from equipoise.authority.gates import GateResult, refuse
from equipoise.authority.lifecycle import Move, State
from equipoise.errors import GateRefused
from equipoise.service.contexts.registry import default
from equipoise.service.contexts.registry.events import Bootstrapped
from equipoise.service.contexts.registry.models import Pointer, Publication, Version
from equipoise.service.contexts.registry.reading import VersionSummary, is_empty, summary
from equipoise.service.contexts.registry.sealed import identify
from equipoise.service.contexts.registry.telling import chain_of
from equipoise.service.platform.record import services as record

BY = "system.bootstrap"
REASON = "first start: taken from the workspace, approved by nobody, as there are no two people yet"


def publish_first(path: Path, proved: Callable[[bytes], GateResult]) -> VersionSummary:
    """Put the sealed file in force, once it is `proved` to be able to decide. Raises NotPassed
    where it is not, GateRefused where the registry holds anything already, BadInput where the file
    is no sealed strategy."""
    raw = path.read_bytes()
    identity = identify(raw)
    gates = [proved(raw)]
    refuse(gates)
    with transaction.atomic():
        if not is_empty():
            raise GateRefused(
                "the registry holds strategies already",
                mend="take the file in as a draft, and let someone else approve it",
            )
        version = Version.objects.create(
            strategy=identity.strategy,
            number=1,
            label=identity.label[:80],
            digest=identity.digest,
            content=raw,
            state=State.PUBLISHED.value,
            authors=[BY],
        )
        publication = Publication.objects.create(
            strategy=version.strategy,
            serial=1,
            move=Move.PUBLISH.value,
            version=version,
            by=BY,
            reason=REASON,
            gates=[each.summary() for each in gates],
        )
        pointer = Pointer.objects.create(strategy=version.strategy, version=version, serial=1)
        event = Bootstrapped(
            number=1,
            serial=1,
            digest=version.digest,
            by=BY,
            reason=REASON,
            gates=[each.as_dict() for each in gates],
        )
        chain, rows = chain_of(version.strategy), (version, publication, pointer)
        record.append(record.event(chain, event, begins=True, rows=rows))
        default.first_published(version.strategy, BY)
    return summary(version.pk)
