"""PMML's GeneralRegressionModel into our sum: logistic regressions as R's pmml package writes them.

Source: DMG, GeneralRegression of PMML 4.4. Read are main effects alone: each parameter is the
intercept, one covariate, or one level of one factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from equipoise.errors import BadInput
from equipoise.risk.foreign import ForeignModel, Linear, Term
from equipoise.risk.foreign.pmml_fields import Dictionary, Field, Schema
from equipoise.risk.foreign.pmml_regression import check_input, number_term, text_term
from equipoise.risk.foreign.pmml_xml import (
    Element,
    attribute_of,
    child,
    children,
    needed,
    number_of,
    place,
    refusal,
)

_LOGISTIC = {("generalizedLinear", "logit"), ("multinomialLogistic", None)}


@dataclass
class _Effects:
    """Coefficients by field: of numbers, and of the levels of factors."""

    intercept: float = 0.0
    numbers: dict[str, float] = field(default_factory=dict)
    levels: dict[str, dict[str, float]] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)


def general_regression(model: Element, dictionary: Dictionary) -> ForeignModel:
    """The regression of a <GeneralRegressionModel>. BadInput names what is not read exactly."""
    schema = dictionary.schema(model)
    kind, link = model.get("modelType"), model.get("linkFunction")
    if (kind, link) not in _LOGISTIC:
        raise refusal(
            model, f"a {kind} with the link {link}", "a logistic regression (link logit) is"
        )
    for name in ("offsetVariable", "offsetValue", "trialsVariable", "trialsValue"):
        if model.get(name) is not None:
            raise refusal(model, f"{name}={model.get(name)}")
    targets = child(model, "Targets")
    if targets is not None:
        raise refusal(targets, "a rescaled or limited target")
    cells = list(children(needed(model, "ParamMatrix"), "PCell"))
    event = _event(model, cells)
    effects = _effects(model, cells, schema)
    terms = tuple(_terms(effects))
    return ForeignModel(
        "PMML regression",
        Linear(effects.intercept, terms),
        tuple(effects.fields[each.name].feature for each in terms),
        "log_odds",
        event,
    )


def _event(model: Element, cells: list[Element]) -> str | None:
    named = {each.get("targetCategory") for each in cells}
    if len(named) > 1:
        raise refusal(model, f"coefficients of {len(named)} classes", "two classes are read")
    return next(iter(named), None)


def _effects(model: Element, cells: list[Element], schema: Schema) -> _Effects:
    matrix = child(model, "PPMatrix")
    by_parameter: dict[str, list[Element]] = {}
    for each in () if matrix is None else children(matrix, "PPCell"):
        by_parameter.setdefault(attribute_of(each, "parameterName"), []).append(each)
    factors = _predictors(model, "FactorList")
    effects = _Effects()
    for cell in cells:
        parameter, beta = attribute_of(cell, "parameterName"), number_of(cell, "beta")
        parts = by_parameter.get(parameter, [])
        if len(parts) > 1:
            raise refusal(
                parts[1], f"an interaction ('{parameter}')", "write it as a feature in risk.yaml"
            )
        if not parts:
            effects.intercept += beta
            continue
        within = schema.field(attribute_of(parts[0], "predictorName"), parts[0])
        check_input(within, parts[0])
        effects.fields.setdefault(within.name, within)
        _add(effects, within, parts[0], beta, factors)
    return effects


def _predictors(model: Element, name: str) -> set[str]:
    section = child(model, name)
    return set() if section is None else {
        attribute_of(each, "name") for each in children(section, "Predictor")
    }  # fmt: skip


def _add(
    effects: _Effects, within: Field, part: Element, beta: float, factors: Iterable[str]
) -> None:
    value = attribute_of(part, "value")
    if attribute_of(part, "predictorName") in factors or within.kind == "category":
        levels = effects.levels.setdefault(within.name, {})
        if value in levels:
            raise BadInput(f"{place(part)}: '{value}' has two coefficients")
        levels[value] = beta
        return
    if number_of(part, "value") != 1.0:
        raise refusal(part, f"the power {value} of '{within.name}'", "write a feature in risk.yaml")
    if within.name in effects.numbers:
        raise BadInput(f"{place(part)}: '{within.name}' has two coefficients")
    effects.numbers[within.name] = beta


def _terms(effects: _Effects) -> Iterable[Term]:
    for name, within in effects.fields.items():
        if name in effects.levels:
            yield _level_term(within, effects.levels[name])
        else:
            yield number_term(within, effects.numbers[name])


def _level_term(within: Field, levels: Mapping[str, float]) -> Term:
    """A missing factor has no result here, where a RegressionModel's adds nothing."""
    term = text_term(within, dict(levels))
    return term if within.replacement is not None else replace(term, missing=None)
