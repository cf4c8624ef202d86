"""The fields of a PMML document: types, categories, and what counts as missing or invalid.

Source: DMG, DataDictionary, MiningSchema and Transformations of PMML 4.4.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from equipoise.errors import BadInput, did_you_mean
from equipoise.risk.foreign import MAX_FEATURES, ForeignFeature
from equipoise.risk.foreign.pmml_xml import (
    Element,
    attribute_of,
    child,
    children,
    number,
    place,
    refusal,
    tag,
)

Invalid = Literal["returnInvalid", "asIs", "asMissing"]
_NUMBERS = {"double", "float", "integer"}
_ACTIVE = {"active", "supplementary", "group", "order", "frequencyWeight", "analysisWeight"}
_TARGETS = {"target", "predicted"}
_INVALID: tuple[Invalid, ...] = ("returnInvalid", "asIs", "asMissing")


@dataclass(frozen=True, slots=True)
class Field:
    """An input. `single` numbers are rounded to float32 before they are compared.

    `values` are the texts that the dictionary lists, `missing_codes` numbers that mean missing,
    `replacement` what stands in for a missing value. `name` is the outermost name behind aliases.
    """

    name: str
    kind: Literal["number", "category", "boolean"]
    single: bool = False
    whole: bool = False
    values: tuple[str, ...] = ()
    missing_codes: tuple[float, ...] = ()
    replacement: str | None = None
    invalid: Invalid = "returnInvalid"
    bounded: bool = False

    @property
    def feature(self) -> ForeignFeature:
        """The input as a reader gives it."""
        if self.kind == "category":
            return ForeignFeature(self.name, "category", self.values)
        return ForeignFeature(self.name)

    @property
    def stand_in(self) -> float | str | None:
        """What a missing value counts as, where something stands in for it."""
        if self.replacement is None or self.kind == "category":
            return self.replacement
        return self.number_of_text(self.replacement)

    def number_of_text(self, text: str) -> float:
        """A replacement as a number; a boolean as 0 or 1."""
        if self.kind == "boolean":
            return float(text.lower() in {"true", "1"})
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise BadInput(
                f"the replacement '{text[:40]}' of '{self.name}' is no number", field=self.name
            )
        return float(np.float32(value)) if self.single else value

    def value_of(self, text: str, element: Element) -> float:
        """A number of the document as this field compares it; a boolean as 0 or 1."""
        if self.kind == "boolean":
            if text.lower() not in {"true", "false", "0", "1"}:
                raise BadInput(f"{place(element)}: '{text[:40]}' is no boolean")
            return float(text.lower() in {"true", "1"})
        value = number(text, element)
        return float(np.float32(value)) if self.single else value


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Every data field and derived field by name, before a model's schema has its say."""

    elements: Mapping[str, Element]
    derived: Mapping[str, Element]

    @staticmethod
    def read(root: Element) -> Dictionary:
        dictionary = child(root, "DataDictionary")
        if dictionary is None:
            raise BadInput("the PMML has no <DataDictionary>")
        shared = child(root, "TransformationDictionary")
        fields = {attribute_of(each, "name"): each for each in children(dictionary, "DataField")}
        if len(fields) > MAX_FEATURES:
            raise BadInput(f"the PMML has {len(fields):,} fields, more than {MAX_FEATURES:,}")
        return Dictionary(fields, {} if shared is None else _derived(shared))

    def schema(self, model: Element) -> Schema:
        """The inputs of a model by its mining schema. BadInput for treatments that are not read."""
        fields: dict[str, Field] = {}
        targets: list[str] = []
        mining = child(model, "MiningSchema")
        for each in () if mining is None else children(mining, "MiningField"):
            name = attribute_of(each, "name")
            usage = each.get("usageType", "active")
            if usage in _TARGETS:
                targets.append(name)
            elif usage in _ACTIVE and name in self.elements:
                fields[name] = _with_treatment(_field(name, self.elements[name]), each)
        local = child(model, "LocalTransformations")
        derived = {**self.derived, **({} if local is None else _derived(local))}
        return Schema(fields, derived, tuple(targets), self.elements)


@dataclass(frozen=True, slots=True)
class Schema:
    """What a model may read: its mining fields, and references to them under other names."""

    fields: Mapping[str, Field]
    derived: Mapping[str, Element]
    targets: tuple[str, ...]
    elements: Mapping[str, Element]

    def field(self, name: str, element: Element) -> Field:
        """A field by the name a predicate gives. BadInput for a transformation of fields."""
        if name in self.fields:
            return self.fields[name]
        if name not in self.derived:
            raise BadInput(
                f"{place(element)} reads '{name}', which the model's MiningSchema does not list",
                field=name,
                mend=did_you_mean(name, self.fields),
            )
        definition = self.derived[name]
        means = [each for each in definition if tag(each) not in {"Extension", "Value"}]
        if len(means) != 1 or tag(means[0]) != "FieldRef" or means[0].get("mapMissingTo"):
            what = tag(means[0]) if means else "nothing"
            raise refusal(
                definition,
                f"the derived field '{name}' (by {what})",
                "save the model on the fields themselves, and write the transformation as a "
                "feature in risk.yaml",
            )
        referred = attribute_of(means[0], "field")
        if referred == name:
            raise BadInput(f"{place(definition)}: '{name}' refers to itself")
        inner = Schema(
            self.fields,
            {key: each for key, each in self.derived.items() if key != name},
            (),
            self.elements,
        ).field(referred, means[0])
        return _cast(inner, definition)

    def classes(self) -> tuple[str, ...]:
        """The target's classes as the dictionary lists them."""
        names = [name for name in self.targets if name in self.elements]
        if not names:
            return ()
        return tuple(
            attribute_of(each, "value") for each in children(self.elements[names[0]], "Value")
        )


def _derived(section: Element) -> dict[str, Element]:
    return {attribute_of(each, "name"): each for each in children(section, "DerivedField")}


def _cast(field: Field, definition: Element) -> Field:
    """A reference may change the type: a double read as float is rounded first."""
    kind = definition.get("dataType")
    if kind == "float" and field.kind == "number":
        return replace(field, single=True)
    if kind in {"double", None} or (field.kind, kind) in {
        ("category", "string"), ("boolean", "boolean"),
    } or (kind == "integer" and field.whole):  # fmt: skip
        return field
    raise refusal(definition, f"a reference that turns a {field.kind} into {kind}")


def _field(name: str, element: Element) -> Field:
    kind = element.get("dataType", "double")
    values = list(children(element, "Value"))
    if kind == "string":
        odd = next((each for each in values if each.get("property", "valid") != "valid"), None)
        if odd is not None:
            raise refusal(odd, f"the value '{odd.get('value')}' marked {odd.get('property')}")
        listed = tuple(dict.fromkeys(attribute_of(each, "value") for each in values))
        return Field(name, "category", values=listed)
    if kind == "boolean":
        return Field(name, "boolean", whole=True)
    if kind not in _NUMBERS:
        raise refusal(element, f"the data type {kind} of '{name}'", "numbers and texts are read")
    invalid = next((each for each in values if each.get("property") == "invalid"), None)
    if invalid is not None:
        raise refusal(invalid, f"the value {invalid.get('value')} marked invalid")
    missing = [each for each in values if each.get("property") == "missing"]
    return Field(
        name,
        "number",
        single=kind == "float",
        whole=kind == "integer",
        missing_codes=tuple(number(attribute_of(each, "value"), each) for each in missing),
        bounded=child(element, "Interval") is not None or len(values) > len(missing),
    )


def _with_treatment(field: Field, element: Element) -> Field:
    outliers = element.get("outliers", "asIs")
    if outliers != "asIs":
        raise refusal(element, f"the treatment of outliers {outliers} of '{field.name}'")
    if element.get("missingValueTreatment") == "returnInvalid":
        raise refusal(element, f"missingValueTreatment=returnInvalid of '{field.name}'")
    written = element.get("invalidValueTreatment", "returnInvalid")
    treatment = next((each for each in _INVALID if each == written), None)
    if treatment is None:
        raise refusal(element, f"invalidValueTreatment={written} of '{field.name}'")
    return replace(field, replacement=element.get("missingValueReplacement"), invalid=treatment)


def check_bounds(field: Field, element: Element) -> None:
    """Refuse a number whose valid range the file limits while it scores no other value."""
    if field.kind == "number" and field.bounded and field.invalid != "asIs":
        raise refusal(
            element,
            f"a range or list of valid numbers of '{field.name}' with "
            f"invalidValueTreatment={field.invalid}",
            "take <Interval> and <Value> out of its DataField, or set invalidValueTreatment='asIs'",
        )
