"""Months of a lender: the same whatever is planted, up to where it is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.simulation import SHOCKS, Planted, watched_lender, write_watched

MONTHS, ONSET = 6, 3
BEGINS = date(2022, 4, 1)


@pytest.fixture(scope="module")
def quiet():  # type: ignore[no-untyped-def]
    return watched_lender(41, months=MONTHS)


@pytest.mark.parametrize("shock", SHOCKS)
def test_a_shock_changes_nothing_before_its_onset_and_something_after(quiet, shock) -> None:  # type: ignore[no-untyped-def]
    shaken = watched_lender(41, Planted(frozenset({shock}), ONSET), MONTHS)
    changed = set()
    for name, frame in quiet.tables.items():
        before = [each.filter(pl.col("month") < BEGINS) for each in (frame, shaken.tables[name])]
        assert before[0].equals(before[1]), name
        if not frame.equals(shaken.tables[name]):
            changed.add(name)
    assert changed


def test_a_longer_run_begins_with_the_shorter(quiet) -> None:  # type: ignore[no-untyped-def]
    longer = watched_lender(41, months=MONTHS + 2)
    last = quiet.tables["loans"]["month"].max()
    for name, frame in quiet.tables.items():
        assert longer.tables[name].filter(pl.col("month") <= last).equals(frame), name


def test_the_lender_s_model_is_right_on_average_about_those_it_saw(quiet) -> None:  # type: ignore[no-untyped-def]
    made = quiet.applicants
    past = made.month < 0
    true = 1 / (1 + np.exp(-made.log_odds[past]))
    assert made.pd[past].mean() == pytest.approx(true.mean(), rel=1e-6)


def test_loans_move_one_step_a_month_and_leave_when_they_are_90_days_late(quiet) -> None:  # type: ignore[no-untyped-def]
    loans = quiet.tables["loans"].sort("loan", "month")
    assert (loans["days"] - loans["days_before"]).max() <= 30
    after = loans.with_columns(pl.col("days").shift(1).over("loan").alias("told"))
    known = after.filter(pl.col("told").is_not_null())
    assert (known["told"] == known["days_before"]).all()
    assert (known["told"] < 90).all()


def test_those_of_the_ring_never_pay() -> None:
    lender = watched_lender(43, Planted(frozenset({"fraud_ring"}), 0), 5)
    ring = np.flatnonzero(lender.applicants.never_pays & lender.applicants.booked)
    theirs = lender.tables["loans"].filter(pl.col("loan").is_in(ring))
    assert theirs.height > 50
    first = theirs.filter(pl.col("months_on_book") == 1)
    assert (first["days"] > 0).all()


def test_what_is_written_says_what_was_planted(tmp_path: Path) -> None:
    write_watched(tmp_path, 3, Planted(frozenset({"slow_desk"}), 2), 3)
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert truth["shocks"] == ["slow_desk"]
    assert truth["onset"] == "2022-03-01"
    with pytest.raises(BadInput, match=r"watch\.yaml"):
        write_watched(tmp_path, 3, Planted(), 3)
    with pytest.raises(BadInput, match="no month 9"):
        write_watched(tmp_path / "other", 3, Planted(frozenset({"slow_desk"}), 9), 3)
