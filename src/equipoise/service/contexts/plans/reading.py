"""What others may know of plans: which are in force, how ready they are, and their runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from equipoise.authority.lifecycle import State
from equipoise.service.contexts.plans.documents import parsed
from equipoise.service.contexts.plans.following import follow
from equipoise.service.contexts.plans.models import PlanRun, PlansVersion, Prepared, ResourceCheck
from equipoise.service.contexts.registry import reading as registry

if TYPE_CHECKING:
    from equipoise.experience.calendar import BusinessCalendar
    from equipoise.watch.plans import (
        Checked,
        DrillResult,
        Plan,
        PlansDocument,
        Readiness,
        Resource,
        Run,
        Switch,
    )

_SHOWN = 20


class Stands(StrEnum):
    """Where a switch stands: never prepared; made from a version that is in force no more; waiting
    for its approval; ready to be turned on; on."""

    UNPREPARED = "unprepared"
    STALE = "stale"
    WAITS = "waits"
    READY = "ready"
    ON = "on"


@dataclass(frozen=True, slots=True)
class Standing:
    """A switch of a plan: where it stands, the registry's `version` that it would put in force with
    its `digest`, what is in force now, and how many of `applicants` it gives less."""

    plan: str
    switch: Switch
    stands: Stands
    in_force: str
    version: int | None = None
    digest: str = ""
    fewer: int | None = None
    applicants: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """Plans brought in, by whom and when; by whom they were approved, empty where nobody has."""

    id: int
    digest: str
    brought_by: str
    brought_at: datetime
    approved_by: str
    approved_at: datetime | None
    document: PlansDocument


@dataclass(frozen=True, slots=True)
class Counted:
    """A resource of a plan, the check that was last (None where nobody looked), and how ready it is
    by that."""

    resource: Resource
    last: Checked | None
    stands: Readiness


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run without what happened in it."""

    id: str
    plan: str
    drill: bool
    began_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunInFull:
    """A run as the record tells it, and the plans it is of. `messages` are those by which people
    were called, by step and person; `serial` counts what has happened."""

    id: str
    serial: int
    run: Run
    document: PlansDocument
    messages: Mapping[tuple[str, str], str]

    @property
    def calendar(self) -> BusinessCalendar:
        """When the lender is open."""
        return self.document.calendar.calendar()


@dataclass(frozen=True, slots=True)
class Practised:
    """How a plan is drilled: its last drill that ended, None where there was none, and by when the
    next is due, None where it is never drilled."""

    plan: str
    run: str
    last: DrillResult | None
    due: date | None

    def late(self, today: date) -> bool:
        """Whether its day is over."""
        return self.due is not None and self.due < today


def version_in_force() -> PlansVersion | None:
    """The newest version that somebody approved: for this context alone."""
    return PlansVersion.objects.exclude(approved_at=None).order_by("-pk").first()


def in_force() -> Version | None:
    """The plans in force."""
    row = version_in_force()
    return None if row is None else _version(row)


def waiting() -> Version | None:
    """The newest plans, where they wait for somebody to approve them."""
    row = PlansVersion.objects.order_by("-pk").first()
    return None if row is None or row.approved_at else _version(row)


def standings(plan: Plan) -> list[Standing]:
    """Each switch of a plan, in its order."""
    champions = registry.in_force()
    return [standing(plan.name, each, champions) for each in plan.switches]


def standing(plan: str, switch: Switch, champions: Mapping[str, str]) -> Standing:
    """Where a switch stands, with these in force, by strategy."""
    now = champions.get(switch.strategy, "")
    if switch.kind == "relief":
        return _relief(plan, switch, now)
    rows = Prepared.objects.filter(plan=plan, switch=switch.name, strategy=switch.strategy)
    row = rows.filter(digest=now).order_by("-pk").first() or rows.order_by("-pk").first()
    if row is None:
        return Standing(plan, switch, Stands.UNPREPARED, now)
    stands = _stands(registry.summaries([row.version_id]).get(row.version_id), now)
    if stands is not Stands.ON and row.base != now:
        stands = Stands.STALE
    return Standing(
        plan, switch, stands, now, row.version_id, row.digest, row.fewer, row.applicants
    )


def resources(plan: Plan, now: datetime) -> list[Counted]:
    """What a plan counts on, in its order, and how ready each is."""
    from equipoise.watch.plans import Checked, readiness

    counted = []
    for each in plan.resources:
        rows = ResourceCheck.objects.filter(plan=plan.name, resource=each.name)
        row = rows.order_by("-checked_at", "-pk").first()
        last = None if row is None else Checked(row.amount, row.checked_at, row.checked_by)
        counted.append(Counted(each, last, readiness(each, last, now)))
    return counted


def runs() -> list[RunSummary]:
    """Runs under way, then the newest of the others."""
    rows = list(PlanRun.objects.filter(closed_at=None).order_by("-began_at"))
    rows += PlanRun.objects.exclude(closed_at=None).order_by("-began_at")[:_SHOWN]
    return [RunSummary(e.pk, e.plan, e.drill, e.began_at, e.closed_at) for e in rows]


def run(run_id: str) -> RunInFull:
    """One run. Raises DoesNotExist."""
    row = PlanRun.objects.select_related("version").get(pk=run_id)
    followed = follow(row)
    return RunInFull(row.pk, row.serial, followed.run, followed.document, followed.messages)


def practised(version: Version) -> list[Practised]:
    """How each plan is drilled, in the plans' order."""
    return [_practised(each, version) for each in version.document.plans]


def _practised(plan: Plan, version: Version) -> Practised:
    from equipoise.watch.plans import drilled, next_drill

    ended = PlanRun.objects.filter(plan=plan.name, drill=True).exclude(closed_at=None)
    row = ended.select_related("version").order_by("-began_at").first()
    last = None
    if row is not None:
        followed = follow(row)
        last = drilled(followed.run, followed.document.calendar.calendar())
    due = next_drill(plan, last, (version.approved_at or version.brought_at).date())
    return Practised(plan.name, row.pk if row else "", last, due)


def _relief(plan: str, switch: Switch, now: str) -> Standing:
    """Relief is a version of its own, which two people wrote and approved."""
    version = registry.numbered(switch.strategy, switch.version or 0)
    if version is None:
        return Standing(plan, switch, Stands.UNPREPARED, now)
    return Standing(plan, switch, _stands(version, now), now, version.id, version.digest)


def _stands(version: registry.VersionSummary | None, now: str) -> Stands:
    if version is None or version.state is State.RETIRED:
        return Stands.UNPREPARED
    if version.digest == now:
        return Stands.ON
    return Stands.READY if version.state is State.APPROVED else Stands.WAITS


def _version(row: PlansVersion) -> Version:
    return Version(
        row.pk,
        row.digest,
        row.brought_by,
        row.brought_at,
        row.approved_by,
        row.approved_at,
        parsed(row.text),
    )
