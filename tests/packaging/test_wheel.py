"""The built wheel holds everything, and installs where nothing was before."""

from __future__ import annotations

import gettext
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")


def _run(*arguments: str | Path, folder: Path, **more: str) -> str:
    """Run a program as from a shell that knows nothing of this checkout."""
    own = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    ran = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=folder,
        env={**environment, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{arguments}: {ran.stdout}{ran.stderr}"
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)
    return next(folder.glob("*.whl"))


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    files = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "equipoise").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert {name for name in files if name.endswith((".yaml", ".js", ".j2", ".css", ".html"))}
    assert sorted(files - packed) == []


def test_typefaces_are_in_the_wheel_with_their_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        fonts = [each for each in archive.infolist() if each.filename.endswith(".ttf")]
        licences = [archive.read(n).decode() for n in names if n.endswith(".LICENSE.txt")]
    assert len(fonts) == 3
    assert sum(each.compress_size for each in fonts) < 3_000_000
    assert any("SIL OPEN FONT LICENSE Version 1.1" in text for text in licences)
    assert any("Apache License" in text and "Droid" in text for text in licences)
    assert wheel.stat().st_size < 8_000_000  # 4.4 million of it are not typefaces


def test_catalogues_are_compiled_in_the_wheel_and_read_there(wheel: Path, tmp_path: Path) -> None:
    place = "equipoise/texts/locale/zh/{}.mo"
    with zipfile.ZipFile(wheel) as archive:
        for domain in ("dates", "decisions", "journey", "report", "results"):
            translations = gettext.GNUTranslations(archive.open(place.format(domain)))
            assert translations.info()["language"] == "zh"
        archive.extractall(tmp_path)
    with (tmp_path / place.format("decisions")).open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("A loan of this size is decided by a person.") == (
        "该金额的贷款须由专员审批。"
    )
    for catalogue in tmp_path.glob("equipoise/texts/locale/zh/*.po"):
        catalogue.write_text("")  # so that only the compiled ones can answer
    said = "from equipoise.texts.saying import say; print(say('The answer', 'zh'))"
    where = {"PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    assert _run(sys.executable, "-c", said, folder=tmp_path, **where).strip() == "结论"


def test_the_wheel_runs_beside_the_locked_packages(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "venv"
    venv.create(place, with_pip=False, symlinks=True)
    _run(UV, "pip", "install", "--offline", "--no-deps", "--python", place, wheel, folder=tmp_path)
    inside = next(place.glob("lib/*/site-packages"))
    (inside / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    program = place / "bin" / "equipoise"
    assert _run(program, "--version", folder=tmp_path).startswith("equipoise ")
    where = _run(place / "bin" / "python", "-c", "import equipoise; print(equipoise.__file__)",
                 folder=tmp_path)  # fmt: skip
    assert Path(where.strip()).is_relative_to(place)
    made = _run(program, "new", "lender", "--example", "demo", "--applicants", "500", "--json",
                folder=tmp_path)  # fmt: skip
    assert {"contract.yaml", "strategy.yaml", "data"} <= set(json.loads(made)["files"])
    assert (tmp_path / "lender" / "data" / "applications.parquet").is_file()


def _loans(path: Path) -> None:
    rng = np.random.default_rng(3)
    late, income = rng.poisson(0.5, 800), rng.lognormal(8, 0.4, 800).round()
    bad = rng.random(800) < 1 / (1 + np.exp(1.4 - 0.9 * late))
    frame = pl.DataFrame({"late_payments": late, "monthly_income": income, "bad": bad.astype(int)})
    frame.write_csv(path)


def _first_hour(program: Path, folder: Path) -> None:
    """The commands of the README, on a small file."""
    _loans(folder / "loans.csv")
    _run(program, "new", "my-lender", "--from", "loans.csv", "--target", "bad", folder=folder)
    for command in ("check", "fit", "balance", "report"):
        _run(program, command, "my-lender", folder=folder)
    assert (folder / "my-lender" / "build" / "report.html").is_file()
    _run(program, "strategy", "from-frontier", "my-lender", folder=folder)
    _run(program, "strategy", "seal", "my-lender", folder=folder)
    sealed = next((folder / "my-lender" / "sealed").glob("*.json"))
    _run(program, "decide", sealed, "loans.csv", "--output", "answers.parquet", folder=folder)
    assert pl.read_parquet(folder / "answers.parquet").height == 800


@pytest.mark.slow
@pytest.mark.parametrize("source", ["wheel", "checkout"])
def test_pip_installs_into_an_empty_environment(wheel: Path, tmp_path: Path, source: str) -> None:
    place = tmp_path / "venv"
    venv.create(place, with_pip=True, symlinks=True)
    what = wheel if source == "wheel" else ROOT
    _run(place / "bin" / "pip", "install", "--quiet", what, folder=tmp_path)
    _first_hour(place / "bin" / "equipoise", tmp_path)


@pytest.mark.slow
def test_uv_installs_the_checkout_as_a_tool(tmp_path: Path) -> None:
    tools = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    python = sysconfig.get_python_version()
    _run(UV, "tool", "install", "--quiet", "--python", python, ROOT, folder=tmp_path, **tools)
    assert _run(tmp_path / "bin" / "equipoise", "--version", folder=tmp_path)
    _first_hour(tmp_path / "bin" / "equipoise", tmp_path)
