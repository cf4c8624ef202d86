"""Asking step by step, as a person runs it: decide, bring what is asked for, decide again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from commands_here import document, equipoise

from equipoise.errors import EquipoiseError, Faults
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import check_workspace_strategy

Edit = Callable[..., Workspace]
ASKING = "asking: {way: step_by_step}\n\nchoose: cutoff"


def applications(workspace: Workspace) -> pl.DataFrame:
    contract = workspace.contract().value
    wanted = {f.name for f in contract.fields if f.use in ("feature", "identifier", "date")}
    frame = pl.read_parquet(contract.data_path(workspace.folder))
    return frame.select(name for name in frame.columns if name in wanted)


def faults_of(workspace: Workspace) -> list[EquipoiseError]:
    try:
        return list(check_workspace_strategy(workspace).faults)
    except Faults as found:
        return list(found.faults)
    except EquipoiseError as found:
        return [found]


@pytest.fixture(scope="module")
def sealed(fitted: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To be read only."""
    folder = shutil.copytree(fitted.folder, tmp_path_factory.mktemp("asking") / "demo")
    path = folder / "strategy.yaml"
    path.write_text(path.read_text("utf-8").replace("choose: cutoff", ASKING, 1), "utf-8")
    workspace = Workspace.open(folder)
    assert document(equipoise("strategy", "check", workspace.folder, "--json"))["faults"] == []
    return Path(document(equipoise("strategy", "seal", workspace.folder, "--json"))["path"])


def decided(sealed: Path, application: dict[str, Any]) -> dict[str, Any]:
    ran = equipoise("decide", sealed, "-", given=json.dumps(application, default=str) + "\n")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_asked_again_with_what_was_asked_for_the_answer_comes(
    sealed: Path, fitted: Workspace, tmp_path: Path
) -> None:
    output = tmp_path / "answers.parquet"
    frame = applications(fitted).head(300)
    frame.write_parquet(tmp_path / "people.parquet")
    printed = document(
        equipoise("decide", sealed, tmp_path / "people.parquet", "--output", output, "--json")
    )
    assert printed["outcomes"]["ask_for_more"] > 30
    answers = pl.read_parquet(output)
    first = answers.with_row_index().filter(pl.col("next_check") == "identity_check")["index"][0]
    application = frame.row(first, named=True)
    form = {k: v for k, v in application.items() if k != "purpose"}
    assert decided(sealed, form)["next_check"] == "application_form"

    checks: dict[str, str] = {}
    while (decision := decided(sealed, {**application, "checks": checks}))["outcome"] == (
        "ask_for_more"
    ):
        assert decision["next_check"] not in checks
        checks[decision["next_check"]] = "passed"
    assert "identity_check" in checks  # every journey of the tiers has it
    assert decision["outcome"] in ("approve", "counter_offer")
    assert decision["next_check"] is None
    stopped = decided(sealed, {**application, "checks": {"identity_check": "stopped"}})
    assert (stopped["outcome"], stopped["reasons"]) == ("decline", ["CHECK_STOPPED"])


def test_a_csv_carries_results_and_traces_agree(
    sealed: Path, fitted: Workspace, tmp_path: Path
) -> None:
    frame = applications(fitted).head(60)
    results = ['{"identity_check": "passed"}', None, '{"identity_check": "stopped"}'] * 20
    frame.with_columns(pl.Series("checks", results)).write_csv(tmp_path / "people.csv")
    output, traces = tmp_path / "answers.csv", tmp_path / "traces.jsonl"
    document(
        equipoise(
            "decide", sealed, tmp_path / "people.csv", "--output", output, "--traces", traces,
            "--json",
        )
    )  # fmt: skip
    answers = pl.read_csv(output)
    rows = [json.loads(line) for line in traces.read_text(encoding="utf-8").splitlines()]
    assert [each["outcome"] for each in rows] == answers["outcome"].to_list()
    assert [each["trace"]["next_check"] for each in rows] == answers["next_check"].to_list()
    # rules decline or refer some before any check is looked at
    assert set(answers["outcome"].to_list()[2::3]) <= {"decline", "refer"}


def test_an_explanation_says_what_was_weighed(
    sealed: Path, fitted: Workspace, tmp_path: Path
) -> None:
    application = tmp_path / "one.json"
    row = applications(fitted).row(1, named=True)
    application.write_text(json.dumps(row, default=str), encoding="utf-8")
    shown = equipoise("explain", sealed, application)
    assert shown.returncode == 0, shown.stderr
    assert "asking step by step" in shown.stdout


def test_results_that_cannot_be_read_are_refused_with_their_row(
    sealed: Path, fitted: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    for result, said in (("{", "not JSON"), ('{"idcheck": "passed"}', "identity_check")):
        frame = applications(fitted).head(2)
        frame.with_columns(pl.Series("checks", [None, result])).write_csv(path)
        ran = equipoise("decide", sealed, path, "--output", tmp_path / "out.csv")
        assert ran.returncode == 2
        assert said in ran.stderr
        assert "row 2" in ran.stderr


def test_sql_says_why_it_cannot(sealed: Path) -> None:
    ran = equipoise("sql", sealed)
    assert ran.returncode == 2
    assert "step by step has no SQL" in ran.stderr


@pytest.mark.parametrize(
    ("asking", "said"),
    [
        ("{way: by_lot}", "step_by_step"),
        ("{way: step_by_step, wait_days: {idcheck: 1}}", "identity_check"),
        ("{way: step_by_step, wait_days: {income_proof: 1.5}}", "do not add up"),
        (
            "{way: step_by_step}\nexplore: {experiment: e, share: 0.1, within: 5}",
            "nobody is explored",
        ),
    ],
)
def test_what_cannot_be_asked_step_by_step_is_refused(edited: Edit, asking: str, said: str) -> None:
    workspace = edited(("choose: cutoff", f"asking: {asking}\nchoose: cutoff"))
    faults = [f"{each} {each.mend}" for each in faults_of(workspace)]
    assert any(said in each and "strategy.yaml" in each for each in faults), faults


def test_journeys_that_differ_by_more_than_checks_are_refused(edited: Edit) -> None:
    workspace = edited(("choose: cutoff", ASKING))
    path = workspace.folder / "treatments.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("cost: 0.5", "cost: 0.7", 1), encoding="utf-8")
    faults = faults_of(workspace)
    assert any("may differ by their checks alone" in str(each) for each in faults), faults
