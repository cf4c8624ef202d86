"""Owners are asked on schedule, their answers kept, the late chased: on the register's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from at_the_desk import at
from lender import anew
from own_folder import own_folder
from people import logged_in, person

from equipoise.service.contexts.screenings import reading
from equipoise.service.contexts.screenings.tasks import ask_owners
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record.proving import verify_record, verify_rows

WATCH = """\
name: ours
people: [{id: rita}, {id: bo}]
tables: [{name: loans, data: loans.csv, period: month, columns: {month: date}}]
risks:
  - name: bad_debt
    class: credit
    cause: people lose their work
    owner: rita
    probability: {judged: 4, by: rita, day: 2026-01-02}
    impact: {judged: 3, by: rita, day: 2026-01-02}
    residual: {judged: 2, by: rita, day: 2026-01-02}
    appetite: 9
    reviewed: 2026-01-02
    controls: [{name: cut-off, test: replay it, tested: 2026-01-02, works: true}]
duties:
  - {name: debt_round, owner: rita, every: month, since: SINCE, risk: bad_debt, within_days: 7,
     asks: [Is any new risk known?, Did the cut-off hold?]}
"""


@pytest.fixture
def lender(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    since = clock.now().date() - timedelta(days=2)
    text = WATCH.replace("SINCE", since.isoformat())
    (tmp_path / "watch.yaml").write_text(text, encoding="utf-8")
    with anew(), own_folder(tmp_path):
        yield tmp_path


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.usefixtures("lender")
def test_an_owner_is_asked_once_chased_once_and_the_answer_makes_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rita = person(Role.RISK_OFFICER, "rita")
    User.objects.filter(pk=rita.pk).update(email="rita@lender.example", language="zh")
    officer = logged_in(rita)
    officer.defaults["HTTP_ACCEPT"] = "text/html"
    assert ask_owners.func() == 1
    assert ask_owners.func() == 0
    page = text(officer.get("/risk/register/"))
    assert "Is any new risk known?" in page and "12 judged" in page and "never" not in page
    start = clock.now()
    at(start + timedelta(days=6), monkeypatch)
    assert ask_owners.func() == 1  # the day after it was due
    assert ask_owners.func() == 0
    assert "late since" in text(officer.get("/risk/register/"))
    assert list(Message.objects.values_list("language", flat=True)) == ["zh", "zh"]

    (asked,) = reading.open_rounds()
    address = f"/risk/register/{asked.id}/answer"
    given = {"count": "2", "answer-0": "none", "answer-1": "", "residual": "3"}
    half = text(officer.post(address, given), 409)
    assert "every question needs an answer" in half and "none" in half
    given["answer-1"] = "it held"
    officer.post(address, given)
    ben = logged_in(person(Role.APPROVER, "ben"))
    ben.defaults["HTTP_ACCEPT"] = "text/html"
    assert "rita was first: answered it." in text(ben.post(address, given), 409)
    assert [each.grade for each in reading.residuals()["bad_debt"]] == [3]
    shown = text(officer.get("/risk/register/", headers={"accept-language": "zh"}))
    assert "it held" in shown and "剩余等级" in shown
    at(start + timedelta(days=40), monkeypatch)
    assert ask_owners.func() == 1  # the next round
    assert verify_record().valid
    assert [e for e in verify_rows().differences if e.table.startswith("screenings_")] == []
