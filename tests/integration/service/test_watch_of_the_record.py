"""What the record itself knows is watched as any table is: journeys, complaints, overrides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lender import anew
from own_folder import own_folder
from people import acting, person

from equipoise.service.contexts.complaints.models import Complaint
from equipoise.service.contexts.hindsight.models import Against
from equipoise.service.contexts.process import reading as process
from equipoise.service.contexts.process.models import Happening, Way
from equipoise.service.contexts.watch import reading, services
from equipoise.service.contexts.watch.tasks import measure_watch
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Role

TEXT = """\
name: ours
history: 6
people: [{id: rita}]
tables:
- {name: ways, data: record/journeys, period: began, columns: {began: date, lost: boolean, answer_hours: number}}
- {name: complaints, data: record/complaints, period: received, columns: {received: date, upheld: boolean}}
- {name: overrides, data: record/overrides, period: decided, columns: {decided: date, machine: string, person: string}}
indicators:
- {name: drop_off, level: experience, about: operational, table: ways, kind: rate, of: lost, min_n: 1, owner: rita}
- {name: waiting, level: experience, about: operational, table: ways, kind: mean, of: answer_hours, min_n: 1, owner: rita}
- {name: upheld, level: experience, about: operational, table: complaints, kind: rate, of: upheld, min_n: 1, owner: rita}
- {name: granted, level: institution, about: operational, table: overrides, kind: rate, of: "person = 'approve'", min_n: 1, owner: rita}
"""  # noqa: E501


def way(began: datetime, *activities: tuple[str, float]) -> None:
    """A way by the pages; what was done on it after so many hours."""
    row = Way.objects.create(
        draft=f"draft-{Way.objects.count()}", product="corner", began=at(began)
    )
    for activity, hours in activities:
        moment = at(began + timedelta(hours=hours))
        Happening.objects.create(way=row.pk, activity=activity, lifecycle="complete", at=moment)


def at(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


@pytest.fixture
def happened(sqlite_database: Any) -> date:
    """Four ways, a month ago: one answered, one declined, one left, and one too young to say."""
    now = clock.now()
    then = (now - timedelta(days=40)).replace(day=10)
    way(then, ("sent", 1), ("offered", 5))
    way(then, ("sent", 1), ("declined", 3))
    way(then, ("page.income", 0.5))
    way(now, ("page.income", 0))
    for number, outcome in enumerate(("upheld", "not_upheld", "")):
        Complaint.objects.create(
            id=f"complaint-{number}", draft="draft-0", reference=f"R{number}", matter="other",
            product="corner", digest="d", language="en", channel="web", received_at=then,
            outcome=outcome, answered_at=then + timedelta(days=2) if outcome else None,
        )  # fmt: skip
    for number, answer in enumerate(("approve", "decline", "approve", "")):
        Against.objects.create(
            decision=f"decision-{number}", application="a", machine="decline", person=answer,
            officer="user.1", on=then.date(),
        )  # fmt: skip
    return then.date().replace(day=1)


def test_a_way_says_whether_it_was_lost_only_once_that_is_known(happened: date) -> None:
    rows = process.journeys()
    assert rows["sent"].to_list() == [True, True, False, False]
    assert rows["lost"].to_list() == [False, False, True, None]
    assert rows["answer_hours"].to_list() == [4.0, 2.0, None, None]


def test_what_the_record_knows_is_measured_like_any_table(happened: date, tmp_path: Path) -> None:
    (tmp_path / "watch.yaml").write_text(TEXT, encoding="utf-8")
    with anew(), own_folder(tmp_path):
        rita, ben = person(Role.RISK_OFFICER, "rita"), person(Role.APPROVER, "ben")
        services.approve(services.bring_in(acting(rita)), acting(ben))
        measure_watch.call()
        version = reading.in_force()
        assert version is not None
        values = {
            each.name: {e.period: (e.value, e.n) for e in reading.history(each.name)}[happened]
            for each in version.watch.document.indicators
        }
    assert values["drop_off"] == (pytest.approx(1 / 3), 3)
    assert values["waiting"] == (pytest.approx(3.0), 2)
    assert values["upheld"] == (pytest.approx(1 / 2), 2)
    assert values["granted"] == (pytest.approx(2 / 3), 3)
    assert reading.alerts() == []
