"""A year in a day, in its short form: two months, a shock, a plan, and all that is true at the end.
The full form is slow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from corner_lender import strategy

from equipoise.rehearsal import environment

_PATIENCE = 3600  # seconds


def rehearsed(folder: Path, *options: str) -> Any:
    (folder / "sealed").mkdir(parents=True)
    (folder / "sealed" / "corner.json").write_text(strategy().sealed.text(), encoding="utf-8")
    command = [sys.executable, "-m", "equipoise", "rehearse", str(folder), "--json", *options]
    done = subprocess.run(
        command, check=False, env=environment(), capture_output=True, text=True, timeout=_PATIENCE
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return json.loads(done.stdout)


def test_two_months_end_with_every_alert_closed_and_every_cent_in_its_place(
    tmp_path: Path,
) -> None:
    report = rehearsed(tmp_path / "lender", "--months", "2", "--applicants", "6",
                     "--month-days", "0.5")  # fmt: skip
    assert report["wrong"] == []
    assert report["decided"] == 6
    assert {each["stage"] for each in report["alerts"]} == {"closed"}
    by_name = {each["indicator"]: each["ending"] for each in report["alerts"]}
    assert by_name["bureau_failing"] == "accepted", "the bureau is down to the end"
    [run] = report["runs"]
    assert run["late"] == ["report"], "that step has a minute, and the next has days"
    assert len(report["exposures"]) > 12


@pytest.mark.slow
def test_a_year_ends_with_every_alert_closed_and_every_cent_in_its_place(tmp_path: Path) -> None:
    report = rehearsed(tmp_path / "lender", "--months", "12", "--applicants", "240")
    assert report["wrong"] == []
    assert report["decided"] == 240
