"""How strategies came to stand as they do, for whoever looks: what is in force, every move of it,
and each version's steps as the record tells them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from equipoise.authority.lifecycle import Move, given_up
from equipoise.authority.lifecycle import Moved as Step
from equipoise.record.events import Recorded
from equipoise.service.contexts.registry.events import (
    Approved,
    Bootstrapped,
    Checked,
    Gates,
    Published,
    Rejected,
    Retired,
    VersionEvent,
    Withdrawn,
)
from equipoise.service.contexts.registry.models import Default, Pointer, Publication, Version
from equipoise.service.contexts.registry.telling import chain_of
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    from equipoise.strategy import Content

_WITH_GATES = (Checked, Published, Bootstrapped)
_WITH_REASON = (Approved, Rejected, Retired, Published, Bootstrapped, Withdrawn)


@dataclass(frozen=True, slots=True)
class InForce:
    """A strategy that was ever published: the version in force (None: none is), the serial of its
    pointer's last move with by whom, why and when, and whether it is the default."""

    strategy: str
    version: int | None
    number: int | None
    serial: int
    by: str
    reason: str
    at: datetime
    trial: int | None
    default: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken with a version, as the record tells it."""

    kind: str
    by: str
    person: str
    at: datetime
    reason: str
    gates: Gates


@dataclass(frozen=True, slots=True)
class Moved:
    """A move of a strategy's pointer."""

    strategy: str
    serial: int
    move: Move
    version: int
    number: int
    by: str
    reason: str
    at: datetime
    gates: Sequence[Mapping[str, str]]


def standing_of(strategy: str) -> InForce | None:
    """How the strategy stands; None where it was never published."""
    return next(iter(_standing([strategy])), None)


def all_standing() -> list[InForce]:
    """Every strategy that was ever published, the default first."""
    names = Publication.objects.order_by("strategy").values_list("strategy", flat=True).distinct()
    return sorted(_standing(list(names)), key=lambda each: (not each.default, each.strategy))


def publications(strategy: str, most: int) -> list[Moved]:
    """The strategy's last moves, the newest first."""
    rows = Publication.objects.select_related("version").filter(strategy=strategy)
    return [
        Moved(
            row.strategy, row.serial, Move(row.move), row.version_id, row.version.number, row.by,
            row.reason, row.at, row.gates,
        )
        for row in rows.order_by("-serial")[:most]
    ]  # fmt: skip


def steps_of(strategy: str, number: int) -> list[Taken]:
    """The steps that were taken with a version, the newest first."""
    steps: list[Recorded[Any]] = [*record.history(chain_of(strategy), VersionEvent, Bootstrapped)]
    return [_taken(each) for each in reversed(steps) if each.event.number == number]


def was_given_up(strategy: str, version: int) -> bool:
    """Whether the version was rolled back from or taken out of force, and not published since."""
    rows = Publication.objects.filter(strategy=strategy).order_by("serial")
    moves = rows.values_list("move", "version_id", "serial")
    return version in given_up(Step(Move(move), moved, serial) for move, moved, serial in moves)


def content_of(version_id: int) -> Content:
    """What stands in a version's sealed file. Raises BadInput where it was altered."""
    from equipoise.strategy.sealing import unsealed

    raw = Version.objects.values_list("content", flat=True).get(pk=version_id)
    return unsealed(bytes(raw)).content


def _standing(strategies: Collection[str]) -> list[InForce]:
    pointers = Pointer.objects.select_related("version").in_bulk(list(strategies))
    default = Default.objects.values_list("strategy", flat=True).first()
    rows = []
    for name in strategies:
        last = Publication.objects.filter(strategy=name).order_by("-serial").first()
        if last is None:
            continue
        pointer = pointers.get(name)
        version = pointer.version if pointer else None
        rows.append(
            InForce(
                strategy=name,
                version=version.pk if version else None,
                number=version.number if version else None,
                serial=last.serial,
                by=last.by,
                reason=last.reason,
                at=last.at,
                trial=pointer.trial if pointer else None,
                default=name == default,
            )
        )
    return rows


def _taken(recorded: Recorded[VersionEvent | Bootstrapped]) -> Taken:
    event = recorded.event
    return Taken(
        kind=event.kind,
        by=event.by,
        person=event.person if isinstance(event, VersionEvent) else event.by,
        at=datetime.fromtimestamp(recorded.entry.at / 1e6, UTC),
        reason=event.reason if isinstance(event, _WITH_REASON) else "",
        gates=event.gates if isinstance(event, _WITH_GATES) else (),
    )
