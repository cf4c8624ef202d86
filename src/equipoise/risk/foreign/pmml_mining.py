"""PMML's TreeModel, and MiningModel over trees, into our sum of trees.

Source: DMG, TreeModel and MultipleModels of PMML 4.4. Children are asked in order and the first
true one is taken, which comes to splits in two; `pmml_splits` grows them. Read are a classification
tree, a mean of classification trees (a random forest), and a sum or mean of regression trees whose
result a logistic regression turns into a probability (gradient boosting as LightGBM's, XGBoost's
and scikit-learn's converters write it).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from equipoise.errors import BadInput
from equipoise.risk.foreign import MAX_DEPTH, MAX_TREES, ForeignModel, Output, TreeSum
from equipoise.risk.foreign.growing import Grove, Leaf
from equipoise.risk.foreign.pmml_fields import Dictionary, Schema
from equipoise.risk.foreign.pmml_predicates import Always, fields_of, predicate_in
from equipoise.risk.foreign.pmml_regression import logistic_table
from equipoise.risk.foreign.pmml_splits import Columns, Tree, branched, pruned
from equipoise.risk.foreign.pmml_xml import (
    Element,
    attribute_of,
    child,
    children,
    needed,
    number,
    number_of,
    place,
    refusal,
    tag,
)
from equipoise.risk.foreign.structure import check_trees

NO_SCORE = Leaf(float("nan"), 0.0)
_STRATEGIES = {"none", "lastPrediction", "nullPrediction", "defaultChild"}
_MODELS = {"TreeModel", "MiningModel", "RegressionModel"}
Score = Callable[[Element], float]


@dataclass(frozen=True, slots=True)
class _Sum:
    """Regression trees and what is added last, in the precision their program has."""

    roots: tuple[Tree, ...]
    constant: float
    single: bool
    mean: bool


@dataclass(frozen=True, slots=True)
class _Result:
    """What the sum is of, and how it is summed."""

    output: Output
    event: str | None
    single: bool = False
    divisor: int = 1
    slope: float = 1.0


def tree_model(model: Element, dictionary: Dictionary) -> ForeignModel:
    """One classification tree. BadInput names what is not read exactly."""
    if model.get("functionName") != "classification":
        raise _no_probability(model)
    schema = dictionary.schema(model)
    _refuse_targets(model)
    columns = Columns()
    columns.meet(model, schema)
    event = _event(model, schema)
    root = _tree(model, schema, columns, _chance(event))
    return _made("PMML tree", [root], columns, _Result("probability", event))


def mining_model(model: Element, dictionary: Dictionary) -> ForeignModel:
    """Segments of trees. BadInput names what is not read exactly."""
    schema = dictionary.schema(model)
    _refuse_targets(model)
    segmentation = needed(model, "Segmentation")
    method = attribute_of(segmentation, "multipleModelMethod")
    if method == "modelChain":
        return _chain(segmentation, schema)
    if model.get("functionName") != "classification":
        raise _no_probability(model)
    if method != "average":
        raise refusal(
            segmentation,
            f"multipleModelMethod={method} of classifications",
            "average (a random forest), and a sum in a modelChain with a logit are read",
        )
    columns, event = Columns(), _event(model, schema)
    trees = [_inner(each, "TreeModel") for each in _segments(segmentation)]
    schemas = [_same_schema(each, schema) for each in trees]
    for each, own in zip(trees, schemas, strict=True):
        columns.meet(each, own)
    roots = [
        _tree(each, own, columns, _chance(event)) for each, own in zip(trees, schemas, strict=True)
    ]
    return _made(
        "PMML random forest",
        roots,
        columns,
        _Result("probability", event, divisor=len(roots)),
    )


def _chain(segmentation: Element, schema: Schema) -> ForeignModel:
    """A sum of trees whose result is the only input of a logistic regression."""
    segments = list(_segments(segmentation))
    if len(segments) != 2:
        raise refusal(segmentation, f"a chain of {len(segments)} models", "two are read")
    trees, last = segments[0], _inner(segments[1], "RegressionModel")
    columns = Columns()
    total = _summed(_inner(trees, "MiningModel", "TreeModel"), schema, columns)
    table = logistic_table(last)
    predictors = [each for each in table if tag(each) != "Extension"]
    if len(predictors) != 1 or tag(predictors[0]) != "NumericPredictor":
        raise refusal(table, "a regression of more than the trees' result")
    (predictor,) = predictors
    if attribute_of(predictor, "name") not in _results(trees):
        raise refusal(predictor, f"the input '{predictor.get('name')}'", "the trees' result is")
    slope, intercept = number_of(predictor, "coefficient"), number_of(table, "intercept")
    if number_of(predictor, "exponent", 1.0) != 1.0:
        raise refusal(predictor, "an exponent behind the trees")
    if intercept and (slope != 1.0 or total.single):
        raise refusal(table, "an intercept behind trees that are scaled or add in float")
    constants = [each for each in (total.constant, intercept) if each]
    if total.mean and constants:
        raise refusal(table, "a constant added to a mean")
    roots = [*total.roots, *map(Leaf, constants)]  # what is added last
    output = _Result(
        "log_odds",
        table.get("targetCategory"),
        total.single,
        len(total.roots) if total.mean else 1,
        slope,
    )
    return _made("PMML boosted trees", roots, columns, output)


def _results(segment: Element) -> set[str]:
    """Names under which a model of the chain hands on its result as it is."""
    names = set()
    for model in segment:
        output = child(model, "Output") if tag(model) in _MODELS else None
        for each in () if output is None else children(output, "OutputField"):
            computed = any(tag(part) != "Extension" for part in each)
            if each.get("feature", "predictedValue") == "predictedValue" and not computed:
                names.add(attribute_of(each, "name"))
    return names


def _summed(model: Element, schema: Schema, columns: Columns) -> _Sum:
    if model.get("functionName") != "regression":
        raise refusal(model, f"a {model.get('functionName')} within the chain")
    inner = _same_schema(model, schema)
    constant = _constant(model)
    if tag(model) == "TreeModel":
        columns.meet(model, inner)
        root = _tree(model, inner, columns, _value)
        return _Sum((root,), constant, _is_single(model), False)
    segmentation = needed(model, "Segmentation")
    method = attribute_of(segmentation, "multipleModelMethod")
    if method not in {"sum", "average"}:
        raise refusal(segmentation, f"multipleModelMethod={method} of regressions")
    trees = [_inner(each, "TreeModel") for each in _segments(segmentation)]
    if any(child(each, "Targets") is not None for each in trees):
        raise refusal(segmentation, "a rescaled target of a single tree")
    schemas = [_same_schema(each, inner) for each in trees]
    for each, own in zip(trees, schemas, strict=True):
        columns.meet(each, own)
    roots = [_tree(each, own, columns, _value) for each, own in zip(trees, schemas, strict=True)]
    return _Sum(tuple(roots), constant, _is_single(model), method == "average")


def _constant(model: Element) -> float:
    """What the model's target adds to the sum; XGBoost's base score is written so."""
    targets = child(model, "Targets")
    if targets is None:
        return 0.0
    (target, *others) = list(children(targets, "Target")) or [targets]
    known = {"field", "optype", "rescaleConstant", "rescaleFactor"}
    if others or set(target.attrib) - known or number_of(target, "rescaleFactor", 1.0) != 1.0:
        raise refusal(target, "a rescaled or limited target", "only a rescaleConstant is read")
    return number_of(target, "rescaleConstant", 0.0)


def _refuse_targets(model: Element) -> None:
    targets = child(model, "Targets")
    if targets is not None:
        raise refusal(targets, "a rescaled or limited target")


def _segments(segmentation: Element) -> list[Element]:
    segments = list(children(segmentation, "Segment"))
    if not 1 <= len(segments) <= MAX_TREES:
        raise BadInput(f"{place(segmentation)} has {len(segments):,} segments")
    treatment = segmentation.get("missingPredictionTreatment", "continue")
    if treatment != "continue":
        raise refusal(segmentation, f"missingPredictionTreatment={treatment}")
    for each in segments:
        if child(each, "True") is None:
            raise refusal(each, "a segment for a part of the records")
        if number_of(each, "weight", 1.0) != 1.0:
            raise refusal(each, "a weighted segment")
    return segments


def _inner(segment: Element, *names: str) -> Element:
    model = next((each for each in segment if tag(each) in names), None)
    if model is None:
        raise refusal(segment, f"a segment without a {' or '.join(names)}")
    return model


def _same_schema(model: Element, outer: Schema) -> Schema:
    """A segment reads the outer fields; treatments of its own are refused."""
    mining = child(model, "MiningSchema")
    for each in () if mining is None else children(mining, "MiningField"):
        name = each.get("name", "")
        if name not in outer.fields:
            continue
        field = outer.fields[name]
        own = each.get("missingValueReplacement"), each.get("outliers", "asIs")
        if own not in {(None, "asIs"), (field.replacement, "asIs")}:
            raise refusal(each, f"a treatment of '{name}' within a segment")
    local = child(model, "LocalTransformations")
    if local is None:
        return outer
    more = {attribute_of(each, "name"): each for each in children(local, "DerivedField")}
    return Schema(outer.fields, {**outer.derived, **more}, outer.targets, outer.elements)


def _is_single(model: Element) -> bool:
    """Whether the model computes in float32, as JPMML's converters mark XGBoost's."""
    context = model.get("x-mathContext", "double")
    if context not in {"float", "double"}:
        raise refusal(model, f"x-mathContext={context}")
    return context == "float"


def _event(model: Element, schema: Schema) -> str:
    """The class whose probability is read: the last of the two that the file lists."""
    classes = schema.classes()
    if not classes:
        scores = [
            each.get("value", "") for each in model.iter() if tag(each) == "ScoreDistribution"
        ]
        classes = tuple(sorted(set(scores)))
    if len(classes) != 2:
        raise refusal(model, f"a classification into {len(classes)} classes", "two are read")
    return classes[1]


def _chance(event: str) -> Score:
    def chance(node: Element) -> float:
        listed = list(children(node, "ScoreDistribution"))
        if not listed:
            return float(attribute_of(node, "score") == event)
        own = [each for each in listed if each.get("value") == event]
        if all(each.get("probability") for each in listed):
            return sum(number_of(each, "probability") for each in own)
        total = sum(number_of(each, "recordCount") for each in listed)
        if total <= 0:
            raise BadInput(f"{place(node)} counts no records")
        return sum(number_of(each, "recordCount") for each in own) / total

    return chance


def _value(node: Element) -> float:
    return number(attribute_of(node, "score"), node)


def _tree(model: Element, schema: Schema, columns: Columns, score: Score) -> Tree:
    strategy = model.get("missingValueStrategy", "none")
    if strategy not in _STRATEGIES:
        raise refusal(model, f"missingValueStrategy={strategy}")
    if number_of(model, "missingValuePenalty", 1.0) != 1.0:
        raise refusal(model, "a missingValuePenalty")
    fallback = model.get("noTrueChildStrategy", "returnNullPrediction")
    if fallback not in {"returnNullPrediction", "returnLastPrediction"}:
        raise refusal(model, f"noTrueChildStrategy={fallback}")
    grower = _Grower(schema, columns, score, strategy, fallback)
    top = needed(model, "Node")
    condition = predicate_in(top, schema)
    grown = grower.grown(top, 0)
    if condition == Always(True):
        return grown
    return branched(condition, columns, grown, NO_SCORE, NO_SCORE)


@dataclass(frozen=True, slots=True)
class _Grower:
    schema: Schema
    columns: Columns
    score: Score
    strategy: str
    fallback: str

    def grown(self, node: Element, depth: int) -> Tree:
        """The splits below a node: its children asked in order, the first true one taken."""
        if depth > MAX_DEPTH:
            raise BadInput(f"{place(node)}: the tree is deeper than {MAX_DEPTH} splits")
        below = list(children(node, "Node"))
        if not below:
            return self._leaf(node)
        named = {each.get("id"): each for each in below}
        made = {id(each): self.grown(each, depth + 1) for each in below}
        rest: Tree = self._leaf(node) if self.fallback == "returnLastPrediction" else NO_SCORE
        unknown: Tree | None = None
        if self.strategy == "lastPrediction":
            unknown = self._leaf(node)
        elif self.strategy == "nullPrediction":
            unknown = NO_SCORE
        elif self.strategy == "defaultChild":
            default = node.get("defaultChild")
            if default is None and any(self._asks(each) for each in below):
                unknown = NO_SCORE
            elif default is not None:
                if default not in named:
                    raise BadInput(f"{place(node)}: its defaultChild '{default}' is no child")
                unknown = made[id(named[default])]
        for each in reversed(below):
            condition = predicate_in(each, self.schema)
            otherwise = rest
            rest = branched(
                condition,
                self.columns,
                made[id(each)],
                otherwise,
                otherwise if unknown is None else unknown,
            )
        return rest

    def _asks(self, node: Element) -> bool:
        return any(True for _ in fields_of(predicate_in(node, self.schema)))

    def _leaf(self, node: Element) -> Leaf:
        if node.get("score") is None and child(node, "ScoreDistribution") is None:
            return NO_SCORE
        return Leaf(self.score(node), number_of(node, "recordCount", 1.0))


def _made(form: str, roots: list[Tree], columns: Columns, output: _Result) -> ForeignModel:
    grove = Grove()
    for root in roots:
        grove.add(pruned(root, columns))
    trees = grove.trees()
    features = columns.features()
    check_trees(trees, max(len(features), 1))
    if output.single:
        columns.check_single()
    return ForeignModel(
        form,
        TreeSum(
            trees,
            grove.covers(),
            divisor=output.divisor,
            slope=output.slope,
            precision="float32" if output.single else "float64",
        ),
        features,
        output.output,
        output.event,
        columns.notes(),
    )


def _no_probability(model: Element) -> BadInput:
    return refusal(
        model,
        f"a {model.get('functionName')}, whose result is no probability,",
        "a classification is, and regression trees in a modelChain with a logit",
    )
