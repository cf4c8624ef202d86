"""Decks: drawn evenly, without telling who it was; the simulated one is the synthetic lender's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import polars as pl
import pytest
from corner_lender import strategy
from making_deck import APPLICANTS, SEED

from equipoise.contract import Field
from equipoise.errors import BadInput
from equipoise.review.practice import read_deck, shown_fields, simulated_deck
from equipoise.review.practice.deck import evenly
from equipoise.review.practice.drawing import draw_deck
from equipoise.simulation import simulate


def test_the_simulated_cases_are_applicants_of_the_synthetic_lender() -> None:
    deck = simulated_deck()
    lender = simulate(APPLICANTS, SEED).applications()
    names = [each.name for each in deck.fields if each.name in lender.columns]
    assert len(names) >= 14
    known = {
        tuple(row[:-1]): row[-1]
        for row in lender.filter(pl.col("default_12m").is_not_null())
        .select(*names, "default_12m")
        .iter_rows()
    }
    places = [k for k, each in enumerate(deck.fields) if each.name in names]
    for case in deck.cases:
        assert known[tuple(case.facts[k] for k in places)] == case.bad
    assert deck.simulated


def test_every_kind_of_case_is_there_often_and_money_is_known() -> None:
    deck = simulated_deck()
    counts = Counter(deck.kinds.tolist())
    assert min(counts.values()) >= 30
    assert counts["near"] >= 40
    assert deck.cut == pytest.approx(0.18, abs=0.03)  # where the example strategy turns
    assert all(case.if_good and case.if_bad for case in deck.cases)
    assert {language for texts in deck.texts.values() for language in texts} == {"en", "zh"}


def test_a_deck_is_read_back_as_it_was() -> None:
    deck = simulated_deck()
    assert read_deck(deck.text()) == deck
    with pytest.raises(BadInput, match="no deck"):
        read_deck("{}\n")


def test_nothing_is_shown_by_which_somebody_could_be_told() -> None:
    contract = strategy().content.contract
    assert shown_fields(contract)
    added = [
        Field(name="phone", type="string", searchable=True),
        Field(name="words", type="string"),
        Field(name="age", type="integer", use="audit", sensitivity="protected"),
        Field(name="born", type="date"),
        Field(name="later", type="number", use="outcome"),
        Field(name="paper", type="file", accepts=("pdf",)),
    ]
    more = contract.model_copy(update={"fields": (*contract.fields, *added)})
    shown = {each.name for each in shown_fields(more)}
    assert shown == {each.name for each in shown_fields(contract)}
    assert not shown & {contract.id, contract.date, contract.target.field}


def test_cases_are_drawn_evenly_by_kind_as_far_as_there_are_so_many() -> None:
    of = ["low"] * 500 + ["near"] * 20 + ["high"] * 100
    places = evenly(of, 150, seed=2)
    counts = Counter(of[at] for at in places)
    assert counts == {"near": 20, "low": 65, "high": 65}
    assert len(set(places)) == 150
    assert evenly(of, 150, seed=2) == places
    assert [of[at] for at in places[:20]] != ["low"] * 20


def test_too_few_known_outcomes_are_refused() -> None:
    made = strategy()
    contract = made.content.contract
    empty = {each.name: pl.Series([], dtype=pl.Boolean) for each in contract.fields}
    with pytest.raises(BadInput, match="only 0 past cases"):
        draw_deck(made, pl.DataFrame(empty))


def test_cases_that_the_strategy_referred_are_decided_by_nobody() -> None:
    case = replace(simulated_deck().cases[0], outcome="refer")
    assert not case.decides
    assert not case.lends
