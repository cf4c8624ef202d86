"""The files: whole, consistent with each other, and honest about young loans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from equipoise.simulation import Lender, write_lender


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lender")
    write_lender(folder, 4000, seed=5)
    return folder


def test_all_files_are_there_and_nothing_half_written(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "applications.parquet",
        "events.parquet",
        "parameters.yaml",
        "performance.parquet",
        "truth.parquet",
    ]


def test_the_readme_names_every_column_of_the_applications(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    for name in pl.read_parquet(folder / "applications.parquet").columns:
        assert f"`{name}`" in text or (name.endswith("_stop") and "`<check>_stop`" in text), name


def test_the_lenders_files_hold_no_truth(folder: Path) -> None:
    secret = {"kind", "true_monthly_income", "log_odds", "lgd"}
    for name in ("applications", "events", "performance"):
        assert not secret & set(pl.read_parquet(folder / f"{name}.parquet").columns)


def test_an_immature_loan_is_never_labelled(applications: pl.DataFrame) -> None:
    booked = applications.filter("booked")
    young = booked.filter((pl.col("months_observed") < 12) & (pl.col("term_asked") >= 12))
    assert young.height > 500
    assert young["default_12m"].null_count() == young.height
    # even those who have defaulted: labelling only them would make young vintages look bad
    assert young.filter("defaulted").height > 10
    assert applications.filter(~pl.col("booked"))["default_12m"].is_not_null().sum() == 0
    old = booked.filter(pl.col("months_observed") >= 12)
    assert old["default_12m"].null_count() == 0


def test_labels_follow_from_the_month_of_default(applications: pl.DataFrame) -> None:
    known = applications.filter(pl.col("default_12m").is_not_null())
    assert (known["default_12m"] == (known["default_month"].fill_null(99) <= 12)).all()
    seen = applications.filter("defaulted")
    assert (seen["default_month"] <= seen["months_observed"]).all()
    assert (seen["default_month"] >= 1).all()


def test_each_stage_is_missing_where_the_one_before_was_not_passed(
    applications: pl.DataFrame,
) -> None:
    stages = [
        ("completed", pl.col("offered_treatment") != "decline"),
        ("passed", pl.col("completed")),
        ("accepted", pl.col("passed")),
        ("months_observed", pl.col("booked")),
        ("wait_days", pl.col("completed")),
        ("left_at_step", ~pl.col("completed")),
    ]
    for column, before in stages:
        asked = before.fill_null(value=False)
        mismatch = applications.filter(pl.col(column).is_not_null() != asked)
        assert mismatch.height == 0, column


def test_acted_results_stop_and_recorded_ones_do_not(applications: pl.DataFrame) -> None:
    checks = [name for name in applications.columns if name.endswith("_stop")]
    done = applications.filter("completed").with_columns(
        stopped=pl.any_horizontal(pl.col(name).fill_null(value=False) for name in checks)
    )
    acted, recorded = done.filter("checks_acted"), done.filter(~pl.col("checks_acted"))
    assert (acted["passed"] == ~acted["stopped"]).all()
    assert recorded["passed"].all()
    assert recorded.filter("stopped").height > 100


def test_a_check_has_a_result_exactly_where_its_step_was_finished(
    applications: pl.DataFrame,
) -> None:
    done = applications.filter("completed")
    full = done.filter(pl.col("offered_journey").is_in(["full", "review"]))
    assert full["bank_statements_stop"].null_count() == 0
    fast = done.filter(pl.col("offered_journey") == "fast")
    assert fast["income_proof_stop"].is_null().all()
    left = applications.filter(pl.col("left_at_step") == "income_proof")
    assert left["identity_check_stop"].null_count() == 0
    assert left["income_proof_stop"].is_null().all()


def test_performance_ends_in_default_in_its_month_or_goes_on(
    lender: Lender, applications: pl.DataFrame
) -> None:
    rows = lender.performance()
    last = rows.group_by("application_id").agg(pl.all().sort_by("month_on_book").last())
    joined = applications.filter(pl.col("booked") & (pl.col("months_observed") > 0)).join(
        last, on="application_id"
    )
    assert joined.height == last.height
    bad = joined.filter("defaulted")
    assert (bad["status"] == "default").all()
    assert (bad["month_on_book"] == bad["default_month"]).all()
    assert (bad["balance"] - bad["exposure_at_default"]).abs().max() < 0.01  # type: ignore[operator]
    paid_off = joined.filter(
        ~pl.col("defaulted") & (pl.col("months_observed") == pl.col("term_asked"))
    )
    assert (paid_off["status"] == "closed").all()
    assert paid_off["balance"].max() == pytest.approx(0.0, abs=0.01)
    going = joined.filter(~pl.col("defaulted") & (pl.col("months_observed") < pl.col("term_asked")))
    assert (going["status"] == "current").all()
    assert (going["month_on_book"] == going["months_observed"]).all()


def test_the_event_log_tells_the_same_story(lender: Lender, applications: pl.DataFrame) -> None:
    log = lender.events()
    assert log["application_id"].n_unique() == len(lender)
    assert log["time"].null_count() == 0
    ordered = log.select(
        (pl.col("time").diff().over("application_id").drop_nulls() >= pl.duration()).all()
    )
    assert ordered.item()
    ends = {
        "declined_by_policy": pl.col("offered_treatment") == "decline",
        "abandoned": ~pl.col("completed"),
        "stopped_by_checks": pl.col("completed") & ~pl.col("passed"),
        "offer_made": pl.col("passed"),
        "offer_accepted": pl.col("booked"),
        "offer_rejected": ~pl.col("accepted"),
    }
    for activity, which in ends.items():
        cases = log.filter(pl.col("activity") == activity)["application_id"]
        expected = applications.filter(which)["application_id"]
        assert set(cases) == set(expected), activity
        assert cases.len() == expected.len(), activity


def test_staff_work_in_business_hours_only(lender: Lender) -> None:
    staff = lender.events().filter(
        pl.col("resource").str.contains("clerk|underwriter") & (pl.col("lifecycle") == "start")
    )
    assert staff.height > 1000
    assert staff["time"].dt.weekday().max() <= 5  # type: ignore[operator]
    assert staff["time"].dt.hour().min() >= 9  # type: ignore[operator]
    assert staff["time"].dt.hour().max() < 17 or (  # type: ignore[operator]
        staff.filter(pl.col("time").dt.hour() == 17)["time"].dt.minute().max() == 0
    )


def test_writing_reports_how_far_it_has_come(tmp_path: Path) -> None:
    collected: list[tuple[str, float, float]] = []

    class Listener:
        @contextmanager
        def step(self, title: str) -> Iterator[Listener]:
            self.title = title
            yield self

        def advance(self, done: float, total: float) -> None:
            collected.append((self.title, done, total))

    write_lender(tmp_path, 100, seed=1, progress=Listener())
    assert collected == [("applicants", 100, 100)]
