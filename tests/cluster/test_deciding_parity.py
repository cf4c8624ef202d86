"""On Spark every application is decided as by the local engine: no column differs by a bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from spark_answers import as_frame, different, on_spark
from test_external_parity import MODELS, bound
from test_external_parity import deciding as with_model
from test_strategy_parity import CHOOSING, WAYS, corpus, frame_of, sealed, stepping

from equipoise.cluster import decide_on
from equipoise.contract.facts.sql import ENGINES
from equipoise.contract.grammar import BLANKS
from equipoise.errors import BadInput
from equipoise.strategy.engine import Strategy

RESULTS = [None, {"income": "passed"}, {"income": "passed", "call": "passed"}, {"call": "stopped"}]


def compared(
    spark: Any, strategy: Strategy, frame: pl.DataFrame, folder: Path, way: Any = "batches"
) -> pl.DataFrame:
    """The local engine's answers, after Spark's were held against them."""
    local = strategy.decide_frame(frame)
    answers = as_frame(decide_on(on_spark(spark, frame, folder), strategy, way=way))
    assert different(answers, local) == []
    return local


@pytest.mark.parametrize("way", WAYS)
def test_a_card_decides_the_same(spark: Any, way: str, tmp_path: Path) -> None:
    local = compared(spark, sealed(way), frame_of(corpus()), tmp_path / "applications")
    assert set(local["outcome"]) == {"approve", "counter_offer", "decline", "refer"}
    assert local["reasons"].list.len().max() > 1


@pytest.mark.parametrize("way", CHOOSING)
def test_a_card_decides_the_same_inside_catalyst(spark: Any, way: str, tmp_path: Path) -> None:
    frame = frame_of(corpus())
    local = compared(spark, sealed(way), frame, tmp_path / "applications", "query")
    assert local["reasons"].list.len().max() > 1
    assert set(local["outcome"]) == {"approve", "counter_offer", "decline", "refer"}


@pytest.mark.parametrize("kind", [pl.String, pl.Float32, pl.Decimal(30, 6)], ids=str)
def test_numbers_of_any_type_are_read_the_same_inside_catalyst(
    spark: Any, kind: Any, tmp_path: Path
) -> None:
    frame = frame_of(corpus()[:200])
    numbers = [name for name, each in frame.schema.items() if each.is_numeric()]
    given = frame.with_columns(pl.col(numbers).cast(kind, strict=False))
    compared(spark, sealed("table"), given, tmp_path / "applications", "query")


@pytest.mark.parametrize(
    ("kind", "way"),
    [("csv", "batches"), ("json", "batches"), ("orc", "batches"), ("json", "query")],
)
def test_other_files_than_parquet_are_decided_as_the_session_reads_them(
    spark: Any, kind: str, way: Any, tmp_path: Path
) -> None:
    given = on_spark(spark, frame_of(corpus()[:200]), tmp_path / "applications")
    # columns in another order, one of them a folder's name, and what is null left out
    others = given.select(*reversed(given.columns)).write.partitionBy("employment")
    others.format(kind).option("header", True).save(str(tmp_path / kind))
    options = {"header": True, "inferSchema": True} if kind == "csv" else {}
    read = spark.read.format(kind).options(**options).load(str(tmp_path / kind))
    assert read.columns != given.columns
    local = sealed("table").decide_frame(as_frame(read))
    assert different(as_frame(decide_on(read, sealed("table"), way=way)), local) == []
    assert len(set(local["outcome"])) > 2


def test_blanks_of_any_script_around_a_text_are_left_out_inside_catalyst(spark: Any) -> None:
    ends = ["", *BLANKS, "a", "é", "中", "~", "!", "\x7f", "😀", "\x00"]
    texts = [low + middle + high for low in ends for middle in ("", "x", "中 y") for high in ends]
    spark.createDataFrame([(each,) for each in texts], "t string").createOrReplaceTempView("texts")
    trimmed = spark.sql(f"SELECT t, {ENGINES['spark'].text('t')} AS bare FROM texts").collect()
    assert len(trimmed) == len(texts)
    assert [row.t for row in trimmed if row.bare != row.t.strip(BLANKS)] == []


def test_what_no_query_decides_is_refused_with_the_reason(spark: Any, tmp_path: Path) -> None:
    given = on_spark(spark, frame_of(corpus()[:5]), tmp_path / "applications")
    with pytest.raises(BadInput, match="cannot decide these as a query: it asks step by step"):
        decide_on(given, stepping("table"), way="query")
    with pytest.raises(BadInput, match="cannot decide these as a query: it explores near ties"):
        decide_on(given, sealed("exploring"), way="query")


@pytest.mark.parametrize("way", CHOOSING)
def test_step_by_step_decides_the_same(spark: Any, way: str, tmp_path: Path) -> None:
    local = compared(spark, stepping(way), frame_of(corpus()), tmp_path / "applications")
    assert local["next_check"].null_count() < local.height


def test_results_of_checks_come_along(spark: Any, tmp_path: Path) -> None:
    frame = frame_of(corpus())
    texts = [RESULTS[at % len(RESULTS)] for at in range(frame.height)]
    checks = pl.Series("checks", [None if r is None else json.dumps(r) for r in texts], pl.String)
    local = compared(spark, sealed("balance"), frame.with_columns(checks), tmp_path / "a")
    assert "CHECK_STOPPED" in set(local["reasons"].explode())


@pytest.mark.parametrize("name", ["card", "logistic", "PD column, level"])
def test_a_lenders_own_model_decides_the_same(spark: Any, name: str, tmp_path: Path) -> None:
    strategy = with_model(bound(tmp_path, **MODELS[name]))
    compared(spark, strategy, frame_of(corpus()[:300]), tmp_path / "applications")


def test_trees_decide_the_same(spark: Any, tmp_path: Path) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    rng = np.random.default_rng(1)
    known = np.column_stack([rng.uniform(300, 850, 600), rng.uniform(0, 0.6, 600)])
    bad = rng.random(600) < 1 / (1 + np.exp(4 + (known[:, 0] - 700) / 80))
    grown = lightgbm.train(
        {"objective": "binary", "verbose": -1, "num_threads": 1, "num_leaves": 5},
        lightgbm.Dataset(known, bad, feature_name=["score", "dti"]),
        20,
    )
    grown.save_model(tmp_path / "trees.txt")
    strategy = with_model(bound(tmp_path, file="trees.txt"))
    compared(spark, strategy, frame_of(corpus()), tmp_path / "applications")


def test_what_is_kept_beside_stands_beside_the_answers(spark: Any, tmp_path: Path) -> None:
    strategy = keeping(sealed("table"))
    frame = frame_of(corpus()[:50]).with_row_index("branch no").with_columns(note=pl.lit("x"))
    frame = frame.with_columns(pl.col("branch no").cast(pl.Int32))
    local = compared(spark, strategy, frame, tmp_path / "applications")
    assert {"extra.branch no", "extra.note"} <= set(local.columns)


def keeping(strategy: Strategy) -> Strategy:
    """The same strategy under a contract that keeps what it does not know."""
    from equipoise.strategy.sealing import seal

    content = strategy.content
    contract = content.contract.model_copy(update={"extra": "keep"})
    return Strategy(seal(content.model_copy(update={"contract": contract})))
