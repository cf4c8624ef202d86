"""Comparing, auditing and simulating who decides, as a person runs them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.cli.run import run
from equipoise.strategy.engine import load_strategy
from equipoise.value.measures import MEASURES
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import seal_workspace

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def equipoise(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command: its exit code, standard output and standard error."""

    def command(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([str(each) for each in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture(scope="module")
def sealed(fitted: Workspace, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two ways to choose, sealed: a cut-off and a table."""
    folder = tmp_path_factory.mktemp("reviewed") / "demo"
    shutil.copytree(fitted.folder, folder)
    workspace = Workspace.open(folder)
    cutoff = seal_workspace(workspace)[1]
    document = folder / "strategy.yaml"
    text = document.read_text(encoding="utf-8")
    assert "choose: cutoff" in text
    document.write_text(text.replace("choose: cutoff", "choose: table"), encoding="utf-8")
    return cutoff, seal_workspace(workspace)[1]


@pytest.fixture(scope="module")
def people(fitted: Workspace) -> Path:
    return fitted.contract().value.data_path(fitted.folder)


def document(told: tuple[int, str, str], code: int = 0) -> Any:
    assert told[0] == code, told[1] + told[2]
    return json.loads(told[1])


def test_compare_puts_everybody_in_one_cell_and_agrees_with_the_decisions(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    printed = document(equipoise("compare", *sealed, people, "--json"))
    cells = {cell["name"]: cell["people"] for cell in printed["cells"]}
    assert sum(cells.values()) == printed["applicants"] == 8000
    offered = []
    for at, each in enumerate(sealed):
        output = tmp_path / f"{at}.parquet"
        assert equipoise("decide", each, people, "--output", output)[0] == 0
        outcome = pl.read_parquet(output)["outcome"]
        offered.append(outcome.is_in(["approve", "counter_offer"]).to_numpy())
    assert cells["in_out"] == int(np.sum(offered[0] & ~offered[1]))
    assert cells["out_in"] == int(np.sum(~offered[0] & offered[1]))
    change = printed["changes"]["expected_loss_rate"]
    assert change["low"] <= change["difference"] <= change["high"]
    assert {"average_wait", "average_checks", "average_price", "profit"} <= set(printed["changes"])
    assert {each["column"] for each in printed["segments"]} >= {"region", "sex"}


def test_the_formats_of_a_file_give_one_comparison(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    frame = pl.read_parquet(people).head(300)
    collected = []
    for ending, write in (("parquet", frame.write_parquet), ("csv", frame.write_csv)):
        path = tmp_path / f"people.{ending}"
        write(path)
        collected.append(document(equipoise("compare", *sealed, path, "--json")) | {"file": ""})
    lines = tmp_path / "people.jsonl"
    rows = (json.dumps(row, default=str) for row in frame.iter_rows(named=True))
    lines.write_text("\n".join(rows), encoding="utf-8")
    collected.append(document(equipoise("compare", *sealed, lines, "--json")) | {"file": ""})
    assert collected[0] == collected[1] == collected[2]


def test_a_strategy_compared_with_itself_changes_nothing(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    page = tmp_path / "same.html"
    printed = document(equipoise("compare", sealed[0], sealed[0], people, "--html", page, "--json"))
    counts = {cell["name"]: cell["people"] for cell in printed["cells"]}
    assert counts["in_out"] == counts["out_in"] == 0
    assert all(change["difference"] == 0 for change in printed["changes"].values())
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_number_to_split_by_is_cut_at_its_quartiles(
    equipoise: Run, sealed: tuple[Path, Path], people: Path
) -> None:
    printed = document(equipoise("compare", *sealed, people, "--by", "monthly_income", "--json"))
    segments = [each["segment"] for each in printed["segments"]]
    assert len(segments) == 4
    assert all(each["column"] == "monthly_income" for each in printed["segments"])


def test_audit_answers_per_measure_and_cuts_age_into_bands(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    page = tmp_path / "audit.html"
    printed = document(
        equipoise("audit", sealed[0], people, "--sample", 40, "--html", page, "--json")
    )
    assert len(printed["bands"]["age"]) == 3
    assert set(printed["answers"]) >= {"approval", "price", "waiting", "documents asked"}
    assert {each["column"] for each in printed["findings"]} == {"age", "sex", "age & sex"}
    assert printed["recourse"]["sampled"] == 40
    assert "no way back" in printed["answers"]
    assert "not enough evidence" in page.read_text(encoding="utf-8")


def test_declared_bands_are_used(equipoise: Run, sealed: tuple[Path, Path], people: Path) -> None:
    printed = document(
        equipoise("audit", sealed[0], people, "--bands", "age=30,60", "--sample", 0, "--json")
    )
    groups = {f["group"]["group"] for f in printed["findings"] if f["column"] == "age"}
    assert groups | {"30 to 60"} == {"under 30", "30 to 60", "60 and over"}
    assert printed["recourse"] is None


def test_an_audit_with_a_gap_outside_its_tolerance_says_no(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    frame = pl.read_parquet(people)
    # women are made to owe far more: they are declined, and no field of theirs is read
    unfair = frame.with_columns(
        dti=pl.when(pl.col("sex") == "female").then(0.7).otherwise(pl.col("dti"))
    )
    path = tmp_path / "unfair.parquet"
    unfair.write_parquet(path)
    printed = document(equipoise("audit", sealed[0], path, "--sample", 0, "--json"), code=1)
    assert printed["answer"] == printed["answers"]["approval"] == "fail"
    code, out, _ = equipoise("audit", sealed[0], path, "--sample", 0)
    assert code == 1
    assert "✗ fail" in out


def test_parity_is_priced_on_a_balanced_workspace(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, fitted: Workspace
) -> None:
    printed = document(
        equipoise(
            "audit", sealed[0], people, "--by", "sex", "--sample", 0,
            "--workspace", fitted.folder, "--json",
        )
    )  # fmt: skip
    rows = printed["parity"]["rows"]
    assert {row["group"] for row in rows} <= {"female", "male"}
    given_up = [row["given_up"] for row in rows]
    assert given_up == sorted(given_up)
    assert all(row["given_up_low"] <= row["given_up_high"] for row in rows)


def test_lower_limits_and_fewer_people_make_people_wait(
    equipoise: Run, sealed: tuple[Path, Path], people: Path
) -> None:
    how = ("--arrivals-per-day", 60, "--replications", 4, "--json")
    moves = ("--limit", "system=5000", "--staff", "underwriter=1")
    printed = document(equipoise("authority", "simulate", sealed[0], people, *how, *moves))
    at = {(row["level"], row["measure"]): row for row in printed["rows"]}
    assert at["system", "arrivals"]["after"] < at["system", "arrivals"]["before"]
    busy = at["underwriter", "utilisation"]
    assert busy["after"] > busy["before"]
    assert at["all", "business_mean"]["after"] > at["all", "business_mean"]["before"]
    assert at["all", "arrivals"]["difference"] == 0
    again = document(equipoise("authority", "simulate", sealed[0], people, *how, *moves))
    assert again == printed


def test_a_flow_on_its_own_days_has_as_many_cases_as_are_not_declined(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    printed = document(
        equipoise("authority", "simulate", sealed[0], people, "--replications", 2, "--json")
    )
    cases = next(
        row["mean"]
        for row in printed["rows"]
        if (row["level"], row["measure"]) == ("all", "arrivals")
    )
    output = tmp_path / "out.parquet"
    equipoise("decide", sealed[0], people, "--output", output)
    assert cases == int((pl.read_parquet(output)["outcome"] != "decline").sum())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", "A", "A", "P", "--by", "regin"), "did you mean 'region'"),
        (("compare", "A", "A", "no.parquet"), "the file does not exist"),
        (("audit", "A", "P", "--bands", "age=60,30"), "must rise"),
        (("audit", "A", "P", "--bands", "age"), "NAME=VALUE"),
        (("audit", "A", "P", "--html", "nowhere/x.html", "--sample", "0"), "no such folder"),
        (("audit", "A", "P", "--workspace", "nowhere", "--sample", "0"), "nowhere"),
        (("authority", "simulate", "A", "P", "--limit", "comittee=1"), "credit_committee"),
        (("authority", "simulate", "A", "P", "--limit", "credit_committee=1"), "limits stand at"),
        (("authority", "simulate", "A", "P", "--staff", "underwriter=1.5"), "number of people"),
    ],
)
def test_bad_input_is_told_with_a_mend(
    equipoise: Run,
    sealed: tuple[Path, Path],
    people: Path,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    words = [{"A": str(sealed[0]), "P": str(people)}.get(each, each) for each in arguments]
    code, _, error = equipoise(*words)
    assert code == 2
    assert said in error
    assert "internal" not in error


def test_a_file_without_protected_fields_cannot_be_audited(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    path = tmp_path / "people.parquet"
    pl.read_parquet(people).head(50).drop("age", "sex").write_parquet(path)
    code, _, error = equipoise("audit", sealed[0], path)
    assert code == 2
    assert re.search(r"--by", error)


def test_a_flow_without_days_asks_for_arrivals(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    path = tmp_path / "people.parquet"
    pl.read_parquet(people).head(50).drop("application_date").write_parquet(path)
    code, _, error = equipoise("authority", "simulate", sealed[0], path)
    assert code == 2
    assert "--arrivals-per-day" in error


@pytest.mark.parametrize("command", [("compare", 2), ("audit", 1), ("authority simulate", 1)])
def test_a_file_of_nobody_is_refused(
    equipoise: Run,
    sealed: tuple[Path, Path],
    people: Path,
    tmp_path: Path,
    command: tuple[str, int],
) -> None:
    name, strategies = command
    path = tmp_path / "nobody.parquet"
    pl.read_parquet(people).head(0).write_parquet(path)
    code, _, error = equipoise(*name.split(), *sealed[:strategies], path)
    assert code == 2
    assert "holds no application" in error


def test_a_strategy_that_declines_everybody_makes_no_cases(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    path = tmp_path / "declined.parquet"
    pl.read_parquet(people).head(20).with_columns(dti=pl.lit(0.9)).write_parquet(path)
    code, _, error = equipoise("authority", "simulate", sealed[0], path)
    assert code == 2
    assert "declines everybody" in error


def test_one_applicant_is_compared_and_audited_without_intervals(
    equipoise: Run, sealed: tuple[Path, Path], people: Path, tmp_path: Path
) -> None:
    path, page = tmp_path / "one.parquet", tmp_path / "one.html"
    pl.read_parquet(people).head(1).write_parquet(path)
    for words in (("compare", *sealed), ("audit", sealed[0])):
        assert equipoise(*words, path, "--html", page)[0] == 0
        assert page.stat().st_size > 0


def test_measures_of_a_frame_are_those_of_each_decision(
    sealed: tuple[Path, Path], people: Path
) -> None:
    strategy = load_strategy(sealed[0])
    frame = pl.read_parquet(people).head(200)
    valued = strategy.value_frame(frame)
    for row, record in zip(valued.iter_rows(named=True), strategy.records(frame), strict=True):
        measures = strategy.decide(record).trace.measures
        for name in MEASURES:
            assert row[name] == (measures[name] if measures else 0.0)
