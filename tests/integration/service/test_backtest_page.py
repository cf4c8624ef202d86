"""A back-test on an indicator's page: asked for, measured by a job, shown with its day and tape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lender import anew
from own_folder import own_folder
from people import acting, logged_in, person
from test_incidents import DAYS, WATCH, text

from equipoise.service.contexts.watch import reading, services
from equipoise.service.contexts.watch.models import Backtest
from equipoise.service.contexts.watch.tasks import backtest_watch
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.jobs.reading import rows_of
from equipoise.service.platform.record.proving import verify_record

PAGE = "/risk/indicators/late/"


@pytest.fixture
def lender(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    rows = [(who, f"2025-0{n}-01", d) for who, days in DAYS.items() for n, d in enumerate(days, 1)]
    frame = pl.DataFrame(rows, schema=["id", "month", "days"], orient="row")
    frame.write_csv(tmp_path / "loans.csv")
    (tmp_path / "watch.yaml").write_text(WATCH, encoding="utf-8")
    with anew(), own_folder(tmp_path):
        yield tmp_path


def test_a_back_test_is_asked_for_once_and_shown_with_its_day_and_tape(lender: Path) -> None:
    rita = person(Role.RISK_OFFICER, "rita")
    services.approve(services.bring_in(acting(rita)), acting(person(Role.APPROVER, "ben")))
    officer = logged_in(rita)
    officer.defaults["HTTP_ACCEPT"] = "text/html"
    analyst = logged_in(person(Role.ANALYST))
    assert "It was not back-tested yet." in text(officer.get(PAGE))
    assert "Back-test on the history" not in text(analyst.get(PAGE))
    for _ in range(2):
        officer.post(f"{PAGE}backtest")
    told = text(officer.get(PAGE))
    assert "a back-test is under way already" in told and "Look again in a minute" in told
    [job] = rows_of("ready").filter(task_path=backtest_watch.module_path)
    by, key = job.args_kwargs["args"]
    assert backtest_watch.func(by, key) == 1
    job.delete()

    # Red from 20 days on: A and B are warned of in the month before they are 30 late, C never is.
    # Of 4 + 5 + 6 months at risk 2 have an alert; each costs 5 and saves 100.
    told = text(officer.get(PAGE))
    assert "As it is 2 133.3 100% (34% – 100%) 100% (34% – 100%) 1 (1 – 1) 190" in told
    snapshot = Backtest.objects.get().snapshot[:12]
    assert f"on loans.csv, 2025-01-01 to 2025-06-01 (rows {snapshot})." in told
    assert "held against “days >= 30” within 3 periods" in told and "Asked for by rita." in told
    assert "回测" in text(officer.get(PAGE, headers={"accept-language": "zh"}))

    before = reading.backtest("late")
    services.rebuild()
    assert reading.backtest("late") == before
    (lender / "loans.csv").unlink()
    assert backtest_watch.func(by, key) == 0
    gone = text(officer.get(PAGE, headers={"accept-language": "zh"}))
    assert "的回测未能完成：表“loans”无法读取" in gone
    assert verify_record().valid
