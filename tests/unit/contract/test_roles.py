"""Which part each column plays: by what it holds as much as by what it is called."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.contract import Draft, check, draft

ROWS = 600
RNG = np.random.default_rng(11)
SCORE = RNG.normal(size=ROWS)
BAD = (SCORE + RNG.normal(size=ROWS) > 0.8).astype(int)


def _drafted(**columns: Any) -> Draft:
    return draft(pl.DataFrame({"facts": SCORE, **columns, "bad": BAD}), "bad")


def _use(drafted: Draft, name: str) -> str:
    return drafted.contract.field(name).use


def _of(*words: str) -> list[str]:
    return [words[i % len(words)] for i in range(ROWS)]


def _days(first: date, last: date) -> list[date]:
    span = (last - first).days
    return [first + timedelta(days=int(each)) for each in RNG.integers(0, span, ROWS)]


@pytest.mark.parametrize(
    ("trait", "values"),
    [
        ("marital status", ["Married", "Single", "Widow"]),
        ("marital status", ["Single / not married", "Civil marriage", "Married", "Separated"]),
        ("marital status", ["casado", "soltera", "viudo", "divorciada"]),
        ("marital status", ["已婚", "未婚", "离异"]),
        ("marital status", ["ledig", "verheiratet", "geschieden"]),
        ("marital status", ["M", "S", "D", "W"]),
        ("sex", ["M", "F"]),
        ("sex", ["male", "female"]),
        ("sex", ["Herr", "Frau"]),
        ("sex", ["男", "女"]),
        ("sex", ["Мужской", "Женский"]),
        ("sex", ["erkek", "kadın"]),
        ("sex", ["Mr", "Mrs", "Ms"]),
        ("religion", ["Hindu", "Muslim", "Christian", "Sikh"]),
        ("race or ethnicity", ["White", "Black or African American", "Asian", "Hispanic"]),
        ("nationality", ["German", "Turkish", "Polish", "Italian"]),
    ],
)
def test_words_tell_a_protected_trait_under_any_name(trait: str, values: list[str]) -> None:
    drafted = _drafted(attr7=_of(*values))
    field = drafted.contract.field("attr7")
    assert (field.use, field.sensitivity) == ("audit", "protected")
    assert any(trait in note and "(100% of rows)" in note for note in drafted.notes)


@pytest.mark.parametrize(
    "values",
    [
        ["own", "rent", "mortgage"],
        ["individual", "joint"],
        ["car", "radio/tv", "education"],
        ["A", "B", "C"],
        ["F", "G"],
        ["yes", "no"],
        ["north", "south"],
        ["single", "joint", "group", "company"],
    ],
)
def test_other_words_tell_no_trait(values: list[str]) -> None:
    assert _use(_drafted(attr7=_of(*values)), "attr7") == "feature"


def test_ages_and_years_of_birth_are_known_by_their_shape() -> None:
    ages = np.clip(RNG.gamma(6, 4, ROWS) + 18, 18, 80).astype(int)
    ages[:2] = 18, 80
    drafted = _drafted(x1=ages, x2=2019 - ages, built_year=2019 - ages)
    assert drafted.contract.protected == ("x1", "x2")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("utilisation_pct", RNG.integers(0, 100, ROWS)),
        ("x1", RNG.integers(0, 100, ROWS)),
        ("ltv", RNG.integers(20, 95, ROWS)),
        ("loan_term_months", RNG.integers(18, 84, ROWS)),
        ("x2", RNG.choice([12, 24, 36, 48, 60], ROWS)),
        ("x3", RNG.integers(300, 850, ROWS)),
        ("x4", RNG.integers(2015, 2020, ROWS)),
    ],
)
def test_other_whole_numbers_are_no_age(name: str, values: Any) -> None:
    assert not _drafted(**{name: values}).contract.protected


def test_a_named_id_comes_before_a_counter_and_a_customer_before_neither() -> None:
    numbers = RNG.permutation(np.arange(10_000, 10_000 + 7 * ROWS, 7))
    drafted = _drafted(**{"Unnamed: 0": range(ROWS), "contract_nbr": numbers})
    assert drafted.contract.id == "contract_nbr"
    assert _drafted(cust_id=numbers, loan_no=numbers + 1).contract.id == "loan_no"
    assert _drafted(Idx=range(ROWS)).contract.id == "Idx"


def test_a_customer_with_several_loans_is_the_customer_and_no_id() -> None:
    drafted = _drafted(loan_id=range(ROWS), client_id=[i // 3 for i in range(ROWS)])
    contract = drafted.contract
    assert (contract.id, contract.customer) == ("loan_id", "client_id")
    few = [f"K{i}" for i in range(ROWS - 10)] + [f"K{i}" for i in range(10)]
    contract = _drafted(Kundennummer=few).contract
    assert (contract.id, contract.customer) == (None, "Kundennummer")


def test_branches_and_dealers_are_codes_and_no_customers() -> None:
    drafted = _drafted(branch_id=RNG.integers(1, 30, ROWS), dealer_id=RNG.integers(1, 9, ROWS))
    assert drafted.contract.customer is None
    assert drafted.contract.field("branch_id").type == "string"
    assert any("proxy" in text for text in drafted.contract.field("branch_id").review)


@pytest.mark.parametrize("name", ["amount", "saldo", "net_income", "house_price", "betrag"])
def test_a_measure_that_never_repeats_is_no_id(name: str) -> None:
    values = RNG.permutation(np.arange(50_000, 50_000 + ROWS))
    drafted = _drafted(**{name: values})
    assert drafted.contract.id is None
    assert _use(drafted, name) == "feature"


def test_whole_numbers_that_grow_with_the_rows_are_said_and_not_learned_from() -> None:
    drafted = _drafted(zz=np.cumsum(RNG.integers(1, 9, ROWS)))
    assert _use(drafted, "zz") == "identifier"
    loans = _drafted(loan_id=RNG.permutation(ROWS), zz=np.cumsum(RNG.integers(1, 9, ROWS)))
    assert loans.contract.id == "loan_id"
    assert any("grow with the rows" in note or "another name" in note for note in loans.notes)


@pytest.mark.parametrize("name", ["PostCode", "pincode", "PLZ", "cep", "邮编"])
def test_a_postal_code_is_no_quantity_and_a_proxy_aloud(name: str) -> None:
    drafted = _drafted(**{name: RNG.integers(10_000, 10_040, ROWS)})
    field = next(f for f in drafted.contract.fields if f.column == name)
    assert field.type == "string"
    assert any("a proxy: a postal code" in note for note in drafted.notes)


def test_a_weight_is_drafted_as_the_weight_and_a_body_is_not() -> None:
    weights = RNG.uniform(0.5, 4, ROWS)
    contract = _drafted(sample_weight=weights, weight_kg=RNG.integers(50, 110, ROWS)).contract
    assert contract.weight == "sample_weight"
    assert contract.field("weight_kg").use == "feature"
    with_zero = np.where(np.arange(ROWS) == 3, 0.0, weights)
    assert _drafted(wt=with_zero).contract.weight is None


def test_days_after_the_application_are_known_only_afterwards() -> None:
    applied = _days(date(2018, 1, 1), date(2020, 1, 1))
    later = [day + timedelta(days=200 + i % 50) for i, day in enumerate(applied)]
    drafted = _drafted(loan_date=applied, zz=later, maturity_date=later)
    assert drafted.contract.date == "loan_date"
    assert _use(drafted, "zz") == "outcome"
    assert _use(drafted, "maturity_date") == "ignore"


def test_among_days_that_say_nothing_the_narrow_window_dates_the_application() -> None:
    long_ago = _days(date(1975, 1, 1), date(2012, 1, 1))
    recent = _days(date(2018, 1, 1), date(2020, 1, 1))
    assert _drafted(d1=long_ago, d2=recent).contract.date == "d2"


def test_what_is_written_only_for_bad_loans_was_written_afterwards() -> None:
    noted = [i % 7 + 1.5 if bad and i % 3 else None for i, bad in enumerate(BAD)]
    amounts = [i * 1.5 + 3 if bad and i % 3 else 0.0 for i, bad in enumerate(BAD)]
    guaranteed = ["Y" if not bad and i % 2 else "N" for i, bad in enumerate(BAD)]
    drafted = _drafted(x1=noted, x2=amounts, x3=guaranteed)
    assert [_use(drafted, name) for name in ("x1", "x2", "x3")] == ["outcome", "outcome", "feature"]
    assert any("only where the outcome is bad" in note for note in drafted.notes)


def test_what_separates_far_better_than_the_rest_is_asked_about() -> None:
    near = BAD + RNG.normal(size=ROWS) * 0.35
    drafted = _drafted(zz=near, bureau_score=near)
    assert _use(drafted, "zz") == "outcome"
    assert _use(drafted, "bureau_score") == "feature"
    strong = BAD + RNG.normal(size=ROWS) * 0.85  # an AUC of about 0.8
    assert _use(_drafted(zz=strong), "zz") == "feature"


def test_the_draft_of_a_doubtful_target_keeps_its_question() -> None:
    frame = pl.DataFrame({"facts": SCORE, "colour": ["red" if bad else "blue" for bad in BAD]})
    contract = draft(frame, "colour").contract
    assert contract.target.event == "red"
    assert "is 'red' bad and 'blue' good?" in contract.target.confirm
    assert contract.review[0].startswith("target: confirm first")
    assert draft(frame, "colour", "red").contract.target.confirm == ""


def test_a_draft_passes_its_own_check_with_every_part_played() -> None:
    frame = pl.DataFrame(
        {
            "facts": SCORE,
            "deal_num": range(ROWS),
            "cust_nbr": [i // 2 for i in range(ROWS)],
            "disbursal_date": _days(date(2018, 1, 1), date(2020, 1, 1)),
            "wt": RNG.uniform(1, 2, ROWS),
            "bad": BAD,
        }
    )
    contract = draft(frame, "bad").contract
    assert (contract.id, contract.customer) == ("deal_num", "cust_nbr")
    assert (contract.date, contract.weight) == ("disbursal_date", "wt")
    assert check(contract, frame).rows_refused == 0
