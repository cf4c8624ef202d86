"""Fitting on Spark against the local fit: the same bins and points, whatever the partitions."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.cluster.fitting import fit_on
from equipoise.contract import Contract, check
from equipoise.errors import BadInput
from equipoise.risk import RiskDocument, fit_risk


def applicants(rows: int, seed: int = 0) -> pl.DataFrame:
    """A lender's past loans with continuous, whole and coded numbers, texts and missing values."""
    rng = np.random.default_rng(seed)
    debt, income = rng.uniform(0, 1, rows), rng.lognormal(8, 0.6, rows).round(2)
    sector = rng.choice(["farm", "shop", "mine", "sea"], rows, p=[0.4, 0.3, 0.25, 0.05])
    late = rng.poisson(0.7, rows).astype(float)
    late[rng.random(rows) < 0.1] = -9.0
    raw = -2.2 + 2 * debt - 0.6 * (np.log(income) - 8) + 0.6 * (sector == "mine")
    raw += 0.3 * np.maximum(late, 0)
    days = np.datetime64("2024-01-01") + np.sort(rng.integers(0, 360, rows))
    return pl.DataFrame(
        {
            "number": [f"a{at:07d}" for at in range(rows)],
            "day": pl.Series(days).cast(pl.Date),
            "debt": pl.Series(debt).set(pl.Series(rng.random(rows) < 0.07), None),
            "income": income,
            "late": late,
            "sector": sector,
            "noise": rng.normal(size=rows),
            "bad": (rng.random(rows) < 1 / (1 + np.exp(-raw))).astype(np.int64),
        }
    )


FIELDS: list[dict[str, Any]] = [
    {"name": "number", "type": "string", "use": "identifier"},
    {"name": "day", "type": "date", "use": "date"},
    {"name": "debt", "type": "number", "monotone": "increasing"},
    {"name": "income", "type": "number"},
    {"name": "late", "type": "number"},
    {"name": "sector", "type": "string"},
    {"name": "noise", "type": "number"},
    {"name": "bad", "type": "integer", "use": "target"},
]


def contract(**more: Any) -> Contract:
    plain = {
        "name": "lender",
        "id": "number",
        "date": "day",
        "target": {"field": "bad", "event": 1, "window_months": 12},
        "fields": FIELDS,
    }
    return Contract.model_validate({**plain, **more})


def document(**more: Any) -> RiskDocument:
    plain = {
        "models": [{"kind": "scorecard", "name": "card"}],
        "special": {"late": [-9]},
        "features": {"debt_to_income": "debt / NULLIF(income, 0)"},
    }
    return RiskDocument.model_validate({**plain, **more})


def spread(spark: Any, frame: pl.DataFrame, partitions: int) -> Any:
    """The rows in their order, over so many partitions."""
    cut = np.linspace(0, frame.height, partitions + 1).astype(int)
    parts = [frame[a:b].to_arrow() for a, b in pairwise(cut)]
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "65536")
    whole = spark.createDataFrame(parts[0]).coalesce(1)
    for part in parts[1:]:
        whole = whole.unionAll(spark.createDataFrame(part).coalesce(1))
    return whole


def assert_same_card(ours: Any, local: Any) -> None:
    assert [e.name for e in ours.characteristics] == [e.name for e in local.characteristics]
    for mine, theirs in zip(ours.characteristics, local.characteristics, strict=True):
        assert getattr(mine, "edges", None) == getattr(theirs, "edges", None)
        assert getattr(mine, "groups", None) == getattr(theirs, "groups", None)
        for one, other in zip(mine.all_attributes(), theirs.all_attributes(), strict=True):
            assert one.points == pytest.approx(other.points, abs=1e-9)
            assert one.woe == pytest.approx(other.woe, abs=1e-12)
    assert ours.base_points == pytest.approx(local.base_points, abs=1e-9)


@pytest.fixture(scope="module")
def lender() -> pl.DataFrame:
    return applicants(20_000)


@pytest.fixture(scope="module")
def local(lender: pl.DataFrame) -> Any:
    return fit_risk(document(), contract(), check(contract(), lender).frame)


@pytest.mark.parametrize("partitions", [1, 2, 5])
def test_a_card_has_the_same_bins_and_points_on_any_number_of_partitions(
    spark: Any, lender: pl.DataFrame, local: Any, partitions: int
) -> None:
    ours = fit_on(spread(spark, lender, partitions), document(), contract())
    assert_same_card(ours.models["card"], local.models["card"])
    (mine,), (theirs,) = ours.validation["models"], local.validation["models"]
    assert mine["auc"] == pytest.approx(theirs["auc"], abs=1e-12)
    assert mine["csi"] == theirs["csi"]
    assert ours.grades.bounds == pytest.approx(local.grades.bounds, abs=1e-12)
    assert ours.validation["notes"] == local.validation["notes"]


def test_rows_that_break_the_contract_and_repeated_numbers_are_refused_as_here(
    spark: Any, lender: pl.DataFrame
) -> None:
    odd = lender.with_columns(
        pl.when(pl.int_range(pl.len()) % 97 == 5)
        .then(pl.lit("a0000003"))
        .otherwise("number")
        .alias("number"),
        pl.when(pl.int_range(pl.len()) % 101 == 7).then(None).otherwise("bad").alias("bad"),
    )
    checked = check(contract(), odd)
    theirs = fit_risk(document(), contract(), checked.frame)
    ours = fit_on(spread(spark, odd, 3), document(), contract())
    assert_same_card(ours.models["card"], theirs.models["card"])
    assert ours.validation["outcome"] == theirs.validation["outcome"]


def test_weights_and_a_declared_level_are_those_of_the_local_fit(
    spark: Any, lender: pl.DataFrame
) -> None:
    rng = np.random.default_rng(5)
    weighed = lender.with_columns(pl.Series("weight", rng.uniform(0.5, 2.0, lender.height)))
    weight = {"name": "weight", "type": "number", "use": "weight"}
    said = contract(weight="weight", fields=[*FIELDS, weight])
    level = {"value": 0.07, "low": 0.06, "high": 0.08, "provenance": "assumed", "source": "board"}
    asked = document(central_tendency=level)
    theirs = fit_risk(asked, said, check(said, weighed).frame)
    ours = fit_on(spread(spark, weighed, 2), asked, said)
    assert_same_card(ours.models["card"], theirs.models["card"])
    shift = ours.models["card"].calibration["shift"]
    assert shift == pytest.approx(theirs.models["card"].calibration["shift"], abs=1e-9)


def test_no_rows_and_one_class_are_told_as_the_local_fit_tells_them(
    spark: Any, lender: pl.DataFrame
) -> None:
    with pytest.raises(BadInput, match="no application"):
        fit_on(spark.createDataFrame(lender[:1].to_arrow()).limit(0), document(), contract())
    good = lender.with_columns(pl.lit(0, dtype=pl.Int64).alias("bad"))
    with pytest.raises(BadInput) as local:
        fit_risk(document(), contract(), check(contract(), good).frame)
    with pytest.raises(BadInput) as ours:
        fit_on(spread(spark, good, 2), document(), contract())
    assert str(ours.value) == str(local.value)


def test_a_missing_column_is_named(spark: Any, lender: pl.DataFrame) -> None:
    with pytest.raises(BadInput, match="'income'"):
        fit_on(spark.createDataFrame(lender.drop("income").to_arrow()), document(), contract())


@pytest.mark.slow
def test_above_a_hundred_thousand_rows_and_values_the_card_is_the_local_one_too(spark: Any) -> None:
    many = applicants(180_000, seed=2)
    theirs = fit_risk(document(), contract(), check(contract(), many).frame)
    ours = fit_on(spread(spark, many, 3), document(), contract())
    assert_same_card(ours.models["card"], theirs.models["card"])
    said = [each["notes"] for each in theirs.validation["models"]]
    assert [each["notes"] for each in ours.validation["models"]] == said
    assert any("quantile points" in note for notes in said for note in notes)
