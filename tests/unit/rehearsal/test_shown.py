"""What a demonstration's risk officers look at is as a lender would have it, and of today."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from equipoise.documents import read_document
from equipoise.portfolio import quarter_text, read_macro_paths
from equipoise.rehearsal.shown import write_shown
from equipoise.review.stress.document import StressDocument
from equipoise.review.stress.history import other_rates
from equipoise.review.stress.links import fitted_link
from equipoise.simulation import borrower_parameters
from equipoise.watch import read_watch
from equipoise.watch.plans import read_plans
from equipoise.workspace.books import portfolio_document
from equipoise.workspace.watches import borrowers_of

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
    switches = [each for plan in plans.plans for each in plan.switches]
    assert {each.strategy for each in switches} == {"personal"}
    assert [each.name for each in plans.plan("downturn").switches] == ["up_to_ten", "up_to_five"]


@pytest.mark.parametrize(
    ("name", "count"),
    [("applications", 33), ("loans", 33), ("macro", 33), ("feeds", 33), ("borrowers", 36)],
)
def test_its_newest_month_is_the_last_that_is_over(lender: Path, name: str, count: int) -> None:
    months = pl.read_parquet(lender / "watched" / f"{name}.parquet")["month"].unique().sort()
    assert (months.len(), months[-1]) == (count, date(2026, 12, 1))


def test_its_watch_list_finds_what_was_promised_of_such_borrowers(lender: Path) -> None:
    truth = borrower_parameters().truth
    watched = borrowers_of(lender)
    (tenth,) = [each for each in watched.curve if each.share == truth.listed]
    assert tenth.found / tenth.events >= truth.list
    assert tenth.by_days < tenth.found
    assert {each.period for each in watched.listed} == {date(2026, 12, 1)}
    assert {each.reasons[0] for each in watched.listed} >= {"arrears", "income", "credit_use"}


def test_its_tape_ends_with_the_same_month(lender: Path) -> None:
    tape = pl.read_parquet(lender / "tapes" / "2026-12.parquet")
    assert tape["month"].max() == "2026-12"
    assert (tape["opened"] <= tape["month"]).all()


def test_its_scenarios_begin_after_the_past_and_say_that_they_are_made_up(lender: Path) -> None:
    loaded = read_document(lender / "stress.yaml", StressDocument)
    (past,) = read_macro_paths(lender / loaded.value.history[0])
    assert quarter_text(int(past.quarters[-1])) == "2026 Q4"
    worst = {}
    for file in sorted((lender / "scenarios").iterdir()):
        (path,) = read_macro_paths(file)
        assert "made up" in path.scenario
        assert (path.quarters[0], path.quarters.size) == (past.quarters[-1] + 1, 13)
        worst[file.stem] = path.series("Unemployment rate").max()
    assert worst["baseline"] < worst["moderate_recession"] < worst["severe_recession"]
    rates = other_rates(read_macro_paths(lender / "economy/default_rates.csv")[0], past.quarters)
    drivers = tuple(each.driver for each in loaded.value.drivers)
    link = fitted_link(drivers, past, rates, most_lag=4, held_out=12)
    assert link.model.slopes == pytest.approx((0.22, -0.03), abs=0.02)


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
