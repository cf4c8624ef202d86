"""`fit --engine spark`: the files of a workspace are those of the local fit."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from event_logs import assert_measured_alike

from equipoise.cluster.fitting import gathered
from equipoise.cluster.reading import read_applications
from equipoise.contract import check, read_contract
from equipoise.errors import BadInput, EquipoiseError
from equipoise.risk import load_risk
from equipoise.risk.beside import fields_beside
from equipoise.risk.table import FrameTable
from equipoise.workspace import Workspace, fit_workspace, new_demo

APPLICANTS = 6_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo lender whose risk is a scorecard, fitted on this machine."""
    folder = tmp_path_factory.mktemp("lender") / "demo"
    new_demo(folder, APPLICANTS, 3)
    fit_workspace(Workspace.open(folder))
    return folder


def copied(demo: Path, to: Path) -> Path:
    """The lender without what was fitted."""
    for path in demo.rglob("*"):
        if path.is_file() and "build" not in path.parts:
            target = to / path.relative_to(demo)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return to


def assert_alike(one: Any, other: Any, place: str = "") -> None:
    """The same plain data; numbers within rounding of sums."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), place
        for key in one:
            assert_alike(one[key], other[key], f"{place}/{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), place
        for at, (left, right) in enumerate(zip(one, other, strict=True)):
            assert_alike(left, right, f"{place}/{at}")
    elif isinstance(one, float):
        assert other == pytest.approx(one, rel=1e-9, abs=1e-12), place
    else:
        assert one == other, place


def test_a_workspace_fitted_on_spark_holds_what_the_local_fit_writes(
    spark: Any, demo: Path, tmp_path: Path
) -> None:
    folder = copied(demo, tmp_path / "demo")
    fit_workspace(Workspace.open(folder), spark=spark)
    ours, theirs = (
        json.loads((each / "build" / "fit.json").read_text()) for each in (folder, demo)
    )
    assert_alike({**ours, "seconds": 0}, {**theirs, "seconds": 0})
    names = sorted(path.name for path in (demo / "build").iterdir())
    assert names == sorted(path.name for path in (folder / "build").iterdir())
    rejects = [(each / "build" / "rejects.csv").read_bytes() for each in (folder, demo)]
    assert rejects[0] == rejects[1]
    journeys = [
        json.loads((each / "build" / "experience.json").read_text()) for each in (folder, demo)
    ]
    assert_measured_alike(*journeys)
    kept, again = (
        pl.read_parquet(each / "build" / "population.parquet") for each in (demo, folder)
    )
    assert again.select("row", "fold").equals(kept.select("row", "fold"))
    assert (again["pd"] - kept["pd"]).abs().max() < 1e-9
    models, others = (load_risk(each / "build" / "risk").models for each in (demo, folder))
    assert {n: m.digest for n, m in models.items()} == {n: m.digest for n, m in others.items()}


def test_files_of_a_folder_are_read_in_their_order_whatever_their_size(
    spark: Any, demo: Path, tmp_path: Path
) -> None:
    contract = read_contract(demo / "contract.yaml").value
    risk = Workspace.open(demo).risk().value
    raw = pl.read_parquet(contract.data_path(demo))
    folder = tmp_path / "data"
    folder.mkdir()
    for at, (low, high) in enumerate([(0, 300), (300, 4_000), (4_000, 4_010), (4_010, 6_000)]):
        raw[low:high].write_parquet(folder / f"part-{at}.parquet")
    asked = contract.model_copy(update={"data": "data"})
    fields = fields_beside(risk, asked)
    checked = check(contract, raw)
    with (
        read_applications(spark, tmp_path, asked) as applications,
        gathered(applications, risk, asked, fields) as data,
    ):
        assert data.checked.frame.equals(checked.frame.select(fields))
        assert data.checked.rows.equals(checked.rows)
        features = data.table.features.frame(checked.frame)
        some = [5, 3, 4_005, 299, 300]
        assert data.table.some(pl.Series(some).to_numpy()).equals(features[some])
        model = load_risk(demo / "build" / "risk").model
        assert (data.table.pd(model) == FrameTable(features).pd(model)).all()


def test_a_worker_that_is_killed_for_good_is_told_and_leaves_nothing_half_done(
    spark: Any, demo: Path, tmp_path: Path
) -> None:
    # `local[2]` tries nothing twice; a cluster does
    contract = read_contract(demo / "contract.yaml").value
    risk = Workspace.open(demo).risk().value
    mark = tmp_path / "killed"

    def once(batches: Any) -> Any:
        for batch in batches:
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    checked = check(contract, pl.read_parquet(contract.data_path(demo)))
    fields = fields_beside(risk, contract)
    with read_applications(spark, demo, contract) as applications:
        doomed = applications.mapInArrow(once, applications.schema)
        with (
            pytest.raises(EquipoiseError, match="a worker died while reading"),
            gathered(doomed, risk, contract, fields),
        ):
            pass
        with gathered(doomed, risk, contract, fields) as data:
            assert data.checked.rows.equals(checked.rows)


def test_where_every_row_breaks_a_rule_the_first_is_named(
    spark: Any, demo: Path, tmp_path: Path
) -> None:
    contract = read_contract(demo / "contract.yaml").value
    risk = Workspace.open(demo).risk().value
    target = contract.field(contract.target.field).column
    raw = pl.read_parquet(contract.data_path(demo))
    broken = raw.with_columns(pl.lit("?").alias(contract.field(contract.date or target).column))
    with (
        pytest.raises(BadInput, match="break a rule"),
        gathered(spark.createDataFrame(broken.to_arrow()), risk, contract, []),
    ):
        pass
