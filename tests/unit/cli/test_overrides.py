"""The command that holds overrides against outcomes: what it prints, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from benchmarks.override_worlds import PLANTED, accepted, decisions
from tests.unit.cli.workspaces import Cli

WORTH = ("--loss", "0.6", "--margin", "0.1")


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The files of a world with planted reasons, in three formats, and their options."""
    folder: Path = tmp_path_factory.mktemp("overrides")
    made, outcomes = decisions(PLANTED, 3)
    made.write_csv(folder / "decisions.csv")
    outcomes.write_parquet(folder / "outcomes.parquet")
    accepted(3).write_ndjson(folder / "accepted.jsonl")
    files = ("--outcomes", str(folder / "outcomes.parquet"))
    files += ("--accepted", str(folder / "accepted.jsonl"), "--until", "2026-11-30")
    return (str(folder / "decisions.csv"), *files)


def test_it_says_what_loses_and_what_to_do_in_words(given: tuple[str, ...], cli: Cli) -> None:
    ran = cli("authority", "overrides", *given, *WORTH)
    assert ran.code == 0
    text = " ".join(ran.out.split())  # tables are as wide as the terminal
    assert "reason LOSES: loses money (" in text
    assert "reason TURNS_AWAY: turns away good customers (120 turned away; " in text
    assert "drawn at random, and see." in text
    assert "nothing observed, all inferred" in text
    assert "user." not in text
    assert "Figures of 6 people are not shown" in text
    assert "user.3: " in cli("authority", "overrides", *given, *WORTH, "--people").out


def test_json_says_the_same_and_where_each_figure_is_from(given: tuple[str, ...], cli: Cli) -> None:
    ran = cli("authority", "overrides", *given, *WORTH, "--json")
    assert ran.code == 0
    printed = ran.json
    answers = {each["name"]: (each["answer"], each["basis"]) for each in printed["findings"]}
    assert answers["LOSES"] == ("loses_money", "observed")
    assert answers["TURNS_AWAY"] == ("turns_away_good", "inferred")
    assert (printed["people"], printed["withheld"]) == (6, 6)
    assert {each["by"] for each in printed["groups"]} == {"all", "reason", "level"}


def test_without_a_loans_worth_rates_alone_are_told(given: tuple[str, ...], cli: Cli) -> None:
    printed = cli("authority", "overrides", *given, "--json").json
    assert any("no money is told" in each for each in printed["notes"])
    assert all(each["approved"]["money"] is None for each in printed["groups"])
    assert {each["answer"] for each in printed["findings"]} <= {
        "worse_than_expected",
        "better_than_expected",
    }


def test_what_cannot_be_read_is_refused_with_file_and_column(
    given: tuple[str, ...], cli: Cli, tmp_path: Path
) -> None:
    file, *rest = given
    pl.read_csv(file).rename({"machine": "machin"}).write_csv(tmp_path / "d.csv")
    for arguments, said in (
        ((str(tmp_path / "d.csv"), *rest), "no column 'machine'; did you mean 'machin'?"),
        ((*given, "--margin", "0.1"), "--margin is given without --loss"),
        ((file, *rest[:-1], "tomorrow"), "'tomorrow' is no date"),
    ):
        ran = cli("authority", "overrides", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
