"""PMML scorecards: the specification's own example, and our points against its letter."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pmml_oracle import scorecard_points

from equipoise.errors import BadInput
from equipoise.risk.characteristic import Numeric
from equipoise.risk.foreign import Card, ForeignModel
from equipoise.risk.foreign.pmml import read

HEAD = '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header copyright="ours"/>'


def simple(field: str, operator: str, value: object = None) -> str:
    written = "" if value is None else f' value="{value}"'
    return f'<SimplePredicate field="{field}" operator="{operator}"{written}/>'


def both(*parts: str, operator: str = "and") -> str:
    return f'<CompoundPredicate booleanOperator="{operator}">{"".join(parts)}</CompoundPredicate>'


def card(characteristics: str, fields: str = "", mining: str = "", head: str = "") -> str:
    return (
        f"{HEAD}<DataDictionary>{fields}"
        '<DataField name="points" optype="continuous" dataType="double"/></DataDictionary>'
        f'<Scorecard functionName="regression" {head}><MiningSchema>{mining}'
        '<MiningField name="points" usageType="predicted"/></MiningSchema>'
        f"<Characteristics>{characteristics}</Characteristics></Scorecard></PMML>"
    )


def characteristic(*attributes: tuple[str, float], name: str = "c") -> str:
    inner = "".join(
        f'<Attribute partialScore="{points}">{predicate}</Attribute>'
        for predicate, points in attributes
    )
    return f'<Characteristic name="{name}" reasonCode="RC">{inner}</Characteristic>'


def points(model: ForeignModel, record: dict[str, object]) -> float | None:
    scored = model.model
    assert isinstance(scored, Card)
    total = scored.base_points
    for each in scored.characteristics:
        value = record[each.name]
        kind = pl.Float64 if isinstance(each, Numeric) else pl.String
        (at,) = each.locate(pl.Series(each.name, [value], dtype=kind))
        total += float(each.points_table()[at])
    return None if math.isnan(total) else total


# The example of the specification: department, age and income, http://dmg.org/pmml/v4-4/Scorecard.html
FIELDS = (
    '<DataField name="department" optype="categorical" dataType="string"/>'
    '<DataField name="age" optype="continuous" dataType="integer"/>'
    '<DataField name="income" optype="continuous" dataType="double"/>'
)
MINING = '<MiningField name="department" invalidValueTreatment="asMissing"/>' + "".join(
    f'<MiningField name="{name}"/>' for name in ("age", "income")
)
EXAMPLE = card(
    characteristic(
        (simple("department", "isMissing"), -9),
        (simple("department", "equal", "marketing"), 19),
        (simple("department", "equal", "engineering"), 3),
        (simple("department", "equal", "business"), 6),
        ("<True/>", 0),
        name="departmentScore",
    )
    + characteristic(
        (simple("age", "isMissing"), -1),
        (simple("age", "lessOrEqual", 18), -3),
        (both(simple("age", "greaterThan", 18), simple("age", "lessOrEqual", 29)), 0),
        (both(simple("age", "greaterThan", 29), simple("age", "lessOrEqual", 39)), 12),
        (simple("age", "greaterThan", 39), 18),
        name="ageScore",
    )
    + characteristic(
        (simple("income", "isMissing"), 5),
        (simple("income", "lessOrEqual", 1000), 26),
        (both(simple("income", "greaterThan", 1000), simple("income", "lessOrEqual", 2500)), 5),
        (both(simple("income", "greaterThan", 1500)), 13),
        name="incomeScore",
    ),
    FIELDS,
    MINING,
    'initialScore="0" useReasonCodes="true" reasonCodeAlgorithm="pointsBelow"',
)


def test_the_specifications_example_scores_29() -> None:
    model = read(EXAMPLE.encode())
    assert points(model, {"department": "engineering", "age": 25, "income": 500.0}) == 29
    assert model.output == "points"
    assert any("reason codes" in note for note in model.notes)


@pytest.mark.parametrize("department", [None, "marketing", "business", "unheard of"])
@pytest.mark.parametrize("age", [None, 18, 19, 29, 39, 40])
def test_the_example_agrees_with_its_letter(department: str | None, age: int | None) -> None:
    model = read(EXAMPLE.encode())
    for income in (None, 1000.0, math.nextafter(1000, 2000), 2500.0, 2500.1):
        record = {"department": department, "age": age, "income": income}
        assert points(model, record) == scorecard_points(EXAMPLE, record)


CONSTANTS = [0, 1, 2, 3]
NUMBERS = [*CONSTANTS, 0.5, 2.5, -1, 9, math.nextafter(1, 2), math.nextafter(1, 0)]


def _predicates(depth: int = 2) -> st.SearchStrategy[str]:
    compare = st.builds(
        simple,
        st.just("x"),
        st.sampled_from(
            ["lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual", "equal", "notEqual"]
        ),
        st.sampled_from(CONSTANTS),
    )
    missing = st.builds(simple, st.just("x"), st.sampled_from(["isMissing", "isNotMissing"]))
    members = st.lists(st.sampled_from(CONSTANTS), min_size=1, max_size=3, unique=True)
    among = st.builds(
        lambda operator, each: (
            f'<SimpleSetPredicate field="x" booleanOperator="{operator}">'
            f'<Array type="real" n="{len(each)}">{" ".join(map(str, each))}</Array>'
            "</SimpleSetPredicate>"
        ),
        st.sampled_from(["isIn", "isNotIn"]),
        members,
    )
    plain = st.one_of(compare, missing, among)
    if not depth:
        return plain
    inner = st.lists(_predicates(depth - 1), min_size=2, max_size=3)
    joined = st.builds(
        lambda parts, operator: both(*parts, operator=operator),
        inner,
        st.sampled_from(["and", "or", "xor"]),
    )
    return st.one_of(plain, joined)


X = '<DataField name="x" optype="continuous" dataType="double"/>'


@settings(max_examples=80)
@given(parts=st.lists(_predicates(), min_size=1, max_size=4), rest=st.booleans())
def test_any_mixture_of_predicates_comes_to_the_same_points(parts: list[str], rest: bool) -> None:
    attributes = [(each, at + 1.0) for at, each in enumerate(parts)]
    attributes += [(simple("x", "isMissing"), -1.0), ("<True/>", 0.0)][: 2 * rest]
    if not rest:
        attributes.append((simple("x", "equal", 77), 0.0))
    text = card(characteristic(*attributes), X, '<MiningField name="x"/>')
    model = read(text.encode())
    for value in (None, *map(float, NUMBERS)):
        assert points(model, {"x": value}) == scorecard_points(text, {"x": value})


def test_a_float_field_is_compared_in_float32() -> None:
    """0.1 as a float lies above 0.1: a double just above 0.1 rounds to it and is not greater."""
    text = card(
        characteristic((simple("x", "greaterThan", 0.1), 1.0), ("<True/>", 0.0)),
        X.replace("double", "float"),
        '<MiningField name="x"/>',
    )
    model = read(text.encode())
    rng = np.random.default_rng(0)
    for value in 0.1 + rng.normal(scale=1e-8, size=400):
        assert points(model, {"x": value}) == float(np.float32(value) > np.float32(0.1))


def test_missing_replacements_and_codes_that_mean_missing() -> None:
    attributes = ((simple("x", "lessThan", 5), 1.0), ("<True/>", 2.0))
    replaced = card(
        characteristic(*attributes), X, '<MiningField name="x" missingValueReplacement="3"/>'
    )
    assert points(read(replaced.encode()), {"x": None}) == 1.0
    coded = card(
        characteristic((simple("x", "isMissing"), 9.0), *attributes),
        X.replace("/>", '><Value value="-99" property="missing"/></DataField>'),
        '<MiningField name="x" invalidValueTreatment="asIs"/>',
    )
    model = read(coded.encode())
    assert points(model, {"x": -99.0}) == points(model, {"x": None}) == 9.0
    assert points(model, {"x": -98.0}) == 1.0


@pytest.mark.parametrize(
    ("treatment", "expected"), [("asIs", 0.0), ("asMissing", 7.0), ("returnInvalid", None)]
)
def test_texts_that_are_not_listed(treatment: str, expected: float | None) -> None:
    field = (
        '<DataField name="h" optype="categorical" dataType="string"><Value value="A"/></DataField>'
    )
    text = card(
        characteristic(
            (simple("h", "isMissing"), 7.0), (simple("h", "equal", "A"), 1.0), ("<True/>", 0.0)
        ),
        field,
        f'<MiningField name="h" invalidValueTreatment="{treatment}"/>',
    )
    assert points(read(text.encode()), {"h": "B"}) == expected


APPLY = (
    '<LocalTransformations><DerivedField name="y" optype="continuous" dataType="double">'
    '<Apply function="ln"><FieldRef field="x"/></Apply></DerivedField></LocalTransformations>'
)
ONE = characteristic((simple("x", "lessThan", 5), 1.0))
MINE = '<MiningField name="x"/>'
SURROGATE = both(simple("x", "lessThan", 5), operator="surrogate")
INTERVAL = '><Interval closure="closedOpen" leftMargin="0"/></DataField>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (card(ONE, X, MINE).replace("<Characteristics>", "<Targets/><Characteristics>"), "target"),
        (
            card(ONE.replace('"x"', '"y"'), X, MINE).replace(
                "<Characteristics>", APPLY + "<Characteristics>"
            ),
            "derived field 'y' .by Apply",
        ),
        (
            card(characteristic((SURROGATE, 1.0)), X, MINE),
            "surrogate",
        ),
        (card(ONE, X, '<MiningField name="x" outliers="asExtremeValues"/>'), "outliers"),
        (
            card(ONE, X, '<MiningField name="x" missingValueTreatment="returnInvalid"/>'),
            "returnInvalid",
        ),
        (
            card(
                characteristic(
                    (both(simple("x", "lessThan", 5), simple("z", "lessThan", 5)), 1.0)
                ),
                X + X.replace('"x"', '"z"'),
                MINE + MINE.replace('"x"', '"z"'),
            ),
            "more or less than one field",
        ),
        (card(ONE, X, "<Extension/>"), "MiningSchema does not list"),
        (card(ONE, X.replace("double", "date"), MINE), "data type date"),
        (card(ONE, X, MINE).replace('partialScore="1.0"', ""), "partialScore"),
        (card(ONE, X, MINE).replace('partialScore="1.0"', 'partialScore="inf"'), "no number"),
        (card(ONE + ONE, X, MINE), "second characteristic"),
        (card("", X, MINE), "no characteristics"),
        (card(ONE, X, MINE).replace('version="4.4"', 'version="3.2"'), "version 3.2"),
        (card(ONE, X, MINE).replace("Scorecard", "NeuralNetwork"), "NeuralNetwork"),
        (
            card(ONE, X.replace("/>", INTERVAL), MINE),
            "range or list of valid",
        ),
    ],
)  # fmt: skip
def test_what_is_not_read_exactly_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read(text.encode())


LAUGHS = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 9))


@pytest.mark.parametrize(
    "raw",
    [
        f'<!DOCTYPE PMML [<!ENTITY a0 "ha">{LAUGHS}]><PMML version="4.4">&a8;</PMML>'.encode(),
        b'<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/passwd">]><PMML version="4.4">&x;</PMML>',
        b'<!DOCTYPE PMML SYSTEM "http://127.0.0.1:9/pmml.dtd"><PMML version="4.4"/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE PMML [<!ENTITY x "y">]><PMML>&x;</PMML>'
        .encode("utf-16"),
    ],
)  # fmt: skip
def test_entities_and_document_types_are_refused(raw: bytes) -> None:
    with pytest.raises(BadInput, match="document type or entities"):
        read(raw)


@pytest.mark.parametrize("raw", [b"", b"<a", b"<PMML/>", b"<html></html>", b"<a>" * 5000])
def test_what_is_no_pmml_is_refused(raw: bytes) -> None:
    with pytest.raises(BadInput):
        read(raw)
