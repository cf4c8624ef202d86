"""PMML's RegressionModel into our sum: a logistic regression with numbers and categories.

Source: DMG, Regression of PMML 4.4.
"""

from __future__ import annotations

from equipoise.errors import BadInput
from equipoise.risk.foreign import ForeignModel, Linear, Term
from equipoise.risk.foreign.pmml_fields import Dictionary, Field, Schema, check_bounds
from equipoise.risk.foreign.pmml_xml import (
    Element,
    attribute_of,
    child,
    children,
    number_of,
    place,
    refusal,
    tag,
)

_LOGISTIC = {"logit", "softmax"}


def regression_model(model: Element, dictionary: Dictionary) -> ForeignModel:
    """The regression of a <RegressionModel>. BadInput names what is not read exactly."""
    schema = dictionary.schema(model)
    table = logistic_table(model)
    terms = _terms(table, schema)
    fields = {each.name: schema.field(each.name, table) for each in terms}
    return ForeignModel(
        "PMML regression",
        Linear(number_of(table, "intercept"), terms),
        tuple(field.feature for field in fields.values()),
        "log_odds",
        table.get("targetCategory"),
    )


def logistic_table(model: Element) -> Element:
    """The one table whose sum is the log-odds of its target category."""
    targets = child(model, "Targets")
    if targets is not None:
        raise refusal(targets, "a rescaled or limited target")
    normalized = model.get("normalizationMethod", "none")
    if normalized not in _LOGISTIC:
        raise refusal(
            model,
            f"normalizationMethod={normalized}",
            "a PD is read from a logistic regression (logit)",
        )
    tables = list(children(model, "RegressionTable"))
    if not tables or len(tables) > 2:
        raise refusal(model, f"a regression of {len(tables)} tables", "two classes are read")
    empty = [
        each
        for each in tables
        if number_of(each, "intercept") == 0.0 and not any(tag(p) != "Extension" for p in each)
    ]
    if len(tables) == 1 and normalized == "softmax":
        raise refusal(model, "softmax of one table")
    if len(tables) == 2 and (not empty or (normalized == "logit" and tables[1] not in empty)):
        raise refusal(model, "a second table of coefficients")
    return next((each for each in tables if each not in empty), tables[0])


def _terms(table: Element, schema: Schema) -> tuple[Term, ...]:
    numbers: dict[str, Term] = {}
    texts: dict[str, dict[str, float]] = {}
    fields: dict[str, Field] = {}
    for each in table:
        name = tag(each)
        if name == "Extension":
            continue
        if name not in {"NumericPredictor", "CategoricalPredictor"}:
            raise refusal(each, f"a {name}", "write the product as a feature in risk.yaml")
        field = schema.field(attribute_of(each, "name"), each)
        check_input(field, each)
        fields[field.name] = field
        if name == "NumericPredictor":
            _once(field.name, numbers, each)
            if number_of(each, "exponent", 1.0) != 1.0:
                raise refusal(
                    each, f"the exponent of '{field.name}'", "write a feature in risk.yaml"
                )
            numbers[field.name] = number_term(field, number_of(each, "coefficient"))
        else:
            value = attribute_of(each, "value")
            _once(value, texts.setdefault(field.name, {}), each)
            texts[field.name][value] = number_of(each, "coefficient")
    named = {name: text_term(fields[name], each) for name, each in texts.items()}
    return tuple({**numbers, **named}[name] for name in fields)


def _once(name: str, seen: object, element: Element) -> None:
    if isinstance(seen, dict) and name in seen:
        raise BadInput(f"{place(element)}: '{name}' has two coefficients")


def check_input(field: Field, element: Element) -> None:
    """Refuse an input that a sum of doubles does not hold as the file has it."""
    check_bounds(field, element)
    if field.single:
        raise refusal(element, f"the float '{field.name}' in a sum of doubles")
    if field.missing_codes:
        raise refusal(element, f"a number of '{field.name}' that means missing")


def number_term(field: Field, coefficient: float) -> Term:
    """The term of a number; a missing one is replaced where the file says so, or refused."""
    if field.kind == "category":
        raise BadInput(f"'{field.name}' is a text and has a number's coefficient", field=field.name)
    missing = None if field.replacement is None else field.number_of_text(field.replacement)
    return Term(field.name, coefficient, missing=missing)


def text_term(field: Field, coefficients: dict[str, float]) -> Term:
    """A text without a coefficient, and a missing one, add nothing."""
    if field.kind == "boolean":
        return _boolean(field, coefficients)
    listed = {value: coefficients.get(value, 0.0) for value in [*field.values, *coefficients]}
    replaced = field.replacement
    missing = 0.0 if replaced is None else listed.get(replaced, 0.0)
    if field.kind == "number":
        raise BadInput(
            f"coefficients of single numbers of '{field.name}' are not read",
            field=field.name,
            mend="make the DataField a string",
        )
    if not field.values or field.invalid == "asIs":
        other: float | None = 0.0
    else:
        other = missing if field.invalid == "asMissing" else None
    return Term(field.name, coefficients=listed, missing=missing, other=other)


def _boolean(field: Field, coefficients: dict[str, float]) -> Term:
    yes = sum(each for value, each in coefficients.items() if value.lower() in {"true", "1"})
    no = sum(each for value, each in coefficients.items() if value.lower() in {"false", "0"})
    if no:
        raise BadInput(
            f"a coefficient of '{field.name}' being false is not read",
            field=field.name,
            mend="give one of it being true",
        )
    replaced = field.replacement
    missing = 0.0 if replaced is None else float(replaced.lower() in {"true", "1"})
    return Term(field.name, yes, missing=missing)
