"""What a demonstration's risk officers look at is as a lender would have it, and of today."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from equipoise.rehearsal.shown import write_shown
from equipoise.watch import read_watch
from equipoise.watch.plans import read_plans
from equipoise.workspace.books import portfolio_document

TODAY = date(2027, 1, 9)
PEOPLE = {
    "risk_officer": "ruth",
    "model_owner": "rolf",
    "fraud_desk": "ruth",
    "desk_head": "oskar",
    "service_owner": "oskar",
    "product_owner": "oskar",
    "data_desk": "oskar",
}


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shown")
    shown = write_shown(folder, TODAY, 7, PEOPLE, "personal")
    assert (shown.tape, shown.month) == (folder / "tapes" / "2026-12.parquet", "2026-12")
    return folder


def test_its_documents_pass_their_own_checks_and_name_the_people(lender: Path) -> None:
    watch = read_watch(lender / "watch.yaml").document
    names = [each.name for each in watch.indicators]
    assert [each.id for each in watch.people] == ["ruth", "rolf", "oskar"]
    assert {each.owner for each in (*watch.indicators, *watch.risks)} == {"ruth", "rolf", "oskar"}
    assert {each.class_ for each in watch.risks} == {"credit", "market", "operational", "policy"}
    plans = read_plans(lender, indicators=names, strategies=["personal"]).value
    assert [each.strategy for plan in plans.plans for each in plan.switches] == ["personal"]


@pytest.mark.parametrize("name", ["applications", "loans", "macro", "feeds"])
def test_its_newest_month_is_the_last_that_is_over(lender: Path, name: str) -> None:
    months = pl.read_parquet(lender / "watched" / f"{name}.parquet")["month"].unique().sort()
    assert (months.len(), months[-1]) == (33, date(2026, 12, 1))


def test_its_tape_ends_with_the_same_month(lender: Path) -> None:
    tape = pl.read_parquet(lender / "tapes" / "2026-12.parquet")
    assert tape["month"].max() == "2026-12"
    assert (tape["opened"] <= tape["month"]).all()


def test_the_bureau_fails_in_its_last_months(lender: Path) -> None:
    feeds = pl.read_parquet(lender / "watched" / "feeds.parquet")
    failed = (
        feeds.filter(pl.col("feed") == "bureau")
        .group_by("month")
        .agg(pl.col("failed").sum() / pl.col("calls").sum())
        .sort("month")["failed"]
    )
    assert all(share < 0.05 for share in failed[:-2])
    assert all(share > 0.5 for share in failed[-2:])


def test_nothing_of_a_lender_is_written_over(tmp_path: Path) -> None:
    own = tmp_path / "watch.yaml"
    own.write_text("name: ours\n")
    with pytest.raises(FileExistsError, match=r"watch\.yaml"):
        write_shown(tmp_path, TODAY, 7, PEOPLE, "personal")
    assert own.read_text() == "name: ours\n"
    assert [each.name for each in tmp_path.iterdir()] == ["watch.yaml"]


def test_its_book_is_measured_against_limits_by_grades_and_by_moves_of_rates(lender: Path) -> None:
    document = portfolio_document(lender).value
    assert {"IFRS", "BASEL", "CN"} <= {*document.rules}
    assert len(document.limits) == 3
    assert document.own_funds is not None and document.rates is not None
    invented = (document.losses.lgd.source, document.own_funds.source, document.rates.source)
    assert {*invented} == {"made up for the demonstration"}
