"""spark-submit with one zip: neither the driver nor a worker has the package installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from spark_answers import different
from test_strategy_parity import corpus, frame_of, sealed

import equipoise
from equipoise.cluster import pack
from equipoise.errors import BadInput
from equipoise.simulation import simulate

JOB = """
import json, sys
import pyarrow as pa
import equipoise
from equipoise.cluster import decide_on, session_for, simulate_on

def looking(batches):
    import equipoise
    for batch in batches:
        yield pa.RecordBatch.from_pydict({"file": [equipoise.__file__] * batch.num_rows})

source, strategy, answers, simulated = sys.argv[1:]
session = session_for()
decide_on(session.read.parquet(source), strategy).write.parquet(answers)
simulate_on(session, 1000, 3).applications.write.parquet(simulated)
seen = session.range(1).mapInArrow(looking, "file string").first().file
told = ("master", "sql.session.timeZone", "sql.execution.arrow.maxRecordsPerBatch")
settings = [session.conf.get("spark." + name) for name in told]
print("told: " + json.dumps([equipoise.__file__, seen, *settings]))
"""


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("packed") / "equipoise.zip"
    pack(file)
    return file


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment with all that the package needs, and without it: no .pth is followed."""
    pyspark = pytest.importorskip("pyspark")
    packages = Path(pyspark.__file__).parents[1]
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    kept = {name: os.environ[name] for name in ("PATH", "JAVA_HOME", "HOME") if name in os.environ}
    return {
        **kept,
        "PYSPARK_PYTHON": str(python),
        "PYTHONPATH": str(packages),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "OMP_NUM_THREADS": "1",
    }


def test_a_job_that_is_submitted_with_the_zip_decides_and_simulates(
    spark: Any, packed: Path, bare: dict[str, str], tmp_path: Path
) -> None:
    strategy, frame = sealed("balance"), frame_of(corpus()[:100])
    (tmp_path / "sealed.json").write_text(strategy.sealed.text(), encoding="utf-8")
    (tmp_path / "job.py").write_text(JOB, encoding="utf-8")
    frame.write_parquet(tmp_path / "applications.parquet")
    names = ("applications.parquet", "sealed.json", "answers", "simulated")
    settings = {"spark.ui.enabled": "false", "spark.sql.session.timeZone": "Asia/Shanghai"}
    ran = subprocess.run(
        [
            str(Path(bare["PYTHONPATH"]) / "pyspark" / "bin" / "spark-submit"),
            *("--master", "local[1]", "--py-files", str(packed)),
            *(part for pair in settings.items() for part in ("--conf", "=".join(pair))),
            *("job.py", *(str(tmp_path / name) for name in names)),
        ],
        cwd=tmp_path, env=bare, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    result = next(line for line in ran.stdout.splitlines() if line.startswith("told: "))
    driver, worker, master, zone, rows = json.loads(result.removeprefix("told: "))
    assert ".zip/" in driver
    assert ".zip/" in worker
    assert (master, zone) == ("local[1]", "Asia/Shanghai")  # as submitted
    assert rows == "65536"  # ours, as nothing was submitted for it
    answers = pl.read_parquet(tmp_path / "answers" / "*.parquet")
    assert different(answers, strategy.decide_frame(frame)) == []
    simulated = pl.read_parquet(tmp_path / "simulated" / "*.parquet")
    assert simulated.equals(simulate(1000, 3).applications())


ELSEWHERE = """
import json, os, sys
packages, source, folder = sys.argv[1:]
sys.path.insert(0, source)  # the driver alone has the package
import pyarrow as pa
from equipoise.cluster import session_for, simulate_to

def looking(batches):
    import equipoise
    for batch in batches:
        yield pa.RecordBatch.from_pydict({"file": [equipoise.__file__] * batch.num_rows})

session = session_for("local-cluster[1,1,1024]", {"spark.ui.enabled": "false"})
print("told: " + session.range(1).mapInArrow(looking, "file string").first().file)
simulate_to(session, folder, 1000, 3, only=["truth"])
"""


@pytest.mark.slow
def test_workers_of_another_master_are_sent_the_package(
    spark: Any, bare: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "job.py").write_text(ELSEWHERE, encoding="utf-8")
    source = Path(equipoise.__file__).parents[1]
    home = Path(bare["PYTHONPATH"]) / "pyspark"
    ran = subprocess.run(
        [
            *(bare["PYSPARK_PYTHON"], "job.py"),
            *(bare["PYTHONPATH"], str(source), str(tmp_path / "lender")),
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=900,
        env={**bare, "SPARK_HOME": str(home)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert "equipoise.zip/equipoise" in ran.stdout
    simulated = pl.read_parquet(tmp_path / "lender" / "truth.parquet" / "*.parquet")
    assert simulated.equals(simulate(1000, 3).known_truth())


@pytest.mark.no_java
def test_every_module_but_the_services_comes_out_of_the_zip(packed: Path, tmp_path: Path) -> None:
    reading = f"""
import sys
sys.path.insert(0, {str(packed)!r})
import importlib, zipfile
names = zipfile.ZipFile({str(packed)!r}).namelist()
for name in sorted(name for name in names if name.endswith(".py")):
    module = name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    if not module.endswith("__main__"):
        loaded = importlib.import_module(module)
        assert loaded.__file__.startswith({str(packed)!r}), loaded.__file__
        for each in getattr(loaded, "__all__", ()):
            getattr(loaded, each)
import equipoise
from equipoise.simulation import simulate
print(equipoise.__version__, simulate(50, 1).applications().height)
"""
    ran = subprocess.run(
        [sys.executable, "-c", reading],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=900,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "compiled")},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stdout.split()[-1] == "50"


@pytest.mark.no_java
def test_the_same_package_gives_the_same_bytes(packed: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    assert pack(again) == packed.stat().st_size
    assert again.read_bytes() == packed.read_bytes()
    names = zipfile.ZipFile(again).namelist()
    assert "equipoise/cluster/__init__.pyi" in names
    assert "equipoise/simulation/parameters.yaml" in names
    assert not [name for name in names if "__pycache__" in name]
    left_out = ("equipoise/service/", "equipoise/record/", "equipoise/letters/")
    assert not [n for n in names if n.startswith(left_out)]


@pytest.mark.no_java
def test_a_zip_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"end in \.zip"):
        pack(tmp_path / "equipoise.tar")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be written"):
        pack(tmp_path / "file" / "equipoise.zip")
