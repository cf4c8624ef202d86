"""A worker killed while it calls people in runs of plans: no step is lost, and nobody is told twice
as new. Real processes, real SIGKILL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from lender import publish
from own_folder import own_folder
from people import acting, person
from plan_text import TEXT
from processes import begun, environment

from conftest import Database
from equipoise.service.contexts.plans import reading, services
from equipoise.service.contexts.plans.events import PersonCalled
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record

SCRIPT = Path(__file__).with_name("calling_people.py")
# Minutes from the beginning at which a worker looks, and where it is killed: before the commit of
# its first call, or after. Olga has ten minutes to answer; then otto is called, then rita.
SHORT = (("11", "inside"), ("11", "after"))
LONG = (
    *[("11", "inside")] * 9, ("11", "after"), *[("22", "inside")] * 9, ("22", "after"),
)  # fmt: skip


def test_a_worker_killed_in_a_run_loses_no_call_and_tells_nobody_twice(
    sqlite_database: Database, tmp_path: Path
) -> None:
    _called_once(sqlite_database, tmp_path, SHORT)


@pytest.mark.slow
def test_a_worker_killed_twenty_times_loses_no_call_either(
    database: Database, tmp_path: Path
) -> None:
    _called_once(database, tmp_path, LONG)


def _called_once(database: Database, tmp_path: Path, kills: tuple[tuple[str, str], ...]) -> None:
    (tmp_path / "plans.yaml").write_text(TEXT, encoding="utf-8")
    begun(tmp_path)
    with own_folder(tmp_path):
        publish()
        rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
        for name in ("olga", "otto"):
            person(Role.SERVICE_OWNER, name)
        for user in User.objects.filter(username__in=["olga", "otto", "rita"]):
            User.objects.filter(pk=user.pk).update(email=f"{user.username}@lender.example")
        services.approve(services.bring_in(acting(rita)), acting(ben))
        run = services.begin("bureau_down", "an outage", acting(ben))
        for kill in kills:
            _call(tmp_path, database, *kill)
        _call(tmp_path, database, "45")
        called = [each.event for each in record.history(run, PersonCalled)]
        assert Counter((each.what, each.whom) for each in called) == {
            ("confirm", "olga"): 1, ("confirm", "otto"): 1, ("confirm", "rita"): 1,
        }  # fmt: skip
        told = [each.message for each in called]
        assert len(set(told)) == 3
        assert sorted(Message.objects.values_list("pk", flat=True)) == sorted(told)
        services.do_step(run, "confirm", acting(ben), "it answers again")
        assert "to_people" in reading.run(run).run.open_steps
        assert verify_record().valid


def _call(folder: Path, database: Database, minutes: str, *kill: str) -> None:
    path = os.pathsep.join([str(SCRIPT.parent), os.environ.get("PYTHONPATH", "")])
    given = {
        **environment(database.url), "EQUIPOISE_WORKSPACE": str(folder), "PYTHONPATH": path
    }  # fmt: skip
    ended = subprocess.run([sys.executable, str(SCRIPT), minutes, *kill], env=given, check=False)
    assert ended.returncode == (-signal.SIGKILL if kill else 0)
