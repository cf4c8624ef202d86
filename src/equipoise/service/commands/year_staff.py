"""The staff of a rehearsed year: officers who answer alerts, and those who do what plans say. They
act as people at their desks do, by the contexts' services, and keep a diary of their own."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from equipoise.errors import GateRefused
from equipoise.rehearsal.year import AlertEnd, Deed, RunClock
from equipoise.service.commands.two_people import APPROVER, AUTHOR, named

if TYPE_CHECKING:
    from equipoise.service.contexts.plans.reading import RunInFull
    from equipoise.service.contexts.watch.reading import AlertView
    from equipoise.service.platform.accounts.permissions import Principal

OFFICERS = ("risk_officer", "model_owner")
PEOPLE = (*OFFICERS, "desk_head", "service_owner", "product_owner", "fraud_desk", "data_desk")
"""Whom the watched lender's watch.yaml and the plans mean, by the names of their accounts."""
ANSWERS: Mapping[str, str] = {"bureau_failing": "bureau_down"}
"""By which plan an indicator's alert is treated; all others in words."""
_ROUNDS = 60  # of those at the end, until all is closed
_BETWEEN = 0.2  # seconds between two


class Staff:
    """All of them. `deeds` is their diary: each step of a plan, with the service's time before they
    began and after they were done."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self._runs: list[str] = []

    def begin(self) -> None:
        """Have watch.yaml and plans.yaml in force, by the two who put strategies in force."""
        from equipoise.service.contexts.plans import services as plans
        from equipoise.service.contexts.watch import services as watch

        author, approver = _as(AUTHOR), _as(APPROVER)
        plans.approve(plans.bring_in(author), approver)
        watch.approve(watch.bring_in(author), approver)

    def work(self, *, last: bool = False) -> int:
        """Do with each alert what comes next; how many are still open. At the `last` nothing is
        waited for any more: what still rings is accepted by two of them."""
        from equipoise.service.contexts.watch import reading

        open_ = reading.alerts()
        for alert in open_:
            try:
                self._go_on(alert, last=last)
            except GateRefused:  # a reading or the clock was first: it is looked at again
                continue
        return len(open_)

    def finish(self, runs: bool) -> None:
        """Close whatever is open. Raises GateRefused where something stays so."""
        for _ in range(_ROUNDS):
            if not self.work(last=True):
                return
            time.sleep(_BETWEEN)
        raise GateRefused("alerts stay open", mend="" if runs else "the server has ended")

    def alerts(self) -> list[AlertEnd]:
        """All alerts there were, as they ended."""
        from equipoise.service.contexts.watch import reading

        return [_end(each) for each in (*reading.alerts(), *reading.alerts(closed=True))]

    def runs(self) -> list[RunClock]:
        """All runs of plans, as the record has them."""
        from equipoise.service.contexts.plans import reading

        return [_clock(reading.run(each.id)) for each in reading.runs()]

    def _go_on(self, alert: AlertView, *, last: bool) -> None:
        from equipoise.service.contexts.watch import services

        first, second = map(_as, OFFICERS)
        seen = (alert.id, first, alert.version)
        if self._asked(alert, first, second):
            return
        if alert.stage == "firing" or (last and alert.stage == "pending"):
            services.acknowledge(*seen)
        elif alert.stage == "verified":
            services.ask_to_close(*seen, "resolved", "it reads as it should")
        elif alert.stage == "mitigated" and alert.cleared_at is not None:
            services.verify(alert.id, second, alert.version)
        elif alert.stage == "acknowledged":
            self._treat(alert, first)
        elif alert.stage == "in_treatment":
            services.mitigate(*seen, "what was to be done is done")
        elif last and alert.stage == "mitigated":
            services.ask_to_close(*seen, "accepted", "it goes on, and is known")

    def _asked(self, alert: AlertView, first: Principal, second: Principal) -> bool:
        """Whether somebody wants it closed; then the other agrees."""
        from equipoise.service.contexts.watch import reading, services

        asked_by = reading.alert(alert.id).asked_by
        if not asked_by:
            return False
        other = second if asked_by == first.id else first
        services.agree_to_close(alert.id, other, alert.version)
        return True

    def _treat(self, alert: AlertView, by: Principal) -> None:
        from equipoise.service.contexts.watch import services

        plan = ANSWERS.get(alert.indicator)
        if plan is None:
            services.treat(alert.id, by, alert.version, "its owner looks for the cause")
            return
        run = services.treat_by_plan(alert.id, by, alert.version, plan)
        self._carry_out(run)

    def _carry_out(self, run: str) -> None:
        """Do every step, in the order of the plan, by who has it; an officer ends it."""
        from equipoise.service.contexts.plans import reading, services
        from equipoise.service.platform import clock

        plan = reading.run(run)
        for step in plan.run.plan.steps:
            person = plan.document.contact(step.role).people[0]
            before = clock.now()
            services.do_step(run, step.name, _as(person))
            self.deeds.append(Deed(run, step.name, before, clock.now()))
        services.close(run, _as(OFFICERS[1]), "the bureau was replaced")


def _clock(full: RunInFull) -> RunClock:
    run = full.run
    ended = sorted(run.ended.items(), key=lambda each: each[1].on)
    late = {step for step, end in ended if _is_late(full, step, end.on)}
    minutes = {each.name: each.within_minutes for each in run.plan.steps}
    return RunClock(
        full.id,
        run.opened,
        {step: end.on for step, end in ended},
        minutes,
        run.closed,
        frozenset(late),
    )


def _is_late(full: RunInFull, step: str, on: datetime) -> bool:
    due = full.run.due(step, full.calendar)
    return due is not None and on > due


def _end(alert: AlertView) -> AlertEnd:
    from equipoise.service.contexts.watch import reading

    closed = [
        each for each in reading.alert(alert.id).happened if each.ending and not alert.is_open
    ]
    last = closed[-1] if closed else None
    return AlertEnd(
        alert.id,
        alert.indicator,
        alert.stage,
        last.ending if last else "",
        alert.raised_at,
        last.at if last else None,
    )


def _as(name: str) -> Any:
    from equipoise.service.platform.accounts.services import principal_of

    return principal_of(named(name))
