"""The session a person has is used, and what a worker refuses is told as it was."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pytest

from equipoise.cluster.session import session_for, within
from equipoise.cluster.telling import telling, told_plainly
from equipoise.cluster.watching import job_watched
from equipoise.errors import BadInput, EquipoiseError, Span


def test_the_session_that_exists_is_used(spark: Any) -> None:
    assert session_for() is spark
    assert session_for("local[2]") is spark


def test_another_master_than_the_sessions_is_refused(spark: Any) -> None:
    with pytest.raises(BadInput, match="a session on 'local\\[2\\]' is active"):
        session_for("local[4]")


def test_a_setting_of_the_sessions_beginning_is_refused_afterwards(spark: Any) -> None:
    with pytest.raises(BadInput, match=r"does not take 'spark\.executor\.memory'") as refused:
        session_for(conf={"spark.executor.memory": "7g"})
    assert refused.value.field == "--conf"
    assert session_for(conf={"spark.master": "local[2]"}) is spark  # as it is


def test_settings_of_a_job_are_the_callers_again_after_it(spark: Any) -> None:
    limit, unset = "spark.sql.codegen.hugeMethodLimit", "equipoise.nowhere"
    spark.conf.set(limit, "9000")
    try:
        with pytest.raises(ZeroDivisionError), within(spark, {limit: "8000", unset: "1"}):
            assert (spark.conf.get(limit), spark.conf.get(unset)) == ("8000", "1")
            raise ZeroDivisionError
        assert (spark.conf.get(limit), spark.conf.get(unset, None)) == ("9000", None)
    finally:
        spark.conf.set(limit, "8000")


def test_a_workers_refusal_reaches_the_driver_whole(spark: Any) -> None:
    @telling
    def refusing(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            raise BadInput(
                "it is wrong", where=Span("a.parquet", row=7), field="pd", mend="mend it"
            )
            yield batch

    with pytest.raises(BadInput) as refused, told_plainly("trying"):
        spark.range(10).mapInArrow(refusing, "id long").collect()
    assert str(refused.value) == "a.parquet: row 7  it is wrong; mend it"
    assert refused.value.field == "pd"


def test_a_package_that_a_worker_lacks_is_named(spark: Any) -> None:
    def importing(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import not_on_the_workers  # noqa: F401  # type: ignore[import-not-found]

        yield from batches

    wanted = pytest.raises(BadInput, match="a worker has no package 'not_on_the_workers'")
    with wanted, told_plainly("trying"):
        spark.range(10).mapInArrow(importing, "id long").collect()


def test_another_failure_is_one_line(spark: Any) -> None:
    with pytest.raises(EquipoiseError) as failed, told_plainly("dividing"):
        spark.sql("SELECT 1 / (id - id) FROM range(3)").collect()
    said = str(failed.value)
    assert said.startswith("Spark failed while dividing: [DIVIDE_BY_ZERO] Division by zero")
    assert "\n" not in said


class Watcher:
    """Progress that keeps what it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, float]] = []

    @contextmanager
    def step(self, title: str) -> Iterator[Watcher]:
        yield self

    def advance(self, done: float, total: float) -> None:
        self.seen.append((done, total))


def test_progress_tells_of_tasks(spark: Any) -> None:
    def slow(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            time.sleep(1.0)
            yield batch

    watcher = Watcher()
    with job_watched(spark, watcher, "Sleeping"):
        spark.range(8, numPartitions=4).mapInArrow(slow, "id long").collect()
    assert watcher.seen
    assert all(0 <= done <= total == 4 for done, total in watcher.seen)
