"""The synthetic lender to small businesses: the same for the same seed, and its truth is seen in
its outcomes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from equipoise.contract import read_contract
from equipoise.errors import BadInput
from equipoise.simulation import businesses, write_businesses
from equipoise.workspace.creating import copy_example

MANY = 20_000


@pytest.fixture(scope="module")
def made() -> tuple[pl.DataFrame, pl.DataFrame]:
    return businesses(MANY, 7)


def test_the_same_seed_makes_the_same_lender(made: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    again = businesses(MANY, 7)
    assert again[0].equals(made[0])
    assert again[1].equals(made[1])
    assert not businesses(MANY, 8)[0].equals(made[0])


def test_loans_default_as_often_as_the_truth_says(made: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    seen = made[0].join(made[1], on="application_id").filter(pl.col("default_12m").is_not_null())
    by_fifth = seen.with_columns(pl.col("pd").qcut(5).alias("fifth")).group_by("fifth")
    for _, each in by_fifth:
        foretold, came = each["pd"].mean(), each["default_12m"].mean()
        assert came == pytest.approx(foretold, abs=0.02)


def test_nothing_is_known_of_loans_that_are_young_or_were_not_made(
    made: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    seen = made[0]
    assert seen.filter(~pl.col("booked"))["default_12m"].null_count() == (~seen["booked"]).sum()
    young = seen.filter(pl.col("application_date") > date(2024, 6, 30))
    assert young["default_12m"].null_count() == young.height > 0


def test_the_examples_contract_has_every_column(
    made: tuple[pl.DataFrame, pl.DataFrame], tmp_path: Path
) -> None:
    copy_example("business", tmp_path)
    contract = read_contract(tmp_path / "contract.yaml").value
    read = {field.name for field in contract.fields if field.use != "ignore"}
    assert read == set(made[0].columns)


def test_too_few_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="1,000 applicants"):
        write_businesses(tmp_path / "data", 999, 7)
    assert not (tmp_path / "data").exists()
