"""Whatever fields and features are called, and in whatever case: the answer is the same.

The corner lender's own get the names that the machine makes, made, or might make; what the same
lender answers under plain names is the truth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from applications import Application
from corner_lender import CONTRACT, STRATEGY, content
from expression_backends import SLOW_SPARK, opened
from test_strategy_parity import (
    AUTHORITY,
    EXPLORE,
    POLARS,
    SQL_TYPES,
    TOLD,
    corpus,
    flat,
    plain_rows,
    rows,
    stored,
)

from equipoise.contract import Contract
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal

# in conditions these words mean what the strategy found: a field of that name is read before it
WORDS = ("pd", "points", "grade", "tier", "decided_on")
EXTRAS = tuple(f"extra_{at}" for at in range(len(WORDS)))
FIELDS = (
    "application_id", "applied_on", "amount", "term", "income", "dti", "score", "score_date",
    "employment", "on_sick_leave",
)  # fmt: skip
FEATURES = ("burden", "strained", "seen")
MADE = (
    "PD", "Points", "treatment", "apr", "amount", "months", "instalment", "explored",
    "propensity", "outcome", "reason", "reasons", "digest", "journey", "authority", "lgd",
    "income", "runner_up", "net", "second_treatment", "second_net", "second_apr", "id",
    "allowed_1", "where_0", "doubt_0", "its", "its_pd", "product", "level", "signatures",
    "term_months", "monthly_income", "v_pd", "v_0", "v_1", "v_a1", "v_w0", "v_ready", "v_best",
    "v_unit", "v_powers", "v_treatment", "v_second", "powers", "unit", "l1", "l2", "l3",
    "given", "decided", "chosen", "nets", "best", "others", "seconds", "applications", "record",
    "evaluate", "f0", "t1", "date", "score", "float", "error", "ALLOWED_1", "V_pd", "Net",
    "Treatment", "Outcome", "term", "dti", "model",
)  # fmt: skip
OWN = (*FIELDS, *FEATURES)
WAYS = ("balance", "exploring", "table", "cutoff")


@cache
def people() -> tuple[Application, ...]:
    """The corpus, with facts in the fields that are called as the strategy's words."""
    numbers = [None, 0.0, 0.2, 0.9, 1.0]
    return tuple(
        {
            **each,
            **{name: numbers[(at // 5**k) % 5] for k, name in enumerate(EXTRAS[:-1])},
            EXTRAS[-1]: each["applied_on"] if at % 3 else None,
        }
        for at, each in enumerate(corpus()[:600])
    )


def called(names: Mapping[str, str]) -> tuple[Application, ...]:
    """The same people under other names of their facts."""
    return tuple({names.get(n, n): value for n, value in each.items()} for each in people())


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A document whose texts call fields and features by other names."""
    if isinstance(value, str):
        return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), value)
    if isinstance(value, Mapping):
        return {key: renamed(each, names) for key, each in value.items()}
    return [renamed(each, names) for each in value] if isinstance(value, list) else value


def contract(names: Mapping[str, str]) -> Contract:
    extras = [{"name": name, "type": "number"} for name in EXTRAS[:-1]]
    fields = [*CONTRACT["fields"], *extras, {"name": EXTRAS[-1], "type": "date"}]
    parts = {"id": CONTRACT["id"], "date": CONTRACT["date"]}
    named = [
        {**each, **renamed({n: each[n] for n in ("name", "as_of") if n in each}, names)}
        for each in fields
    ]
    return Contract.model_validate({**CONTRACT, **renamed(parts, names), "fields": named})


def document(names: Mapping[str, str], way: str) -> StrategyDocument:
    """The corner strategy, one of whose features reads the extra fields."""
    seen = "COALESCE(extra_0, 0) + COALESCE(extra_1, 0) + COALESCE(extra_2, 0)"
    rule = {"name": "seen", "when": "seen > 1.3 OR pd > 0.45", "outcome": "refer", "reason": "SEEN"}
    features = {**STRATEGY["features"], "seen": seen}
    written = {
        "features": {names.get(n, n): renamed(text, names) for n, text in features.items()},
        "rules": [
            {**each, "when": renamed(each["when"], names)} for each in (*STRATEGY["rules"], rule)
        ],
        "applicant": renamed(STRATEGY["applicant"], names),
        "table": {"rows": [_condition(row, "when", names) for row in STRATEGY["table"]["rows"]]},
        "balance": {
            **STRATEGY["balance"],
            "prices": [_condition(row, "where", names) for row in STRATEGY["balance"]["prices"]],
        },
        "texts": {**STRATEGY["texts"], "SEEN": {"en": "A person looks at it."}},
        "authority": AUTHORITY,
        "choose": "balance" if way == "exploring" else way,
        "explore": EXPLORE if way == "exploring" else None,
    }
    return StrategyDocument.model_validate({**STRATEGY, **written})


def _condition(row: dict[str, Any], key: str, names: Mapping[str, str]) -> dict[str, Any]:
    return {**row, key: renamed(row[key], names)} if key in row else row


def lender(names: Mapping[str, str], way: str) -> Strategy:
    """Its model reads the fourth extra and the date too."""
    known = contract(names)
    score = "CASE WHEN extra_4 IS NULL THEN score ELSE score - 50 * COALESCE(extra_3, 0) END"
    made = {"score": score, "dti": "dti", "employment": "employment"}
    parts = {
        "strategy": document(names, way),
        "contract": known,
        "model_features": {n: renamed(text, names) for n, text in made.items()},
        "types": dict(known.types()),
    }
    return Strategy(seal(content().model_copy(update=parts)))


@cache
def truth(way: str, engine: str = "") -> pl.DataFrame:
    """What the lender answers where nothing is called as anything of the machine's."""
    return flat(lender({}, way).decide_records(stored(engine, people())))


def rounds() -> list[tuple[dict[str, str], str]]:
    """Names for all that is the lender's, until each of MADE was used, with a way of choosing."""
    collected = []
    for at in range(0, len(MADE), len(OWN)):
        made = [*MADE[at : at + len(OWN)], *(f"plain_{k}" for k in range(len(OWN)))]
        names = dict(zip(OWN, made, strict=False))
        taken = {name.lower() for name in names.values()}  # a contract has no name in two cases
        words = zip(EXTRAS, WORDS, strict=True)
        names |= {extra: word for extra, word in words if word not in taken}
        collected.append((names, WAYS[at // len(OWN) % len(WAYS)]))
    return collected


def test_the_rounds_use_every_name_and_the_extra_facts_matter() -> None:
    assert {name for names, _ in rounds() for name in names.values()} >= {*MADE, *WORDS}
    plain = [{**each, **dict.fromkeys(EXTRAS)} for each in people()]
    without = flat(lender({}, "balance").decide_records(plain))
    for word in ("outcome", "pd"):
        assert (without[word] != truth("balance")[word]).sum() > 5


@pytest.mark.parametrize(("names", "way"), rounds())
def test_one_by_one_and_as_a_frame(names: dict[str, str], way: str) -> None:
    strategy = lender(names, way)
    wanted = truth(way).drop("digest")
    own = called(names)
    one_by_one = flat(strategy.decide_records(own)).drop("digest")
    assert one_by_one.equals(wanted, null_equal=True)
    together = flat(strategy.decide_frame(frame_of(own, names))).drop("digest")
    assert together.equals(wanted, null_equal=True)
    trace = strategy.decide(own[1]).trace
    assert {name: trace.used[name] for name in trace.used} == {
        name: own[1][name] for name in trace.used
    }


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "sqlite", SLOW_SPARK])
def test_as_sql(engine: str, tmp_path: Path) -> None:
    with opened(engine, tmp_path) as backend:
        for names, way in rounds():
            load(backend, engine, names, tmp_path)
            by_name = {r["id"]: r for r in rows(backend, engine, lender(names, way).sql(engine))}
            different = [
                (each["id"], name, each[name], by_name[each["id"]][name])
                for each in truth(way, engine).iter_rows(named=True)
                for name in TOLD
                if each[name] != by_name[each["id"]][name]
            ]
            assert different == [], (way, names)


def kinds(names: Mapping[str, str]) -> dict[str, str]:
    """The type of each fact, by its name here."""
    return {field.name: field.type for field in contract(names).fields if field.name in _own(names)}


def _own(names: Mapping[str, str]) -> set[str]:
    return {names.get(name, name) for name in (*FIELDS, *EXTRAS)}


def frame_of(records: tuple[Application, ...], names: Mapping[str, str]) -> pl.DataFrame:
    schema = {name: POLARS[kind] for name, kind in kinds(names).items()}
    return pl.DataFrame(list(records), schema=schema)


def load(backend: Any, engine: str, names: Mapping[str, str], folder: Path) -> None:
    frame = frame_of(stored(engine, called(names)), names)
    if engine == "spark":
        path = folder / f"{'-'.join(names.values())}"[:80]
        frame.write_parquet(path)
        backend.session.read.parquet(str(path)).createOrReplaceTempView("applications")
        return
    types = dict(zip(POLARS, SQL_TYPES[engine], strict=True))
    columns = ", ".join(f'"{name}" {types[kind]}' for name, kind in kinds(names).items())
    backend.connection.execute("DROP TABLE IF EXISTS applications")
    backend.connection.execute(f"CREATE TABLE applications ({columns})")
    if engine == "duckdb":
        backend.connection.register("arrived", frame.to_arrow())
        backend.connection.execute("INSERT INTO applications SELECT * FROM arrived")
        return
    if engine == "sqlite":
        marks = ", ".join("?" * frame.width)
        rows = plain_rows(frame)
        backend.connection.executemany(f"INSERT INTO applications VALUES ({marks})", rows)
        return
    insert = f"INSERT INTO applications VALUES ({', '.join(['%s'] * frame.width)})"
    with backend.connection.cursor() as cursor:
        cursor.executemany(insert, frame.rows())
