"""What others may do with plans: bring them in, approve them, run one, prepare and turn a switch.

run = begin("bureau_down", "the bureau answers one call in five", by)
do_step(run, "confirm", by); skip_step(run, "report", by, "told by telephone"); close(run, by)
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.service.contexts.plans import documents
from equipoise.service.contexts.plans.calling import call_due
from equipoise.service.contexts.plans.events import (
    PlansApproved,
    PlansBrought,
    ResourceChecked,
    RunBegun,
    RunEvent,
    chain_of_version,
)
from equipoise.service.contexts.plans.following import Followed, add, event_of, follow
from equipoise.service.contexts.plans.models import PlanRun, PlansVersion, ResourceCheck
from equipoise.service.contexts.plans.reading import version_in_force
from equipoise.service.contexts.plans.switching import prepare, turned_back, turned_on
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.registry.services import check_judge
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.rows import row_states

__all__ = [
    "approve",
    "begin",
    "bring_in",
    "check_resource",
    "close",
    "do_step",
    "prepare",
    "skip_step",
    "turn_back",
]
_LONGEST = 500
_MOST_OF_IT = 1e15


def bring_in(by: Principal) -> int:
    """Take plans.yaml of the workspace in, for somebody else to approve; the version's number.

    Raises BadInput or Faults with line and mend, and GateRefused where this very text is here.
    """
    text = documents.of_workspace()
    documents.check(text, registry.in_force())
    digest = documents.digest_of(text)
    try:
        with transaction.atomic():
            row = PlansVersion.objects.create(
                text=text, digest=digest, brought_by=by.person, brought_at=clock.now()
            )
            brought = PlansBrought(by=by.id, key=by.key or None, digest=digest, person=by.person)
            chain = chain_of_version(row.pk)
            record.append(record.event(chain, brought, begins=True, rows=(row,)))
    except IntegrityError:
        raise GateRefused(
            "these very plans were brought in before", mend="change plans.yaml first"
        ) from None
    return int(row.pk)


def approve(version_id: int, by: Principal) -> None:
    """Put the plans in force. Raises DoesNotExist, OwnWork or TwoPeople for who brought them in,
    and GateRefused where they were approved, or newer ones are in force."""
    with transaction.atomic():
        row = PlansVersion.objects.select_for_update().get(pk=version_id)
        if row.approved_at is not None:
            raise GateRefused("these plans are approved already")
        newer = version_in_force()
        if newer is not None and newer.pk > row.pk:
            raise GateRefused("newer plans are in force", mend="bring plans.yaml in anew")
        check_judge([row.brought_by], by, "approve")
        row.approved_by, row.approved_at = by.person, clock.now()
        row.save(update_fields=["approved_by", "approved_at"])
        approved = PlansApproved(by=by.id, key=by.key or None, digest=row.digest, person=by.person)
        record.append(record.event(chain_of_version(row.pk), approved, rows=(row,)))


def check_resource(plan: str, resource: str, amount: float, by: Principal) -> None:
    """Somebody looked how much there is of a resource of a plan in force. Raises BadInput where
    there is no such plan or resource or amount, GateRefused where no plans are in force."""
    version = version_in_force()
    if version is None:
        raise GateRefused("no plans are in force", mend="bring plans.yaml in, and have it approved")
    named = [each.name for each in documents.parsed(version.text).plan(plan).resources]
    if resource not in named:
        raise BadInput(
            f"'{plan}' has no resource '{resource}'",
            field="resource",
            mend=did_you_mean(resource, named),
        )
    if not 0 <= amount < _MOST_OF_IT:
        raise BadInput("there is none of it, or some", field="amount", mend="give 0 or more")
    with transaction.atomic():
        row = ResourceCheck.objects.create(
            plan=plan,
            resource=resource,
            amount=amount,
            checked_by=by.person,
            checked_at=clock.now(),
        )
        event = ResourceChecked(
            by=by.id,
            key=by.key or None,
            plan=plan,
            resource=resource,
            amount=amount,
            person=by.person,
        )
        record.append(record.event(chain_of_version(version.pk), event, rows=(row,)))


def begin(plan: str, cause: str, by: Principal, *, drill: bool = False) -> str:
    """Begin a run of a plan in force, for a cause, and call whoever is first; the run's id. A drill
    changes nothing that is in force.

    Raises BadInput where there is no such plan or no cause, GateRefused where no plans are in force
    or this one runs already.
    """
    cause = _said(cause, "cause", "say what happened")
    version = version_in_force()
    if version is None:
        raise GateRefused("no plans are in force", mend="bring plans.yaml in, and have it approved")
    documents.parsed(version.text).plan(plan)
    chain = subjects.new_id("plan_run")
    with transaction.atomic():
        PlansVersion.objects.select_for_update().get(pk=version.pk)  # two who begin: one does
        running = PlanRun.objects.filter(plan=plan, drill=drill, closed_at=None).first()
        if running is not None:
            raise GateRefused(
                f"'{plan}' is under way since {running.began_at:%Y-%m-%d %H:%M} UTC",
                mend="go on in that run, or end it first",
            )
        row = PlanRun.objects.create(
            id=chain, version=version, plan=plan, drill=drill, began_at=clock.now()
        )
        words = subjects.seal_new(chain, {"words": cause})
        begun = RunBegun(
            by=by.id,
            key=by.key or None,
            plan=plan,
            drill=drill,
            digest=version.digest,
            words=words.body,
            tables=row_states([row], []),
        )
        record.append(words.event(begun))
        call_due(follow(row), clock.now())
    return chain


def do_step(run_id: str, step: str, by: Principal, note: str = "") -> None:
    """A step is done; the switch it has is turned on first, by one publication. Raises
    DoesNotExist, and GateRefused where it cannot be done now or the switch cannot be turned."""
    from equipoise.watch.plans import Did, do

    with transaction.atomic():
        followed = _held(run_id)
        events: list[RunEvent] = []
        for each in do(followed.run, step, clock.now(), by.id, note.strip()[:_LONGEST]):
            if each.did is Did.SWITCHED_ON:
                events.append(turned_on(followed, each.what, by))
            else:
                events.append(event_of(followed.row, each, by.key or None))
        _go_on(followed, events)


def skip_step(run_id: str, step: str, by: Principal, reason: str) -> None:
    """A step is left out. Raises DoesNotExist, and GateRefused where it cannot be, or for no
    reason."""
    from equipoise.watch.plans import skip

    with transaction.atomic():
        followed = _held(run_id)
        (skipped,) = skip(followed.run, step, clock.now(), by.id, reason.strip()[:_LONGEST])
        _go_on(followed, [event_of(followed.row, skipped, by.key or None)])


def turn_back(run_id: str, switch: str, by: Principal) -> None:
    """Turn a switch back: what was in force before it is again, by one publication. Raises
    DoesNotExist, and GateRefused where it is not on."""
    from equipoise.watch.plans import switch_back

    with transaction.atomic():
        followed = _held(run_id)
        switch_back(followed.run, switch, clock.now(), by.id)
        add(followed.row, [turned_back(followed, switch, by)])


def close(run_id: str, by: Principal, note: str = "") -> None:
    """End the run. Raises DoesNotExist, and GateRefused while a step is open or a switch is on, or
    where whoever ends it did everything in it alone."""
    from equipoise.watch.plans import close as closed

    with transaction.atomic():
        followed = _held(run_id)
        (end,) = closed(followed.run, clock.now(), by.id, note.strip()[:_LONGEST])
        followed.row.closed_at = end.on
        add(followed.row, [event_of(followed.row, end, by.key or None)])


def _held(run_id: str) -> Followed:
    """The run, which nobody else changes until the transaction ends."""
    return follow(PlanRun.objects.select_for_update().get(pk=run_id))


def _go_on(followed: Followed, events: list[RunEvent]) -> None:
    """Tell it, and call whoever is first for the steps that can begin by it."""
    add(followed.row, events)
    call_due(follow(followed.row), clock.now())


def _said(text: str, field: str, mend: str) -> str:
    plain = text.strip()
    if not 0 < len(plain) <= _LONGEST:
        raise BadInput(f"{field} needs 1 to {_LONGEST} letters", field=field, mend=mend)
    return plain
