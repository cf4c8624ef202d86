"""The synthetic lender's loan tape: true to its performance, and read to the cent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.portfolio import draft_tape, read_tape, read_tape_document, tape_text
from equipoise.simulation import Lender, simulate, write_lender
from equipoise.simulation.streams import BLOCK
from equipoise.simulation.tape import tape_frame


@pytest.fixture(scope="module")
def lender() -> Lender:
    return simulate(12_000, seed=11)


@pytest.fixture(scope="module")
def tape(lender: Lender) -> pl.DataFrame:
    return lender.tape()


def _by_age(tape: pl.DataFrame) -> pl.DataFrame:
    """With each row's month on book, as performance counts it."""
    return tape.with_columns(
        pl.int_range(1, pl.len() + 1).over("loan_id").cast(pl.Int16).alias("month_on_book")
    )


def test_every_loan_has_a_row_a_month_and_months_follow_one_another(tape):
    months = tape.with_columns(pl.col("month").str.to_date("%Y-%m").alias("day"))
    steps = months.select(
        (pl.col("day").dt.year() * 12 + pl.col("day").dt.month()).diff().over("loan_id")
    ).to_series()
    assert set(steps.drop_nulls().unique()) == {1}


def test_what_is_owed_while_nobody_is_late_is_what_performance_says(lender, tape):
    paid = _by_age(tape).filter(pl.col("days_past_due") == 0)
    result = lender.performance().rename({"application_id": "loan_id", "balance": "true"})
    joined = paid.join(result, on=["loan_id", "month_on_book"], how="left")
    assert joined["true"].null_count() == 0
    assert (joined["balance"] - joined["true"]).abs().max() == 0


def test_a_default_is_more_than_ninety_days_late_three_months_on_and_keeps_its_exposure(
    lender, tape
):
    known = lender.applications().filter(pl.col("defaulted") == True)  # noqa: E712
    ages = _by_age(tape).filter(pl.col("days_past_due") > 90)
    first = ages.group_by("loan_id").agg(pl.col("month_on_book").min(), pl.col("balance").first())
    joined = first.join(known, left_on="loan_id", right_on="application_id", how="left")
    assert joined["default_month"].null_count() == 0  # nobody else is ever so late
    assert (joined["month_on_book"] == joined["default_month"] + 3).all()
    assert (joined["balance"] - joined["exposure_at_default"]).abs().max() < 0.0051


def test_some_are_late_and_make_up_for_it_and_the_likelier_to_default_more_often(lender, tape):
    known = lender.applications().select("application_id", "defaulted", "tier")
    joined = tape.join(known, left_on="loan_id", right_on="application_id")
    good = joined.filter(~pl.col("defaulted"))
    late = good.filter(pl.col("days_past_due") > 0)
    assert 0 < late.height < 0.2 * good.height
    assert set(late["days_past_due"].unique()) == {15}
    by = good.group_by("tier").agg((pl.col("days_past_due") > 0).mean().alias("late")).sort("late")
    assert by["late"][-1] > 1.5 * by["late"][0]


def test_rows_end_with_the_write_off_the_term_or_the_observation(lender, tape):
    last = tape.group_by("loan_id", maintain_order=True).last()
    assert set(last["status"].unique()) <= {"current", "late", "default", "written_off", "closed"}
    assert tape["month"].max() == "2025-06"
    ended = tape.filter(pl.col("status").is_in(["written_off", "closed"]))
    assert ended.height == ended["loan_id"].n_unique()
    assert (ended.filter(pl.col("status") == "closed")["balance"] == 0).all()


def test_who_pays_late_depends_on_the_applicant_and_not_on_the_others():
    many, few = simulate(BLOCK + 500, seed=3), simulate(700, seed=3)
    one = tape_frame(few.parameters, few.population, few.history, few.seed)
    whole = many.tape()
    ids = set(one["loan_id"])
    assert whole.filter(pl.col("loan_id").is_in(list(ids))).equals(one)


def test_a_portfolio_reads_it_without_a_fault_and_to_the_cent(tape, tmp_path: Path):
    tape.write_parquet(tmp_path / "tape.parquet")
    drafted = draft_tape(tmp_path / "tape.parquet", "tape.parquet", currency="USD")
    assert drafted.unsettled == ()
    assert drafted.tape.shape == "monthly"
    path = tmp_path / "tape.yaml"
    path.write_text(tape_text(drafted), "utf-8")
    reading = read_tape(read_tape_document(path), tmp_path)
    assert reading.faults == ()
    cents = (tape["balance"] * 100).round().cast(pl.Int64)
    assert int(reading.book.balance.sum()) == cents.sum()
    assert len(reading.book) == tape.height
    assert np.array_equal(np.bincount(reading.book.state, minlength=7)[[5, 6]], [
        (tape["status"] == "written_off").sum(), (tape["status"] == "closed").sum()
    ])  # fmt: skip


def test_it_is_written_where_it_is_asked_for_and_nowhere_else(tmp_path: Path):
    write_lender(tmp_path / "all", 300, seed=1)
    assert not (tmp_path / "all" / "tape.parquet").exists()
    write_lender(tmp_path / "tape", 300, seed=1, only=["tape"])
    written = pl.read_parquet(tmp_path / "tape" / "tape.parquet")
    assert written.equals(simulate(300, seed=1).tape())
    assert not (tmp_path / "tape" / "applications.parquet").exists()
    with pytest.raises(BadInput, match="did you mean 'tape'"):
        write_lender(tmp_path / "none", 10, seed=1, only=["tapes"])
