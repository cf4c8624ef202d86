"""PMML trees and regressions: against the letter, and against the libraries that grew the trees."""

from __future__ import annotations

import json
import math
from random import Random
from typing import Any

import lightgbm
import numpy as np
import pytest
import xgboost
from foreign_models import coded, probabilities, sums
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pmml_oracle import tree_score
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.risk.foreign import Linear, TreeSum
from equipoise.risk.foreign.pmml import read

FIELDS = (
    '<DataField name="x" optype="continuous" dataType="double"/>'
    '<DataField name="k" optype="categorical" dataType="integer"/>'
    '<DataField name="h" optype="categorical" dataType="string"><Value value="A"/>'
    '<Value value="B"/><Value value="C"/></DataField>'
    '<DataField name="y" optype="categorical" dataType="string"><Value value="good"/>'
    '<Value value="bad"/></DataField>'
)
MINING = (
    '<MiningSchema><MiningField name="y" usageType="target"/><MiningField name="x"/>'
    '<MiningField name="k"/><MiningField name="h" invalidValueTreatment="asMissing"/>'
    "</MiningSchema>"
)


def document(model: str, fields: str = FIELDS) -> bytes:
    return (
        '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>'
        f"<DataDictionary>{fields}</DataDictionary>{model}</PMML>"
    ).encode()


def simple(field: str, operator: str, value: object = None) -> str:
    written = "" if value is None else f' value="{value}"'
    return f'<SimplePredicate field="{field}" operator="{operator}"{written}/>'


def among(field: str, operator: str, members: list[object]) -> str:
    words = " ".join(map(str, members))
    return (
        f'<SimpleSetPredicate field="{field}" booleanOperator="{operator}">'
        f'<Array type="string">{words}</Array></SimpleSetPredicate>'
    )


def _test(random: Random) -> str:
    """One predicate, at times of two or three parts."""
    if random.random() < 0.3:
        operator = random.choice(["and", "or", "xor"])
        parts = "".join(_plain(random) for _ in range(random.randint(2, 3)))
        return f'<CompoundPredicate booleanOperator="{operator}">{parts}</CompoundPredicate>'
    return _plain(random)


def _plain(random: Random) -> str:
    orders = ["lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual", "equal", "notEqual"]
    side, equality = random.choice(["isIn", "isNotIn"]), random.choice(orders[4:])
    return random.choice([
        simple("x", random.choice(orders), random.randint(0, 3)),
        simple("x", random.choice(orders), random.randint(0, 3)),
        simple("k", equality, random.randint(0, 4)),
        simple("h", equality, random.choice("ABC")),
        simple(random.choice("xkh"), random.choice(["isMissing", "isNotMissing"])),
        among("h", side, random.sample("ABC", random.randint(1, 2))),
        among("k", side, random.sample(range(5), random.randint(1, 3))),
        "<True/>",
    ])  # fmt: skip


def _nodes(random: Random, depth: int, identifier: str = "1", own: str = "<True/>") -> str:
    count = random.randint(2, 3) if depth else 0
    default = f' defaultChild="{identifier}.{random.randint(1, count)}"' if count else ""
    below = "".join(
        _nodes(random, depth - 1, f"{identifier}.{at + 1}", _test(random)) for at in range(count)
    )
    score = random.choice(["good", "bad"])
    return f'<Node id="{identifier}" score="{score}"{default}>{own}{below}</Node>'


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**9),
    strategy=st.sampled_from(["none", "lastPrediction", "nullPrediction", "defaultChild"]),
    fallback=st.sampled_from(["returnNullPrediction", "returnLastPrediction"]),
)
def test_any_tree_ends_where_its_letter_says(seed: int, strategy: str, fallback: str) -> None:
    nodes = _nodes(Random(seed), 2)  # noqa: S311 - repeatable trees, no secrets
    raw = document(
        f'<TreeModel functionName="classification" missingValueStrategy="{strategy}" '
        f'noTrueChildStrategy="{fallback}">{MINING}{nodes}</TreeModel>'
    )
    model = read(raw)
    assert (model.output, model.event) == ("probability", "bad")
    records = [
        {"x": x, "k": k, "h": h}
        for x in (None, 0.0, 1.0, 2.5, 3.0)
        for k in (None, 0, 2, 4)
        for h in (None, "A", "C")
    ]
    columns: dict[str, list[Any]] = {
        name: [each[name] for each in records] for name in ("x", "k", "h")
    }
    result = sums(model, coded(model, columns)) if model.features else _constant(model, records)
    tree = next(etree.fromstring(raw).iter("{*}TreeModel"))
    for record, value in zip(records, result, strict=True):
        expected = tree_score(tree, record)
        assert (None if math.isnan(value) else value) == (
            None if expected is None else float(expected == "bad")
        )


def _constant(model: Any, records: list[Any]) -> np.ndarray:
    return model.model.trees.raw(np.empty((len(records), 0)))  # type: ignore[no-any-return]


def test_probabilities_come_from_the_counts_of_a_node() -> None:
    leaf = '<ScoreDistribution value="good" recordCount="6"/>'
    leaf += '<ScoreDistribution value="bad" recordCount="2"/>'
    model = read(
        document(
            f'<TreeModel functionName="classification">{MINING}<Node score="good" recordCount="8">'
            f"<True/>{leaf}</Node></TreeModel>"
        )
    )
    assert _constant(model, [1])[0] == 0.25


def test_a_random_forest_is_a_mean() -> None:
    def tree(threshold: int) -> str:
        return (
            f'<Segment><True/><TreeModel functionName="classification"><MiningSchema/><Node>'
            f'<True/><Node score="bad">{simple("x", "lessThan", threshold)}</Node>'
            f'<Node score="good">{simple("x", "greaterOrEqual", threshold)}</Node></Node>'
            "</TreeModel></Segment>"
        )

    model = read(
        document(
            f'<MiningModel functionName="classification">{MINING}<Segmentation '
            f'multipleModelMethod="average">{tree(1)}{tree(2)}{tree(3)}</Segmentation></MiningModel>'
        )
    )
    rows = np.array([[0.5], [1.5], [2.5], [3.5], [np.nan]])
    np.testing.assert_array_equal(probabilities(model, rows), [1, 2 / 3, 1 / 3, 0, np.nan])


def _data(rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(rows, 3))
    x[rng.random(x.shape) < 0.15] = np.nan
    lift = np.nan_to_num(x[:, 0], nan=1.0) - np.nan_to_num(x[:, 1])
    return x, (rng.random(rows) < 1 / (1 + np.exp(-lift))).astype(float)


def _boosted(trees: list[str], kind: str, attributes: str, extra: str = "") -> bytes:
    """As converters write gradient boosting: a chain of a sum of trees and a logit."""
    segments = "".join(
        f'<Segment id="{at}"><True/>{each}</Segment>' for at, each in enumerate(trees)
    )
    fields = "".join(
        f'<DataField name="f{at}" optype="continuous" dataType="{kind}"/>' for at in range(3)
    )
    fields += '<DataField name="y" optype="categorical" dataType="integer">'
    fields += '<Value value="0"/><Value value="1"/></DataField>'
    mining = "".join(f'<MiningField name="f{at}"/>' for at in range(3))
    return document(
        f'<MiningModel functionName="classification" {attributes}><MiningSchema>'
        f'<MiningField name="y" usageType="target"/>{mining}</MiningSchema>'
        '<Segmentation multipleModelMethod="modelChain"><Segment id="1"><True/>'
        f'<MiningModel functionName="regression" {attributes}><MiningSchema>{mining}</MiningSchema>'
        '<Output><OutputField name="sum" optype="continuous" dataType="double"/></Output>'
        f'{extra}<Segmentation multipleModelMethod="sum">{segments}</Segmentation></MiningModel>'
        '</Segment><Segment id="2"><True/><RegressionModel functionName="classification" '
        'normalizationMethod="logit"><MiningSchema><MiningField name="sum"/></MiningSchema>'
        '<RegressionTable intercept="0.0" targetCategory="1">'
        '<NumericPredictor name="sum" coefficient="1.0"/></RegressionTable>'
        '<RegressionTable intercept="0.0" targetCategory="0"/></RegressionModel></Segment>'
        "</Segmentation></MiningModel>",
        fields,
    )


def _tree(nodes: str) -> str:
    return (
        '<TreeModel functionName="regression" missingValueStrategy="defaultChild">'
        f"<MiningSchema/>{nodes}</TreeModel>"
    )


def _of_lightgbm(node: dict[str, Any], identifier: str = "1", own: str = "<True/>") -> str:
    if "leaf_value" in node:
        return f'<Node id="{identifier}" score="{node["leaf_value"]!r}">{own}</Node>'
    left, right = f"{identifier}1", f"{identifier}2"
    default = left if node["default_left"] else right
    field, threshold = f"f{node['split_feature']}", repr(node["threshold"])
    return (
        f'<Node id="{identifier}" defaultChild="{default}">{own}'
        + _of_lightgbm(node["left_child"], left, simple(field, "lessOrEqual", threshold))
        + _of_lightgbm(node["right_child"], right, simple(field, "greaterThan", threshold))
        + "</Node>"
    )


def test_lightgbms_trees_written_as_pmml_give_its_probabilities() -> None:
    x, y = _data()
    options = {"objective": "binary", "verbose": -1, "num_threads": 1, "num_leaves": 16}
    booster = lightgbm.train(options, lightgbm.Dataset(x, y), 12)
    trees = booster.dump_model()["tree_info"]
    raw = _boosted([_tree(_of_lightgbm(each["tree_structure"])) for each in trees], "double", "")
    model = read(raw)
    assert (model.output, model.event, len(model.features)) == ("log_odds", "1", 3)
    assert isinstance(model.model, TreeSum)
    splits = sum(each["num_leaves"] - 1 for each in trees)
    assert len(model.model.trees.features) == splits  # no branch is copied
    order = [int(each.name[1]) for each in model.features]
    np.testing.assert_allclose(  # dump_model writes 17 digits or fewer
        probabilities(model, x[:, order]), booster.predict(x, num_threads=1), rtol=1e-12
    )


def _of_xgboost(tree: dict[str, Any], node: int = 0, own: str = "<True/>") -> str:
    value = repr(float(np.float32(tree["split_conditions"][node])))
    left, right = tree["left_children"][node], tree["right_children"][node]
    if left == -1:
        return f'<Node id="{node}" score="{value}">{own}</Node>'
    field = f"f{tree['split_indices'][node]}"
    default = left if tree["default_left"][node] else right
    return (
        f'<Node id="{node}" defaultChild="{default}">{own}'
        + _of_xgboost(tree, left, simple(field, "lessThan", value))
        + _of_xgboost(tree, right, simple(field, "greaterOrEqual", value))
        + "</Node>"
    )


def test_xgboosts_trees_written_as_pmml_give_its_margins() -> None:
    x, y = _data()
    options = {"objective": "binary:logistic", "nthread": 1, "base_score": 0.5, "max_depth": 4}
    booster = xgboost.train(options, xgboost.DMatrix(x, y), 12)
    learner = json.loads(booster.save_raw("json"))["learner"]
    trees = learner["gradient_booster"]["model"]["trees"]
    grown = [_tree(_of_xgboost(each)) for each in trees]
    model = read(_boosted(grown, "float", 'x-mathContext="float"'))
    order = [int(each.name[1]) for each in model.features]
    margins = booster.predict(xgboost.DMatrix(x), output_margin=True).astype(np.float64)
    np.testing.assert_array_equal(sums(model, x[:, order]), margins)
    shifted = '<Targets><Target rescaleConstant="0.25"/></Targets>'
    moved = read(_boosted(grown, "float", 'x-mathContext="float"', shifted))
    expected = (margins.astype(np.float32) + np.float32(0.25)).astype(np.float64)
    np.testing.assert_array_equal(sums(moved, x[:, order]), expected)


def test_an_intercept_behind_the_trees_is_added_last() -> None:
    tree = _tree('<Node id="1" score="0.7"><True/></Node>')
    plain, shifted = b'intercept="0.0" targetCategory="1"', b'intercept="0.1" targetCategory="1"'
    chain = _boosted([tree, tree], "double", "").replace(plain, shifted)
    model = read(chain)
    assert _constant(model, [1])[0] == 0.7 + 0.7 + 0.1
    assert any("of the class '1'" in note for note in model.notes)


def test_float_fields_in_double_sums_are_compared_in_float32() -> None:
    """scikit-learn's trees: inputs rounded to float32, thresholds and sums in double."""
    tree = _tree(
        '<Node id="1" defaultChild="2"><True/>'
        f'<Node id="2" score="1.0">{simple("f0", "lessOrEqual", 0.1)}</Node>'
        f'<Node id="3" score="-1.0">{simple("f0", "greaterThan", 0.1)}</Node></Node>'
    )
    model = read(_boosted([tree], "float", ""))
    values = 0.1 + np.random.default_rng(0).normal(scale=1e-8, size=500)
    expected = np.where(values.astype(np.float32) <= np.float32(0.1), 1.0, -1.0)
    np.testing.assert_array_equal(sums(model, values[:, None]), expected)


LOGIT = (
    '<RegressionModel functionName="classification" normalizationMethod="{method}">' + MINING +
    '<RegressionTable intercept="-1.5" targetCategory="bad"><NumericPredictor name="x" '
    'coefficient="0.25"/><CategoricalPredictor name="h" value="A" coefficient="0.5"/>'
    '<CategoricalPredictor name="h" value="B" coefficient="-0.5"/></RegressionTable>'
    '<RegressionTable intercept="0.0" targetCategory="good"/></RegressionModel>'
)  # fmt: skip


@pytest.mark.parametrize("method", ["logit", "softmax"])
def test_a_logistic_regression_becomes_our_sum(method: str) -> None:
    model = read(document(LOGIT.format(method=method)))
    assert (model.output, model.event) == ("log_odds", "bad")
    assert isinstance(model.model, Linear)
    assert model.model.intercept == -1.5
    number, text = model.model.terms
    assert (number.name, number.coefficient, number.missing) == ("x", 0.25, None)
    assert text.coefficients == {"A": 0.5, "B": -0.5, "C": 0.0}
    assert (text.missing, text.other) == (0.0, 0.0)
    assert expit(-1.5 + 0.25 * 2 + 0.5) == pytest.approx(0.3775407)


GLM = (
    '<GeneralRegressionModel functionName="classification" modelType="generalizedLinear" '
    'distribution="binomial" linkFunction="logit">' + MINING +
    '<ParameterList><Parameter name="p0" label="(Intercept)"/><Parameter name="p1" label="x"/>'
    '<Parameter name="p2" label="hB"/><Parameter name="p3" label="hC"/></ParameterList>'
    '<FactorList><Predictor name="h"/></FactorList><CovariateList><Predictor name="x"/>'
    '</CovariateList><PPMatrix><PPCell value="1" predictorName="x" parameterName="p1"/>'
    '<PPCell value="B" predictorName="h" parameterName="p2"/>'
    '<PPCell value="C" predictorName="h" parameterName="p3"/></PPMatrix><ParamMatrix>'
    '<PCell targetCategory="bad" parameterName="p0" df="1" beta="-1.5"/>'
    '<PCell targetCategory="bad" parameterName="p1" df="1" beta="0.25"/>'
    '<PCell targetCategory="bad" parameterName="p2" df="1" beta="0.5"/>'
    '<PCell targetCategory="bad" parameterName="p3" df="1" beta="-0.5"/></ParamMatrix>'
    "</GeneralRegressionModel>"
)  # fmt: skip


def test_rs_glm_becomes_our_sum() -> None:
    model = read(document(GLM))
    assert (model.output, model.event) == ("log_odds", "bad")
    assert isinstance(model.model, Linear)
    number, text = model.model.terms
    assert (model.model.intercept, number.name, number.coefficient) == (-1.5, "x", 0.25)
    assert text.coefficients == {"A": 0.0, "B": 0.5, "C": -0.5}  # the first level is in p0
    assert (number.missing, text.missing) == (None, None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('linkFunction="logit"', 'linkFunction="probit"'), "link probit"),
        (('value="1" predictor', 'value="2" predictor'), "power 2"),
        (("</PPMatrix>", '<PPCell value="A" predictorName="h" parameterName="p1"/></PPMatrix>'),
         "interaction"),
        (('linkFunction="logit"', 'linkFunction="logit" offsetVariable="x"'), "offsetVariable"),
        (('value="C"', 'value="B"'), "two coefficients"),
    ],
)  # fmt: skip
def test_what_a_glm_holds_beside_main_effects_is_refused(
    change: tuple[str, str], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        read(_with(change, GLM))


def _with(change: tuple[str, str], base: str = LOGIT.format(method="logit")) -> bytes:
    assert change[0] in base
    return document(base.replace(*change))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (_with(('"logit"', '"probit"')), "normalizationMethod=probit"),
        (_with(('"logit"', '"none"')), "normalizationMethod=none"),
        (_with(('coefficient="0.25"', 'coefficient="0.25" exponent="2"')), "exponent"),
        (
            _with(("</RegressionTable>", '<PredictorTerm coefficient="1"/></RegressionTable>')),
            "PredictorTerm",
        ),
        (_with(('name="x" c', 'name="h" c')), "is a text"),
        (_with(('value="B"', 'value="A"')), "two coefficients"),
        (document('<TreeModel functionName="regression"><Node/></TreeModel>'), "regression"),
        (
            document(
                '<TreeModel functionName="classification" missingValueStrategy="aggregateNodes">'
                f"{MINING}<Node><True/></Node></TreeModel>"
            ),
            "aggregateNodes",
        ),
        (
            document(
                f'<MiningModel functionName="classification">{MINING}<Segmentation '
                'multipleModelMethod="majorityVote"/></MiningModel>'
            ),
            "majorityVote",
        ),
        (document("<TreeModel/><TreeModel/>"), "second model"),
    ],
)  # fmt: skip
def test_what_is_not_read_exactly_is_refused_by_name(raw: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read(raw)


def test_a_rescaled_target_is_refused() -> None:
    tree = _tree('<Node id="1" score="1.0"><True/></Node>')
    for target in ('rescaleFactor="2"', 'castInteger="round"', 'max="3"'):
        with pytest.raises(BadInput, match="rescaled or limited"):
            read(_boosted([tree], "double", "", f"<Targets><Target {target}/></Targets>"))


def test_a_deep_tree_of_shared_branches_stays_small() -> None:
    """A default child stands in three places of a node; copies of copies would double each time."""
    nodes = '<Node id="0" score="1.0">{}</Node>'
    for level in range(60):
        field = f"f{level % 3}"
        lower = nodes.format(simple(field, "lessOrEqual", level))
        upper = f'<Node id="u{level}" score="0.5">{simple(field, "greaterThan", level)}</Node>'
        below = f"{lower}{upper}"
        nodes = f'<Node id="n{level}" defaultChild="{_first_id(lower)}">{{}}{below}</Node>'
    model = read(_boosted([_tree(nodes.format("<True/>"))], "double", ""))
    assert isinstance(model.model, TreeSum)
    assert len(model.model.trees.features) <= 60


def _first_id(node: str) -> str:
    return node.split('"', 2)[1]
