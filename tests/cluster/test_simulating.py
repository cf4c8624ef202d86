"""A lender on Spark is the lender on one machine, row for row, on any number of partitions."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from equipoise.cluster import simulate_on, simulate_to
from equipoise.cluster.places import CLAIM, Place, claimed
from equipoise.errors import BadInput
from equipoise.simulation import FRAMES, simulate
from equipoise.simulation.streams import BLOCK

APPLICANTS, SEED = 2 * BLOCK + 500, 11


@pytest.fixture(scope="module")
def local() -> dict[str, pl.DataFrame]:
    lender = simulate(APPLICANTS, SEED)
    return {name: frame(lender) for name, frame in FRAMES.items()}


@pytest.fixture(scope="module")
def folder(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "lender"
    simulate_to(spark, str(folder), APPLICANTS, SEED)
    return folder


def written(folder: Path) -> pl.DataFrame:
    """What Spark wrote, in the order of its parts."""
    return pl.concat([pl.read_parquet(part) for part in parts(folder)])


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("part-*.parquet"))


@pytest.mark.parametrize("name", FRAMES)
def test_the_tables_are_those_of_one_machine(
    folder: Path, local: dict[str, pl.DataFrame], name: str
) -> None:
    assert written(folder / name).equals(local[name])


def test_a_part_is_a_block(folder: Path, local: dict[str, pl.DataFrame]) -> None:
    files = parts(folder / "applications.parquet")
    assert [pl.read_parquet(each).height for each in files] == [BLOCK, BLOCK, 500]


def test_the_files_beside_are_those_of_one_machine(folder: Path, tmp_path: Path) -> None:
    from equipoise.simulation import write_lender

    write_lender(tmp_path, 1000, SEED)
    ours = (folder / "parameters.yaml").read_text(encoding="utf-8")
    assert ours == (tmp_path / "parameters.yaml").read_text(encoding="utf-8")
    assert f"{APPLICANTS:,} applicants, seed {SEED}" in (folder / "README.md").read_text("utf-8")
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        path.name for path in tmp_path.iterdir()
    )


@pytest.mark.parametrize("partitions", [1, 2])
def test_any_partitions_give_the_same_applicants(
    spark: Any, local: dict[str, pl.DataFrame], partitions: int
) -> None:
    lender = simulate_on(spark, APPLICANTS, SEED, partitions=partitions)
    got = pl.from_arrow(lender.truth.toArrow())
    assert lender.truth.rdd.getNumPartitions() == partitions
    assert isinstance(got, pl.DataFrame)
    assert got.equals(local["truth.parquet"])


def test_no_more_partitions_than_blocks_and_files_grow_from_64_on(spark: Any) -> None:
    assert simulate_on(spark, 10, SEED, partitions=8).partitions == 1
    assert simulate_on(spark, 30 * BLOCK, SEED).partitions == 30
    assert simulate_on(spark, 100_000_000, SEED).partitions == 96


def test_a_second_run_writes_the_same_rows_to_the_same_parts(spark: Any, tmp_path: Path) -> None:
    def run() -> list[tuple[str, pl.DataFrame]]:
        simulate_to(spark, str(tmp_path), BLOCK + 10, SEED, only=["applications"])
        files = parts(tmp_path / "applications.parquet")
        return [(each.name[:10], pl.read_parquet(each)) for each in files]

    first, second = run(), run()
    assert (
        [name for name, _ in first]
        == [name for name, _ in second]
        == [
            "part-00000",
            "part-00001",
        ]
    )
    assert all(a.equals(b) for (_, a), (_, b) in zip(first, second, strict=True))
    assert not (tmp_path / "truth.parquet").exists()


@pytest.mark.parametrize(("applicants", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_impossible_runs_are_refused(spark: Any, applicants: int, seed: int) -> None:
    with pytest.raises(BadInput, match=r"cannot be simulated|is negative"):
        simulate_on(spark, applicants, seed)


def test_a_folder_that_holds_something_else_is_refused(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("dear diary", encoding="utf-8")
    with pytest.raises(BadInput, match=r"other files, such as 'diary\.txt'"):
        simulate_to(spark, str(tmp_path), 10, SEED)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


def test_files_of_one_machine_are_not_written_over(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "truth.parquet").write_bytes(b"PAR1")
    with pytest.raises(BadInput, match=r"'truth\.parquet' is a file of a run on one machine"):
        simulate_to(spark, str(tmp_path), 10, SEED)


def test_a_place_that_cannot_be_written_is_refused(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (str(tmp_path / "file"), str(tmp_path / "file" / "below"), "nowhere://a/b"):
        with pytest.raises(BadInput, match=r"a file stands|cannot be used") as refused:
            simulate_to(spark, folder, 10, SEED)
        assert "\n" not in str(refused.value)
        assert refused.value.mend


def test_a_second_job_in_one_folder_is_refused(spark: Any, tmp_path: Path) -> None:
    with claimed(Place(spark, str(tmp_path)), "simulating 7 applicants"):
        with pytest.raises(BadInput, match="another job writes here: simulating 7 applicants"):
            simulate_to(spark, str(tmp_path), 10, SEED)
        assert [path.name for path in tmp_path.iterdir()] == [CLAIM]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "of_the_dead",
    [
        {"host": socket.gethostname(), "process": 2**22 + 1, "at": time.time()},
        {"host": "another", "process": os.getpid(), "at": time.time() - 3600},
    ],
)
def test_the_claim_of_a_job_that_was_killed_holds_nobody_up(
    spark: Any, tmp_path: Path, of_the_dead: dict[str, Any]
) -> None:
    claim = json.dumps({"doing": "simulating", "job": "x", **of_the_dead})
    (tmp_path / CLAIM).write_text(claim, encoding="utf-8")
    simulate_to(spark, str(tmp_path), 10, SEED, only=["truth"])
    assert pl.read_parquet(parts(tmp_path / "truth.parquet")[0]).height == 10


def test_a_job_that_fails_leaves_what_was_there(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulate_to(spark, str(tmp_path), 10, SEED, only=["truth"])
    before = written(tmp_path / "truth.parquet")
    monkeypatch.setattr(
        "equipoise.cluster.simulating._SPARKS",
        {**__import__("equipoise.cluster.simulating", fromlist=["x"])._SPARKS, "double": "date"},
    )
    with pytest.raises(Exception, match="simulating"):
        simulate_to(spark, str(tmp_path), 20, SEED, only=["truth"])
    assert written(tmp_path / "truth.parquet").equals(before)
    assert CLAIM not in [path.name for path in tmp_path.iterdir()]
