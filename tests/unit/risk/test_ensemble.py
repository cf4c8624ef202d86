"""Foreign trees scored and explained by us, against the programs that grew them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.contract import Contract
from equipoise.errors import BadInput, GateRefused, Span
from equipoise.risk.document import ExternalSection, RiskDocument
from equipoise.risk.ensemble import Ensemble
from equipoise.risk.external.binding import Binder
from equipoise.risk.external.calibrating import calibrated
from equipoise.risk.external.certifying import certified
from equipoise.risk.features import feature_set
from equipoise.risk.model import read_model

FIELDS = {"amount": "number", "income": "number", "late": "integer", "home": "string"}
CONTRACT = Contract.model_validate(
    {
        "name": "loans",
        "target": {"field": "bad", "event": True, "window_months": 12},
        "fields": [
            *({"name": name, "type": kind} for name, kind in FIELDS.items()),
            {"name": "bad", "type": "boolean", "use": "target"},
        ],
    }
)


def data(rows: int = 1500) -> tuple[pl.DataFrame, np.ndarray]:
    rng = np.random.default_rng(8)
    frame = pl.DataFrame(
        {
            "amount": rng.lognormal(9, 0.5, rows),
            "income": rng.lognormal(8, 0.4, rows),
            "late": rng.poisson(0.6, rows).astype(float),
            "home": rng.choice(["RENT", "OWN", "MORTGAGE"], rows),
        }
    )
    odds = -2 + 0.7 * frame["late"].to_numpy() + 0.4 * (frame["home"].to_numpy() == "RENT")
    bad = rng.random(rows) < 1 / (1 + np.exp(-odds))
    lost = pl.Series(rng.random(rows) < 0.1)
    return frame.with_columns(income=pl.when(~lost).then("income")), bad


def pandas_of(frame: pl.DataFrame) -> Any:
    result = frame.to_pandas()
    result["home"] = result["home"].astype("category")
    return result


def bind(path: Path, **section: Any) -> Ensemble:
    read = ExternalSection(name="theirs", kind="external", file=path.name, **section)
    features = feature_set(RiskDocument(), CONTRACT)
    bound = Binder(read, CONTRACT, features, path.parent, lambda *_: Span("risk.yaml"), 12).bound()
    assert isinstance(bound.model, Ensemble)
    return bound.model


@pytest.fixture(scope="module")
def lightgbm_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lightgbm = pytest.importorskip("lightgbm")
    frame, bad = data()
    grown = lightgbm.LGBMClassifier(n_estimators=40, num_leaves=7, verbose=-1, n_jobs=1)
    path = tmp_path_factory.mktemp("trees") / "lightgbm.txt"
    grown.fit(pandas_of(frame), bad).booster_.save_model(path)
    return path


@pytest.fixture(scope="module")
def xgboost_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    xgboost = pytest.importorskip("xgboost")
    frame, bad = data()
    grown = xgboost.XGBClassifier(n_estimators=40, max_depth=4, enable_categorical=True, n_jobs=1)
    path = tmp_path_factory.mktemp("trees") / "xgboost.json"
    grown.fit(pandas_of(frame), bad).save_model(path)
    return path


def test_lightgbms_pds_to_the_bit_live_and_in_batch(lightgbm_file: Path) -> None:
    import lightgbm

    frame, _ = data()
    model = bind(lightgbm_file)
    theirs = lightgbm.Booster(model_file=lightgbm_file).predict(pandas_of(frame), num_threads=1)
    assert (model.pd_frame(frame).to_numpy() == theirs).all()
    records = frame.head(150).rows(named=True)
    assert [model.score(each)[1] for each in records] == theirs[:150].tolist()


def test_xgboosts_pds_to_the_bit_live_and_in_batch(xgboost_file: Path) -> None:
    import xgboost

    frame, _ = data()
    model = bind(xgboost_file)
    grown = xgboost.XGBClassifier(n_jobs=1)
    grown.load_model(xgboost_file)
    theirs = grown.predict_proba(pandas_of(frame))[:, 1].astype(float)
    assert (model.pd_frame(frame).to_numpy() == theirs).all()
    records = frame.head(150).rows(named=True)
    assert [model.score(each)[1] for each in records] == theirs[:150].tolist()


def test_reasons_are_lightgbms_own_shap_values(lightgbm_file: Path) -> None:
    import lightgbm

    frame, _ = data(300)
    grown = lightgbm.Booster(model_file=lightgbm_file)
    theirs = grown.predict(pandas_of(frame), pred_contrib=True, num_threads=1)[:, :-1]
    model = bind(lightgbm_file)
    assert model.risks(frame) == pytest.approx(theirs, abs=1e-12)
    row = frame.row(7, named=True)
    assert model.risks_of(row) == model.risks(frame)[7].tolist()


def test_reasons_are_xgboosts_own_shap_values(xgboost_file: Path) -> None:
    import xgboost

    frame, _ = data(300)
    grown = xgboost.Booster(model_file=xgboost_file)
    given = xgboost.DMatrix(pandas_of(frame), enable_categorical=True)
    theirs = grown.predict(given, pred_contribs=True)[:, :-1]
    assert bind(xgboost_file).risks(frame) == pytest.approx(theirs, abs=1e-5)


def test_trees_survive_the_seal_and_an_altered_leaf_is_seen(lightgbm_file: Path) -> None:
    frame, _ = data()
    model = bind(lightgbm_file)
    held = json.loads(json.dumps(model.sidecar()))
    again = read_model("trees", held)
    assert (again.pd_frame(frame).to_numpy() == model.pd_frame(frame).to_numpy()).all()
    held["trees"]["values"][3] += 1e-9
    with pytest.raises(BadInput, match="altered"):
        read_model("trees", held)


def test_a_calibrated_float32_model_leaves_float32(xgboost_file: Path) -> None:
    frame, bad = data()
    model = calibrated(bind(xgboost_file), "level", frame, ~bad, np.ones(bad.size))
    pd = model.pd_frame(frame).to_numpy()
    assert pd.mean() == pytest.approx((~bad).mean(), rel=1e-9)


def test_an_unconstrained_forest_breaks_a_direction_and_a_constrained_one_keeps_it(
    lightgbm_file: Path, tmp_path: Path
) -> None:
    import lightgbm

    with pytest.raises(GateRefused, match="income"):
        certified(bind(lightgbm_file), {"income": -1})
    frame, bad = data()
    grown = lightgbm.LGBMClassifier(
        n_estimators=20, num_leaves=7, monotone_constraints=[0, 0, 1, 0], verbose=-1, n_jobs=1
    )
    grown.fit(pandas_of(frame), bad).booster_.save_model(tmp_path / "m.txt")
    kept = certified(bind(tmp_path / "m.txt"), {"late": 1})
    assert kept is not None and kept.holds
    with pytest.raises(GateRefused):
        certified(bind(tmp_path / "m.txt", predicts="good"), {"late": 1})


def test_lightgbm_taught_on_lendingclub_gives_the_same_pds(
    shared_data: Path, tmp_path: Path
) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    path = shared_data / "lendingclub_2018" / "lendingclub_2018.parquet"
    if not path.is_file():
        pytest.skip("LendingClub's loans are not among the public data")
    raw = pl.scan_parquet(path).head(20_000).collect()
    beside = {"id", "loan_status"}
    numbers = [n for n, kind in raw.schema.items() if kind.is_numeric() and n not in beside]
    frame = raw.select(pl.col(numbers).cast(pl.Float64))
    bad = raw["loan_status"].to_numpy() > 0
    grown = lightgbm.LGBMClassifier(n_estimators=30, verbose=-1, n_jobs=1)
    grown.fit(frame.to_numpy(), bad, feature_name=numbers)
    grown.booster_.save_model(tmp_path / "club.txt")
    contract = Contract.model_validate(
        {
            "name": "club",
            "target": {"field": "is_bad", "event": True, "window_months": 12},
            "fields": [
                *({"name": name, "type": "number"} for name in numbers),
                {"name": "is_bad", "type": "boolean", "use": "target"},
            ],
        }
    )
    read = ExternalSection(name="theirs", kind="external", file="club.txt")
    features = feature_set(RiskDocument(), contract)
    bound = Binder(read, contract, features, tmp_path, lambda *_: Span("risk.yaml"), 12).bound()
    theirs = grown.predict_proba(frame.to_numpy())[:, 1]
    assert (bound.model.pd_frame(frame).to_numpy() == theirs).all()
