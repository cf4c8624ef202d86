"""People of planted skill, bias and blind spots are told as what they are, over many worlds."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from practising import World, sees, world

from equipoise.review.casework.underwriters import Skill, Underwriter
from equipoise.review.practice import Results, measure_practice, through_the_lens
from equipoise.review.practice.money import worth

WORLDS = 30
FIRST = np.arange(150)
LONG = np.arange(300)


def results(of: World, stated: np.ndarray, at: np.ndarray = FIRST) -> Results:
    grade = np.where(of.model[at] < 0.1, "low", "high")
    return measure_practice(of.answers(at, stated), {"grade": grade})


def test_who_sees_what_the_model_sees_is_neither_ahead_nor_behind() -> None:
    """A 95 % interval may miss once in twenty worlds."""
    told = [results(w, sees(w, FIRST, noise=0.0)) for w in (world(seed=seed) for seed in range(10))]
    assert all(each.above_model.value == 0 for each in told)
    assert all(part.standing == "open" for each in told for part in each.parts)


def test_somebody_who_is_sure_of_too_much_is_behind_and_ill_calibrated() -> None:
    """300 answers show it in most worlds; 150 do so in half of them."""
    behind, worse = 0, 0
    for seed in range(WORLDS):
        w = world(seed=seed)
        told = results(w, sees(w, LONG, spread=3.0, seed=seed), LONG)
        assert told.person is not None and told.model is not None
        behind += told.above_model.low > 0
        worse += told.person.parts.reliability > told.model.parts.reliability
        assert told.person.auc.value > 0.6  # they rank well all the same
    assert worse >= 0.9 * WORLDS
    assert behind >= 0.5 * WORLDS


def test_who_fears_everything_states_more_than_comes() -> None:
    w = world(seed=3)
    told = results(w, sees(w, FIRST, shift=1.5))
    assert told.person is not None
    high = [each for each in told.person.calibration if each.n >= 15 and each.stated >= 0.2]
    assert high and all(each.rate.value < each.stated for each in high)
    assert told.above_model.low > 0


def test_a_blind_spot_is_named_and_nothing_else() -> None:
    named: Counter[str] = Counter()
    for seed in range(WORLDS):
        w = world(seed=seed)
        stated = sees(w, FIRST, leaving={"utilisation": 1.0}, noise=0.4, seed=seed)
        lens = through_the_lens(w.facts, w.model, FIRST, w.answers(FIRST, stated).stated)
        assert lens is not None
        named.update(each.fact for each in lens.leanings if each.use in ("ignored", "too_little"))
        named.update(f"sway {each.fact}" for each in lens.sways)
        named.update(f"much {each.fact}" for each in lens.leanings if each.use == "too_much")
    assert named["utilisation"] >= 0.95 * WORLDS
    assert sum(named.values()) - named["utilisation"] <= 0.15 * WORLDS


def test_leaning_twice_on_a_fact_is_named() -> None:
    named: Counter[str] = Counter()
    for seed in range(WORLDS):
        w = world(seed=seed)
        stated = sees(w, FIRST, leaving={"income": -1.0}, noise=0.4, seed=seed)
        lens = through_the_lens(w.facts, w.model, FIRST, w.answers(FIRST, stated).stated)
        assert lens is not None
        named.update(each.fact for each in lens.leanings if each.use == "too_much")
    assert named["income"] >= 0.9 * WORLDS
    assert named["months"] + named["utilisation"] <= 0.15 * WORLDS


def test_a_prejudice_about_what_does_not_matter_is_named_with_its_value() -> None:
    found: Counter[tuple[str, str]] = Counter()
    for seed in range(WORLDS):
        w = world(seed=seed)
        stated = sees(w, FIRST, fears=1.2, noise=0.4, seed=seed)
        lens = through_the_lens(w.facts, w.model, FIRST, w.answers(FIRST, stated).stated)
        assert lens is not None
        found.update((each.fact, each.value) for each in lens.sways if each.shift > 0)
    assert found["purpose", "medical"] >= 0.9 * WORLDS


def test_of_people_without_fault_hardly_anything_is_said() -> None:
    """At most a tenth of what is said is false on average; here all of it would be."""
    said = 0
    for seed in range(60):
        w = world(seed=200 + seed)
        lens = through_the_lens(
            w.facts, w.model, FIRST, w.answers(FIRST, sees(w, FIRST, noise=0.4, seed=seed)).stated
        )
        assert lens is not None
        said += bool(lens.sways) or any(each.use != "as_the_model" for each in lens.leanings)
    assert said <= 0.2 * 60


def test_the_lens_adds_up() -> None:
    """Achievement is knowledge, predictability and consistency, and what the sums leave over."""
    w = world(seed=5)
    stated = w.answers(FIRST, sees(w, FIRST, leaving={"months": 1.0}, noise=0.8)).stated
    lens = through_the_lens(w.facts, w.model, FIRST, stated)
    assert lens is not None
    own, model = (np.log(p / (1 - p)) for p in (stated, w.model[FIRST]))
    assert lens.achievement == pytest.approx(np.corrcoef(own, model)[0, 1])
    by_sums = lens.knowledge * lens.predictability * lens.consistency
    left = np.sqrt((1 - lens.predictability**2) * (1 - lens.consistency**2))
    assert lens.achievement == pytest.approx(by_sums + lens.unmodelled * left)


def test_nothing_is_said_of_facts_before_there_are_enough_answers() -> None:
    w = world()
    few = np.arange(59)
    assert through_the_lens(w.facts, w.model, few, w.answers(few, sees(w, few)).stated) is None
    assert through_the_lens(w.facts, w.model, FIRST, np.full(150, 0.1)) is None


def test_skill_that_is_planted_is_worth_money_and_spoiling_costs_it() -> None:
    """A person changes the model's answer as casework's underwriters do."""
    above = {}
    for name, skill in {"keen": Skill(0.6, 0.02), "careless": Skill(0.05, 0.3)}.items():
        w, at = world(2_000, seed=9), np.arange(800)
        machine = w.model[at] < 0.25
        rng = np.random.default_rng(4)
        chance = Underwriter(skill).changes(
            np.full(800, "any"), machine == w.bad[at], np.zeros(800)
        )
        changed = rng.uniform(size=800) < chance
        answers = w.answers(at, w.model[at], machine ^ changed)
        above[name] = worth(answers, 0.95)
        expected = np.where(changed, np.where(w.bad[at], 300.0, -100.0), 0.0)  # a no to a loan
        expected = np.where(machine, expected, -expected)
        assert above[name].above_model.value == pytest.approx(expected.mean())
    assert above["keen"].above_model.low > 0
    assert above["careless"].above_model.high < 0
    assert above["keen"].above_strategy.value == pytest.approx(above["keen"].above_model.value)


def test_learning_is_told_from_none() -> None:
    told: Counter[str] = Counter()
    for seed in range(WORLDS):
        w = world(seed=seed)
        fading = np.linspace(2.5, 0.1, 300)
        told[results(w, sees(w, LONG, noise=fading, seed=seed), LONG).learning.answer] += 1
        told["even " + results(w, sees(w, LONG, noise=1.0, seed=seed), LONG).learning.answer] += 1
    assert told["better"] >= 0.6 * WORLDS
    assert told["worse"] == 0
    assert told["even better"] + told["even worse"] <= 0.17 * WORLDS


def test_under_ten_there_are_counts_alone() -> None:
    w, few = world(), np.arange(9)
    told = results(w, sees(w, few), few)
    assert (told.n, told.bad) == (9, int(w.bad[:9].sum()))
    assert told.person is None and told.model is None and told.money is None
    assert not told.above_model.known
    assert {part.standing for part in told.parts} == {"too_few"}
    assert told.learning.answer == "too_few"


def test_a_kind_in_which_somebody_is_bad_is_told_apart_from_the_others() -> None:
    behind: Counter[str] = Counter()
    for seed in range(WORLDS):
        w = world(seed=seed)
        stated = sees(w, FIRST, noise=0.2, seed=seed)
        low = w.model[FIRST] < 0.1
        stated = np.where(low, 0.5, stated)
        behind.update(p.name for p in results(w, stated).parts if p.standing == "behind")
    assert behind["low"] == WORLDS
    assert behind["high"] <= 0.1 * WORLDS
