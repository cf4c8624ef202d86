"""The split of applicants between champion and challengers: stable, uniform, and monotone."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equipoise.errors import BadInput
from equipoise.strategy.exploring import CHAMPION, Split, draw
from equipoise.strategy.exploring.split import draw_sql, threshold

PEOPLE = [f"p{at}" for at in range(20_000)]
NAMES = ("dearer", "faster", "looser", "longer")
ids = st.text(max_size=20)
shares = st.lists(st.floats(0, 1), min_size=1, max_size=4).map(
    lambda parts: {
        name: part * 0.999 / len(parts) for name, part in zip(NAMES, parts, strict=False)
    }
)


def test_a_draw_is_the_first_53_bits_of_sha_256():
    whole = hashlib.sha256(b"spring/p1").hexdigest()
    assert draw("spring", "p1") == (int(whole[:16], 16) >> 11) / 2**53


@given(ids, shares, st.randoms(use_true_random=False))
def test_growing_shares_only_move_people_from_champion_to_challenger(person, small, random):
    lane = 1 / len(small)
    grown = {
        name: share + random.random() * (lane * 0.999 - share) for name, share in small.items()
    }
    before, after = (Split.of("trial", each).assign(person).arm for each in (small, grown))
    assert before in (after, CHAMPION)


def test_growing_one_share_leaves_everybody_with_another_challenger():
    small = Split.of("trial", {"one": 0.1, "two": 0.2, "three": 0.05})
    grown = Split.of("trial", {"one": 0.33, "two": 0.2, "three": 0.05})
    moves = Counter((small.assign(p).arm, grown.assign(p).arm) for p in PEOPLE)
    assert {move for move in moves if move[0] != move[1]} == {(CHAMPION, "one")}


@given(ids, shares)
def test_the_propensity_is_the_share_of_the_arm_that_serves(person, given_shares):
    split = Split.of("trial", given_shares)
    arm = split.assign(person)
    assert arm.propensity == split.shares()[arm.arm]
    assert 0 < arm.propensity <= 1


@pytest.mark.parametrize("experiment", ["spring", "autumn", "x"])
def test_arms_get_their_shares(experiment):
    split = Split.of(experiment, {"one": 0.05, "two": 0.3})
    counts = Counter(split.assign(person).arm for person in PEOPLE)
    expected = {name: share * len(PEOPLE) for name, share in split.shares().items()}
    values = stats.chisquare([counts[name] for name in expected], list(expected.values()))
    assert values.pvalue > 0.001


def test_draws_are_uniform():
    counts = np.histogram([draw("spring", p) for p in PEOPLE], bins=100, range=(0, 1))[0]
    assert stats.chisquare(counts).pvalue > 0.001


def test_two_experiments_split_independently():
    one, two = (Split.of(name, {"new": 0.5}) for name in ("spring", "autumn"))
    table = Counter((one.assign(p).arm, two.assign(p).arm) for p in PEOPLE)
    square = [[table[a, b] for b in (CHAMPION, "new")] for a in (CHAMPION, "new")]
    assert stats.chi2_contingency(square).pvalue > 0.001


@given(ids, st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_share_as_text_parts_hashes_as_the_number_parts_draws(person, share):
    head = hashlib.sha256(f"spring/{person}".encode()).hexdigest()[:16]
    assert (head < threshold(share)) == (draw("spring", person) < share)


def test_thresholds_rise_with_the_share():
    texts = [threshold(share) for share in (1e-9, 0.001, 0.1, 0.5, 0.999)]
    assert all(a < b and len(a) == len(b) == 16 for a, b in pairwise(texts))


def test_without_an_id_the_champion_serves_for_certain():
    arm = Split.of("trial", {"new": 0.9}).assign(None)
    assert (arm.arm, arm.propensity) == (CHAMPION, 1.0)


@pytest.mark.parametrize(
    ("experiment", "given_shares", "said"),
    [
        ("a/b", {"new": 0.1}, "cannot name"),
        ("trial", {}, "no challenger"),
        ("trial", {"new": 1.0}, "less than 1"),
        ("trial", {"new": float("nan")}, "less than 1"),
        ("trial", {"new": -0.1}, "less than 1"),
        ("trial", {CHAMPION: 0.1}, "champion"),
        ("trial", {"one": 0.6, "two": 0.1}, "lane"),
        ("trial", {"one": 0.5, "two": 0.5}, "nobody"),
        ("trial", {f"arm {at}": 0.1 for at in range(10)}, "nobody"),  # whose sum is below 1
    ],
)
def test_shares_that_do_not_fit_are_refused(experiment, given_shares, said):
    with pytest.raises(BadInput, match=said):
        Split.of(experiment, given_shares)


def test_sqlite_draws_the_same_lot_without_a_hash_function_of_its_own() -> None:
    query = f"SELECT {draw_sql('near_ties', 'who', 'sqlite')} FROM (SELECT ? AS who)"
    connection = sqlite3.connect(":memory:")
    for length in range(160):  # over the edges of one and two blocks
        who = "".join("a7é贷😀"[(at * length + at) % 5] for at in range(length))
        digest = hashlib.sha256(f"near_ties/{who}".encode()).hexdigest()
        assert connection.execute(query, (who,)).fetchone()[0] == digest[:16]
