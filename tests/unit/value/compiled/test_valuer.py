"""The live value model against the value model it was sealed from, and against itself."""

from __future__ import annotations

import json

import numpy as np
import pytest
import small_lender
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.value.compiled import Figures, Valuer, figures_of
from equipoise.value.measures import MEASURES

MENU = small_lender.document().menu()
SIZE = len(MENU)


def figures(window_months: float = 24.0) -> Figures:
    return figures_of(small_lender.model(window_months), small_lender.CHECK_SHIFT)


@pytest.fixture(scope="module")
def valuer() -> Valuer:
    return Valuer(figures(), MENU)


def arguments(people):
    return (people.seen_pd, people.lgd, people.amount, people.months, people.income, people.apr)


@pytest.mark.parametrize("window_months", [12.0, 24.0])
def test_table_is_that_of_the_value_model(window_months):
    people = small_lender.people(3000)
    ours = Valuer(figures(window_months), MENU).table(people)
    theirs = small_lender.model(window_months).table(people)
    for name in set(MEASURES) - {"capital", "profit"}:
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-9)
    np.testing.assert_allclose(ours.capital, theirs.capital, rtol=1e-4)
    # profit is a difference: what capital's table may move is measured against what is lent
    gap = np.abs(ours.profit - theirs.profit)
    assert (gap <= 1e-5 * theirs.exposure + 1e-9 * np.abs(theirs.profit)).all()


def test_profit_leaves_the_value_model_by_less_than_one_in_ten_thousand(valuer):
    people = small_lender.people(3000)
    ours, theirs = valuer.table(people).profit, small_lender.model().table(people).profit
    lent = np.abs(theirs) > 1e-2 * people.amount[:, None]
    assert lent.mean() > 0.5
    np.testing.assert_allclose(ours[lent], theirs[lent], rtol=1e-4)


def test_figures_come_back_from_json_to_the_bit():
    given = figures()
    assert Figures.from_dict(json.loads(json.dumps(given.as_dict(), allow_nan=False))) == given


@pytest.mark.parametrize("broken", [float("nan"), "0.1", None, True])
def test_damaged_figures_are_refused(broken):
    given = figures().as_dict()
    given["lgd_scale"] = broken
    with pytest.raises(BadInput, match="damaged"):
        Figures.from_dict(given)


positive = st.floats(1e-6, 1, exclude_max=True)
applicants = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.floats(0, 1),
        st.floats(1, 1e8),
        st.integers(1, 600).map(float),
        st.floats(1, 1e7),
        st.floats(1e-6, 2),
    ),
    min_size=1,
    max_size=150,
)


@settings(max_examples=60, deadline=None)
@given(applicants, st.integers(0, 2**32 - 1))
def test_one_is_many_to_the_bit(valuer, rows, seed):
    rng = np.random.default_rng(seed)
    size = len(rows)
    columns = [np.ascontiguousarray(column) for column in np.array(rows).T]
    base = rng.normal(size=len(MEASURES))
    priced = rng.normal(size=(3, len(MEASURES)))
    masks = rng.random((size, 3)) < 0.5
    allowed = rng.random((size, SIZE)) < 0.7
    many = valuer.many(*columns, base, priced, masks, allowed)
    assert np.isfinite(many.net).all() and np.isfinite(many.measures).all()
    for i, row in enumerate(rows):
        weights = base
        for j in range(3):
            if masks[i, j]:
                weights = weights + priced[j]
        one = valuer.one(*row, weights, allowed[i])
        assert one.index == many.index[i]
        assert one.net == many.net[i]
        assert one.runner_up == many.runner_up[i]
        assert one.runner_up_net == many.runner_up_net[i] or one.runner_up < 0
        assert one.measures.tolist() == many.measures[i].tolist()
        assert list(one.terms) == many.terms[i].tolist()


def test_given_is_the_same_treatment_to_the_bit(valuer):
    people = small_lender.people(200)
    columns = arguments(people)
    weights = np.random.default_rng(1).normal(size=len(MEASURES))
    index = np.arange(200) % SIZE
    many = valuer.given_many(*columns, weights, index)
    table = valuer.table(people)
    for i in range(200):
        one = valuer.given(*(float(c[i]) for c in columns), weights, int(index[i]))
        assert one.index == index[i] and one.runner_up == -1
        assert one.net == many.net[i]
        assert list(one.terms) == many.terms[i].tolist()
        expected = [getattr(table, name)[i, index[i]] for name in MEASURES]
        assert one.measures.tolist() == many.measures[i].tolist() == expected


def test_the_best_and_the_second_best_of_the_allowed_are_found(valuer):
    people = small_lender.people(300)
    weights = np.zeros(len(MEASURES))
    weights[MEASURES.index("profit")] = 1.0
    allowed = np.random.default_rng(3).random((300, SIZE)) < 0.3
    allowed[:, 0] = False  # of no effect: a decline is always allowed
    empty = np.zeros((0, len(MEASURES))), np.zeros((300, 0), dtype=bool)
    result = valuer.many(*arguments(people), weights, *empty, allowed)
    net = np.where(allowed, valuer.table(people).profit, -np.inf)
    net[:, 0] = 0.0
    order = np.argsort(-net, axis=1, kind="stable")
    assert (result.index == order[:, 0]).all()
    two = np.isfinite(net).sum(axis=1) > 1
    assert (result.runner_up[two] == order[two, 1]).all()
    assert (result.runner_up[~two] == -1).all()


def test_of_equals_the_first_on_the_menu_is_chosen(valuer):
    everything = np.ones(SIZE, dtype=bool)
    person = (0.05, 0.4, 5000.0, 24.0, 2000.0, 0.12)
    nothing = valuer.one(*person, np.zeros(len(MEASURES)), everything)
    assert (nothing.index, nothing.net, nothing.runner_up) == (0, 0.0, 1)
    per_offer = np.zeros(len(MEASURES))
    per_offer[0] = 1.0
    assert valuer.one(*person, per_offer, everything)[:4] == (1, 1.0, 2, 1.0)


def test_take_up_that_does_not_fall_with_price_cannot_be_sealed():
    model = small_lender.model().replaced({"take_up.price": 0.5})
    with pytest.raises(BadInput, match="does not fall with price"):
        figures_of(model, 0.0)
