"""The live value model and its SQL choose the same treatment, net and terms, to the bit."""

from __future__ import annotations

from math import copysign
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
import small_lender
from expression_backends import SLOW_SPARK, opened

from equipoise.value.compiled import INPUTS, Question, Valuer, figures_of
from equipoise.value.measures import MEASURES

ENGINES = ("duckdb", "postgres", "sqlite", SLOW_SPARK)
SIZE = 400
MENU = small_lender.document().menu()
LIMITED = (2, 7, 8, 20)
COLUMNS = ("id", *INPUTS, "w0", "w1", *(f"a{k}" for k in LIMITED))


WEIGHTS = {
    "booked": 3.0,
    "expected_loss": -0.31,
    "capital": 0.017,
    "profit": 1.0,
    "customer_surplus": 0.21,
    "minutes": -0.13,
    "underwriter_hours": -2.7,
}


class Case:
    """Applicants, prices and limits, and what the live model answers."""

    second = False

    def __init__(self) -> None:
        people = small_lender.people(SIZE, seed=11)
        rng = np.random.default_rng(5)
        figures = figures_of(small_lender.model(), small_lender.CHECK_SHIFT)
        self.valuer = Valuer(figures, MENU)
        self.base = np.array([WEIGHTS.get(name, 0.0) for name in MEASURES])
        self.rows = np.zeros((2, len(MEASURES)))
        self.rows[0, 1], self.rows[1, 4], self.rows[1, 1] = -7.1, -0.113, 11.0
        masks = rng.random((SIZE, 2)) < 0.5
        allowed = np.ones((SIZE, len(MENU)), dtype=bool)
        allowed[:, LIMITED] = rng.random((SIZE, len(LIMITED))) < 0.6
        columns = (
            people.seen_pd, people.lgd, people.amount, people.months, people.income, people.apr,
        )  # fmt: skip
        self.expected = [
            self.valuer.one(
                *(float(column[i]) for column in columns), self._weights(masks[i]), allowed[i]
            )
            for i in range(SIZE)
        ]
        self.records = [
            (i, *(float(c[i]) for c in columns), *masks[i].tolist(), *allowed[i, LIMITED].tolist())
            for i in range(SIZE)
        ]
        self.records.append((SIZE, None, *self.records[0][2:]))

    def _weights(self, held: np.ndarray) -> np.ndarray:
        weights = self.base
        for row, counts in zip(self.rows, held, strict=True):
            if counts:
                weights = weights + row
        return weights

    def query(self, dialect: str) -> str:
        question = Question(
            source="people",
            keep=("id",),
            inputs={name: name for name in INPUTS},
            base=self.base,
            rows=self.rows,
            where=("w0", "w1"),
            allowed={k: f"a{k}" for k in LIMITED},
            second=self.second,
        )
        return self.valuer.sql(question, dialect) + " ORDER BY id"


class Nobody(Case):
    """Weights under which the quick journey is worth exactly nothing: -1 times no hours."""

    second = True

    def __init__(self) -> None:
        super().__init__()
        self.base, self.rows = np.zeros(len(MEASURES)), np.zeros((2, len(MEASURES)))
        self.base[11] = -1.0


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "sqlite"])
def test_a_value_of_nothing_has_one_sign(engine: str, tmp_path: Path):
    case = Nobody()
    if engine == "duckdb":
        answers = _duckdb(case)
    else:
        with opened(engine, tmp_path) as backend:
            answers = ANSWERS[engine](backend, case)
    nets = [(row[2], row[8]) for row in answers if row[2] is not None]
    assert nets
    assert {each for both in nets for each in both} == {0.0}
    assert {copysign(1.0, each) for both in nets for each in both} == {1.0}


@pytest.fixture(scope="module")
def case() -> Case:
    return Case()


@pytest.mark.parametrize("engine", ENGINES)
def test_sql_gives_the_bits_of_the_live_model(engine: str, case: Case, tmp_path: Path):
    if engine == "duckdb":
        answers = _duckdb(case)
    else:
        with opened(engine, tmp_path) as backend:
            answers = ANSWERS[engine](backend, case)
    assert len(answers) == SIZE + 1
    for chosen, (_, treatment, net, *terms) in zip(case.expected, answers, strict=False):
        assert (treatment, net) == (chosen.index, chosen.net)
        assert terms == (list(chosen.terms) if chosen.index else [None] * 4)
    assert len({chosen.index for chosen in case.expected}) > 5
    assert list(answers[-1][1:]) == [None] * 6  # without a PD there is no choice


def _duckdb(case: Case) -> list[tuple]:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    types = ("BIGINT", *("DOUBLE",) * len(INPUTS), *("BOOLEAN",) * (2 + len(LIMITED)))
    _fill(connection, case, types, "?")
    return connection.execute(case.query("duckdb")).fetchall()


def _postgres(backend, case: Case) -> list[tuple]:
    types = ("bigint", *("double precision",) * len(INPUTS), *("boolean",) * (2 + len(LIMITED)))
    with backend.connection.cursor() as cursor:
        _fill(cursor, case, types, "%s")
    return backend.connection.execute(case.query("postgres")).fetchall()


def _sqlite(backend, case: Case) -> list[tuple]:
    types = ("INTEGER", *("REAL",) * len(INPUTS), *("BOOLEAN",) * (2 + len(LIMITED)))
    _fill(backend.connection, case, types, "?")
    return backend.connection.execute(case.query("sqlite")).fetchall()


def _spark(backend, case: Case) -> list[tuple]:
    path = backend.folder / "people.parquet"
    pl.DataFrame(case.records, schema=list(COLUMNS), orient="row").write_parquet(path)
    backend.session.read.parquet(str(path)).createOrReplaceTempView("people")
    return [tuple(row) for row in backend.session.sql(case.query("spark")).collect()]


def _fill(connection, case: Case, types: tuple[str, ...], mark: str) -> None:
    declared = ", ".join(f"{name} {kind}" for name, kind in zip(COLUMNS, types, strict=True))
    connection.execute(f"CREATE TABLE people ({declared})")
    marks = ", ".join([mark] * len(COLUMNS))
    connection.executemany(f"INSERT INTO people VALUES ({marks})", case.records)


ANSWERS = {"postgres": _postgres, "sqlite": _sqlite, "spark": _spark}
