"""The commands of a trial: what they print, write, and exit with."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.unit.cli.workspaces import Cli

from equipoise.strategy.exploring import Split


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("id\n" + "\n".join(f"p{at}" for at in range(2000)) + "\n\n")
    return path


def trial(folder: Path, bad: float, kind: str = "csv") -> Path:
    """The champion's bad rate is 5 %, the challenger's `bad`."""
    rng = np.random.default_rng(3)
    path = folder / f"trial.{kind}"
    new = rng.random(8000) < 0.25
    defaults = rng.random(8000) < np.where(new, bad, 0.05)
    arms = np.where(new, "new", "champion")
    days = [date(2026, 1, 1) + timedelta(days=at // 80) for at in range(8000)]
    rows = list(zip(arms, days, [str(bool(each)).lower() for each in defaults], strict=True))
    if kind == "csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([("arm", "day", "bad"), *rows])
    else:
        lines = [f'{{"arm": "{arm}", "day": "{day}", "bad": {b}}}' for arm, day, b in rows]
        path.write_text("\n".join(lines) + "\n")
    return path


def test_a_plan_says_outcomes_and_days(cli: Cli) -> None:
    words = [
        "challenge", "plan", "--per-day", "200", "--share", "0.2", "--differs", "bad=0.05:0.02",
        "--no-worse", "taken=0.6:0.05", "--window", "bad=365", "--observed", "bad=0.4",
    ]  # fmt: skip
    printed = cli(*words, "--json").json
    bad, taken = printed["questions"]
    assert bad["days"] == pytest.approx(bad["recruiting_days"] + 365)
    assert taken["days"] == taken["recruiting_days"]
    said = cli(*words).out
    assert f"{bad['challenger_outcomes']:,}" in said
    assert f"--planned {max(q['challenger_outcomes'] for q in printed['questions'])}" in said


def test_who_goes_where_is_written_with_its_chance(cli: Cli, people: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    ran = cli(
        "challenge", "assign", people, "--experiment", "spring", "--share", "new=0.1",
        "--output", output, "--json",
    )  # fmt: skip
    split = Split.of("spring", {"new": 0.1})
    with output.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2000
    for row in rows:
        arm = split.assign(row["id"])
        assert (row["arm"], float(row["propensity"])) == (arm.arm, arm.propensity)
    assert ran.json["counts"]["new"] == sum(row["arm"] == "new" for row in rows)


def test_a_share_that_grows_shows_who_moves(cli: Cli, people: Path) -> None:
    printed = cli(
        "challenge", "assign", people, "--experiment", "spring", "--share", "new=0.1", "--share",
        "other=0.1", "--then", "new=0.3", "--json",
    ).json  # fmt: skip
    assert [(each["from"], each["to"]) for each in printed["moves"]] == [("champion", "new")]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_broken_guardrail_exits_with_1_and_draws_its_page(
    cli: Cli, tmp_path: Path, kind: str
) -> None:
    page = tmp_path / "page.html"
    ran = cli(
        "challenge", "monitor", trial(tmp_path, 0.15, kind), "--planned", "2000", "--no-more",
        "bad=0.02", "--share", "new=0.25", "--html", page,
    )  # fmt: skip
    assert ran.code == 1
    assert "stop: it does harm" in ran.out
    assert "it does harm" in page.read_text()


def test_a_trial_without_harm_exits_with_0(cli: Cli, tmp_path: Path) -> None:
    words = ["challenge", "monitor", trial(tmp_path, 0.05), "--planned", "2000", "--no-more",
             "bad=0.03", "--share", "new=0.25"]  # fmt: skip
    ran = cli(*words, "--json")
    assert ran.code == 0
    assert ran.json["challengers"][0]["answer"] == "ship"
    assert ran.json["sample_ratio"]["broken"] is False
    early = cli(*words, "--until", "2026-01-20", "--json").json
    assert early["challengers"][0]["answer"] == "go_on"


def test_arms_that_are_not_what_was_declared_exit_with_1(cli: Cli, tmp_path: Path) -> None:
    ran = cli("challenge", "monitor", trial(tmp_path, 0.05), "--planned", "2000", "--no-more",
              "bad=0.03", "--share", "new=0.2")  # fmt: skip
    assert ran.code == 1
    assert "not filled by their shares" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", "--per-day", "200", "--share", "0.2"], "nothing to find out"),
        (["plan", "--per-day", "200", "--share", "0.2", "--differs", "bad=0.05"], "DIFFERENCE"),
        (["plan", "--per-day", "9", "--share", "0.2", "--differs", "bad=0.05:0.02", "--window",
          "bda=3"], "bda"),
        (["assign", "{people}", "--experiment", "a/b", "--share", "new=0.1"], "cannot name"),
        (["assign", "{people}", "--experiment", "a", "--share", "new=2"], "less than 1"),
        (["assign", "{people}", "--experiment", "a", "--share", "new=0.1", "--id", "no"], "'no'"),
        (["assign", "nowhere.csv", "--experiment", "a", "--share", "new=0.1"], "does not exist"),
        (["monitor", "{people}", "--planned", "99", "--no-more", "bad=0.1"], "arm"),
        (["monitor", "{people}", "--planned", "99"], "nothing to watch"),
        (["monitor", "{people}", "--planned", "99", "--no-more", "bad=-1"], "less than nothing"),
        (["monitor", "{people}", "--planned", "99", "--raise", "x", "--lower", "x"], "twice"),
        (["monitor", "{people}", "--planned", "99", "--raise", "x", "--until", "soon"], "no date"),
    ],
)  # fmt: skip
def test_bad_input_exits_with_2_and_says_how_to_mend(
    cli: Cli, people: Path, words: list[str], said: str
) -> None:
    ran = cli("challenge", *(word.format(people=people) for word in words))
    assert ran.code == 2
    assert said in ran.err
