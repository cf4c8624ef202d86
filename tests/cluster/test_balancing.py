"""`balance --engine spark` finds what `balance` finds, with the measures held by the workers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.unit.cli.workspaces import Cli

from equipoise.workspace import balance_workspace, fit_workspace, new_demo

APPLICANTS = 8_000


@pytest.fixture(scope="module")
def workspace(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    del spark
    made = new_demo(tmp_path_factory.mktemp("lender") / "lender", APPLICANTS, 1)
    appetite = made.folder / "appetite.yaml"
    few = re.sub(r"points: \d+", "points: 2", appetite.read_text(encoding="utf-8"))
    assert "points: 2" in few
    appetite.write_text(few, encoding="utf-8")
    fit_workspace(made)
    return made


def test_the_document_is_the_local_engines_within_the_gaps(
    workspace: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    local = balance_workspace(workspace)
    kept = pl.read_parquet(workspace.build / "choices.parquet")
    ran = Cli(capsys)("balance", workspace.folder, "--engine", "spark", "--json")
    assert ran.code == 0, ran.out
    spark = json.loads(ran.out)
    assert spark.keys() == local.as_dict().keys()
    for mine, other in zip(spark["frontier"], local.as_dict()["frontier"], strict=True):
        assert mine["x"] == pytest.approx(other["x"], rel=1e-3)
        apart = abs(other["upper"]) * (mine["gap"] + other["gap"]) + 1e-3 * abs(other["y"])
        assert mine["y"] == pytest.approx(other["y"], abs=apart, rel=0)
        assert mine["violation"] <= 1e-9
    for move in ("same_risk", "same_experience"):
        mine, other = (each["recommended"][move] for each in (spark, local.as_dict()))
        assert (mine["x"], mine["y"]) == pytest.approx((other["x"], other["y"]), rel=5e-3)
        assert mine["violation"] <= 1e-9
    assert spark["champion"] == local.as_dict()["champion"]
    assert [each["price"] for each in spark["shadow_prices"]] == pytest.approx(
        [each["price"] for each in local.as_dict()["shadow_prices"]], rel=0.05, abs=1.0
    )
    choices = pl.read_parquet(workspace.build / "choices.parquet")
    assert choices.columns == kept.columns
    assert choices["row"].equals(kept["row"])
    assert (choices["recommended"] == kept["recommended"]).mean() > 0.98


def test_an_appetite_nobody_can_meet_names_its_rows(
    workspace: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    appetite = workspace.folder / "appetite.yaml"
    before = appetite.read_text(encoding="utf-8")
    appetite.write_text(
        before.replace(
            "constraints:",
            "constraints:\n  - name: everybody\n    measure: booked\n    at_least: 7999\n"
            "  - name: nobody\n    measure: booked\n    at_most: 10",
            1,
        ),
        encoding="utf-8",
    )
    try:
        ran = Cli(capsys)("balance", workspace.folder, "--engine", "spark", "--json")
    finally:
        appetite.write_text(before, encoding="utf-8")
    assert ran.code == 1
    assert "everybody" in ran.out


@pytest.mark.no_java
def test_sparks_settings_without_spark_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = Cli(capsys)("balance", tmp_path, "--master", "local[2]")
    assert ran.code == 2
    assert "--engine spark" in ran.err
