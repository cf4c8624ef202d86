"""Exit codes, JSON and help: what every command has in common."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.cli.workspaces import Cli, drafted

from equipoise.cli import run as running


def test_wrong_usage_is_bad_input_in_words_and_in_json(cli: Cli) -> None:
    said = cli("fit")
    assert said.code == 2
    assert "Missing argument" in said.err
    assert "--help" in said.err
    assert cli("fit", "--json").json["error"] == "UsageError"


def test_new_needs_one_of_file_and_example(cli: Cli, tmp_path: Path) -> None:
    assert cli("new", tmp_path / "a").code == 2
    assert "did you mean 'demo'?" in cli("new", tmp_path / "a", "--example", "demmo").err
    assert "--target" in cli("new", tmp_path / "a", "--from", "x.csv").err


def test_an_internal_error_is_short_unless_debugging(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr(running, "app", broken)
    monkeypatch.delenv("EQUIPOISE_DEBUG", raising=False)
    ran = cli("check", tmp_path, "--json")
    assert ran.code == 3
    assert ran.json["message"] == "internal error: RuntimeError: a wheel came off"
    assert "Traceback" not in ran.err
    monkeypatch.setenv("EQUIPOISE_DEBUG", "1")
    with pytest.raises(RuntimeError):
        cli("check", tmp_path)


def test_version_and_help_come_without_the_heavy_rooms() -> None:
    script = (
        "import sys; from equipoise.cli.run import run; code = run(['--help']); "
        "heavy = {'numba', 'polars', 'scipy'} & set(sys.modules); "
        "sys.exit(code if not heavy else 9)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout
    assert "balance" in ran.stdout


def test_a_new_workspace_says_what_to_look_at_and_checks(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    ran = cli("check", folder, "--json")
    assert ran.code == 0
    assert ran.json["data"]["rows_kept"] == 1200
    assert set(ran.json["documents"]) == {
        "contract.yaml",
        "risk.yaml",
        "experience.yaml",
        "treatments.yaml",
        "appetite.yaml",
    }
    assert any("bad outcome" in text for text in ran.json["review"])
    assert "rows kept" in cli("check", folder).out


def test_a_drafted_workspace_finds_its_data_from_anywhere(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = drafted(cli, tmp_path)
    monkeypatch.chdir(tmp_path.parent)
    assert "data: ../loans.csv" in (folder / "contract.yaml").read_text()
    assert cli("check", folder).code == 0


def test_simulate_writes_files_again_and_nothing_over_others(cli: Cli, tmp_path: Path) -> None:
    lender = tmp_path / "lender"
    first = cli("simulate", lender, "--applicants", 300, "--seed", 7, "--json")
    assert first.code == 0
    assert "truth.parquet" in first.json["files"]
    before = (lender / "applications.parquet").read_bytes()
    assert cli("simulate", lender, "--applicants", 300, "--seed", 7).code == 0
    assert (lender / "applications.parquet").read_bytes() == before
    (lender / "mine.csv").write_text("a")
    assert cli("simulate", lender, "--applicants", 300).code == 2
    assert cli("simulate", tmp_path / "none", "--applicants", 0).code == 2
