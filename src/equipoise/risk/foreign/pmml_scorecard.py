"""PMML's Scorecard into our card: a characteristic's predicates become bins with the same points.

Source: DMG, Scorecard of PMML 4.4. The first attribute whose predicate is true gives the points;
where none is, there is no score. The predicates of a characteristic are asked of one value of each
interval between their constants, so that any mixture of them comes to bins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from equipoise.errors import BadInput
from equipoise.risk.characteristic import Attribute, Categorical, Characteristic, Numeric
from equipoise.risk.foreign import (
    MAX_ATTRIBUTES,
    Card,
    ForeignFeature,
    ForeignModel,
    attribute,
)
from equipoise.risk.foreign.pmml_fields import Dictionary, Field, Schema, check_bounds
from equipoise.risk.foreign.pmml_predicates import (
    Predicate,
    Value,
    constants_of,
    fields_of,
    predicate_in,
)
from equipoise.risk.foreign.pmml_xml import (
    Element,
    child,
    children,
    needed,
    number_of,
    place,
    refusal,
)
from equipoise.risk.foreign.rounding import lowest, next_number, previous_number

MAX_CONSTANTS = 2_000


@dataclass(frozen=True, slots=True)
class _Choice:
    """One attribute: points where the predicate is the first to be true."""

    predicate: Predicate
    points: float


def scorecard(model: Element, dictionary: Dictionary) -> ForeignModel:
    """The card of a <Scorecard>. BadInput names what is not read exactly."""
    schema = dictionary.schema(model)
    targets = child(model, "Targets")
    if targets is not None:
        raise refusal(targets, "a rescaled or limited target")
    elements = list(children(needed(model, "Characteristics"), "Characteristic"))
    if not elements:
        raise BadInput(f"{place(model)} has no characteristics")
    made: list[Characteristic] = []
    features: list[ForeignFeature] = []
    for each in elements:
        field, characteristic = _characteristic(each, schema)
        if field.name in {one.name for one in made}:
            raise refusal(each, f"a second characteristic of '{field.name}'")
        made.append(characteristic)
        features.append(field.feature)
    if sum(len(each.all_attributes()) for each in made) > MAX_ATTRIBUTES:
        raise BadInput(f"{place(model)} has more than {MAX_ATTRIBUTES:,} attributes")
    return ForeignModel(
        "PMML scorecard",
        Card(tuple(made), number_of(model, "initialScore", 0.0)),
        tuple(features),
        "points",
        notes=_notes(model, elements),
    )


def _notes(model: Element, elements: Sequence[Element]) -> tuple[str, ...]:
    if model.get("useReasonCodes", "true") == "false":
        return ()
    coded = any(
        each.get("reasonCode") or any(part.get("reasonCode") for part in each) for each in elements
    )
    if not coded:
        return ()
    return (
        "the file's reason codes and baseline scores are not used: reasons are measured against "
        "applicants at the cut-off, and their texts stand in strategy.yaml",
    )


def _characteristic(element: Element, schema: Schema) -> tuple[Field, Characteristic]:
    choices = [_choice(each, schema) for each in children(element, "Attribute")]
    if not choices:
        raise BadInput(f"{place(element)} has no attributes")
    fields = {field.name: field for choice in choices for field in fields_of(choice.predicate)}
    name = element.get("name", "")
    if len(fields) != 1:
        read = ", ".join(fields) or "no field"
        raise refusal(
            element,
            f"a characteristic of more or less than one field ('{name}' reads {read})",
            "write the combination as a feature in risk.yaml, and as one field in the card",
        )
    (field,) = fields.values()
    check_bounds(field, element)
    constants = {each for choice in choices for each in constants_of(choice.predicate)}
    if len(constants) > MAX_CONSTANTS:
        raise BadInput(f"{place(element)} compares with more than {MAX_CONSTANTS:,} constants")
    if field.kind == "category":
        return field, _categorical(field, choices, {str(each) for each in constants})
    return field, _numeric(field, choices, sorted(float(each) for each in constants))


def _choice(element: Element, schema: Schema) -> _Choice:
    complex_score = child(element, "ComplexPartialScore")
    if complex_score is not None:
        raise refusal(complex_score, "a partial score that is computed")
    return _Choice(predicate_in(element, schema), number_of(element, "partialScore"))


def _first(choices: Sequence[_Choice], value: Value) -> float | None:
    """Points of the first attribute whose predicate is true; unknown is not true."""
    return next((each.points for each in choices if each.predicate(value) is True), None)


def _missing(field: Field, choices: Sequence[_Choice]) -> Attribute | None:
    points = _first(choices, field.stand_in)
    return None if points is None else attribute("missing", points)


def _numeric(field: Field, choices: Sequence[_Choice], constants: Sequence[float]) -> Numeric:
    """Bins between the constants: each is asked below, at and above."""
    single = field.single
    edges: list[float] = []
    points = [_first(choices, previous_number(constants[0], single=single) if constants else 0.0)]
    for at, constant in enumerate(constants):
        above = next_number(constant, single=single)
        steps = [(constant, lowest(constant, single=single))]
        if at + 1 == len(constants) or above < constants[at + 1]:
            steps.append((above, lowest(above, single=single)))
        for value, edge in steps:
            answer = _first(choices, value)
            if answer != points[-1]:
                edges.append(edge)
                points.append(answer)
    missing = _missing(field, choices)
    refused = Attribute("no score", 0.0, None)
    return Numeric(
        field.name,
        0.0,
        tuple(edges),
        tuple(attribute(label, p) for label, p in zip(_labels(edges), points, strict=True)),
        missing,
        tuple((code, missing or refused) for code in field.missing_codes),
    )


def _labels(edges: Sequence[float]) -> list[str]:
    if not edges:
        return ["any value"]
    middle = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    return [f"below {edges[0]:g}", *middle, f"from {edges[-1]:g}"]


def _categorical(field: Field, choices: Sequence[_Choice], constants: set[str]) -> Categorical:
    listed = [*field.values, *sorted(constants - set(field.values))]
    groups: dict[float | None, list[str]] = {}
    for text in listed:
        groups.setdefault(_first(choices, text), []).append(text)
    missing = _missing(field, choices)
    valid = not field.values  # a field that lists no values takes every text for valid
    if field.invalid == "asMissing" and not valid:
        other = missing
    elif field.invalid == "asIs" or valid:
        points = _first(choices, _unlisted(listed))
        other = None if points is None else attribute("any other", points)
    else:
        other = None
    return Categorical(
        field.name,
        0.0,
        tuple(tuple(group) for group in groups.values()),
        tuple(attribute(", ".join(group), points) for points, group in groups.items()),
        missing,
        other,
    )


def _unlisted(listed: Sequence[str]) -> str:
    """A text that is none of these."""
    return max(listed, default="") + "\x00"
