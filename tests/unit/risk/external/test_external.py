"""A lender's own model: named, refused, calibrated and certified."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.contract import Contract
from equipoise.errors import BadInput, Faults, GateRefused, Span
from equipoise.risk.document import ExternalSection, RiskDocument
from equipoise.risk.external.binding import Binder, External
from equipoise.risk.external.calibrating import calibrated
from equipoise.risk.external.certifying import certified
from equipoise.risk.features import feature_set
from equipoise.risk.fit import fit_risk
from equipoise.risk.model import read_model
from equipoise.risk.out_of_fold import cross_fitted_pd
from equipoise.risk.scorecard import Scorecard

CONTRACT: dict[str, Any] = {
    "name": "loans",
    "target": {"field": "bad", "event": True, "window_months": 12},
    "fields": [
        {"name": "income", "column": "Net Income", "type": "number"},
        {"name": "late", "type": "integer"},
        {"name": "home", "type": "string"},
        {"name": "works", "type": "boolean"},
        {"name": "their_pd", "type": "number"},
        {"name": "recovered", "type": "number", "use": "outcome"},
        {"name": "sex", "type": "string", "use": "audit", "sensitivity": "protected"},
        {"name": "bad", "type": "boolean", "use": "target"},
    ],
}
CARD = "characteristic,from,to,values,points\nlate,,1,,40\nlate,1,3,,20\nlate,3,,,0\n"
SCALING = {"pdo": 20, "base_odds": 4, "base_score": 30}


def bind(
    folder: Path, text: str | bytes = CARD, name: str = "card.csv", **section: Any
) -> External:
    contract, document = Contract.model_validate(CONTRACT), RiskDocument()
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if "column" not in section:
        section = {"file": name, **section}
    read = ExternalSection(name="theirs", kind="external", **section)
    features = feature_set(document, contract)

    def place(*keys: Any) -> Span:
        return Span("risk.yaml", None if not keys else 7)

    return Binder(read, contract, features, folder, place, 12).bound()


def logistic(**changes: Any) -> str:
    return json.dumps({"intercept": -2.0, "coefficients": {"late": 0.5}, **changes})


def facts(rows: int = 4000) -> tuple[pl.DataFrame, np.ndarray]:
    rng = np.random.default_rng(2)
    late = rng.poisson(1.0, rows).astype(float)
    true = 1 / (1 + np.exp(2.5 - 0.6 * late))
    frame = pl.DataFrame(
        {
            "income": rng.lognormal(8, 0.4, rows),
            "late": late,
            "home": rng.choice(["RENT", "OWN"], rows),
            "works": rng.choice([0.0, 1.0], rows),
            "their_pd": true / 2,
        }
    )
    return frame, rng.random(rows) < true


def test_the_points_are_the_files_own_and_the_pd_is_their_scaling(tmp_path: Path) -> None:
    model = bind(tmp_path, scaling=SCALING).model
    points = [model.score({"late": float(late)})[0] for late in (0, 1, 2, 3, 9)]
    assert points == [40.0, 20.0, 20.0, 0.0, 0.0]
    assert model.score({"late": 1.0})[1] == pytest.approx(1 / (1 + 4 * 2**-0.5), rel=2e-4)
    assert model.score({"late": None}) == (None, None)


def test_points_without_a_meaning_are_refused_with_both_ways_out(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="mean no PD yet") as refused:
        bind(tmp_path)
    assert "scaling" in refused.value.mend and "platt" in refused.value.mend
    assert bind(tmp_path, calibration="platt").scaled is False


def test_names_are_found_by_map_by_ours_and_by_the_datas_header(tmp_path: Path) -> None:
    text = logistic(coefficients={"Net Income": -1e-4, "DPD": 0.5})
    model = bind(tmp_path, text, "m.json", names={"DPD": "late"}).model
    assert list(model.features) == ["income", "late"]


def test_all_unknown_names_are_told_at_once_with_near_ones(tmp_path: Path) -> None:
    text = logistic(coefficients={"incme": 1.0, "lates": 1.0})
    with pytest.raises(Faults) as refused:
        bind(tmp_path, text, "m.json")
    assert "did you mean 'income'" in str(refused.value)
    assert "did you mean 'late'" in str(refused.value)


def test_a_protected_field_is_forbidden_to_it_too(tmp_path: Path) -> None:
    with pytest.raises(GateRefused, match="protected"):
        bind(tmp_path, logistic(coefficients={"sex": {"f": 0.1, "m": 0.0}}), "m.json")


def test_what_is_known_only_afterwards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="whose use is outcome"):
        bind(tmp_path, logistic(coefficients={"recovered": 0.1}), "m.json")


def test_texts_are_not_read_for_numbers(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="reads numbers in 'home'"):
        bind(tmp_path, logistic(coefficients={"home": 0.1}), "m.json")


def test_listed_numbers_and_yes_and_no_are_codes(tmp_path: Path) -> None:
    rows = "late,,,0,30\nlate,,,1|2,10\nlate,,,*,0\nworks,,,yes,7\nworks,,,no,2\n"
    model = bind(tmp_path, "characteristic,from,to,values,points\n" + rows, scaling=SCALING).model
    assert model.score({"late": 2.0, "works": 1.0})[0] == 17.0
    assert model.score({"late": 5.0, "works": 0.0})[0] == 2.0
    assert model.score({"late": 5.0, "works": None})[0] is None


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (pickle.dumps({"a": 1}), "m.pkl", "pickle"),
        (b"\x1f\x8b\x08\x00", "m.joblib", "gzip"),
        (b"PK\x03\x04", "m.zip", "zip"),
        (b"", "m.txt", "empty"),
        (b"<html></html>", "m.xml", "no PMML"),
        (b'{"tree_info": [], "name": "tree"}', "m.json", "dump_model"),
        (b"what,is,this\n1,2,3\n", "m.csv", "no model file"),
    ],
)
def test_what_is_no_model_text_is_refused_by_name(
    tmp_path: Path, raw: bytes, name: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        bind(tmp_path, raw, name)
    assert name in refused.value.message and refused.value.where is not None


def test_a_file_that_is_not_there_has_its_near_name(tmp_path: Path) -> None:
    (tmp_path / "scorecard_2024.csv").write_text(CARD)
    with pytest.raises(BadInput, match="no model file") as refused:
        bind(tmp_path, file="scorecard_2025.csv", scaling=SCALING)
    assert "scorecard_2024.csv" in refused.value.mend


def test_a_declared_direction_is_proved_or_refused_with_two_values(tmp_path: Path) -> None:
    card = bind(tmp_path, scaling=SCALING).model
    kept = certified(card, {"late": 1})
    assert kept is not None and kept.holds and kept.pairs_checked == 2
    with pytest.raises(GateRefused, match="late"):
        certified(card, {"late": -1})
    turned = bind(tmp_path, scaling=SCALING, higher_is="riskier").model
    assert certified(turned, {"late": -1}) is not None
    sum_ = bind(tmp_path, logistic(), "m.json", predicts="good").model
    with pytest.raises(GateRefused):
        certified(sum_, {"late": 1})


@pytest.mark.parametrize("method", ["level", "platt", "isotonic"])
def test_calibration_meets_the_outcomes_and_none_changes_nothing(
    tmp_path: Path, method: Any
) -> None:
    frame, bad = facts()
    ones = np.ones(bad.size)
    for external in (
        bind(tmp_path, scaling=SCALING),
        bind(tmp_path, logistic(), "m.json"),
        bind(tmp_path, column="their_pd", means="pd"),
    ):
        model = calibrated(external.model, method, frame, bad, ones)
        pd = model.pd_frame(frame).to_numpy()
        assert pd.mean() == pytest.approx(bad.mean(), rel=0.02)
        assert calibrated(external.model, "none", frame, bad, ones) is external.model
        again = read_model(model.kind, json.loads(json.dumps(model.sidecar())))
        assert again.digest == model.digest
        assert (again.pd_frame(frame).to_numpy() == pd).all()
        moved = model.shifted(0.7).pd_frame(frame).to_numpy()
        odds = np.log(moved / (1 - moved)) - np.log(pd / (1 - pd))
        assert odds == pytest.approx(0.7, abs=0.02)


def test_a_pd_that_is_none_is_refused_and_percent_is_said(tmp_path: Path) -> None:
    plain = bind(tmp_path, column="their_pd", means="pd").model
    percent = bind(tmp_path, column="their_pd", means="pd", unit="percent").model
    assert plain.score({"their_pd": 0.0375}) == (None, 0.0375)
    assert plain.score({"their_pd": 3.75}) == (None, None)
    assert percent.score({"their_pd": 3.75}) == (None, 0.0375)


def test_an_altered_model_is_seen(tmp_path: Path) -> None:
    model = bind(tmp_path, logistic(), "m.json").model
    altered = {**model.sidecar(), "intercept": -1.0}
    with pytest.raises(BadInput, match="altered"):
        read_model("linear", altered)


def document(**section: Any) -> RiskDocument:
    return RiskDocument.model_validate(
        {
            "models": [{"name": "theirs", "kind": "external", **section}],
            "split": {"kind": "random"},
        }
    )


def applications(rows: int = 4000) -> pl.DataFrame:
    frame, bad = facts(rows)
    return frame.with_columns(
        pl.col("late").cast(pl.Int64),
        pl.col("works") == 1.0,
        bad=pl.Series(bad),
        recovered=pl.lit(0.0),
        sex=pl.lit("f"),
    )


def test_a_fit_judges_it_and_leaves_it_as_delivered_out_of_fold(tmp_path: Path) -> None:
    (tmp_path / "card.csv").write_text(CARD)
    contract, frame = Contract.model_validate(CONTRACT), applications()
    read = document(file="card.csv", scaling=SCALING)
    fit = fit_risk(read, contract, frame, folder=tmp_path)
    entry = fit.validation["models"][0]
    assert entry["kind"] == "external" and 0.55 < entry["auc"] < 0.8
    assert entry["csi"][0]["feature"] == "late"
    assert isinstance(fit.model, Scorecard)
    assert any("unknown" in note for note in fit.validation["notes"])
    out_of_fold = cross_fitted_pd(fit, read, contract, frame)
    assert (out_of_fold == fit.pd(frame)).all()


def test_a_calibrated_one_is_calibrated_anew_in_each_fold(tmp_path: Path) -> None:
    contract, frame = Contract.model_validate(CONTRACT), applications()
    read = document(column="their_pd", means="pd", calibration="platt")
    fit = fit_risk(read, contract, frame, folder=tmp_path)
    out_of_fold = cross_fitted_pd(fit, read, contract, frame)
    whole = fit.pd(frame)
    assert (out_of_fold != whole).mean() > 0.9
    assert np.abs(out_of_fold - whole).max() < 0.05


def test_a_model_that_ranks_backwards_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(logistic(coefficients={"late": -0.5}))
    contract = Contract.model_validate(CONTRACT)
    with pytest.raises(BadInput, match="wrong way round") as refused:
        fit_risk(document(file="m.json"), contract, applications(), folder=tmp_path)
    assert "predicts: good" in refused.value.mend


def test_the_lenders_own_score_is_kept_from_our_models(tmp_path: Path) -> None:
    contract, frame = Contract.model_validate(CONTRACT), applications(2500)
    read = RiskDocument.model_validate(
        {
            "models": [
                {"name": "ours", "kind": "scorecard", "max_characteristics": 2},
                {"name": "theirs", "kind": "external", "column": "their_pd", "means": "pd"},
            ],
            "split": {"kind": "random"},
        }
    )
    fit = fit_risk(read, contract, frame, folder=tmp_path)
    assert "their_pd" not in fit.models["ours"].features
    assert any("kept from our models" in note for note in fit.validation["notes"])
