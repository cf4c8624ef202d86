"""A logistic regression as JSON: our own plain form, or scikit-learn's attributes written out.

    {"intercept": -2.1,
     "coefficients": {"income": -0.00001, "home": {"RENT": 0.2, "OWN": 0.0}},
     "centre": {"income": 40000}, "scale": {"income": 12000},
     "missing": {"income": 30000}, "other": {"home": 0.0}, "event": "bad"}

A number enters as coefficient x (value - centre) / scale, a text by its own coefficient. `missing`
is the value that stands in for a missing number, or what a missing text comes to; `other` what a
text that is not listed comes to; where they are not given such a value is refused. scikit-learn's
form has `coef_` (one row), `intercept_`, `feature_names_in_` and `classes_`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from equipoise.errors import BadInput, did_you_mean
from equipoise.risk.foreign import MAX_FEATURES, ForeignFeature, ForeignModel, Linear, Term

FORMAT = "logistic regression (JSON)"
KEYS = {"intercept", "coefficients", "centre", "scale", "missing", "other", "event"}
SKLEARN = {"coef_", "intercept_", "feature_names_in_", "classes_", "n_features_in_", "n_iter_"}


def read(raw: bytes) -> ForeignModel:
    """Read the regression. Raises BadInput for what is not in it or not understood."""
    try:
        data: Any = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"this is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadInput("a logistic regression is a mapping", mend=_form())
    plain = _from_sklearn(data) if "coef_" in data else data
    unknown = sorted(set(plain) - KEYS)
    if unknown:
        raise BadInput(
            f"'{unknown[0]}' is no part of a logistic regression",
            field=unknown[0],
            mend=did_you_mean(unknown[0], KEYS),
        )
    coefficients = plain.get("coefficients")
    if not isinstance(coefficients, dict) or not coefficients:
        raise BadInput("the regression has no coefficients", field="coefficients", mend=_form())
    if len(coefficients) > MAX_FEATURES:
        raise BadInput(f"the regression has over {MAX_FEATURES:,} coefficients")
    for part in ("centre", "scale", "missing", "other"):
        _check_names(part, plain.get(part, {}), coefficients)
    terms = tuple(_term(name, each, plain) for name, each in coefficients.items())
    features = tuple(
        ForeignFeature(each.name)
        if each.coefficients is None
        else ForeignFeature(each.name, "category", tuple(each.coefficients))
        for each in terms
    )
    intercept = _number(plain.get("intercept"), "intercept")
    event = plain.get("event")
    return ForeignModel(
        FORMAT,
        Linear(intercept, terms),
        features,
        "log_odds",
        None if event is None else str(event),
    )


def _form() -> str:
    return 'write {"intercept": -2.1, "coefficients": {"income": -0.00001}}'


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key, value in pairs:
        if key in mapping:
            raise BadInput(f"'{key}' is given twice", field=key, mend="keep one of them")
        mapping[key] = value
    return mapping


def _from_sklearn(data: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(data) - SKLEARN)
    if unknown:
        raise BadInput(
            f"'{unknown[0]}' beside scikit-learn's attributes is not understood",
            field=unknown[0],
            mend=f"give {', '.join(sorted(SKLEARN))} alone",
        )
    names, rows, classes = (data.get(k) for k in ("feature_names_in_", "coef_", "classes_"))
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], list):
        raise BadInput("`coef_` is not one row: a model of two classes has one", field="coef_")
    if not isinstance(names, list) or len(names) != len(rows[0]):
        raise BadInput(
            f"`feature_names_in_` must name the {len(rows[0])} coefficients",
            field="feature_names_in_",
            mend="fit on a data frame, or write the names",
        )
    if len(set(map(str, names))) != len(names):
        raise BadInput("a feature is named twice", field="feature_names_in_")
    intercept = data.get("intercept_", 0.0)
    if isinstance(intercept, list):
        if len(intercept) != 1:
            raise BadInput("`intercept_` is not one number", field="intercept_")
        intercept = intercept[0]
    plain = {
        "intercept": intercept,
        "coefficients": dict(zip(map(str, names), rows[0], strict=True)),
    }
    if isinstance(classes, list) and len(classes) == 2:
        plain["event"] = str(classes[1])
    return plain


def _check_names(part: str, given: Any, coefficients: Mapping[str, Any]) -> None:
    if not isinstance(given, dict):
        raise BadInput(f"'{part}' maps names to numbers", field=part)
    for name in given:
        if name not in coefficients:
            raise BadInput(
                f"'{part}' names '{name}', which has no coefficient",
                field=name,
                mend=did_you_mean(name, coefficients),
            )
        texts = isinstance(coefficients[name], dict)
        if texts and part in {"centre", "scale"}:
            raise BadInput(f"'{name}' is a text and has no {part}", field=name)
        if not texts and part == "other":
            raise BadInput(f"'{name}' is a number and has no other values", field=name)


def _term(name: str, given: Any, data: Mapping[str, Any]) -> Term:
    missing = data.get("missing", {}).get(name)
    if missing is not None:
        missing = _number(missing, name)
    if isinstance(given, dict):
        if not given:
            raise BadInput(f"'{name}' lists no values", field=name)
        other = data.get("other", {}).get(name)
        return Term(
            name,
            coefficients={text: _number(each, name) for text, each in given.items()},
            missing=missing,
            other=None if other is None else _number(other, name),
        )
    scale = _number(data.get("scale", {}).get(name, 1.0), name)
    if scale == 0.0:
        raise BadInput(f"the scale of '{name}' is zero", field=name)
    centre = _number(data.get("centre", {}).get(name, 0.0), name)
    return Term(name, _number(given, name), centre, scale, missing=missing)


def _number(value: Any, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BadInput(f"'{field}' needs a number, not {str(value)[:40]!r}", field=field)
    return float(value)
