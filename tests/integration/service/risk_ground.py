"""Alerts, incidents, disposals and screenings on which what is asked over the API can be done."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from people import acting, logged_in
from plan_text import TEXT

from equipoise.service.contexts.disposals import reading as disposals_read
from equipoise.service.contexts.disposals import services as disposals
from equipoise.service.contexts.disposals.services import Asked
from equipoise.service.contexts.incidents import reading as incidents_read
from equipoise.service.contexts.incidents import services as incidents
from equipoise.service.contexts.incidents.services import ActionAsked, Draft, Report, TaskAsked
from equipoise.service.contexts.plans import reading as plans_read
from equipoise.service.contexts.plans import services as plans
from equipoise.service.contexts.screenings import reading as screenings
from equipoise.service.contexts.screenings.tasks import ask_owners
from equipoise.service.contexts.watch import reading as watch_read
from equipoise.service.contexts.watch import services as watch
from equipoise.service.contexts.watch.changing import add, raise_alert
from equipoise.service.contexts.watch.folding import follow
from equipoise.service.contexts.watch.models import Alert
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.watch import Cleared, Fired, Raised

WATCH = """\
name: ours
people: [{id: rita}]
tables: [{name: loans, data: loans.csv, period: month, columns: {month: date}}]
indicators:
  - {name: bureau_answers, level: institution, about: operational, table: loans, kind: rate,
     of: "month IS NOT NULL", against: bound, red: {at: 0.5}, owner: rita}
risks:
  - name: bad_debt
    class: credit
    cause: people lose their work
    owner: rita
    probability: {judged: 3, by: rita, day: 2026-01-02}
    impact: {judged: 3, by: rita, day: 2026-01-02}
    appetite: 9
    reviewed: 2026-01-02
    controls: [{name: calls, test: listen to ten}]
duties:
  - {name: debt_round, owner: rita, every: month, since: SINCE, risk: bad_debt, within_days: 7,
     asks: [Is any new risk known?, Did the calls go out?]}
"""
_STEPS = {"": 0, "/acknowledgement": 0, "/silence": 0, "/mitigation": 2, "/verification": 4}
"""What is done about an alert before a deed: taken, treated, mitigated, and it rings no more."""
_LETTER = {"en": "We would like to talk.", "zh": "我们希望与您商谈。"}


def watched() -> None:
    """A register with a control and a duty in the workspace."""
    since = (clock.now().date() - timedelta(days=2)).isoformat()
    path = Path(settings.CONFIGURATION.workspace) / "watch.yaml"
    path.write_text(WATCH.replace("SINCE", since), encoding="utf-8")


def planned(by: Principal, another: Principal) -> None:
    """Plans in force, unless some are."""
    if plans_read.in_force() is None:
        path = Path(settings.CONFIGURATION.workspace) / "plans.yaml"
        path.write_text(TEXT, encoding="utf-8")
        plans.approve(plans.bring_in(by), another)


class RiskGround:
    """Two people, and for each address what it can be sent to: by whom, where, and what they saw
    of it."""

    def __init__(self, officer: User, approver: User) -> None:
        self._officer, self._approver = officer, approver

    def request(self, path: str) -> tuple[Client, str, Any]:
        """Who sends it, to which address, and which state of it they saw."""
        one, two = logged_in(self._officer), logged_in(self._approver)
        if "{alert_id}" in path:
            made = self._alert(path.rsplit("}", 1)[1])
            return two, path.replace("{alert_id}", made), Alert.objects.get(pk=made).version
        if "{incident_id}" in path:
            made = self._incident(path)
            seen = incidents_read.shown(made, clock.now()).serial
            return two, path.replace("{incident_id}", made), seen
        if "{disposal_id}" in path:
            made = self._disposal(path.rsplit("}", 1)[1])
            shown = disposals_read.shown(made, clock.now().date())
            return two, path.replace("{disposal_id}", made), shown.serial
        if "{screening_id}" in path:
            watched()
            ask_owners.func()
            return one, path.replace("{screening_id}", screenings.open_rounds()[0].id), 0
        return one, path, 0

    @transaction.atomic
    def _alert(self, deed: str) -> str:
        """An alert that fired, taken as far as the deed comes after."""
        by, at = acting(self._officer), clock.now()
        if watch_read.in_force() is None:
            watched()
            watch.approve(watch.bring_in(by), acting(self._approver))
        if deed == "/plan":
            planned(by, acting(self._approver))
        name = f"late{deed.replace('/', '_')}_{Alert.objects.count()}"
        row = raise_alert((Raised(at, name, "red", ("credit",), by.id), Fired(at)))
        steps = [
            lambda seen: watch.acknowledge(row.pk, by, seen),
            lambda seen: watch.treat(row.pk, by, seen, "the branch is called"),
            lambda seen: watch.mitigate(row.pk, by, seen, "its lending is stopped"),
            lambda _: add(row, follow(row).alert, (Cleared(clock.now()),)),
        ]
        for step in steps[: _STEPS.get(deed, 1)]:
            step(_version(row.pk))
        if deed.startswith("/closing/"):
            watch.ask_to_close(row.pk, by, _version(row.pk), "accepted", "it closes in March")
        if deed == "/silence/end":
            until = clock.now() + timedelta(days=1)
            watch.silence(row.pk, by, _version(row.pk), until, "the branch moves")
        return row.pk

    def _incident(self, path: str) -> str:
        by = acting(self._officer)
        made = incidents.report(Report("credit", "major", "Down", "Nobody calls", "EUR", 24), by)
        name = self._officer.username
        later = clock.now() + timedelta(days=9)
        incidents.take_role(made, 0, "lead", name, by)
        incidents.add_task(made, 1, TaskAsked("Tell the branches", name, later), by)
        if path.endswith("/closing"):
            incidents.do_task(made, 2, "Tell the branches", by)
            incidents.stabilise(made, 3, "calls go out", by)
            incidents.give_notice(made, 4, by)
        if "/post-mortem" in path:
            watched()
        if "/post-mortem/" in path:
            now = clock.now()
            actions = [ActionAsked("Watch the bureau", name, date(2099, 1, 1))]
            draft = Draft(now, now, "no watch on it", "", "calls", actions, {})
            incidents.write(made, 2, draft, by)
        if "/actions" in path:
            incidents.accept(made, 3, acting(self._approver))
        return made

    def _disposal(self, deed: str) -> str:
        by = acting(self._officer)
        dates = [("file the claim", date(2099, 5, 1))] if deed == "/dates/met" else []
        made = disposals.propose(
            Asked("L-1", "sale", "no answer", 5000, 4000, "EUR", "US", "America/New_York",
                  letter=_LETTER, dates=dates), by)  # fmt: skip
        if deed not in ("/approval", "/refusal"):
            disposals.approve(made, 0, acting(self._approver))
        if deed in ("/dates/met", "/money", "/end"):
            disposals.begin(made, 1, by)
        return made


def _version(alert: str) -> int:
    return Alert.objects.get(pk=alert).version
