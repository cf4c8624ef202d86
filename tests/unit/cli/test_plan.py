"""`equipoise plan drill`: the sheet of a drill, its clocks reckoned by hand."""

from __future__ import annotations

from pathlib import Path

from plan_text import TEXT
from tests.unit.cli.workspaces import Cli

SUNDAY = "2026-11-29T20:00:00"


def test_the_sheet_tells_the_latest_each_step_begins_and_who_is_called(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "plans.yaml").write_text(TEXT, encoding="utf-8")
    done = cli("plan", "drill", tmp_path, "bureau_down", "--begins", SUNDAY, "--json")
    assert done.code == 0, done.err
    clocks = {each["step"]: (each["begins"], each["due"]) for each in done.json["steps"]}
    assert clocks == {
        "confirm": ("2026-11-29T20:00:00+00:00", "2026-11-29T20:30:00+00:00"),
        "to_people": ("2026-11-29T20:30:00+00:00", "2026-11-29T20:45:00+00:00"),
        # two open hours: from Monday at nine
        "report": ("2026-11-29T20:45:00+00:00", "2026-11-30T11:00:00+00:00"),
    }
    assert done.json["steps"][0]["calls"] == [
        {"person": "olga", "after_minutes": 0.0},
        {"person": "otto", "after_minutes": 10.0},
        {"person": "rita", "after_minutes": 20.0},
    ]
    assert done.json["injected"] == [
        {"at": "2026-11-29T20:00:00+00:00", "indicator": "bureau_answers", "value": 0.2}
    ]
    shown = cli("plan", "drill", tmp_path, "bureau_down", "--begins", SUNDAY)
    assert "drill from 2026-11-29 20:00 to 2026-11-30 11:00 UTC" in shown.out


def test_plans_are_checked_and_only_what_is_wrong_is_told(cli: Cli, tmp_path: Path) -> None:
    """A step without a deadline is one fault: the list of plans is not told to be too short."""
    path = tmp_path / "plans.yaml"
    path.write_text(TEXT, encoding="utf-8")
    done = cli("plan", "check", tmp_path, "--json")
    assert (done.code, done.json["plans"][0]["plan"]) == (0, "bureau_down")
    line = next(each for each in TEXT.splitlines() if "within_minutes: 30" in each)
    path.write_text(TEXT.replace(line, line.replace(", within_minutes: 30", "")), encoding="utf-8")
    faulty = cli("plan", "check", tmp_path, "--json")
    assert faulty.code == 2
    (fault,) = faulty.json["faults"]
    assert fault["message"] == "'plans.0.steps.0.within_minutes' is missing"
    assert fault["line"] == TEXT.splitlines().index(line) + 1


def test_a_fault_is_told_by_its_line_and_an_unknown_plan_by_the_nearest(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "plans.yaml").write_text(TEXT, encoding="utf-8")
    unknown = cli("plan", "drill", tmp_path, "bureau_dwn")
    assert unknown.code == 2
    assert "bureau_down" in unknown.err
    (tmp_path / "plans.yaml").write_text(TEXT.replace("after: [confirm]", "after: [confrm]"))
    faulty = cli("plan", "drill", tmp_path, "bureau_down")
    assert faulty.code == 2
    assert "plans.yaml:" in faulty.err and "confrm" in faulty.err


def test_a_drill_may_begin_in_another_zone_and_on_a_leap_day(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "plans.yaml").write_text(TEXT, encoding="utf-8")
    begins = ("--begins", "2028-02-29T23:50:00+08:00", "--json")
    done = cli("plan", "drill", tmp_path, "bureau_down", *begins)
    assert done.json["begins"] == "2028-02-29T15:50:00+00:00"
    late = cli("plan", "drill", tmp_path, "bureau_down", "--begins", "2028-02-29T23:50", "--json")
    assert late.json["steps"][0]["due"] == "2028-03-01T00:20:00+00:00"


def test_what_is_no_fault_is_told_to_be_looked_at(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "plans.yaml").write_text(TEXT, encoding="utf-8")
    alone, untried = cli("plan", "check", tmp_path, "--json").json["notes"]
    assert "rita does not answer for 'risk'" in alone
    assert "'corner' was not tried: the folder has no fitted strategy" in untried
    assert alone in cli("plan", "check", tmp_path).out
