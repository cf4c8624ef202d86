"""One text, every runtime: the same answers to the last bit on generated expressions and records.

A seeded corpus is made once; each back end answers all of it in batches, beside the reference
interpreter of `expression_reference`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle, product
from math import copysign
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest
from expression_backends import BACKENDS, Backend, Python, opened
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


@pytest.fixture(scope="module", params=BACKENDS)
def backend(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    with opened(request.param, tmp_path_factory.mktemp(request.param)) as database:
        yield database


def test_every_backend_gives_the_reference_answers(backend: Backend, corpus: Corpus) -> None:
    result = backend.evaluate(corpus.expressions, corpus.records)
    mismatches = [
        f"{compiled.text}\n  on {row}\n  gives {value!r}, not {truth!r}"
        for compiled, values, truths in zip(corpus.expressions, result, corpus.answers, strict=True)
        for row, value, truth in zip(corpus.records, values, truths, strict=True)
        if not _is_same(value, truth)
    ]
    assert not mismatches, f"{len(mismatches)} mismatches, the first:\n{mismatches[0]}"


def _is_same(value: Any, truth: Any) -> bool:
    """Equal in type and value; for doubles that is bit for bit, the sign of zero with it."""
    if type(value) is not type(truth) or value != truth:
        return False
    return not isinstance(value, float) or copysign(1.0, value) == copysign(1.0, truth)


# each gives, or hands on, a zero of the other sign on some of the records below
ZEROS = (
    "-a", "- -a", "-a + 0", "0 - a", "0 - (b - a)", "(d - d) - a",
    "a * b", "a * -b", "-a * b", "a / b", "-a / b", "a * -2",
    "a / -3", "a * 0", "0 * a", "-(a * b)", "-(a - b)", "a - a", "a * b + a * c", "a * b - c",
    "a * b * c", "a / b / c", "a / (b * c)", "-0.0", "0 * -1", "-0.0 * a", "ABS(-a)", "ABS(a * b)",
    "LEAST(-a, 0)", "GREATEST(-a, 0)", "LEAST(0, a * b)", "GREATEST(a * b, -b)", "COALESCE(-a, b)",
    "COALESCE(a * b, -0.0)", "NULLIF(-a, 1)", "NULLIF(a * b, c)",
    "CASE WHEN a = 0 THEN -a ELSE b END",
    "CASE WHEN a * b = 0 THEN a * b ELSE -0.0 END", "CASE WHEN a < 0 THEN -0.0 ELSE a / b END",
    "(d - d) * a", "-(d - d)", "12 * a * b", "a * (b + c)", "-a * -b * -c", "i * a", "-i", "i / b",
)  # fmt: skip
LETTERS = {"a": "amount", "b": "dti", "c": "年收入", "i": "age", "d": "issued"}


def test_zero_has_one_sign_on_every_backend(backend: Backend) -> None:
    """No answer is -0.0, for whoever writes it down, divides by it or orders by it."""
    values = (0.0, -0.0, 1.0, -2.5, -1e-22, None)
    rows = [
        dict.fromkeys(TYPES)
        | {"amount": a, "dti": b, "年收入": c, "age": i, "issued": date(2018, 10, 1)}
        for (a, b, c), i in zip(product(values, repeat=3), cycle([0, -1, 3]), strict=False)
    ]
    texts = [re.sub(r"\b[abcid]\b", lambda letter: LETTERS[letter[0]], text) for text in ZEROS]
    compiled = [compile(text, TYPES) for text in texts]
    result = backend.evaluate(compiled, rows)
    signed = [
        f"{text} on {a}, {b}, {c} gives -0.0"
        for text, values_of in zip(texts, result, strict=True)
        for (a, b, c), value in zip(product(values, repeat=3), values_of, strict=True)
        if value == 0 and copysign(1.0, value) < 0
    ]
    assert not signed, f"{len(signed)}, the first: {signed[:5]}"
    plain = Python().evaluate(compiled, rows)
    assert result == plain
    assert sum(value == 0 for values_of in result for value in values_of) > 1000


def test_one_row_has_the_same_zero_as_many() -> None:
    """Polars counts with a column of one row, or of one value, in a way of its own."""
    compiled = [
        compile(text, dict.fromkeys("abc", "number"))
        for text in ("-a", "a * b", "a / b", "a - c", "a - a")
    ]
    one = pl.DataFrame({"a": [0.0], "b": [-2.0], "c": [0.0]})
    many = pl.DataFrame({"zero": [0.0, -0.0]}).select(a=pl.lit(0.0), b=pl.lit(-2.0), c="zero")
    for frame in (one, many, one.lazy().collect(), pl.concat([one, one])):
        answers = frame.select(each.polars().alias(each.text) for each in compiled)
        for value in answers.row(0):
            assert copysign(1.0, value) == 1.0


@settings(max_examples=300)
@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_what_makes_zero_plain_leaves_every_value_of_the_language_as_it_is(value: float) -> None:
    least = 5e-324
    for each in (value, 2.0**-1020, -(2.0**-1020), 2.0**-1020 * (2 - 2**-52)):
        if abs(each) >= 2.0**-1020:
            assert (each + least) - least == each
            assert (least - each) - least == -each


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
