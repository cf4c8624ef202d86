"""No step of an alert is lost and nobody is told twice as of something new: real workers, killed
while alerts escalate and a drill injects."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import watching
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from lender import anew, publish
from own_folder import own_folder
from people import acting, person
from plan_text import TEXT as PLANS
from processes import begun, environment, until

from conftest import Database
from equipoise.service.contexts.plans import reading as running
from equipoise.service.contexts.plans import services as plans
from equipoise.service.contexts.watch import services, telling
from equipoise.service.contexts.watch.events import AlertEscalated
from equipoise.service.contexts.watch.models import Alert, Injected, Notice
from equipoise.service.contexts.watch.tasks import measure_watch
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record

_TELLING = str(Path(__file__).with_name("telling_alerts.py"))


@pytest.fixture
def lender(database: Database, tmp_path: Path) -> Iterator[Path]:
    """Two indicators ring that nobody takes, and a drill is under way."""
    (tmp_path / "watch.yaml").write_text(watching.TEXT, encoding="utf-8")
    plan = PLANS.replace("bureau_answers", "late")
    (tmp_path / "plans.yaml").write_text(plan, encoding="utf-8")
    watching.deliver(tmp_path, watching.QUIET)
    with anew(), own_folder(tmp_path):
        publish()
        for role, name in ((Role.RISK_OFFICER, "rita"), (Role.APPROVER, "ben")):
            person(role, name)
            User.objects.filter(username=name).update(email=f"{name}@lender.example")
        rita, ben = (acting(User.objects.get(username=each)) for each in ("rita", "ben"))
        services.approve(services.bring_in(rita), ben)
        plans.approve(plans.bring_in(rita), ben)
        plans.begin("bureau_down", "spring", rita, drill=True)
        measure_watch.call()
        watching.deliver(tmp_path, [*watching.QUIET, 0.9])
        measure_watch.call()
        (tmp_path / "loans.parquet").unlink()
        measure_watch.call()
        begun(tmp_path)
        yield tmp_path


@pytest.mark.parametrize(
    "kills", [pytest.param(2, id="twice"), pytest.param(20, id="often", marks=pytest.mark.slow)]
)
def test_alerts_go_on_where_a_killed_worker_left_them(
    lender: Path, database: Database, kills: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = timezone.now()
    for number in range(kills):
        both = [_telling(lender, database.url, began.isoformat()) for _ in range(2)]
        for each in both:
            assert each.stdout is not None
            for _ in range(1 + number % 4):  # in full swing, and another moment each time
                assert each.stdout.readline() == "round\n"
            each.kill()
            each.wait()
            each.stdout.close()
    monkeypatch.setattr(clock, "_known", [clock.Pace(began, 3600)])  # as fast as theirs
    until(_all_is_told)
    _nothing_was_lost()


def _telling(folder: Path, url: str, began: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    given = {**environment(url), "EQUIPOISE_WORKSPACE": str(folder), "PYTHONPATH": path}
    return subprocess.Popen(
        [sys.executable, _TELLING, began], env=given, stdout=subprocess.PIPE, text=True
    )


def _all_is_told() -> bool:
    """Whether every alert came to its last step and its notices went out: this process does what is
    left."""
    kept = dataclasses.replace(settings.CONFIGURATION, messages="keep")
    with override_settings(CONFIGURATION=kept):
        telling.tick()
        telling.tell()
    late = Alert.objects.get(indicator="late")
    escalated = record.history(late.pk, AlertEscalated)
    return bool(escalated) and not Notice.objects.filter(told_at=None).exists()


def _nothing_was_lost() -> None:
    notices = list(Notice.objects.order_by("at", "pk"))
    new = Counter((n.alert_id, n.cause) for n in notices if n.cause in ("fired", "escalated"))
    late, table = (Alert.objects.get(indicator=each) for each in ("late", "table.loans"))
    assert new == {(late.pk, "fired"): 1, (late.pk, "escalated"): 1, (table.pk, "fired"): 1}
    for each in (late, table):
        told = [e.kind for e in record.entries(each.pk) if e.kind == "alert.told"]
        assert len(told) == len({n.bundle for n in notices if n.alert_id == each.pk})
    carried = [n.message for n in notices if n.message]
    assert set(carried) == set(
        Message.objects.filter(text="alert_told@1").values_list("pk", flat=True)
    )
    assert Injected.objects.count() == 1
    assert [each.drill for each in running.runs()].count(False) == 1
    repeated = [n.at for n in notices if n.cause == "repeated" and n.alert_id == late.pk]
    assert all(b - a >= timedelta(hours=24) for a, b in pairwise(repeated))
    before = sorted(Alert.objects.values_list("pk", "version", "stage"))
    services.rebuild()
    assert sorted(Alert.objects.values_list("pk", "version", "stage")) == before
    assert verify_record().valid
