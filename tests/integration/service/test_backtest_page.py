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
from equipoise.service.contexts.watch.backtests import Place, row_of
from equipoise.service.contexts.watch.events import WatchBacktested
from equipoise.service.contexts.watch.models import Backtest
from equipoise.service.contexts.watch.tasks import backtest_watch
from equipoise.service.pages.risk.shown.frontier import frontier
from equipoise.service.platform import clock
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
    assert "As it is 20 2 133.3 100% (34% – 100%) 100% (34% – 100%) 1 (1 – 1) 190" in told
    snapshot = Backtest.objects.get().snapshot[:12]
    assert f"on loans.csv, 2025-01-01 to 2025-06-01 (rows {snapshot})." in told
    assert "held against “days >= 30” within 3 periods" in told and "Asked for by rita." in told
    assert "回测" in text(officer.get(PAGE, headers={"accept-language": "zh"}))

    # As it is nobody is warned of in vain, a month ahead; from 12 days on both are two ahead.
    before = reading.backtest("late")
    assert before is not None and before.as_it_is is not None
    assert before.as_it_is.place == Place(20, 0.0, 1.0)
    [best] = before.frontier
    assert (best.false_alarms, best.warned_ahead) == (0.0, 2.0)
    assert 11 < (best.threshold or 0) <= 12
    services.rebuild()
    assert reading.backtest("late") == before
    (lender / "loans.csv").unlink()
    assert backtest_watch.func(by, key) == 0
    gone = text(officer.get(PAGE, headers={"accept-language": "zh"}))
    assert "的回测未能完成：表“loans”无法读取" in gone
    assert verify_record().valid


def test_the_frontier_of_thresholds_is_drawn_with_what_is_in_force_and_what_is_proposed(
    lender: Path,
) -> None:
    rita = person(Role.RISK_OFFICER, "rita")
    services.approve(services.bring_in(acting(rita)), acting(person(Role.APPROVER, "ben")))
    worth = {
        "alerts": 4, "open": 0, "hits": 3, "events": 9, "caught": 3, "lead": [1, 2, 3],
        "per_thousand": 8.0, "gain": 280.0, "precision": None, "recall": None,
    }  # fmt: skip
    at = [
        {"threshold": bound, "false_alarms_per_thousand": false, "warned_ahead": ahead}
        for bound, false, ahead in ((25.0, 2.0, 0.5), (12.0, 9.0, 1.25), (3.0, 31.0, 2.0))
    ]
    chances = [
        {"chance": chance, "alarms": n, "false_a_year": false, "foretold": n, "episodes": 4,
         "lead": 2.0, "in_force": chance == 0.004}
        for chance, n, false in ((0.02, 3, 1.5), (0.01, 1, 1.0), (0.004, 2, 0.5))
    ]  # fmt: skip
    red = {"threshold": 20.0, "false_alarms_per_thousand": 4.0, "warned_ahead": 0.375, **worth}
    tests = (
        {"indicator": "late", "as_it_is": red, "proposed": {**worth, **at[1]}, "frontier": at},
        {"indicator": "rising", "at_chance": chances},
    )
    event = WatchBacktested(
        by=acting(rita).id, digest="0" * 64, data="loans.csv", snapshot="3f1c" * 16,
        since="2025-01-01", until="2025-06-01", tests=tests, fault="",
        against={"event": "days >= 30", "horizon": 3, "alert_cost": 5.0, "saved": 100.0,
                 "outcome": "bad"},
    )  # fmt: skip
    row_of(event, clock.now()).save()
    officer = logged_in(rita)
    page = text(officer.get(PAGE))
    for row in (
        "25 2 0.5",
        "12 9 1.25",
        "3 31 2",
        "Threshold in force 20 4 0.38",
        "Threshold proposed 12 9 1.25",
    ):
        assert row in page, page
    assert officer.get(PAGE).content.count(b"<svg") == 2  # wide and narrow; nothing was read yet
    chinese = text(officer.get(PAGE, headers={"accept-language": "zh"}))
    assert "现行阈值 20" in chinese and "建议阈值 12" in chinese
    # of chances: 0.01 has more false alarms than 0.004 and foretells less
    (told,) = (each for each in [reading.backtest("rising")] if each is not None)
    drawn = frontier(told, "mean")
    assert drawn is not None and drawn.table is not None
    assert [[cell.parts[0].text for cell in row] for row in drawn.table.rows] == [
        ["0.004", "0.5", "1"], ["0.02", "1.5", "1.5"], ["Threshold in force 0.004", "0.5", "1"]
    ]  # fmt: skip
