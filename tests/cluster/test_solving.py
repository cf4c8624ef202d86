"""Applicants on a cluster get the treatments, prices and certificate they get on one machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import small_lender

from equipoise.balance import Infeasible, Problem, Row, solve
from equipoise.balance.applications import INPUTS, MeasuredLimit
from equipoise.balance.lagrangian import Lagrangian
from equipoise.cluster import ClusterSolution, HeldApplicants, bound_at, solve_held, solve_on
from equipoise.errors import BadInput
from equipoise.value.compiled import Valuer, figures_of
from equipoise.value.measures import MEASURES

SIZE = 6_000
SAMPLE = 1_500
LIMITS = (
    MeasuredLimit("loss rate", {"expected_loss": 1.0, "exposure": -0.03}, 0.0),
    MeasuredLimit("hours", {"underwriter_hours": 1.0}, 300.0),
    MeasuredLimit("new", {"exposure": 1.0}, 2e6, where="new_business"),
)


@pytest.fixture(scope="module")
def valuer() -> Valuer:
    menu = small_lender.document().menu()
    return Valuer(figures_of(small_lender.model(12.0), small_lender.CHECK_SHIFT), menu)


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    people = small_lender.people(SIZE)
    columns = (people.seen_pd, people.lgd, people.amount, people.months, people.income, people.apr)
    new = np.random.default_rng(1).random(SIZE) < 0.3
    frame = pl.DataFrame(dict(zip(INPUTS, columns, strict=True))).with_columns(new_business=new)
    return frame.with_columns(id=pl.Series([f"a{number}" for number in range(SIZE)]))


@pytest.fixture(scope="module")
def problem(table: pl.DataFrame, valuer: Valuer) -> Problem:
    """The same applicants in this process's memory."""
    made = valuer.everything(*(table[name].to_numpy().copy() for name in INPUTS))
    measures = dict(zip(MEASURES, made, strict=True))
    rows = [
        Row(
            limit.name,
            sum(weight * measures[name] for name, weight in limit.weights.items()),
            limit.at_most,
            None if limit.where is None else table[limit.where].to_numpy(),
        )
        for limit in LIMITS
    ]
    return Problem(measures["profit"], rows)


@pytest.fixture(scope="module")
def applicants(spark: Any, table: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("applicants") / "applicants.parquet"
    table.write_parquet(path, row_group_size=1000)
    return spark.read.parquet(str(path))


@pytest.fixture
def few_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample that is smaller than the whole."""
    monkeypatch.setattr("equipoise.balance.everybody.SAMPLE", SAMPLE)


@pytest.fixture(scope="module")
def solved(applicants: Any, valuer: Valuer) -> Iterator[ClusterSolution]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("equipoise.balance.everybody.SAMPLE", SAMPLE)
        solution = solve_on(applicants, valuer, "profit", LIMITS)
    with solution:
        yield solution


def treatments(choices: Any, table: pl.DataFrame, valuer: Valuer) -> np.ndarray:
    """Places on the menu, in the order of the table."""
    answered = {row["id"]: row["treatment"] for row in choices.collect()}
    assert len(answered) == table.height
    places = {each.name: place for place, each in enumerate(valuer.menu)}
    return np.array([places[answered[name]] for name in table["id"]])


def certificate(solution: ClusterSolution) -> tuple[object, ...]:
    return (
        solution.multipliers.array.tobytes(), solution.value, solution.upper_bound,
        solution.dual_bound, solution.violation, solution.used, solution.decided_here,
    )  # fmt: skip


def test_the_answer_is_the_local_engines_within_the_gaps(
    solved: ClusterSolution, problem: Problem, table: pl.DataFrame, valuer: Valuer
) -> None:
    local = solve(problem)
    assert solved.gap < 1e-4
    assert 0 < solved.decided_here < SIZE
    apart = local.upper_bound * (local.gap + solved.gap)
    assert solved.value == pytest.approx(local.value, abs=apart, rel=0)
    choice = treatments(solved.choices, table, valuer)
    everyone = np.arange(SIZE)
    assert solved.value == pytest.approx(problem.value[everyone, choice].sum(), rel=1e-12)
    for row in problem.rows:
        used = row.table(problem.shape)[everyone, choice].sum()
        assert solved.used[row.name] == pytest.approx(used, rel=1e-9, abs=1e-6)
        assert used <= row.at_most + 1e-9 * max(abs(row.at_most), 1e6)
    measured = solved.choices.agg({"exposure": "sum"}).first()[0]
    exposure = valuer.everything(*(table[name].to_numpy().copy() for name in INPUTS))[3]
    assert measured == pytest.approx(exposure[everyone, choice].sum(), rel=1e-12)


def test_at_the_same_prices_bound_and_choices_are_the_local_engines(
    solved: ClusterSolution, problem: Problem, table: pl.DataFrame, valuer: Valuer
) -> None:
    local = Lagrangian(problem)
    for prices in (solved.multipliers.array, np.array([1.5, 20.0, 0.03]), np.zeros(3)):
        bound, choices = bound_at(solved.held, solved.aim, prices)
        best, expected = local.best(prices)
        assert bound == pytest.approx(expected, rel=1e-12)
        assert (treatments(choices, table, valuer) == best).all()


@pytest.mark.usefixtures("few_drawn")
@pytest.mark.parametrize("partitions", [1, 8])
def test_partitions_change_no_bit(
    partitions: int, solved: ClusterSolution, applicants: Any, table: pl.DataFrame, valuer: Valuer
) -> None:
    cut = applicants.repartition(partitions)
    with solve_on(cut, valuer, "profit", LIMITS) as again:
        assert certificate(again) == certificate(solved)
        mine, other = (treatments(each.choices, table, valuer) for each in (again, solved))
    assert (mine == other).all()


@pytest.mark.usefixtures("few_drawn")
def test_skew_and_empty_partitions_change_no_bit(
    solved: ClusterSolution, applicants: Any, valuer: Valuer
) -> None:
    from pyspark.sql import functions as sql

    number = sql.substring("id", 2, 9).cast("int")
    skewed = applicants.repartition(4, sql.when(number < SIZE * 0.9, 0).otherwise(number % 2))
    sizes = skewed.rdd.mapPartitions(lambda rows: [sum(1 for _ in rows)]).collect()
    assert max(sizes) >= 0.9 * SIZE
    assert min(sizes) == 0
    with solve_on(skewed, valuer, "profit", LIMITS) as again:
        assert certificate(again) == certificate(solved)


def places(held: HeldApplicants) -> list[Path]:
    return [Path(row["place"]) for row in held._places.collect()]


@pytest.mark.usefixtures("few_drawn")
def test_a_block_that_is_lost_is_made_anew(
    solved: ClusterSolution, applicants: Any, valuer: Valuer
) -> None:
    held = HeldApplicants(
        applicants.repartition(3), solved.held.held.figures, solved.aim.measures, solved.aim.masks
    )
    before = held.best_scores(solved.aim, solved.multipliers.array)
    shutil.rmtree(places(held)[1])
    assert held.best_scores(solved.aim, solved.multipliers.array) == before
    (places(held)[0] / "measures.npy").unlink()  # then figures are valued in the pass
    assert certificate(solve_held(held, solved.aim)) == certificate(solved)
    held.release()


def test_nothing_is_left_on_the_workers_and_choices_are_still_there(
    applicants: Any, table: pl.DataFrame, valuer: Valuer
) -> None:
    with solve_on(applicants, valuer, "profit", LIMITS) as solution:
        before = treatments(solution.choices, table, valuer)
        where = places(solution.held)
        assert all(place.is_dir() for place in where)
    assert not any(place.parent.exists() for place in where)
    assert (treatments(solution.choices, table, valuer) == before).all()


@pytest.mark.usefixtures("few_drawn")
def test_more_undecided_than_the_driver_takes_are_drawn_from(
    solved: ClusterSolution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("equipoise.cluster.solving_held.MOST", 2_000)
    monkeypatch.setattr("equipoise.cluster.solving_held.SHARE_LEFT", 0.5)
    again = solve_held(solved.held, solved.aim)
    assert again.decided_here < solved.decided_here
    assert again.gap < 1e-4
    assert again.upper_bound == pytest.approx(solved.upper_bound, rel=1e-6)


@pytest.mark.usefixtures("few_drawn")
def test_prices_of_a_similar_problem_are_a_start(solved: ClusterSolution) -> None:
    nearby = replace(LIMITS[1], at_most=290.0)
    aim = type(solved.aim).at("profit", [LIMITS[0], nearby, LIMITS[2]])
    warm, cold = (solve_held(solved.held, aim, start) for start in (solved.multipliers, None))
    assert warm.upper_bound == pytest.approx(cold.upper_bound, rel=1e-6)
    assert warm.value <= solved.upper_bound
    with pytest.raises(BadInput, match="start has shape"):
        solve_held(solved.held, aim, [1.0])


def test_rows_that_clash_are_named(applicants: Any, valuer: Valuer) -> None:
    clash = [
        MeasuredLimit("most", {"booked": 1.0}, 100.0),
        MeasuredLimit("least", {"booked": -1.0}, -2000.0),
        LIMITS[1],
    ]
    with pytest.raises(Infeasible) as refused:
        solve_on(applicants, valuer, "profit", clash)
    assert set(refused.value.clashing) == {"most", "least"}


def test_a_row_without_a_limit_is_refused(applicants: Any, valuer: Valuer) -> None:
    with pytest.raises(BadInput, match="a row has no limit"):
        solve_on(
            applicants, valuer, "profit", [MeasuredLimit("none", {"booked": 1.0}, float("inf"))]
        )


def test_nobody_is_refused(applicants: Any, valuer: Valuer) -> None:
    with pytest.raises(BadInput, match="there are no applicants"):
        solve_on(applicants.where("false"), valuer, "profit", LIMITS)


def test_a_column_that_is_missing_is_named(applicants: Any, valuer: Valuer) -> None:
    with pytest.raises(BadInput, match="no column 'months'"):
        solve_on(applicants.drop("months"), valuer, "profit", LIMITS)
    with pytest.raises(BadInput, match="no column 'new_business'"):
        solve_on(applicants.drop("new_business"), valuer, "profit", LIMITS)


@pytest.mark.parametrize(("column", "value"), [("pd", "NULL"), ("amount", "'-5'"), ("apr", "'a'")])
def test_a_figure_no_loan_can_have_names_the_applicant(
    column: str, value: str, applicants: Any, valuer: Valuer
) -> None:
    wrong = applicants.selectExpr(
        *(name for name in applicants.columns if name != column),
        f"CASE WHEN id = 'a4321' THEN {value} ELSE CAST({column} AS STRING) END AS {column}",
    )
    with pytest.raises(BadInput, match=f"'{column}' is missing or .* with id = 'a4321'"):
        solve_on(wrong, valuer, "profit", LIMITS)


@pytest.mark.usefixtures("few_drawn")
def test_an_applicant_that_is_there_twice_and_undecided_is_refused(
    applicants: Any, valuer: Valuer
) -> None:
    with pytest.raises(BadInput, match="is there twice"):
        solve_on(applicants.union(applicants), valuer, "profit", LIMITS)


@pytest.mark.slow
def test_a_worker_that_is_killed_in_every_pass_changes_no_bit(spark: Any, tmp_path: Path) -> None:
    del spark  # so that this is skipped where there is none
    program = Path(__file__).with_name("killed_worker.py")
    parity = program.parents[1] / "parity"
    paths = os.pathsep.join([str(parity), *filter(None, [os.environ.get("PYTHONPATH")])])
    ran = subprocess.run(
        [sys.executable, str(program), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    line = next(line for line in ran.stdout.splitlines() if line.startswith("answers: "))
    document = json.loads(line.removeprefix("answers: "))
    assert document["killed"] >= 2
    assert document["answers"][0] == document["answers"][1]
