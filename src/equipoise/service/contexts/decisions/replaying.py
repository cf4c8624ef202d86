"""Making past decisions again, by the strategies, the facts and the days of then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from equipoise.errors import BadInput
from equipoise.progress import Progress, Silent
from equipoise.record.personal import Erased, Unreadable
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.reading import differences_of
from equipoise.service.contexts.decisions.reading_many import Several
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.events import SubjectErased

PIECE = 2_000
SHOWN = 20  # decisions whose differences are told


@dataclass(slots=True)
class Replayed:
    """What came of it. `erased` cannot be made again, as their applicants were erased, and the
    record says so; `unreadable` ones as their facts do not open, by whatever fault; `failed` were
    referred by a fault of ours, and no strategy made them; `lost` stand in no record."""

    replayed: int = 0
    differences: int = 0
    erased: int = 0
    unreadable: int = 0
    failed: int = 0
    lost: int = 0
    versions: set[str] = field(default_factory=set)
    first: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "replayed": self.replayed,
            "differences": self.differences,
            "erased": self.erased,
            "unreadable": self.unreadable,
            "failed": self.failed,
            "lost": self.lost,
            "versions": len(self.versions),
            "first": self.first,
        }

    @property
    def same(self) -> bool:
        """Whether every decision that can be made again was, and came out the same."""
        return not (self.differences or self.lost or self.unreadable)


def replay_all(progress: Progress | None = None) -> Replayed:
    """Make every recorded decision again. Raises Unusable where its strategy is gone."""
    total, replayed = Decision.objects.count(), Replayed()
    with (progress or Silent()).step("Replaying") as step:
        for done, rows in enumerate(_pieces(), start=1):
            _replay(rows, replayed)
            step.advance(min(done * PIECE, total), total)
    return replayed


def _replay(rows: list[Decision], into: Replayed) -> None:
    several = Several(rows)
    for row in rows:
        try:
            decision = several.decision(row)
        except Decision.DoesNotExist:
            into.lost += 1
            continue
        if decision.failed:
            into.failed += 1
            continue
        try:
            facts = several.facts(decision)
        except Erased:
            if _told_erased(row.application):
                into.erased += 1
            else:
                into.unreadable += 1
            continue
        except (Unreadable, BadInput):
            into.unreadable += 1
            continue
        _hold(decision, facts, into)


def _told_erased(chain: str) -> bool:
    """Whether the record says so, too: an emptied key alone may be anybody's doing."""
    return record.has(chain, SubjectErased)


def _hold(decision: DecisionView, facts: Mapping[str, Any], into: Replayed) -> None:
    differences = differences_of(loaded(decision.row.digest), decision, facts)
    into.replayed += 1
    into.versions.add(decision.row.digest)
    if differences:
        into.differences += 1
        if len(into.first) < SHOWN:
            into.first.append({"id": decision.row.id, "differences": differences})


def _pieces() -> Iterator[list[Decision]]:
    last = ""
    while rows := list(Decision.objects.filter(pk__gt=last).order_by("pk")[:PIECE]):
        yield rows
        last = rows[-1].id
