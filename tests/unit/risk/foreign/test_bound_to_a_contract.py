"""Foreign files through the whole way: bound to a contract, scored by record and frame, sealed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import polars as pl
import pytest
import xgboost
from scipy.special import expit

from equipoise.contract import Contract
from equipoise.errors import Span
from equipoise.risk.document import ExternalSection, RiskDocument
from equipoise.risk.ensemble import Ensemble
from equipoise.risk.external.binding import Binder
from equipoise.risk.features import feature_set
from equipoise.risk.model import RiskModel

CONTRACT = {
    "name": "small", "version": 1, "currency": "EUR", "languages": ["en"], "id": "id",
    "target": {"field": "bad", "event": True, "window_months": 12},
    "fields": [
        {"name": "id", "type": "string", "use": "identifier"},
        {"name": "income", "type": "number"},
        {"name": "home", "type": "string"},
        {"name": "branch", "type": "integer"},
        {"name": "bad", "type": "boolean", "use": "target"},
    ],
}  # fmt: skip


@cache
def _training() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({
        "income": rng.normal(size=500).round(3),
        "home": pd.Categorical(rng.choice(["rent", "own", "free"], 500)),
        "branch": pd.Categorical(rng.choice([3, 70, 9], 500)),
    })  # fmt: skip
    lift = frame["income"] + (frame["home"] == "rent") - np.where(frame["branch"] == 70, 1, 0)
    frame.loc[rng.random(500) < 0.2, "income"] = np.nan
    return frame, (rng.random(500) < expit(lift)).astype(float)


def _ours() -> pl.DataFrame:
    frame, _ = _training()
    income = [None if pd.isna(each) else each for each in frame["income"]]
    return pl.DataFrame(
        {"income": income, "home": frame["home"].tolist(), "branch": frame["branch"].tolist()}
    )


def _bound(folder: Path, raw: bytes, name: str, **section: Any) -> RiskModel:
    (folder / name).write_bytes(raw)
    contract = Contract.model_validate(CONTRACT)
    read = ExternalSection(name="theirs", kind="external", file=name, **section)
    features = feature_set(RiskDocument(), contract)
    return Binder(read, contract, features, folder, lambda *_: Span("risk.yaml"), 12).bound().model


def _assert_pds(model: RiskModel, expected: np.ndarray) -> None:
    """The same bits by frame, by record, and after the seal's JSON."""
    assert isinstance(model, Ensemble)
    facts = _ours()
    np.testing.assert_array_equal(model.score_frame(facts)[1], expected)
    for record, pd_ in zip(facts.head(60).iter_rows(named=True), expected, strict=False):
        assert model.score(record)[1] == (None if np.isnan(pd_) else pd_)
    again = Ensemble.from_dict(json.loads(json.dumps(model.sidecar(), allow_nan=False)))
    np.testing.assert_array_equal(again.score_frame(facts)[1], expected)


@pytest.mark.parametrize("options", [{}, {"sigmoid": 1.7}, {"boosting": "rf", "bagging_freq": 1}])
def test_lightgbm(options: dict[str, object], tmp_path: Path) -> None:
    frame, y = _training()
    chosen = {"objective": "binary", "verbose": -1, "num_threads": 1, "min_data_per_group": 5}
    chosen |= {"bagging_fraction": 0.6, **options}
    booster = lightgbm.train(chosen, lightgbm.Dataset(frame, y), 12)
    raw = booster.model_to_string().encode()
    _assert_pds(_bound(tmp_path, raw, "model.txt"), booster.predict(frame, num_threads=1))


@pytest.mark.parametrize("form", ["json", "ubj"])
def test_xgboost(form: str, tmp_path: Path) -> None:
    frame, y = _training()
    data = xgboost.DMatrix(frame, y, enable_categorical=True)
    booster = xgboost.train({"objective": "binary:logistic", "nthread": 1}, data, 12)
    raw = bytes(booster.save_raw(form))
    expected = booster.predict(data).astype(np.float64)
    _assert_pds(_bound(tmp_path, raw, f"model.{form}"), expected)


TREE = """<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>
<DataField name="income" optype="continuous" dataType="double"/>
<DataField name="y" optype="categorical" dataType="string"><Value value="good"/>
<Value value="bad"/></DataField></DataDictionary>
<TreeModel functionName="classification" missingValueStrategy="nullPrediction">
<MiningSchema><MiningField name="income"/><MiningField name="y" usageType="target"/></MiningSchema>
<Node id="1"><True/>
<Node id="2"><SimplePredicate field="income" operator="lessThan" value="0"/>
<ScoreDistribution value="good" recordCount="3"/><ScoreDistribution value="bad" recordCount="1"/>
</Node>
<Node id="3"><SimplePredicate field="income" operator="greaterOrEqual" value="0"/>
<ScoreDistribution value="good" recordCount="1"/><ScoreDistribution value="bad" recordCount="3"/>
</Node></Node></TreeModel></PMML>"""


@pytest.mark.parametrize("predicts", ["bad", "good"])
def test_a_pmml_tree_that_refuses_missing_values(predicts: str, tmp_path: Path) -> None:
    income = _ours()["income"].to_numpy()
    event = np.where(np.isnan(income), np.nan, np.where(income < 0, 0.25, 0.75))
    expected = event if predicts == "bad" else 1 - event
    _assert_pds(_bound(tmp_path, TREE.encode(), "tree.pmml", predicts=predicts), expected)
