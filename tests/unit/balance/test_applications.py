"""A Parquet file of applications is valued as the sealed value model values them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_lender

from equipoise.balance import Problem, Row, solve, solve_stream
from equipoise.balance.applications import INPUTS, MeasuredLimit, ParquetApplications
from equipoise.errors import BadInput
from equipoise.value.compiled import Valuer, figures_of
from equipoise.value.measures import MEASURES

SIZE = 3000
LIMITS = (
    MeasuredLimit("loss rate", {"expected_loss": 1.0, "exposure": -0.03}, 0.0),
    MeasuredLimit("hours", {"underwriter_hours": 1.0}, 150.0),
    MeasuredLimit("new", {"exposure": 1.0}, 1e6, where="new_business"),
)


@pytest.fixture(scope="module")
def valuer() -> Valuer:
    return Valuer(
        figures_of(small_lender.model(12.0), small_lender.CHECK_SHIFT),
        small_lender.document().menu(),
    )


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    people = small_lender.people(SIZE)
    columns = (people.seen_pd, people.lgd, people.amount, people.months, people.income, people.apr)
    new = np.random.default_rng(1).random(SIZE) < 0.3
    return pl.DataFrame(dict(zip(INPUTS, columns, strict=True))).with_columns(new_business=new)


def _written(frame: pl.DataFrame, folder: Path) -> Path:
    path = folder / "applications.parquet"
    frame.write_parquet(path, row_group_size=1100)
    return path


def _in_memory(frame: pl.DataFrame, valuer: Valuer) -> Problem:
    made = valuer.everything(*(frame[name].to_numpy().copy() for name in INPUTS))
    table = dict(zip(MEASURES, made, strict=True))
    rows = [
        Row(
            limit.name,
            sum(weight * table[name] for name, weight in limit.weights.items()),
            limit.at_most,
            None if limit.where is None else frame[limit.where].to_numpy(),
        )
        for limit in LIMITS
    ]
    return Problem(table["profit"], rows)


def test_a_file_gets_the_answer_of_its_table(
    frame: pl.DataFrame, valuer: Valuer, tmp_path: Path
) -> None:
    source = ParquetApplications(_written(frame, tmp_path), valuer, "profit", LIMITS)
    assert source.sizes == (1100, 1100, 800)
    streamed, problem = solve_stream(source), _in_memory(frame, valuer)
    whole = solve(problem)
    assert streamed.upper_bound == pytest.approx(whole.upper_bound, rel=1e-5)
    assert streamed.gap < 1e-3
    value = problem.value[np.arange(SIZE), streamed.choice].sum()
    assert streamed.value == pytest.approx(value, rel=1e-12)
    assert streamed.violation <= 1e-9


@pytest.mark.parametrize(("column", "value"), [("pd", None), ("amount", -5.0), ("apr", 14.0)])
def test_a_value_no_loan_can_have_is_named_with_its_row(
    column: str, value: float | None, frame: pl.DataFrame, valuer: Valuer, tmp_path: Path
) -> None:
    wrong = pl.when(pl.int_range(pl.len()) == 1234).then(pl.lit(value)).otherwise(pl.col(column))
    path = _written(frame.with_columns(wrong.alias(column)), tmp_path)
    with pytest.raises(BadInput, match=r"row 1235") as refused:
        solve_stream(ParquetApplications(path, valuer, "profit", LIMITS))
    assert refused.value.field == column


def test_columns_and_measures_that_are_not_there_are_named(
    frame: pl.DataFrame, valuer: Valuer, tmp_path: Path
) -> None:
    path = _written(frame.drop("lgd"), tmp_path)
    with pytest.raises(BadInput, match="'lgd'"):
        ParquetApplications(path, valuer, "profit", LIMITS)
    with pytest.raises(BadInput, match="'profits'"):
        ParquetApplications(_written(frame, tmp_path), valuer, "profits", LIMITS)
