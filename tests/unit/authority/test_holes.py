"""Faults of the matrix: found exactly where trying every combination finds them."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from equipoise.authority import Authority, AuthoritySection, authority_faults

LEVELS = [{"name": name} for name in ("underwriter", "senior", "committee")]
GRADES, CODES, PRODUCTS = ("A", "B"), ("LOW_INCOME", "HIGH_DEBTS"), ("car", "cash")


def section(*rows: dict[str, Any], levels: list[Any] | None = None) -> AuthoritySection:
    return AuthoritySection.model_validate({"levels": levels or LEVELS, "matrix": list(rows)})


def messages(rules: AuthoritySection, products: tuple[str, ...] = ()) -> list[str]:
    return [fault.message for fault in authority_faults(rules, GRADES, CODES, products)]


def test_a_sound_matrix_has_no_fault() -> None:
    rules = section(
        {"up_to": 10_000, "grades": ["A"], "level": "system"},
        {"up_to": 20_000, "level": "underwriter"},
        {"level": "senior", "joint": 2},
    )
    assert messages(rules) == []


def test_a_hole_names_amount_grade_exception_and_product() -> None:
    rules = section(
        {"up_to": 20_000, "grades": ["A"], "exceptions": "none", "level": "underwriter"},
        {"up_to": 20_000, "products": ["car"], "grades": ["B"], "level": "senior"},
        {"level": "senior", "grades": ["A"], "exceptions": ["LOW_INCOME"]},
    )
    sentences = messages(rules, PRODUCTS)
    assert "no row covers any amount, grade B with product cash, no exception" in sentences
    assert (
        "no row covers an amount above 20,000, grade B with product car, no exception" in sentences
    )
    assert "no row covers any amount, grade A, exception HIGH_DEBTS" in sentences


def test_exceptions_covered_one_by_one_may_leave_a_hole_together() -> None:
    rules = section(
        {"exceptions": ["LOW_INCOME"], "level": "underwriter"},
        {"exceptions": ["HIGH_DEBTS"], "level": "underwriter"},
    )
    assert messages(rules) == ["no row covers any amount, exceptions LOW_INCOME and HIGH_DEBTS"]


def test_exceptions_no_row_tells_apart_are_told_once() -> None:
    rules = section(
        {"exceptions": ["C0", "C1"], "level": "underwriter"},
        {"exceptions": ["C0", "C2"], "level": "underwriter"},
    )
    codes = [f"C{k}" for k in range(9)]
    assert [fault.message for fault in authority_faults(rules, GRADES, codes)] == [
        "no row covers any amount, exception C3, C4, C5, C6 or 2 more"
    ]
    assert [fault.message for fault in authority_faults(rules, GRADES, codes[:3])] == [
        "no row covers any amount, exceptions C1 and C2"
    ]


def test_a_row_behind_a_wider_one_is_told_with_the_row_that_covers_it() -> None:
    rules = section(
        {"up_to": 50_000, "level": "underwriter"},
        {"up_to": 20_000, "grades": ["A"], "level": "underwriter"},
        {"level": "senior"},
    )
    (fault,) = authority_faults(rules, GRADES, CODES)
    assert fault.message == "row 2 can never be reached: row 1 covers all of it"
    assert fault.keys == ("matrix", 1)


def test_a_higher_amount_and_an_exception_may_not_need_less_authority() -> None:
    amount = section({"up_to": 20_000, "level": "senior"}, {"level": "underwriter"})
    assert messages(amount) == [
        "a higher amount needs less authority: row 2 asks underwriter, row 1 asks senior"
    ]
    joint = section({"up_to": 20_000, "level": "senior", "joint": 2}, {"level": "senior"})
    assert "row 1 asks senior x 2" in messages(joint)[0]
    exception = section({"exceptions": "none", "level": "senior"}, {"level": "underwriter"})
    assert messages(exception)[0].startswith("an exception or a higher amount needs less")


def test_levels_without_people_and_names_that_never_occur_are_told() -> None:
    levels = [{"name": "underwriter"}, {"name": "senior", "staff": 0}]
    empty = section({"up_to": 5, "level": "underwriter", "joint": 2}, {"level": "senior"},
                    levels=levels)  # fmt: skip
    sentences = messages(empty)
    assert "cases go to level 'senior', and nobody staffs it" in sentences
    assert "row 1 wants 2 signatures; 1 people could sign" in sentences
    names = section(
        {"grades": ["A", "a"], "level": "underwriter"},
        {"exceptions": ["LOW_INCOM"], "level": "underwriter"},
        {"products": ["car"], "level": "senior"},
        {"level": "senior"},
    )
    faults = list(authority_faults(names, GRADES, CODES))
    assert [fault.keys for fault in faults[:3]] == [
        ("matrix", 0, "grades"),
        ("matrix", 1, "exceptions"),
        ("matrix", 2, "products"),
    ]
    assert faults[1].mend == "did you mean 'LOW_INCOME'?"


some_rows = st.lists(
    st.fixed_dictionaries(
        {
            "up_to": st.sampled_from((None, 5_000.0, 20_000.0)),
            "grades": st.sampled_from(("all", ("A",), ("B",))),
            "exceptions": st.sampled_from(("none", "any", ("LOW_INCOME",), CODES)),
            "products": st.sampled_from(("all", ("car",))),
            "level": st.sampled_from(("underwriter", "senior")),
        }
    ),
    min_size=1,
    max_size=6,
)


@given(rows=some_rows)
def test_holes_and_rows_never_reached_are_those_found_by_trying_everything(
    rows: list[dict[str, Any]],
) -> None:
    rules = section(*rows)
    authority = Authority(rules)
    sets = [c for n in range(4) for c in combinations((*CODES, "OTHER"), n)]
    amounts = (0.0, 5_000.0, 5_000.01, 20_000.0, 20_000.01, 1e9)
    tried = [
        (authority.level_for(amount, grade, codes, kind).row, codes)
        for amount, grade, codes, kind in product(amounts, GRADES, sets, PRODUCTS)
    ]
    reached = {row for row, _ in tried}
    hole = any(row is None for row, codes in tried if "OTHER" not in codes)
    faults = list(authority_faults(rules, GRADES, CODES, PRODUCTS))
    assert hole == any(fault.message.startswith("no row covers") for fault in faults)
    never = {fault.keys[1] for fault in faults if "never be reached" in fault.message}
    assert never == set(range(len(rows))) - reached
