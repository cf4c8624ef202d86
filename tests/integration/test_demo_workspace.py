"""The main job from end to end on a small synthetic lender, as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from commands_here import document, equipoise
from dying import killed

APPLICANTS = 4000


def in_a_process(*arguments: object) -> dict[str, Any]:
    """The one JSON document that the command says in a process of its own, and nothing else."""
    words = [sys.executable, "-m", "equipoise", *map(str, arguments)]
    ran = subprocess.run(words, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stderr == ""
    body: dict[str, Any] = json.loads(ran.stdout)
    return body


def contents(folder: Path) -> Mapping[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "d"
    made = in_a_process("new", folder, "--example", "demo", "--applicants", APPLICANTS, "--json")
    assert {"contract.yaml", "treatments.yaml", "appetite.yaml", "data"} <= set(made["files"])
    return folder


@pytest.fixture(scope="module")
def fit(lender: Path) -> dict[str, Any]:
    return in_a_process("fit", lender, "--json")


@pytest.fixture(scope="module")
def balance(lender: Path, fit: dict[str, Any]) -> dict[str, Any]:
    return in_a_process("balance", lender, "--json")


def test_the_example_checks_without_a_fault(lender: Path) -> None:
    printed = document(equipoise("check", lender, "--json"))
    assert printed["data"]["rows_kept"] == APPLICANTS
    assert printed["review"] == []


def test_fit_tells_of_every_model(lender: Path, fit: dict[str, Any]) -> None:
    wanted = {"name", "kind", "features", "n_train", "n_test", "split", "auc", "ks", "brier"}
    assert [model["name"] for model in fit["models"]] == ["scorecard", "boosted"]
    for model in fit["models"]:
        assert wanted <= set(model)
        assert 0.55 < model["auc"] < 0.95
        assert model["calibration"][0]["predicted"] > 0
    assert json.loads((lender / "build" / "fit.json").read_text()) == fit


def test_each_known_outcome_is_scored_by_a_model_that_never_saw_it(
    lender: Path, fit: dict[str, Any]
) -> None:
    population = pl.read_parquet(lender / "build" / "population.parquet")
    assert population.columns == ["row", "pd", "fold"]
    assert population["row"].to_list() == list(range(1, APPLICANTS + 1))
    assert population["pd"].is_between(0, 1).all()
    from equipoise.risk import load_risk
    from equipoise.workspace import Workspace

    workspace = Workspace.open(lender)
    contract = workspace.contract().value
    frame = workspace.applications(contract).frame
    own = pl.Series(load_risk(lender / "build" / "risk").pd(frame))
    known = frame.select(contract.bad())["bad"].is_not_null()
    same = (own - population["pd"]).abs() < 1e-12
    assert same.filter(~known).all()
    assert same.filter(known).mean() < 0.2


def test_balance_gives_certificate_frontier_and_sources(balance: dict[str, Any]) -> None:
    assert balance["certificate"]["gap"] < 1e-2
    assert balance["certificate"]["violation"] <= 1e-9
    assert balance["champion"]["x"] > 0
    assert balance["seconds"] > 0
    for point in balance["frontier"]:
        assert {"x", "y", "lower", "upper", "multipliers"} <= set(point)
        assert point["lower"] <= point["upper"] * (1 + 1e-9)
    assert {row["provenance"] for row in balance["provenance"]} <= {
        "measured",
        "assumed",
        "simulated",
    }


def test_choices_name_rows_of_the_data_and_treatments(
    lender: Path, balance: dict[str, Any]
) -> None:
    choices = pl.read_parquet(lender / "build" / "choices.parquet")
    assert choices.columns == ["row", "today", "recommended"]
    assert choices.height == balance["applicants"] == APPLICANTS
    applications = pl.read_parquet(lender / "data" / "applications.parquet")
    assert choices["today"].to_list() == applications["todays_treatment"].to_list()


def test_those_not_booked_are_valued_beside_the_balance_and_change_nothing_of_it(
    lender: Path, balance: dict[str, Any]
) -> None:
    before = contents(lender / "build")
    printed = document(equipoise("balance", lender, "--reject-inference", "--json"))
    readings = printed["reject_inference"]["readings"]
    assert {**printed, "seconds": 0, "reject_inference": 0} == {
        **balance,
        "seconds": 0,
        "reject_inference": 0,
    }
    booked = pl.read_parquet(lender / "data" / "applications.parquet")["booked"]
    assert printed["reject_inference"]["not_booked"] == pytest.approx(1 - booked.mean())
    base, *others = readings
    move = balance["recommended"][balance["recommended"]["chosen"]]
    for name in ("expected_loss", "expected_loss_rate", "profit", "approvals"):
        assert base["today"][name] == pytest.approx(balance["champion"]["measures"][name], rel=1e-9)
        assert base["recommended"][name] == pytest.approx(move["measures"][name], rel=1e-9)
    # under every reading those who were turned away look no better than the model takes them for
    worse = {each["reading"]: each["pd_not_booked"] for each in others}
    assert worse["parcelling"] > 1.2 * base["pd_not_booked"]
    for each in others:
        larger = each["pd_all"] > base["pd_all"]
        assert larger == (each["today"]["expected_loss"] > base["today"]["expected_loss"]), each
    after = contents(lender / "build")
    kept = {name for name in before if not name.startswith("balance.json")}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert json.loads(after["reject_inference.json"]) == printed["reject_inference"]


def test_report_is_one_page_with_the_commands_that_make_it(
    lender: Path, balance: dict[str, Any]
) -> None:
    printed = document(equipoise("report", lender, "--json"))
    page = Path(printed["report"]).read_text(encoding="utf-8")
    assert f"equipoise new {lender} --example demo --applicants {APPLICANTS} --seed 7" in page
    for step in ("check", "fit", "balance", "report"):
        assert f"equipoise {step} {lender}" in page
    assert "version of polars" in page


def test_the_report_comes_in_chinese_beside_the_english_one(
    lender: Path, balance: dict[str, Any]
) -> None:
    path = Path(document(equipoise("report", lender, "--lang", "zh-CN", "--json"))["report"])
    page = path.read_text(encoding="utf-8")
    assert path.name == "report.zh.html"
    assert '<html lang="zh">' in page
    assert f"equipoise report {lender} --lang zh" in page
    assert "按性别" in page  # what the contract calls a field in Chinese
    assert "by sex" not in page.lower()


def test_a_run_killed_midway_leaves_the_old_build_and_the_next_one_works(
    lender: Path, balance: dict[str, Any]
) -> None:
    before = contents(lender / "build")
    killed("fit", lender, at="os.rename", of=".build-new-")  # the first file is written there
    assert list(lender.glob(".build-new-*"))
    assert contents(lender / "build") == before
    (lender / ".build-new-left").mkdir()
    (lender / ".build-new-left" / "fit.json").write_text("{")
    again = document(equipoise("balance", lender, "--json"))
    assert again["recommended"] == balance["recommended"]
    assert not list(lender.glob(".build-*"))


def test_a_build_caught_between_its_two_renames_comes_back(
    lender: Path, balance: dict[str, Any]
) -> None:
    (lender / "build").rename(lender / ".build-old")
    document(equipoise("balance", lender, "--json"))
    assert (lender / "build" / "fit.json").is_file()
    assert not (lender / ".build-old").exists()


def test_a_document_changed_since_the_fit_asks_for_a_new_one(
    lender: Path, balance: dict[str, Any]
) -> None:
    path = lender / "risk.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "# a second thought\n", encoding="utf-8")
    try:
        ran = equipoise("balance", lender, "--json")
    finally:
        path.write_text(text, encoding="utf-8")
    assert ran.returncode == 2
    assert "equipoise fit" in json.loads(ran.stdout)["mend"]


def test_a_condition_on_a_protected_field_is_refused_by_a_gate(
    lender: Path, balance: dict[str, Any]
) -> None:
    path = lender / "appetite.yaml"
    text = path.read_text(encoding="utf-8")
    rule = "  - {name: women, measure: expected_loss, where: sex = 'female', at_most: 1.0}\n"
    before = contents(lender / "build")
    path.write_text(text.replace("constraints:\n", "constraints:\n" + rule), encoding="utf-8")
    try:
        ran = equipoise("balance", lender, "--json")
    finally:
        path.write_text(text, encoding="utf-8")
    assert ran.returncode == 1
    body = json.loads(ran.stdout)
    assert body["field"] == "sex"
    assert body["file"].endswith("appetite.yaml")
    assert contents(lender / "build") == before


@pytest.mark.slow
def test_what_would_teach_most_is_ranked_with_its_experiments(
    lender: Path, balance: dict[str, Any]
) -> None:
    """The example has measured nearly everything: what is left is small, and said to be."""
    printed = document(equipoise("learn", lender, "--draws", 64, "--json"))
    assert json.loads((lender / "build" / "learning.json").read_text()) == printed
    names = [each["input"] for each in printed["assumptions"]]
    ranged = {each["quantity"] for each in balance["tornado"]}
    assert set(names) == ranged
    assert printed["per_day"] == pytest.approx(APPLICANTS / 730, rel=0.02)
    promise = printed["promise"]
    assert promise["low"] < promise["middle"] < promise["high"]
    first = printed["assumptions"][0]
    assert first["narrows"]["value"] > 0
    assert first["experiment"]["people"] > 0
    assert printed["first_left"] < 1
    ran = equipoise("learn", lender, "--draws", 64, "--per-day", 40)
    assert ran.returncode == 0, ran.stderr
    assert "The cheapest experiment that settles each" in ran.stdout
    assert "EVPI" in ran.stdout


def test_learning_refuses_draws_that_are_no_power_of_two_and_what_it_does_not_know(
    lender: Path,
) -> None:
    for given, said in (
        (("--draws", 100), "100 is not a power of two"),
        (("--correlated", "a=0.5"), "are not two inputs"),
    ):
        ran = equipoise("learn", lender, *given)
        assert ran.returncode == 2
        assert said in ran.stderr
