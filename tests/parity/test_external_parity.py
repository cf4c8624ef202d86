"""A lender's own model decides live, in batch and in SQL alike, to the bit, whatever its kind."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from corner_lender import CONTRACT, content
from expression_backends import opened
from test_strategy_parity import TOLD, corpus, flat, frame_of, load, rows, stored

from equipoise.contract import Contract
from equipoise.errors import BadInput, Span
from equipoise.risk.document import ExternalSection, RiskDocument
from equipoise.risk.external.binding import Binder
from equipoise.risk.external.calibrating import calibrated, scaled_by_outcomes
from equipoise.risk.features import FeatureSet, feature_set
from equipoise.risk.grades import Grades
from equipoise.risk.model import RiskModel
from equipoise.risk.reasons import AtCutoff
from equipoise.risk.scorecard import Scorecard
from equipoise.strategy.content import ModelPart
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal

CARD = """characteristic;above;up_to;values;points
base;;;;12,5
score;;450;;60
score;450;600;;41,3
score;600;849,5;;7
dti;;0,25;;3
dti;0,3;;;14
dti;;;missing;9
Work;;;permanent;0
Work;;;temporary|own;11
sick;;;no;0
sick;;;yes;5
sick;;;missing;1
"""
LOGISTIC = {
    "intercept": 1.5,
    "coefficients": {
        "score": -0.8,
        "dti": 2.75,
        "Work": {"permanent": 0.0, "temporary": 0.37, "own": -0.21},
    },
    "centre": {"score": 611.3},
    "scale": {"score": 97.7},
    "missing": {"dti": 0.31},
    "other": {"Work": 0.1},
}
NAMES = {"Work": "employment"}
SCALING = {"pdo": 15, "base_odds": 8, "base_score": 35}
MODELS: dict[str, dict[str, Any]] = {
    "card": {
        "file": "card.csv",
        "names": {**NAMES, "sick": "on_sick_leave"},
        "scaling": SCALING,
        "higher_is": "riskier",
    },
    "card by outcomes": {
        "file": "card.csv",
        "names": {**NAMES, "sick": "on_sick_leave"},
        "higher_is": "riskier",
        "calibration": "platt",
    },
    "card, isotonic": {
        "file": "card.csv",
        "names": {**NAMES, "sick": "on_sick_leave"},
        "scaling": SCALING,
        "higher_is": "riskier",
        "calibration": "isotonic",
    },
    "logistic": {"file": "logistic.json", "names": NAMES},
    "logistic, isotonic": {"file": "logistic.json", "names": NAMES, "calibration": "isotonic"},
    "PD column": {"column": "dti", "means": "pd"},
    "PD column, level": {"column": "dti", "means": "pd", "calibration": "level"},
    "score column": {
        "column": "score",
        "means": "score",
        "scaling": {"pdo": 40, "base_odds": 15, "base_score": 600},
    },
    "log-odds column": {"column": "dti", "means": "log_odds", "calibration": "platt"},
}
# a card that rises, the logistic function, a curve inside bounds, and one without
QUERIED = ("card", "logistic", "PD column, level", "logistic, isotonic")
ROWS = 300


@cache
def features() -> FeatureSet:
    return feature_set(RiskDocument(), Contract.model_validate(CONTRACT))


def bound(folder: Path, **section: Any) -> RiskModel:
    """The model, calibrated on outcomes drawn at random where it asks for that."""
    (folder / "card.csv").write_text(CARD)
    (folder / "logistic.json").write_text(json.dumps(LOGISTIC))
    read = ExternalSection(name="theirs", kind="external", **section)
    contract = Contract.model_validate(CONTRACT)
    external = Binder(read, contract, features(), folder, lambda *_: Span("risk.yaml"), 24).bound()
    facts = pl.DataFrame(
        {
            "score": np.random.default_rng(3).uniform(300, 849, 900),
            "dti": np.random.default_rng(4).uniform(0.01, 0.6, 900).round(3),
            "employment": np.random.default_rng(5).choice(["permanent", "own"], 900),
            "on_sick_leave": np.random.default_rng(6).choice([0.0, 1.0], 900),
        }
    )
    odds = -3 + 4 * facts["dti"].to_numpy() - (facts["score"].to_numpy() - 600) / 100
    bad = np.random.default_rng(7).random(900) < 1 / (1 + np.exp(-odds))
    model, weight = external.model, np.ones(900)
    if not external.scaled:
        assert isinstance(model, Scorecard)
        model = scaled_by_outcomes(model, facts, bad, weight)
    return calibrated(model, read.calibration, facts, bad, weight)


def deciding(model: RiskModel) -> Strategy:
    """The corner lender's strategy with this model for its own."""
    read = features()
    names = [name for name in read.expressions if name in model.features]
    reference = AtCutoff(0.1, dict.fromkeys(model.features, 0.0), 200).as_dict()
    part = ModelPart.model_validate(
        {
            "kind": model.kind,
            "name": "theirs",
            "digest": model.digest,
            "sidecar": json.loads(json.dumps(model.sidecar())),
        }
    )
    kinds = Contract.model_validate(CONTRACT).types()
    changed = content(choose="cutoff").model_copy(
        update={
            "model": part,
            "model_features": {name: name for name in names},
            "types": {name: kinds[name] for name in names},
            "grades": Grades((0.05, 0.15), ("A", "B", "C")).as_dict(),
            "concepts": {},
            "reference": reference,
        }
    )
    return Strategy(seal(changed))


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "sqlite"])
def test_every_kind_that_has_sql_decides_in_it_as_in_batch(engine: str, tmp_path: Path) -> None:
    records = stored(engine, corpus(ROWS))
    with opened(engine, tmp_path) as backend:
        load(backend, engine, records, tmp_path)
        for name in QUERIED:
            strategy = deciding(bound(tmp_path, **MODELS[name]))
            expected = flat(strategy.decide_frame(frame_of(records)))
            by_name = {r["id"]: r for r in rows(backend, engine, strategy.sql(engine))}
            different = [
                (each["id"], column, each[column], by_name[each["id"]][column])
                for each in expected.iter_rows(named=True)
                for column in TOLD
                if each[column] != by_name[each["id"]][column]
            ]
            assert different == [], f"{name}: {len(different)} differences"
            assert 0 < expected["pd"].null_count() < expected.height / 2, name
            assert expected["pd"].n_unique() > 3, name


@pytest.mark.parametrize("name", MODELS)
def test_live_is_batch(name: str, tmp_path: Path) -> None:
    strategy = deciding(bound(tmp_path, **MODELS[name]))
    records = corpus(ROWS)[:120]
    batch = flat(strategy.decide_frame(frame_of(records)))
    for record, row in zip(records, batch.iter_rows(named=True), strict=True):
        one = strategy.decide(record)
        assert one.trace.pd == row["pd"]
        assert one.trace.points == row["points"]
        assert one.outcome == row["outcome"]
        assert [each.code for each in one.reasons] == row["reasons"]


def test_trees_have_no_sql_and_say_why(tmp_path: Path) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    rng = np.random.default_rng(1)
    known = np.column_stack([rng.uniform(300, 850, 600), rng.uniform(0, 0.6, 600)])
    bad = rng.random(600) < 1 / (1 + np.exp(4 + (known[:, 0] - 700) / 80))
    grown = lightgbm.train(
        {"objective": "binary", "verbose": -1, "num_threads": 1, "num_leaves": 5},
        lightgbm.Dataset(known, bad, feature_name=["score", "dti"]),
        20,
    )
    grown.save_model(tmp_path / "trees.txt")
    strategy = deciding(bound(tmp_path, file="trees.txt"))
    sound = [each for each in corpus(ROWS) if each["score"] and each["dti"] is not None]
    batch = strategy.decide_frame(frame_of(tuple(sound)))
    asked = [(each["score"], each["dti"]) for each in sound]
    theirs = grown.predict(np.array(asked), num_threads=1)
    same = [(one, pd) for one, pd in zip(theirs, batch["pd"], strict=True) if pd is not None]
    assert len(same) > 100
    assert all(one == pd for one, pd in same)
    assert [strategy.decide(each).trace.pd for each in sound[:60]] == batch["pd"].to_list()[:60]
    with pytest.raises(BadInput, match="trees has no SQL"):
        strategy.sql("duckdb")
