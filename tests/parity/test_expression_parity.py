"""One text, every runtime: the same answers to the last bit on generated expressions and records.

A seeded corpus is made once; each back end answers all of it in batches, beside the reference
interpreter of `expression_reference`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import duckdb
import pytest
from expression_backends import BACKENDS, Backend, opened
from expression_reference import evaluate
from expression_surface import TYPES, Shape, expression, record, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.expression import Expression, ExpressionError, compile, compile_many  # noqa: A004

N_EXPRESSIONS = 4_000
N_RECORDS = 24


@dataclass(frozen=True)
class Corpus:
    """Distinct expressions that the language accepts, records, and the true answers."""

    shapes: list[Shape]
    expressions: list[Expression]
    records: list[dict[str, Any]]
    answers: list[list[Any]]
    refusals: list[str]


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    random = Random(20181001)  # noqa: S311 - a seed, not a secret
    generated = (expression(random) for _ in range(N_EXPRESSIONS))
    shapes = {text(shape): shape for shape in generated}
    rows = [record(random) for _ in range(N_RECORDS)]
    accepted, compiled, refusals = [], [], []
    for written, shape in shapes.items():
        try:
            compiled.append(compile(written, TYPES))
            accepted.append(shape)
        except ExpressionError as refusal:
            refusals.append(refusal.message)
    answers = [[evaluate(shape, row) for row in rows] for shape in accepted]
    return Corpus(accepted, compiled, rows, answers, refusals)


@pytest.fixture(scope="session", params=BACKENDS)
def backend(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    with opened(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


def test_every_backend_gives_the_reference_answers(backend: Backend, corpus: Corpus) -> None:
    found = backend.evaluate(corpus.expressions, corpus.records)
    mismatches = [
        f"{compiled.text}\n  on {row}\n  gives {value!r}, not {truth!r}"
        for compiled, values, truths in zip(corpus.expressions, found, corpus.answers, strict=True)
        for row, value, truth in zip(corpus.records, values, truths, strict=True)
        if not _is_same(value, truth)
    ]
    assert not mismatches, f"{len(mismatches)} mismatches, the first:\n{mismatches[0]}"


def _is_same(value: Any, truth: Any) -> bool:
    """Equal in type and value; for doubles that is bit for bit, but for the sign of zero."""
    return type(value) is type(truth) and value == truth


def test_the_corpus_is_large_and_mostly_accepted(corpus: Corpus) -> None:
    assert len(corpus.expressions) >= 3_000
    assert len(corpus.refusals) < 0.1 * len(corpus.expressions)
    kinds = {compiled.type for compiled in corpus.expressions}
    assert kinds == {"number", "string", "boolean", "date"}
    seen = {str(value) for values in corpus.answers for value in values}
    assert {"None", "True", "False", "0.0"} <= seen


def test_the_canonical_text_compiles_to_the_same_tree(corpus: Corpus) -> None:
    for compiled in corpus.expressions:
        again = compile(compiled.canonical, TYPES)
        assert again == compiled
        assert again.canonical == compiled.canonical


def test_many_expressions_at_once_give_what_each_gives_alone(corpus: Corpus) -> None:
    for start in range(0, len(corpus.expressions), 50):
        part = {str(i): e for i, e in enumerate(corpus.expressions[start : start + 50])}
        together = compile_many(part)
        for row in corpus.records:
            assert together(row) == {n: e.python(row) for n, e in part.items()}


@settings(max_examples=200, suppress_health_check=[HealthCheck.large_base_example])
@given(random=st.randoms(use_true_random=False))
def test_python_and_the_reference_agree_on_any_record(random: Random) -> None:
    """Hypothesis makes the choices, so that a difference is shrunk to a short expression."""
    shape, row = expression(random, depth=2), record(random)
    try:
        compiled = compile(text(shape), TYPES)
    except ExpressionError:
        return
    assert _is_same(compiled.python(row), evaluate(shape, row))


def test_duckdb_reads_the_analysts_own_text_as_we_do(corpus: Corpus) -> None:
    """The grammar is SQL's: DuckDB, given the untouched text and tame numbers, agrees."""
    tame = [
        {n: 7.0 if TYPES[n] in ("number", "integer") and _is_wild(v) else v for n, v in r.items()}
        for r in corpus.records
    ]
    connection = duckdb.connect()
    for setting in ("ieee_floating_point_ops", "error_on_division_by_zero"):
        with contextlib.suppress(duckdb.Error):  # not every release has both
            connection.execute(f"SET {setting} = false")  # x / 0 is NULL
    names = {"number": "DOUBLE", "integer": "DOUBLE", "string": "VARCHAR"}
    columns = ", ".join(f'"{n}" {names.get(d, d)}' for n, d in TYPES.items())
    connection.execute(f"CREATE TABLE records ({columns})")
    marks = ", ".join("?" * len(TYPES))
    connection.executemany(
        f"INSERT INTO records VALUES ({marks})", [list(r.values()) for r in tame]
    )
    for start in range(0, len(corpus.expressions), 100):
        part = corpus.expressions[start : start + 100]
        selected = ", ".join(f"({compiled.text})" for compiled in part)
        answers = connection.execute(f"SELECT {selected} FROM records").fetchall()
        for row, values in zip(tame, answers, strict=True):
            for compiled, value in zip(part, values, strict=True):
                assert compiled.python(row) == value, compiled.text


def _is_wild(value: Any) -> bool:
    return value is not None and not (value == 0 or 1e-22 <= abs(value) <= 1e22)
