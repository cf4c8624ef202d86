"""`equipoise experience map` on the example lender: what it prints, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.unit.cli.workspaces import Cli

from equipoise.workspace import new_demo

CHECKS = [
    word
    for name in ("identity_check", "income_proof", "bank_statements", "underwriter_review")
    for word in ("--decides", f"{name}={name}_stop")
]


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example lender, with 1,000 applicants."""
    folder = tmp_path_factory.mktemp("lender") / "lender"
    new_demo(folder, 1_000, 3)
    return folder


def test_its_document_counts_what_the_log_holds(cli: Cli, lender: Path) -> None:
    printed = cli("experience", "map", lender, "--by", "channel", *CHECKS, "--json").json
    events = pl.read_parquet(lender / "data" / "events.parquet")
    form = next(row for row in printed["steps"] if row["step"] == "application_form")
    asked = events.filter(
        (pl.col("activity") == "application_form") & (pl.col("lifecycle") == "schedule")
    )
    assert form["came"] == asked["application_id"].n_unique()
    assert {row["group"] for row in printed["steps"]} == {None, "web", "mobile", "branch", "broker"}
    verdicts = {move["step"]: move["verdict"] for move in printed["moves"] if move["by"] is None}
    assert verdicts["bank_statements"] == "changes_decisions"
    assert "A0000" not in str(printed)


def test_a_person_reads_shares_with_their_counts(
    cli: Cli, lender: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    asked = ("--lost", "bank_statements", "--offers", "600,6000")
    said = cli("experience", "map", lender, "--by", "channel", *asked).out
    assert " % (" in said
    assert "people lost, latest first" in said
    assert "A000" in said
    assert "over 6,000" in said
    assert "observational" in said


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("--by", "chanel"), "channel"),
        (("--step", "application_fom"), "application_form"),
        (("--lost", "identity"), "identity_check"),
        (("--versions", "channel=web"), "two versions"),
        (("--versions", "channel=web,post"), "its values"),
        (("--decides", "income_proof=monthly_income"), "true and false"),
        (("--offers", "17,nine"), "nine"),
        (("--offers", "17,5"), "rise"),
    ],
)
def test_what_is_not_there_is_bad_input_with_a_mend(
    given: tuple[str, ...], named: str, cli: Cli, lender: Path
) -> None:
    ran = cli("experience", "map", lender, *given)
    assert ran.code == 2
    assert named in ran.err


def test_a_workspace_without_a_log_says_what_to_add(cli: Cli, lender: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for file in lender.glob("*.yaml"):
        (bare / file.name).write_text(file.read_text("utf-8"), "utf-8")
    text = (bare / "experience.yaml").read_text("utf-8")
    begin, end = text.index("\nlog:"), text.index("\nsteps:")
    (bare / "experience.yaml").write_text(text[:begin] + text[end:], "utf-8")
    ran = cli("experience", "map", bare)
    assert ran.code == 2
    assert "log" in ran.err
