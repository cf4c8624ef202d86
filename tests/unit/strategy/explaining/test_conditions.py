"""An offer that waits for checks says so to everybody, and never a plain yes."""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl
import pytest
from applications import applications
from corner_lender import application, strategy
from hypothesis import given, settings
from hypothesis import strategies as st
from step_lender import CHECKS, SECTIONS, TIERS, step_strategy, treatments

from equipoise.strategy.decision import Decision
from equipoise.strategy.engine import Strategy
from equipoise.strategy.explaining import for_auditor, for_customer, for_underwriter, unsupported
from equipoise.strategy.files.answer_files import answer_file
from equipoise.strategy.sealing import seal
from equipoise.texts.decisions import phrase
from equipoise.texts.wording import Wording

NAMES = [each.name for each in CHECKS]
LABELS = {
    "income": Wording(label={"en": "a proof of your income", "zh": "收入证明"},
                      need={"en": "a payslip not older than 3 months"}),
    "call": Wording(label={"en": "a call with us", "zh": "电话核实"}),
    "bank": Wording(label={"zh": "银行流水"}, need={"zh": "最近三个月的账户流水"}),
}  # fmt: skip
LANGUAGES = ("en", "zh")
TEXTS = {
    code: {"en": f"{code} in words", "zh": f"{code} 的说明"}
    for code in ("DEBTS", "SICK", "STRAINED")
}
BIG = {"amount": 12000.0}  # the table gives it the full journey


def named(decision: Decision) -> list[str]:
    return [each.name for each in decision.conditions]


@pytest.fixture(scope="module")
def table() -> Strategy:
    return strategy()


def test_an_approval_names_the_checks_that_it_waits_for(table: Strategy) -> None:
    decision = table.decide(application(**BIG))
    assert (decision.outcome, named(decision), decision.trace.next_check) == (
        "approve", ["income", "call"], None,
    )  # fmt: skip
    assert decision.answer()["conditions"][0] == {
        "name": "income", "label": {"en": "income"}, "need": {},
    }  # fmt: skip
    assert named(table.decide(application())) == []


@pytest.mark.parametrize(
    ("checks", "outcome", "owed"),
    [
        (None, "approve", ["income", "call"]),
        ({}, "ask_for_more", ["income", "call"]),
        ({"call": "passed"}, "ask_for_more", ["income"]),
        ({"income": "passed", "call": "passed"}, "approve", []),
        ({"call": "stopped"}, "decline", []),
    ],
)
def test_results_turn_conditions_off_one_by_one(
    table: Strategy, checks: Any, outcome: str, owed: list[str]
) -> None:
    decision = table.decide({**application(**BIG), "checks": checks})
    assert (decision.outcome, named(decision)) == (outcome, owed)
    assert decision.trace.next_check == (owed[0] if outcome == "ask_for_more" else None)


def test_a_stop_is_heard_whatever_journey_is_chosen(table: Strategy) -> None:
    quick = table.decide(application(checks={"income": "stopped"}))
    assert [each.code for each in quick.reasons] == ["CHECK_STOPPED"]
    person = strategy(person=("full",)).decide(application(**BIG, checks={"income": "stopped"}))
    assert (quick.outcome, person.outcome, person.offers) == ("decline", "decline", ())
    assert "check income: stopped" in for_underwriter(quick, table.content)


def test_what_a_person_decides_makes_no_promise(table: Strategy) -> None:
    for one in (
        table.decide(application(**BIG, on_sick_leave=True)),
        strategy(person=("full",)).decide(application(**BIG)),
    ):
        assert (one.outcome, named(one)) == ("refer", [])


def test_a_counter_offer_names_them_to_the_customer_with_what_is_needed() -> None:
    plain = strategy(languages=LANGUAGES, texts=TEXTS)
    sealed = Strategy(seal(plain.content.model_copy(update={"wording": LABELS})))
    given_ = application(score=650.0, amount=5000.0, employment="own", dti=0.2)
    decision = sealed.decide(given_)
    assert (decision.outcome, named(decision)) == ("counter_offer", ["income", "call"])
    words = for_customer(decision, sealed.content, "en")
    assert words["headline"] == (
        "We can make you another offer than you asked for, once these checks are passed: "
        "a proof of your income, a call with us."
    )
    assert words["conditions"] == [
        "a proof of your income: a payslip not older than 3 months", "a call with us",
    ]  # fmt: skip
    assert words["conditions"][0] in words["text"]
    assert "收入证明、电话核实" in for_customer(decision, sealed.content, "zh")["headline"]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_file_of_answers_names_them(table: Strategy, kind: Any, tmp_path: Any) -> None:
    answers = table.decide_records([application(**BIG), application()])
    with answer_file(tmp_path / "out", kind) as write:
        write(answers)
    read = {"csv": pl.read_csv, "jsonl": pl.read_ndjson, "parquet": pl.read_parquet}[kind]
    decision = read(tmp_path / "out")["conditions"]
    expected: list[Any] = [["income", "call"], []]
    assert decision.to_list() == (['["income", "call"]', "[]"] if kind == "csv" else expected)


MENU = [each.name for each in treatments().menu()]
SHAPES = st.fixed_dictionaries(
    {
        "choose": st.sampled_from(["table", "table", "cutoff", "balance"]),
        "steps": st.booleans(),
        "gives": st.tuples(*[st.sampled_from(MENU)] * 4),
        "labelled": st.sets(st.sampled_from(sorted(LABELS))).map(sorted).map(tuple),
    }
)
RESULTS = st.none() | st.dictionaries(
    st.sampled_from(NAMES), st.sampled_from(["passed", "passed", "passed", "stopped"])
)


@cache
def generated(choose: str, steps: bool, gives: tuple[str, ...], labelled: tuple[str, ...]) -> Any:
    conditions = ("amount <= 10000", "pd < 0.05", "pd < 0.2")
    rows = [{"when": c, "give": [g, "refer"]} for c, g in zip(conditions, gives, strict=False)]
    made = step_strategy(
        choose=choose,
        asking=SECTIONS["asking"] if steps else None,
        table={"rows": [*rows, {"give": [gives[3], "refer"]}]},
        tiers=[{**each, "journeys": [*TIERS[1]["journeys"], "quick"]} for each in TIERS],
        languages=LANGUAGES,
        texts=TEXTS,
    )
    wording = {name: LABELS[name] for name in labelled}
    return Strategy(seal(made.content.model_copy(update={"wording": wording})))


@settings(max_examples=15, deadline=None)
@given(
    shape=SHAPES,
    cases=st.lists(st.tuples(applications(), RESULTS), min_size=8, max_size=20),
)
def test_no_two_who_are_told_are_told_different_things(
    shape: dict[str, Any], cases: list[tuple[dict[str, Any], Any]]
) -> None:
    sealed = generated(**shape)
    for record, results in cases:
        application_ = record if results is None else {**record, "checks": results}
        decision = sealed.decide(application_)
        owed = named(decision)
        offers = decision.outcome in ("approve", "counter_offer")
        assert not owed or offers or decision.outcome == "ask_for_more"
        assert not {*owed} & {n for n, r in (results or {}).items() if r == "passed"}
        assert decision.trace.next_check == (
            owed[0] if decision.outcome == "ask_for_more" else None
        )
        for language in LANGUAGES:
            words = for_customer(decision, sealed.content, language)
            assert unsupported(words, decision, sealed.content) == []
            assert all(each.label[language] in words["text"] for each in decision.conditions)
            plain = words["headline"] in (phrase(o, language) for o in ("approve", "counter_offer"))
            assert plain == (offers and not owed)
        text = "\n".join(for_underwriter(decision, sealed.content))
        assert ("once the checks owed are passed" in text) == (offers and bool(owed))
        assert all(f"owed: check {name}," in text for name in owed)
        assert (", owed: " + ", ".join(owed) in for_auditor(decision, sealed.content).said) == bool(
            owed
        )
        if offers and owed:
            passed = {**(results or {}), **dict.fromkeys(owed, "passed")}
            met = sealed.decide({**record, "checks": passed})
            assert (met.outcome, met.offers, met.conditions) == (
                decision.outcome, decision.offers, (),
            )  # fmt: skip
