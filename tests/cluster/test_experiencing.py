"""Experience from event logs that lie with Spark's workers: the figures of the local fit."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from event_logs import assert_measured_alike, measuring, random_log, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_of_bpi import BPI_2012, bpi_events

from equipoise.cluster import experience_on
from equipoise.cluster.blocks import one_each
from equipoise.cluster.event_order import ordered_on
from equipoise.cluster.event_points import _whole_cases
from equipoise.cluster.event_reading import event_source, events_of
from equipoise.contract import read_event_log
from equipoise.errors import BadInput, EquipoiseError
from equipoise.experience import ExperienceDocument, ExperienceFit, fit_experience
from equipoise.experience import points as pt
from equipoise.experience.competing import cumulative_incidence
from equipoise.experience.segments import nothing_yet

Spread = Callable[[pl.DataFrame, list[int]], Any]


@pytest.fixture
def spread(spark: Any) -> Spread:
    """Rows in their order over partitions of these sizes, the last of what is left."""

    def over(frame: pl.DataFrame, sizes: list[int]) -> Any:
        starts = [0, *(sum(sizes[: at + 1]) for at in range(len(sizes))), frame.height]
        parts = [frame[low:high] for low, high in pairwise(starts)]
        whole = None
        for part in parts:
            rows = spark.createDataFrame(part.to_arrow()).coalesce(1)
            whole = rows if whole is None else whole.unionAll(rows)
        return whole

    return over


def on_spark(rows: Any, document: ExperienceDocument) -> ExperienceFit:
    return experience_on(rows, document)


def at_a_path(spark: Any, folder: Path, document: ExperienceDocument) -> ExperienceFit:
    assert document.log is not None
    rows = event_source(spark, folder, document.log)
    assert rows is not None
    return experience_on(rows, document)


def test_places_and_curves_are_found_over_partitions_and_batches_that_cut_ties(spark: Any) -> None:
    rng = np.random.default_rng(7)
    groups = {(pt.QUEUE, "a"): 900, (pt.QUEUE, "b"): 1, (pt.ENDS, ""): 700, (pt.STEP, "0"): 3}
    # a third of a day apart, so that many are the same and some end a day
    frames = [
        pl.DataFrame({"value": rng.integers(0, 60, n) * (pt.DAY // 3)}).with_columns(
            table=pl.lit(table), key=pl.lit(key), cause=pl.Series(rng.integers(0, 3, n))
        )
        for (table, key), n in groups.items()
    ]
    points = pl.concat(frames).sample(fraction=1.0, shuffle=True, seed=1)
    before = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", "6")
    try:
        with one_each(spark, 32):
            result = ordered_on(spark.createDataFrame(points.to_arrow()), groups, rows=40)
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", before)
    for group, frame in zip(groups, frames, strict=True):
        values, cause = frame["value"].to_numpy(), frame["cause"].to_numpy()
        if group[0] == pt.QUEUE:
            assert result.spread[group] == pytest.approx(np.quantile(values, [0.5, 0.9]), abs=1e-6)
            continue
        causes = pt.CURVES[group[0]]
        whole = cumulative_incidence(values / pt.DAY, cause, causes)
        so_far = nothing_yet(causes)
        for day in range(max(result.stretches[group]) + 1):
            so_far = so_far.then(result.stretches[group].get(day, nothing_yet(causes)))
            for k in range(causes):
                assert so_far.at(k + 1) == pytest.approx(whole.at(day, k + 1), abs=1e-12)


def test_one_partition_with_nearly_all_events_and_empty_ones_change_nothing(
    spark: Any, spread: Spread
) -> None:
    document, events = measuring(), random_log(11, 500)
    whole = told(lambda: fit_experience(document, events))
    assert isinstance(whole, dict)
    skewed = spread(events, [0, 5, 0, events.height - 20, 0])
    assert_measured_alike(told(lambda: on_spark(skewed, document)), whole)


def test_rows_of_one_instant_count_in_the_order_of_files_and_of_rows(
    spark: Any, tmp_path: Path
) -> None:
    # who has the turn hangs on which of two events of one instant was written last
    document = measuring(path="log")
    events = random_log(8, 300).sort("case", "time", maintain_order=True)
    # half of all is cut into whole hours, so that ties lie on either side of a file's end
    ties = events.with_columns(pl.col("time").dt.truncate("6h"))
    folder = tmp_path / "log"
    folder.mkdir()
    for at, (low, high) in enumerate([(0, 40), (40, 1_200), (1_200, 1_210), (1_210, 10**6)]):
        ties[low:high].write_parquet(folder / f"part-{at}.parquet", row_group_size=100)
    whole = told(lambda: fit_experience(document, ties))
    other = told(lambda: fit_experience(document, ties.reverse()))
    assert whole["tables"]["waits"] != other["tables"]["waits"]  # so that order is seen
    assert_measured_alike(told(lambda: at_a_path(spark, tmp_path, document)), whole)


def test_csv_with_zones_quotes_and_blank_cells_reads_as_it_does_here(
    spark: Any, tmp_path: Path
) -> None:
    document = measuring(path="log", columns={"resource": "who"})
    zones = ["+02:00", "Z", "-05:30", ""]
    hours = [-2.0, 0.0, 5.5, 0.0]
    events = random_log(21, 200)
    at = pl.int_range(pl.len()) % 4
    shift = pl.duration(minutes=at.replace_strict(dict(enumerate(h * -60 for h in hours))))
    written = events.select(
        case=pl.lit(' "') + pl.col("case") + pl.lit('" '),
        activity="activity",
        lifecycle=pl.col("lifecycle").str.to_uppercase(),
        time=(pl.col("time") + shift).dt.strftime("%Y-%m-%d %H:%M:%S%.6f")
        + at.replace_strict(dict(enumerate(zones))),
        who=pl.when(pl.col("resource") == "bo").then(pl.lit("bo, jr")).otherwise("resource"),
    )
    folder = tmp_path / "log"
    folder.mkdir()
    written[:150].write_csv(folder / "a.csv")
    written[150:].write_csv(folder / "b.csv")
    written.write_csv(tmp_path / "whole.csv")
    here = read_event_log(tmp_path / "whole.csv", resource="who")
    whole = told(lambda: fit_experience(document, here.events))
    assert isinstance(whole, dict)
    assert_measured_alike(told(lambda: at_a_path(spark, tmp_path, document)), whole)


def test_a_table_of_the_session_is_a_log(spark: Any, tmp_path: Path) -> None:
    document, events = measuring(path="lending_events"), random_log(2, 200)
    spark.createDataFrame(events.to_arrow()).coalesce(1).write.saveAsTable("lending_events")
    try:
        whole = told(lambda: fit_experience(document, events))
        assert_measured_alike(told(lambda: at_a_path(spark, tmp_path, document)), whole)
    finally:
        spark.sql("DROP TABLE lending_events")


def test_times_without_a_zone_are_utc_whatever_the_zone_of_the_session(
    spark: Any, tmp_path: Path
) -> None:
    events = random_log(4, 150)
    bare = events.with_columns(pl.col("time").dt.replace_time_zone(None))
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "Asia/Shanghai")
    try:
        for name, frame in (("bare", bare), ("zoned", events)):
            frame.write_parquet(tmp_path / name)
            document = measuring(path=name)
            whole = told(lambda d=document: fit_experience(d, events))
            assert_measured_alike(told(lambda d=document: at_a_path(spark, tmp_path, d)), whole)
    finally:
        spark.conf.set("spark.sql.session.timeZone", before)


@pytest.mark.slow  # by sums in memory it is among the fast ones
def test_bpi_2012_on_spark_is_bpi_2012(spark: Any, shared_data: Path, tmp_path: Path) -> None:
    document = ExperienceDocument.model_validate(BPI_2012)
    events = bpi_events(shared_data)
    events.write_parquet(tmp_path / "log.parquet")
    assert document.log is not None
    here = document.model_copy(
        update={"log": document.log.model_copy(update={"path": "log.parquet"})}
    )
    whole = told(lambda: fit_experience(here, events))
    assert_measured_alike(told(lambda: at_a_path(spark, tmp_path, here)), whole)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (pl.col("time").replace("2024", "soon"), "'soon' is no time"),
        (pl.lit(None).alias("case"), "the event has no case"),
        (pl.lit("start").alias("lifecycle"), "no complete events"),
        (pl.lit("other").alias("activity"), "does not occur in the log"),
    ],
)
def test_what_is_wrong_with_a_log_is_told_as_it_is_here(
    spark: Any, spread: Spread, spoilt: pl.Expr, said: str
) -> None:
    events = random_log(6, 50).with_columns(pl.lit("2024").alias("time")).with_columns(spoilt)
    if said != "'soon' is no time":
        events = events.with_columns(random_log(6, 50)["time"])
    with pytest.raises(EquipoiseError, match=said):
        on_spark(spread(events.cast({"case": pl.String}), [20]), measuring())


def test_a_column_that_one_file_lacks_is_named_with_the_file(spark: Any, tmp_path: Path) -> None:
    events, folder = random_log(6, 50), tmp_path / "log"
    folder.mkdir()
    events[:100].write_parquet(folder / "a.parquet")
    events[100:].drop("resource").write_parquet(folder / "b.parquet")
    with pytest.raises(BadInput, match="'resource' is missing in this file") as raised:
        at_a_path(spark, tmp_path, measuring(path="log"))
    assert raised.value.where is not None
    assert raised.value.where.file.endswith("b.parquet")


def test_an_event_that_cannot_be_read_is_named_by_file_and_row(spark: Any, tmp_path: Path) -> None:
    events, folder = random_log(6, 50), tmp_path / "log"
    folder.mkdir()
    lacking = pl.when(pl.int_range(pl.len()) != 7).then("activity").alias("activity")
    events[:100].write_parquet(folder / "a.parquet")
    events[100:].with_columns(lacking).write_parquet(folder / "b.parquet")
    with pytest.raises(BadInput, match="the event has no activity") as raised:
        at_a_path(spark, tmp_path, measuring(path="log"))
    assert raised.value.where is not None
    assert raised.value.where.file.endswith("b.parquet")
    assert raised.value.where.row == 8


def test_one_file_that_only_this_machine_reads_is_left_to_it(spark: Any, tmp_path: Path) -> None:
    random_log(6, 50).write_csv(tmp_path / "log.csv", separator=";")
    document = measuring(path="log.csv")
    assert document.log is not None
    assert event_source(spark, tmp_path, document.log) is None


def test_repeated_events_of_one_row_each_are_counted_each(spark: Any, spread: Spread) -> None:
    document, events = measuring(), random_log(9, 100)
    twice = pl.concat([events, events])
    whole = told(lambda: fit_experience(document, twice))
    assert_measured_alike(told(lambda: on_spark(spread(twice, [70]), document)), whole)


def test_only_places_beside_the_columns_travel(spark: Any, spread: Spread) -> None:
    document, events = measuring(), random_log(9, 20)
    assert document.log is not None
    wide = events.with_columns(secret=pl.lit("a customer's words"))
    read = events_of(spread(wide, []), document.log)
    assert [name for name in read.columns if not name.startswith("__")] == events.columns


def test_rows_are_cut_where_a_case_ends() -> None:
    cases = ["a", "a", "b", "b", "b", "b", "c", "d", "d"]
    frame = pl.DataFrame({"case": cases, "at": range(len(cases))})
    for cuts in ([2, 5, 7], [1, 3, 4, 5, 8], [6, 7], [], [2], list(range(1, 9))):
        ends = [0, *cuts, frame.height]
        parts = [frame[low:high] for low, high in pairwise(ends)]
        whole = list(_whole_cases(iter(parts)))
        assert pl.concat(whole).equals(frame)
        assert sum(part["case"].n_unique() for part in whole) == 4


@pytest.mark.slow  # a minute an example; the tests above are its short form
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**6), cases=st.integers(60, 400), data=st.data())
def test_any_log_over_any_partitions_measures_what_it_does_here(
    spark: Any, spread: Spread, seed: int, cases: int, data: st.DataObject
) -> None:
    document, events = measuring(), random_log(seed, cases)
    sizes = data.draw(st.lists(st.integers(0, events.height // 3), max_size=3), label="sizes")
    whole = told(lambda: fit_experience(document, events))
    assert_measured_alike(told(lambda: on_spark(spread(events, sizes), document)), whole)
