"""What people of the desks do by forms before somebody goes over their pages: practice, a drill, an
incident and a disposal, a case that is opened, two versions held beside each other, the record
verified, a balance and a ranking asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import watching
from at_the_desk import waiting
from django.conf import settings
from plan_text import TEXT
from through_door import Client

from equipoise.service.contexts.plans.models import PlansVersion
from equipoise.service.contexts.registry.models import Pointer, Version
from equipoise.service.contexts.watch.models import WatchVersion
from equipoise.service.contexts.watch.tasks import measure_watch
from equipoise.service.platform.accounts.permissions import Role

_DRILL = "/practice/drills/own-relative/"


def work_done(people: Mapping[Role, Client]) -> dict[Role, list[str]]:
    """Do it; where each role's forms led, for no link leads there again."""
    uma = people[Role.UNDERWRITER]
    _plan_practised(people[Role.RISK_OFFICER], people[Role.APPROVER])
    _trouble_told(people[Role.RISK_OFFICER])
    _watched(people[Role.RISK_OFFICER], people[Role.APPROVER])
    _sent(people[Role.RISK_OFFICER], "/audit/record/verify")
    standing = Pointer.objects.get(strategy="corner")
    appetite = (Path(settings.CONFIGURATION.workspace) / "appetite.yaml").read_text("utf-8")
    _sent(people[Role.ANALYST], "/balance/ask", {"way": "text", "text": appetite})
    _sent(people[Role.ANALYST], "/learning/ask", {"order": "promise"})
    other = Version.objects.exclude(digest=standing.version.digest).latest("pk")
    _sent(people[Role.ANALYST], f"/strategies/{other.pk}/compare")
    application = waiting("referred")[0].chain
    opened = str(_sent(uma, f"/cases/{application}/open")["Location"])
    return {
        Role.ANALYST: [f"/strategies/{other.pk}/"],
        Role.UNDERWRITER: [opened, _practised(uma), _drilled(uma)],
    }


def _plan_practised(officer: Client, approver: Client) -> None:
    """An emergency plan that two people put in force, and a drill of it under way."""
    plans = Path(settings.CONFIGURATION.workspace) / "plans.yaml"
    plans.write_text(TEXT, encoding="utf-8")
    _sent(officer, "/plans/bring")
    _sent(approver, f"/plans/{PlansVersion.objects.latest('pk').pk}/approve")
    _sent(approver, "/plans/bureau_down/begin", {"cause": "spring", "drill": "1"})


def _trouble_told(officer: Client) -> None:
    """An incident that was reported, and a disposal that waits for a second person."""
    incident = {"risk": "credit", "severity": "major", "currency": "EUR"}
    words = {"title": "Calls to debtors stopped", "text": "nobody was called for a week"}
    _sent(officer, "/risk/incidents/report", {**incident, **words})
    loan = {"loan": "L-77", "measure": "write_off", "reason": "nothing is left", "currency": "EUR"}
    care = {"exposure": "5000", "expected": "0", "place": "CN", "zone": "Asia/Shanghai"}
    _sent(officer, "/risk/disposals/propose", {**loan, **care})


def _watched(officer: Client, approver: Client) -> None:
    """A watch that two people put in force, and an alert of it."""
    folder = Path(settings.CONFIGURATION.workspace)
    (folder / "watch.yaml").write_text(watching.TEXT, encoding="utf-8")
    watching.deliver(folder, [*watching.QUIET, 0.9])
    _sent(officer, "/risk/bring")
    _sent(approver, f"/risk/{WatchVersion.objects.latest('pk').pk}/approve")
    measure_watch.func()


def _practised(client: Client) -> str:
    page = client.get("/practice/cases/simulated/").content.decode()
    case = re.search(r'name="case" value="(\d+)"', page)
    assert case is not None
    given = {"case": case[1], "stated": "0.05", "answer": "lend"}
    return str(_sent(client, "/practice/cases/simulated/answer", given)["Location"])


def _drilled(client: Client) -> str:
    return str(_sent(client, _DRILL, {"chosen": "1", "choice": "0"})["Location"])


def _sent(client: Client, address: str, given: Mapping[str, Any] | None = None) -> Any:
    answer = client.post(address, given or {})
    assert answer.status_code in (200, 302), (address, answer.status_code)
    return answer
