"""What a command imports before it does anything: nobody waits for what is not needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

_RUN = """
import json, sys
from equipoise.cli.run import run
code = run(json.loads(sys.argv[1]))
sys.stderr.write(json.dumps({"code": code, "modules": sorted(sys.modules)}) + "\\n")
"""
COMPUTING = {"numba", "highspy", "scipy", "sqlglot", "sklearn", "lightgbm", "pandas", "optbinning"}
DRAWING = {"altair", "vl_convert", "jinja2", "rich"}
READING = {"polars", "numpy", "pyarrow", "duckdb"}
SERVING = {"django", "granian", "psycopg", "cryptography"}


# a second of processor each, which only a fit needs
FITTING = {"scipy.stats", "scipy.optimize", "lightgbm", "sklearn"}


def _modules(*arguments: str) -> set[str]:
    return {name.partition(".")[0] for name in _all_modules(*arguments)}


def _all_modules(*arguments: str) -> set[str]:
    run = [sys.executable, "-c", _RUN, json.dumps(arguments)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=600, check=True)
    document = json.loads(done.stderr.splitlines()[-1])
    assert document["code"] == 0, done.stderr
    return set(document["modules"])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imports")
    rows = 400
    pl.DataFrame(
        {
            "income": [1000 + 37 * (at % 90) for at in range(rows)],
            "home": [("own", "rent")[at % 2] for at in range(rows)],
            "bad": [int(at % 5 == 0) for at in range(rows)],
        }
    ).write_csv(folder / "loans.csv")
    _modules("new", str(folder / "w"), "--from", str(folder / "loans.csv"), "--target", "bad")
    return folder / "w"


def test_help_waits_for_no_library_but_its_own():
    assert not _modules("--help") & (COMPUTING | DRAWING | READING | SERVING)


def test_the_version_waits_for_no_library_but_its_own():
    assert not _modules("--version") & (COMPUTING | DRAWING | READING | SERVING)


def test_check_imports_nothing_that_computes_draws_or_serves(workspace: Path):
    modules = _modules("check", str(workspace))
    assert "polars" in modules
    assert not modules & (COMPUTING | DRAWING | SERVING | {"pyarrow", "duckdb"})


@pytest.fixture(scope="module")
def fitted(workspace: Path) -> Path:
    _modules("fit", str(workspace), "--threads", "1")
    return workspace


@pytest.mark.parametrize("command", [("strategy", "check"), ("strategy", "seal"), ("balance",)])
def test_what_follows_a_fit_imports_nothing_of_it(fitted: Path, command: tuple[str, ...]):
    assert not _all_modules(*command, str(fitted)) & FITTING
