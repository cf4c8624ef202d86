"""The very first publication, when there are no two people yet who could look at it.

Four eyes need two people, and on a first start there is one at most. So an empty registry, and
only an empty one, takes the workspace's own sealed strategy into force by itself, and the other
products that are sealed beside it. It is recorded as what it is: an event of its own kind by
`system.bootstrap`, approved by nobody. Every later version goes the whole way from draft to
published, by author and approver.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from equipoise.authority.gates import GateResult, refuse
from equipoise.authority.lifecycle import Move, State
from equipoise.errors import EquipoiseError, GateRefused
from equipoise.service.contexts.registry import default
from equipoise.service.contexts.registry.events import Bootstrapped
from equipoise.service.contexts.registry.models import Pointer, Publication, Version
from equipoise.service.contexts.registry.reading import VersionSummary, is_empty, summary
from equipoise.service.contexts.registry.sealed import Identity, identify
from equipoise.service.contexts.registry.telling import chain_of
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.record import services as record

_log = log("registry")
BY = "system.bootstrap"
REASON = "first start: taken from the workspace, approved by nobody, as there are no two people yet"


def publish_first(
    paths: Sequence[Path], proved: Callable[[bytes], GateResult]
) -> list[VersionSummary]:
    """Put sealed files of different strategies in force, each once it is `proved` to be able to
    decide; all at once, the first as the default.

    One of the others that cannot decide is left out. Raises NotPassed where the first cannot,
    GateRefused where the registry holds anything already, BadInput where it is no sealed strategy.
    """
    first, *others = paths
    sound = [_proved(first, proved), *filter(None, (_tried(each, proved) for each in others))]
    with transaction.atomic():
        if not is_empty():
            raise GateRefused(
                "the registry holds strategies already",
                mend="take the file in as a draft, and let someone else approve it",
            )
        made = [_in_force(each) for each in sound]
        default.first_published(made[0].strategy, BY)
    return [summary(each.pk) for each in made]


@dataclass(frozen=True, slots=True)
class _Sound:
    """A sealed file that can decide."""

    raw: bytes
    identity: Identity
    gates: list[GateResult]


def _proved(path: Path, proved: Callable[[bytes], GateResult]) -> _Sound:
    raw = path.read_bytes()
    identity = identify(raw)
    gates = [proved(raw)]
    refuse(gates)
    return _Sound(raw, identity, gates)


def _tried(path: Path, proved: Callable[[bytes], GateResult]) -> _Sound | None:
    try:
        return _proved(path, proved)
    except EquipoiseError as error:
        _log.warning("a product is not put in force", exc_info=error)
        return None


def _in_force(sound: _Sound) -> Version:
    """Write it down, within the caller's transaction."""
    version = Version.objects.create(
        strategy=sound.identity.strategy,
        number=1,
        label=sound.identity.label[:80],
        digest=sound.identity.digest,
        content=sound.raw,
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
        gates=[each.summary() for each in sound.gates],
    )
    pointer = Pointer.objects.create(strategy=version.strategy, version=version, serial=1)
    event = Bootstrapped(
        number=1,
        serial=1,
        digest=version.digest,
        by=BY,
        reason=REASON,
        gates=[each.as_dict() for each in sound.gates],
    )
    chain, rows = chain_of(version.strategy), (version, publication, pointer)
    record.append(record.event(chain, event, begins=True, rows=rows))
    return version
