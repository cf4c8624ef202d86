"""From risk.yaml to a fit: the gate, known outcomes only, time-aware splits, saved whole."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import expit, logit

from equipoise.contract import Contract
from equipoise.documents import read_document
from equipoise.errors import BadInput, Faults, GateRefused
from equipoise.risk import RiskDocument, RiskFit, cross_fitted_pd, feature_set, fit_risk, load_risk

FIELDS = [
    {"name": "id", "type": "integer", "use": "identifier"},
    {"name": "applied", "type": "date", "use": "date"},
    {"name": "defaulted", "type": "boolean", "use": "target"},
    {"name": "income", "type": "number", "monotone": "decreasing"},
    {"name": "asked", "type": "number"},
    {"name": "owner", "type": "boolean"},
    {"name": "sector", "type": "string"},
    {"name": "sex", "type": "string", "use": "audit", "sensitivity": "protected"},
    {"name": "watched", "type": "number", "use": "outcome"},
    {"name": "failed_in", "type": "number", "use": "outcome"},
    {"name": "apr_moved", "type": "number", "use": "outcome"},
    {"name": "burden_moved", "type": "number", "use": "outcome"},
]
QUICK = [
    {"name": "card", "kind": "scorecard"},
    {"name": "trees", "kind": "boosted", "leaves": [4], "max_rounds": 150, "learning_rate": 0.1},
]


def contract(**changes: object) -> Contract:
    written = {
        "name": "lender",
        "id": "id",
        "date": "applied",
        "target": {"field": "defaulted", "event": True, "window_months": 12},
        "fields": FIELDS,
    }
    return Contract.model_validate({**written, **changes})


def document(**changes: object) -> RiskDocument:
    written = {
        "features": {"burden": "asked / NULLIF(income, 0)"},
        "monotone": {"burden": "increasing"},
        "models": QUICK,
    }
    return RiskDocument.model_validate({**written, **changes})


def applications(rows: int = 6000, seed: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    income, asked = rng.lognormal(0.5, 0.4, rows), rng.lognormal(0, 0.5, rows)
    owner = rng.random(rows) < 0.4
    sector = rng.choice(["farm", "shop", "mine"], rows)
    moved = np.where(rng.random(rows) < 0.5, rng.normal(0, 0.05, rows), 0.0)
    burden = np.where(moved != 0, rng.normal(0, 0.05, rows), 0.0)
    raw = -2.2 + 1.2 * asked / income - 0.6 * owner + 0.7 * (sector == "mine")
    raw = raw + 8 * moved + 3 * burden
    hazard = 1 - (1 - expit(raw)) ** (1 / 12)
    fails_in = rng.geometric(hazard)
    day = np.sort(rng.integers(0, 720, rows))
    watched = np.ceil((750 - day) / 30)
    seen = fails_in <= watched
    return pl.DataFrame(
        {
            "id": np.arange(rows),
            "applied": pl.Series(np.datetime64("2020-01-01") + day).cast(pl.Date),
            "defaulted": seen,
            "income": pl.Series(income).set(pl.Series(rng.random(rows) < 0.05), None),
            "asked": asked,
            "owner": owner,
            "sector": sector,
            "sex": rng.choice(["f", "m"], rows),
            "watched": watched,
            "failed_in": pl.Series(fails_in.astype(float)).set(pl.Series(~seen), None),
            "apr_moved": moved,
            "burden_moved": burden,
        }
    )


WATCHED = {
    "target": {"field": "defaulted", "event": True, "observed_months": "watched"},
}
OUTCOME = {"window_months": 12, "default_month": "failed_in"}


@pytest.fixture(scope="module")
def fit() -> RiskFit:
    return fit_risk(document(outcome=OUTCOME), contract(**WATCHED), applications())


def test_validation_carries_what_the_command_promises(fit):
    for entry in fit.validation["models"]:
        assert {
            "name", "kind", "features", "n_train", "n_test", "split", "auc", "ks", "gini",
            "h_measure", "brier", "auc_interval", "window_months", "roc", "calibration_by_grade",
            "psi_by_month", "csi",
        } <= set(entry)  # fmt: skip
        assert entry["split"].startswith("out of time: trained on 2020-01")
        assert entry["auc"] > 0.6
        assert entry["auc_interval"][0] < entry["auc"] < entry["auc_interval"][1]
        assert len(entry["roc"]) <= 100
    card, trees = fit.validation["models"]
    assert card["characteristics"][0]["attributes"]
    assert trees["monotone"]["holds"]
    assert trees["monotone"]["directions"] == {"burden": 1, "income": -1}
    assert sum(trees["importance"].values()) == pytest.approx(1)
    assert json.loads(json.dumps(fit.validation, allow_nan=False)) == fit.validation


def test_window_pd_is_right_though_young_loans_had_less_time(fit):
    frame = applications(20_000, seed=1).filter(pl.col("watched") >= 12)
    truth = (frame["failed_in"].fill_null(99) <= 12).mean()
    # the plain share counts every young loan as good
    naive = (applications()["failed_in"].fill_null(99) <= 12).mean()
    assert fit.window_months == 12
    assert np.nanmean(fit.pd(frame)) == pytest.approx(truth, abs=0.012)
    assert abs(naive - truth) > 0.02
    unknown = fit.validation["outcome"]["unknown"]
    assert unknown > 0


def test_without_the_month_of_default_only_loans_watched_for_the_window_count():
    found = fit_risk(
        document(outcome={"window_months": 12}, models=QUICK[:1]),
        contract(**WATCHED),
        applications(),
    )
    frame = applications()
    assert found.validation["outcome"]["known"] == int((frame["watched"] >= 12).sum())
    with pytest.raises(BadInput, match="window") as refused:
        fit_risk(document(), contract(**WATCHED), frame)
    assert "window_months" in refused.value.mend


def test_rows_without_an_outcome_are_not_learnt_from_and_still_scored():
    frame = applications(3000)
    unknown = pl.Series(np.arange(3000) % 3 == 0)
    hidden = frame.with_columns(frame["defaulted"].set(unknown, None))
    found = fit_risk(document(models=QUICK[:1]), contract(), hidden)
    assert found.validation["outcome"]["unknown"] == 1000
    assert np.isfinite(found.pd(hidden)).all()


@pytest.mark.parametrize("name", ["card", "trees"])
def test_one_record_gets_the_pd_of_its_row_and_reasons(fit, name):
    frame = applications(50, seed=2)
    pds = fit.pd(frame, name)
    records = list(frame.iter_rows(named=True))
    assert [fit.pd_of(record, name) for record in records] == pds.tolist()
    riskiest = records[int(np.argmax(pds))]
    found = fit.reasons_of(riskiest, name)
    assert 1 <= len(found) <= 4
    assert found == sorted(found, key=lambda reason: -reason.shortfall)


def test_an_unknown_category_is_referred_not_scored_by_trees(fit):
    record = {**applications(1).row(0, named=True), "sector": "moon"}
    assert fit.pd_of(record, "trees") is None
    assert fit.pd_of(record, "card") is not None


def test_saved_and_loaded_the_fit_gives_the_same_numbers(fit, tmp_path):
    fit.save(tmp_path)
    again = load_risk(tmp_path)
    frame = applications(200, seed=3)
    for name in ("card", "trees"):
        assert np.array_equal(again.pd(frame, name), fit.pd(frame, name))
    assert again.validation == fit.validation
    record = frame.row(0, named=True)
    assert again.reasons_of(record) == fit.reasons_of(record)
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".pkl", ".part")]
    assert again.lgd_of(frame).tolist() == [fit.lgd.value] * 200


def test_a_fit_that_is_missing_or_mixed_up_is_refused(fit, tmp_path):
    with pytest.raises(BadInput, match="no fitted risk"):
        load_risk(tmp_path)
    fit.save(tmp_path)
    other = fit.models["card"].to_json().replace('"name": "card"', '"name": "cart"')
    (tmp_path / "card.json").write_text(other)
    with pytest.raises(BadInput, match="altered"):
        load_risk(tmp_path)


def test_cross_fitted_pds_differ_from_the_fit_but_keep_its_level(fit):
    frame = applications()
    crossed = cross_fitted_pd(fit, document(outcome=OUTCOME), contract(**WATCHED), frame, folds=3)
    whole = fit.pd(frame)
    assert np.isfinite(crossed).all()
    assert not np.array_equal(crossed, whole)
    assert crossed.mean() == pytest.approx(whole.mean(), rel=0.1)
    assert np.corrcoef(logit(crossed), logit(whole))[0, 1] > 0.9


def test_central_tendency_moves_the_level_not_the_ranking():
    frame = applications()
    tendency = {"value": 0.05, "provenance": "measured", "source": "ten years of vintages"}
    low = fit_risk(document(models=QUICK[:1], central_tendency=tendency), contract(), frame)
    free = fit_risk(document(models=QUICK[:1]), contract(), frame)
    newest = frame["applied"] < date(2021, 6, 1)
    assert low.pd(frame.filter(newest)).mean() == pytest.approx(0.05, abs=0.004)
    assert low.validation["models"][0]["auc"] == free.validation["models"][0]["auc"]
    assert low.provenance()["central_tendency"].provenance == "measured"


def test_price_and_burden_responses_are_measured_where_terms_were_explored():
    section = {
        "price": "measured",
        "burden": {"value": 1.0, "low": 0, "high": 4, "source": "a guess"},
        "explored": {
            "where": "apr_moved <> 0",
            "apr_difference": "apr_moved",
            "burden_difference": "burden_moved",
        },
    }
    found = fit_risk(
        document(models=QUICK[:1], pd_response=section), contract(), applications(20_000)
    )
    assert found.price_response.provenance == "measured"
    assert found.price_response.low <= 8 <= found.price_response.high + 1.5
    assert found.burden_response.value == 1.0


def test_a_random_split_serves_data_without_dates():
    undated = contract(date=None, fields=[f for f in FIELDS if f["name"] != "applied"])
    found = fit_risk(document(models=QUICK[:1]), undated, applications(3000).drop("applied"))
    entry = found.validation["models"][0]
    assert entry["split"].startswith("random: 30%")
    assert entry["psi_by_month"] == []


def test_a_declared_date_splits_and_an_impossible_one_is_refused():
    rule = {"kind": "out_of_time", "from": "2021-07-01"}
    found = fit_risk(document(models=QUICK[:1], split=rule), contract(), applications(3000))
    assert "tested on 2021-07 to 2021-12" in found.validation["models"][0]["split"]
    late = document(models=QUICK[:1], split={"kind": "out_of_time", "from": "2031-01-01"})
    with pytest.raises(BadInput, match="known from 2020-01 to 2021-12"):
        fit_risk(late, contract(), applications(3000))


def test_no_protected_field_reaches_a_model():
    with pytest.raises(GateRefused, match="'sex'"):
        feature_set(document(features={"burden": "asked", "x": "sex = 'f'"}), contract())
    features = feature_set(document(), contract())
    assert "sex" not in features.expressions
    assert set(features.expressions) == {"income", "asked", "owner", "sector", "burden"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"features": {"x": "watched + 1"}}, "whose use is outcome"),
        ({"features": {"x": "defaulted"}, "monotone": {}}, "whose use is target"),
        ({"features": {"x": "incom * 2"}, "monotone": {}}, "incom"),
        ({"features": {"income": "asked"}, "monotone": {}}, "name of a field"),
        ({"exclude": ["incme"]}, "'incme'"),
        ({"monotone": {"burdn": "increasing"}}, "'burdn'"),
        ({"exclude": ["income", "asked", "owner", "sector"], "features": {}, "monotone": {}}, "no"),
    ],
)
def test_a_fault_in_the_features_names_itself(changes, says):
    with pytest.raises(BadInput, match=says):
        feature_set(document(**changes), contract())


def test_too_few_rows_and_one_class_are_refused_with_a_mend():
    for frame in (applications(5), applications().with_columns(defaulted=pl.lit(value=False))):
        with pytest.raises(BadInput, match=r"defaulted|leaves") as refused:
            fit_risk(document(), contract(), frame)
        assert refused.value.mend


def test_lgd_and_tendency_from_a_file_of_past_loans(tmp_path):
    rng = np.random.default_rng(4)
    rows = 4000
    grade = rng.choice(["A", "B"], rows)
    failed = rng.random(rows) < np.where(grade == "A", 0.05, 0.25)
    amount, rate = rng.integers(40, 400, rows) * 25.0, np.where(grade == "A", 0.06, 0.14)
    repaid = np.where(failed, 0.4, 1.0) * amount
    past = pl.DataFrame(
        {
            "grade": grade,
            "state": np.where(failed, "lost", "paid"),
            "pay": amount * rate / 12 / -np.expm1(-36 * np.log1p(rate / 12)),
            "rate": rate * 100,
            "principal": repaid,
            "back": np.where(failed, 0.25 * (amount - repaid), 0.0),
            "interest": 0.1 * amount,
        }
    )
    past.write_parquet(tmp_path / "past.parquet")
    section = {
        "file": "past.parquet",
        "defaulted": "state = 'lost'",
        "instalment": "pay",
        "apr": "rate / 100",
        "terms": [36],
        "repaid": "principal",
        "recovered": "back",
        "group": "grade",
        "group_field": "sector",
        "received": "principal + interest + back",
        "interest": "interest",
    }
    frame = applications(3000).with_columns(sector=pl.Series(rng.choice(["A", "B"], 3000)))
    found = fit_risk(
        document(models=QUICK[:1], lgd=section, central_tendency="history"),
        contract(),
        frame,
        folder=tmp_path,
    )
    assert found.lgd.value == pytest.approx(0.75, abs=1e-3)
    assert found.lgd.provenance == "measured"
    assert found.lgd_of(frame) == pytest.approx(0.75, abs=1e-3)
    assert found.central_tendency is not None
    assert found.central_tendency.value == pytest.approx(0.15, abs=0.02)
    assert [row["group"] for row in found.validation["history"]["groups"]] == ["A", "B"]
    with pytest.raises(BadInput, match="no default"):
        fit_risk(
            document(models=QUICK[:1], lgd={**section, "defaulted": "state = 'gone'"}),
            contract(),
            frame,
            folder=tmp_path,
        )


def test_resolved_loans_only_are_called_that():
    found = fit_risk(
        document(models=QUICK[:1], outcome={"resolved_only": True}), contract(), applications()
    )
    assert any("resolved loans only" in note for note in found.validation["notes"])


WRITTEN = """\
features:
  burden: asked / NULLIF(income, 0)
exclude: [sector]
models:
  - {name: card, kind: scorecard, max_characteristics: 5, scaling: {pdo: 40}}
  - {name: trees, kind: boosted, auto_directions: true}
use: trees
split: {kind: out_of_time, last_months: 3}
outcome: {window_months: 12, default_month: failed_in}
lgd: {value: 0.6, low: 0.5, high: 0.7, source: our own recoveries, provenance: measured}
central_tendency: 0.04
pd_response:
  price: 6
  burden: {value: 2, low: 0, high: 4, source: a paper}
"""


def test_the_document_is_read_from_yaml(tmp_path: Path):
    (tmp_path / "risk.yaml").write_text(WRITTEN)
    loaded = read_document(tmp_path / "risk.yaml", RiskDocument).value
    assert loaded.used == "trees"
    assert loaded.lgd.provenance == "measured"
    assert loaded.central_tendency.provenance == "assumed"
    assert loaded.split.last_months == 3


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("use: trees", "use: forest", "forest"),
        ("name: trees, kind: boosted", "name: card, kind: boosted", "same name"),
        ("kind: boosted", "kind: neural", "boosted"),
        ("price: 6", "price: measured", "explored"),
        ("central_tendency: 0.04", "central_tendency: history", "file of past loans"),
        ("last_months: 3", "last_months: 3, from: 2021-01-01", "not both"),
        ("exclude:", "excluded:", "not a field of this document"),
    ],
)
def test_faults_of_the_document_are_named(tmp_path: Path, old, new, says):
    (tmp_path / "risk.yaml").write_text(WRITTEN.replace(old, new))
    with pytest.raises(Faults, match=says):
        read_document(tmp_path / "risk.yaml", RiskDocument)
