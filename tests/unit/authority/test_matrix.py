"""The matrix of authority: first row that holds, the same one by one, in a frame, as text."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from equipoise.authority import SYSTEM, Authority, AuthoritySection
from equipoise.expression import compile as compile_expression

LEVELS = ("underwriter", "senior", "committee")
GRADES = ("A", "B", "C")
PRODUCTS = ("car", "cash")
CODES = ("LOW_INCOME", "HIGH_DEBTS", "STALE_FACT")
EDGES = (0.0, 5_000.0, 20_000.0, 20_000.5, 75_000.0)

SHORT = {
    "levels": [{"name": name} for name in LEVELS],
    "matrix": [
        {"up_to": 10_000, "grades": ["A", "B"], "level": "system"},
        {"up_to": 25_000, "exceptions": ["LOW_INCOME"], "level": "underwriter"},
        {"up_to": 75_000, "level": "senior"},
        {"level": "committee", "joint": 2},
    ],
}


def section(**changes: Any) -> AuthoritySection:
    return AuthoritySection.model_validate({**SHORT, **changes})


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    level = draw(st.sampled_from((SYSTEM, *LEVELS)))
    some = {"min_size": 1, "max_size": 2, "unique": True}
    codes: list[Any] = ["none", draw(st.lists(st.sampled_from(CODES), **some)), None]
    return {
        "up_to": draw(st.sampled_from((None, *EDGES))),
        "grades": draw(st.one_of(st.just("all"), st.lists(st.sampled_from(GRADES), **some))),
        "products": draw(st.one_of(st.just("all"), st.lists(st.sampled_from(PRODUCTS), **some))),
        "exceptions": draw(st.sampled_from(codes if level == SYSTEM else [*codes, "any"])),
        "level": level,
        "joint": 1 if level == SYSTEM else draw(st.integers(1, 3)),
    }


matrices = st.lists(rows(), min_size=1, max_size=8).map(lambda found: section(matrix=found))
cases = st.fixed_dictionaries(
    {
        "amount": st.one_of(
            st.none(), st.sampled_from(EDGES), st.floats(0, 1e6), st.just(float("nan"))
        ),
        "grade": st.sampled_from((None, *GRADES, "Z", "")),
        "exceptions": st.lists(st.sampled_from((*CODES, "OTHER")), max_size=3, unique=True),
        "product": st.sampled_from((None, *PRODUCTS, "boat")),
    }
)


def by_hand(rules: AuthoritySection, case: dict[str, Any]) -> list[int]:
    """All rows that hold, read straight from their definition."""
    amount, grade = case["amount"], case["grade"]
    known = amount is not None and not math.isnan(amount)
    collected = []
    for index, row in enumerate(rules.matrix):
        if row.up_to is not None and not (known and amount <= row.up_to):
            continue
        if row.grades != "all" and grade not in row.grades:
            continue
        if row.products != "all" and case["product"] not in row.products:
            continue
        if row.accepts is not None and not set(case["exceptions"]) <= row.accepts:
            continue
        if row.level == SYSTEM and (not known or grade is None):
            continue
        collected.append(index)
    return collected


@given(rules=matrices, case=cases)
def test_the_first_row_that_holds_decides_and_what_no_row_covers_goes_to_the_highest_level(
    rules: AuthoritySection, case: dict[str, Any]
) -> None:
    result = Authority(rules).level_for(**case)
    holding = by_hand(rules, case)
    if holding:
        row = rules.matrix[holding[0]]
        assert (result.level, result.signatures, result.row) == (row.level, row.joint, holding[0])
    else:
        assert (result.level, result.signatures, result.row) == ("committee", 1, None)


@given(rules=matrices, found=st.lists(cases, min_size=1, max_size=10))
def test_a_frame_gets_the_same_answers_as_one_by_one(
    rules: AuthoritySection, found: list[dict[str, Any]]
) -> None:
    frame = pl.DataFrame(
        found,
        schema={
            "amount": pl.Float64,
            "grade": pl.String,
            "exceptions": pl.List(pl.String),
            "product": pl.String,
        },
    )
    authority = Authority(rules)
    answers = authority.level_for_frame(frame, exceptions="exceptions", product="product")
    for case, answer in zip(found, answers.iter_rows(named=True), strict=True):
        one = authority.level_for(**case)
        assert answer == {"level": one.level, "signatures": one.signatures, "row": one.row}
    bare = authority.level_for_frame(frame)
    for case, level in zip(found, bare["level"], strict=True):
        assert level == authority.level_for(case["amount"], case["grade"]).level


@given(rules=matrices, case=cases, with_product=st.booleans())
def test_the_expression_says_what_the_matrix_says_without_exceptions(
    rules: AuthoritySection, case: dict[str, Any], with_product: bool
) -> None:
    authority = Authority(rules)
    text = authority.as_expression("its amount", "grade", "its product" if with_product else None)
    types = {"its amount": "number", "grade": "string", "its product": "string"}
    amount = None if case["amount"] != case["amount"] else case["amount"]
    record = {"its amount": amount, "grade": case["grade"], "its product": case["product"]}
    product = case["product"] if with_product else None
    assert (
        compile_expression(text, types).python(record)
        == authority.level_for(amount, case["grade"], (), product).level
    )


def test_one_row_open_to_all_answers_every_row_of_a_frame() -> None:
    frame = pl.DataFrame({"amount": [1.0, 2.0], "grade": ["A", "B"]})
    answers = Authority(section(matrix=[{"level": "senior"}])).level_for_frame(frame)
    assert answers["level"].to_list() == ["senior", "senior"]
    assert Authority(section()).level_for_frame(frame.clear()).height == 0


def test_the_ceiling_belongs_to_its_row_and_an_exception_takes_the_system_out() -> None:
    authority = Authority(section())
    assert authority.level_for(10_000, "A").level == SYSTEM
    assert authority.level_for(10_000.01, "A").level == "underwriter"
    assert authority.level_for(500, "A", ("LOW_INCOME",)).level == "underwriter"
    assert authority.level_for(500, "A", ("LOW_INCOME", "STALE_FACT")).level == "senior"
    assert authority.level_for(1e9, "C").signatures == 2


def test_the_system_never_decides_what_it_does_not_know() -> None:
    authority = Authority(section(matrix=[{"level": "system"}, {"level": "underwriter"}]))
    assert authority.level_for(1e9, "A").level == SYSTEM
    assert authority.level_for(None, "A").level == "underwriter"
    assert authority.level_for(float("nan"), "A").level == "underwriter"
    assert authority.level_for(100, None).level == "underwriter"
    assert authority.level_for(100, "A", ("LOW_INCOME",)).level == "underwriter"


def test_nine_sign_together_and_no_more() -> None:
    authority = Authority(section(matrix=[{"level": "committee", "joint": 9}]))
    assert authority.level_for(100, "A").signatures == 9
    with pytest.raises(ValidationError, match="joint"):
        section(matrix=[{"level": "committee", "joint": 10}])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"matrix": [{"level": "comittee"}]}, "did you mean 'committee'"),
        ({"matrix": [{"level": "system", "joint": 2}]}, "decides alone"),
        ({"matrix": [{"level": "system", "exceptions": "any"}]}, "name the exceptions"),
        ({"matrix": [{"level": "senior", "grades": []}]}, "`grades` is empty"),
        ({"levels": [{"name": "a"}, {"name": "a"}]}, "two levels are named 'a'"),
        ({"levels": [{"name": "system"}]}, "automatic level"),
        ({"levels": [{"name": "a", "staff": 1.5}]}, "whole people"),
        ({"levels": [{"name": "a", "minutes_per_case": 0}]}, "above 0"),
        ({"levels": [{"name": "a", "days": ["mon"]}]}, "not a weekday"),
        ({"matrix": [{"level": "senior", "grades": 5}]}, "`all`, a name or a list"),
        ({"matrix": [{"level": "senior", "exceptions": "low"}]}, "written in capitals"),
        ({"overrides": {"level": "boss", "reasons": {"X": "x"}}}, "the level 'boss'"),
    ],
)
def test_a_section_that_makes_no_sense_is_refused_with_a_mend(
    changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        section(**changes)


def test_the_section_reads_back_as_it_was_written_down() -> None:
    rules = section(overrides={"level": "senior", "reasons": {"KNOWN": "known for years"}})
    assert AuthoritySection.model_validate(rules.model_dump(mode="json")) == rules
