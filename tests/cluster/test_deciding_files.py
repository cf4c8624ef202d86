"""A source is decided into parts under one manifest: the same each time, whole or not there."""

from __future__ import annotations

import hashlib
import itertools
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from corner_lender import TODAY
from spark_answers import different
from test_strategy_parity import corpus, frame_of, sealed, stepping

from equipoise.cluster import partitions
from equipoise.cluster.deciding_files import Written, decide_into
from equipoise.cluster.parts import Parts
from equipoise.cluster.places import Place, claimed
from equipoise.errors import BadInput
from equipoise.strategy.files.decisions import decide_file

ROWS = 240


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file a partition of its own, however small."""
    monkeypatch.setitem(partitions.FIXED, "spark.sql.files.openCostInBytes", str(16 << 20))  # type: ignore[attr-defined]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path / "applications", frame_of(corpus()[:ROWS]), [0, 100, 100, ROWS])


def written(folder: Path, frame: pl.DataFrame, edges: list[int]) -> Path:
    """Files of the rows between edges."""
    folder.mkdir()
    for at, (low, high) in enumerate(itertools.pairwise(edges)):
        frame[low:high].write_parquet(folder / f"{at}.parquet")
    return folder


def manifest(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "_manifest.json").read_text(encoding="utf-8"))
    return document


def visible(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_the_answers_are_the_local_ones_and_each_part_has_its_digest(
    spark: Any, source: Path, tmp_path: Path
) -> None:
    strategy, output = sealed("table"), tmp_path / "answers"
    tally = decide_into(spark, strategy, str(source), str(output))
    local = strategy.decide_frame(frame_of(corpus()[:ROWS]))
    assert different(pl.read_parquet(output / "*.parquet"), local) == []
    assert tally.rows == ROWS
    assert dict(tally.outcomes) == dict(local["outcome"].value_counts().iter_rows())
    listed = manifest(output)["parts"]
    # one file has no rows: its part is known, and has no file
    assert sorted(each["rows"] for each in listed) == [0, 100, 140]
    files = {each["file"]: each["sha256"] for each in listed if each["file"]}
    assert visible(output) == sorted(["_manifest.json", *files])
    assert files == {
        name: hashlib.sha256((output / name).read_bytes()).hexdigest() for name in files
    }
    decide_into(spark, strategy, str(source), str(tmp_path / "again"))
    assert manifest(tmp_path / "again")["parts"] == listed


def test_what_is_missing_or_altered_is_written_again_and_nothing_else(
    spark: Any, tmp_path: Path
) -> None:
    strategy, output = sealed("table"), tmp_path / "answers"
    source = written(tmp_path / "a", frame_of(corpus()[:ROWS]), [0, 80, 160, ROWS])
    decide_into(spark, strategy, str(source), str(output))
    before = manifest(output)
    first, second, third = sorted(output.glob("part-*.parquet"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:-1] + b"!")
    stood = third.stat().st_mtime_ns, third.stat().st_ino
    tally = decide_into(spark, strategy, str(source), str(output))
    assert manifest(output) == before
    assert (third.stat().st_mtime_ns, third.stat().st_ino) == stood
    assert tally.rows == ROWS
    assert pl.read_parquet(output / "*.parquet").height == ROWS


def test_a_job_that_ended_early_goes_on_without_deciding_again(
    spark: Any, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strategy, output = sealed("table"), tmp_path / "answers"
    with monkeypatch.context() as early:
        early.setattr(Parts, "_take_in", stopping(Parts._take_in))
        with pytest.raises(KeyboardInterrupt):
            decide_into(spark, strategy, str(source), str(output))
    assert "_manifest.json" not in visible(output)  # nobody takes a part of it for the whole
    again: list[list[int]] = []
    only = Written._only

    def seen(self: Written, missing: list[int], count: int) -> Any:
        again.append(missing)
        return only(self, missing, count)

    monkeypatch.setattr(Written, "_only", seen)
    tally = decide_into(spark, strategy, str(source), str(output))
    # the part without rows has left no file, so that it alone is looked at again
    empty = [each["part"] for each in manifest(output)["parts"] if not each["rows"]]
    assert again == [empty]
    assert tally.rows == ROWS
    local = strategy.decide_frame(frame_of(corpus()[:ROWS]))
    assert different(pl.read_parquet(output / "*.parquet"), local) == []


def stopping(take_in: Any) -> Any:
    """Interrupted once the tasks have left their files."""
    calls: list[int] = []

    def stops(self: Parts) -> None:
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        take_in(self)

    return stops


def test_a_job_goes_on_by_the_day_on_which_it_began(
    spark: Any, source: Path, tmp_path: Path
) -> None:
    strategy, output = sealed("table"), tmp_path / "answers"
    decide_into(spark, strategy, str(source), str(output))
    document = manifest(output)
    document["day"] = "2020-02-29"
    (output / "_manifest.json").write_text(json.dumps(document), encoding="utf-8")
    decide_into(spark, strategy, str(source), str(output))
    assert manifest(output)["day"] == "2020-02-29"


def test_another_strategy_or_day_into_the_same_folder_is_refused(
    spark: Any, source: Path, tmp_path: Path
) -> None:
    output = str(tmp_path / "answers")
    decide_into(spark, sealed("table"), str(source), output)
    with pytest.raises(BadInput, match="answers of another strategy"):
        decide_into(spark, sealed("cutoff"), str(source), output)
    with pytest.raises(BadInput, match="answers of another at"):
        decide_into(spark, sealed("table"), str(source), output, at=date(2026, 3, 1))
    (source / "3.parquet").write_bytes((source / "0.parquet").read_bytes())
    with pytest.raises(BadInput, match="answers of another inputs"):
        decide_into(spark, sealed("table"), str(source), output)


def test_a_folder_with_something_else_in_it_is_refused(
    spark: Any, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="something else stands in the folder"):
        decide_into(spark, sealed("table"), str(source), str(tmp_path))


def test_two_jobs_into_one_folder_are_refused(spark: Any, source: Path, tmp_path: Path) -> None:
    output = str(tmp_path / "answers")
    with (
        claimed(Place(spark, output), "deciding"),
        pytest.raises(BadInput, match="another job writes here"),
    ):
        decide_into(spark, sealed("table"), str(source), output)


def test_an_output_that_cannot_be_written_is_refused(spark: Any, source: Path) -> None:
    with pytest.raises(BadInput, match="folder cannot be used"):
        decide_into(spark, sealed("table"), str(source), "/proc/answers")


def test_a_column_that_one_file_lacks_is_refused(spark: Any, source: Path, tmp_path: Path) -> None:
    frame = pl.read_parquet(source / "2.parquet")
    frame.drop("dti").write_parquet(source / "2.parquet")
    with pytest.raises(BadInput, match="column 'dti' is missing in this file") as refused:
        decide_into(spark, sealed("table"), str(source), str(tmp_path / "answers"))
    assert "2.parquet" in str(refused.value.where)
    assert not (tmp_path / "answers").exists()


def test_a_column_that_no_file_has_is_refused_before_any_work(spark: Any, tmp_path: Path) -> None:
    frame = frame_of(corpus()[:20]).drop("amount")
    source = written(tmp_path / "applications", frame, [0, 20])
    with pytest.raises(BadInput, match="column 'amount' is missing"):
        decide_into(spark, sealed("table"), str(source), str(tmp_path / "answers"))
    assert not (tmp_path / "answers").exists()


def test_a_source_without_a_row_is_refused(spark: Any, tmp_path: Path) -> None:
    source = written(tmp_path / "applications", frame_of(()), [0, 0, 0])
    with pytest.raises(BadInput, match="holds no application"):
        decide_into(spark, sealed("table"), str(source), str(tmp_path / "answers"))
    assert visible(tmp_path / "answers") == []


@pytest.mark.parametrize("as_query", [True, False])
def test_a_row_that_cannot_be_read_is_named_and_nothing_counts_as_whole(
    spark: Any, source: Path, tmp_path: Path, *, as_query: bool
) -> None:
    strategy, way = sealed("table"), "query" if as_query else "batches"
    term = pl.when(pl.int_range(pl.len()) == 7).then(pl.lit("soon")).otherwise("term")
    for each in source.iterdir():
        frame = pl.read_parquet(each).with_columns(pl.col("term").cast(pl.String))
        odd = frame.with_columns(term.alias("term")) if each.name == "2.parquet" else frame
        odd.write_parquet(each)
    with pytest.raises(BadInput, match="'term' is 'soon', which is not a whole number") as refused:
        decide_into(spark, strategy, str(source), str(tmp_path / "answers"), way=way)
    if as_query:
        assert "(application a107)" in str(refused.value)
    else:
        assert refused.value.where is not None
        assert refused.value.where.row == 8
    assert "_manifest.json" not in visible(tmp_path / "answers")


def test_one_partition_with_nearly_all_rows_is_decided_like_others(
    spark: Any, tmp_path: Path
) -> None:
    frame = frame_of(corpus()[:ROWS])
    source = written(tmp_path / "applications", frame, [0, ROWS * 9 // 10, ROWS - 3, ROWS])
    decide_into(spark, sealed("table"), str(source), str(tmp_path / "answers"))
    local = sealed("table").decide_frame(frame)
    assert different(pl.read_parquet(tmp_path / "answers" / "*.parquet"), local) == []


def test_csv_is_read_as_it_is_written(spark: Any, tmp_path: Path) -> None:
    frame = frame_of(corpus()[:ROWS]).filter(pl.col("employment").fill_null("x") != "")
    path = tmp_path / "applications.csv"
    frame.write_csv(path)
    decide_into(spark, sealed("table"), str(path), str(tmp_path / "answers"))
    decide_file(sealed("table"), path, tmp_path / "local.parquet")
    local = pl.read_parquet(tmp_path / "local.parquet")
    assert different(pl.read_parquet(tmp_path / "answers" / "*.parquet"), local) == []


def test_a_table_of_the_catalogue_is_a_source(spark: Any, source: Path, tmp_path: Path) -> None:
    spark.read.parquet(str(source)).write.saveAsTable("people_who_asked")
    try:
        tally = decide_into(
            spark, sealed("table"), "people_who_asked", str(tmp_path / "answers"), at=TODAY
        )
    finally:
        spark.sql("DROP TABLE people_who_asked")
    assert tally.rows == ROWS


def test_traces_are_the_local_ones(spark: Any, tmp_path: Path) -> None:
    frame = frame_of(corpus()[:60])
    source = written(tmp_path / "applications", frame, [0, 25, 60])
    frame.write_parquet(tmp_path / "one.parquet")
    strategy, traces = stepping("balance"), tmp_path / "traces"
    tally = decide_into(
        spark, strategy, str(source), str(tmp_path / "answers"), traces=str(traces),
        trace_share=0.4,
    )  # fmt: skip
    theirs = tmp_path / "local.jsonl"
    decide_file(
        strategy, tmp_path / "one.parquet", tmp_path / "local.parquet", traces=theirs,
        trace_share=0.4,
    )  # fmt: skip
    lines = [line for each in traces.glob("part-*") for line in each.read_text().splitlines()]
    assert sorted(lines) == sorted(theirs.read_text(encoding="utf-8").splitlines())
    assert 0 < tally.traces == len(lines) < 60


KILLED = """
import os, signal, sys
from pathlib import Path
from equipoise.cluster import decide_on, session_for

marker, sealed, source, output = map(Path, sys.argv[1:])
spark = session_for("local[2, 4]")

def dying(batches):
    for batch in batches:
        try:
            marker.touch(exist_ok=False)
        except FileExistsError:
            yield batch
        else:
            os.kill(os.getpid(), signal.SIGKILL)

given = spark.read.parquet(str(source))
answers = decide_on(given.mapInArrow(dying, given.schema), sealed)
answers.write.parquet(str(output))
"""


@pytest.mark.slow
def test_a_worker_that_is_killed_changes_nothing(spark: Any, source: Path, tmp_path: Path) -> None:
    strategy, marker = sealed("balance"), tmp_path / "killed"
    strategy.sealed.write(tmp_path / "sealed.json")
    paths = [marker, tmp_path / "sealed.json", source, tmp_path / "answers"]
    subprocess.run([sys.executable, "-c", KILLED, *map(str, paths)], check=True, timeout=900)
    assert marker.exists()
    local = strategy.decide_frame(frame_of(corpus()[:ROWS]))
    result = pl.read_parquet(tmp_path / "answers" / "*.parquet")
    assert different(result, local) == []
