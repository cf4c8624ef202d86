"""Planted reasons are found, and nothing is found where there is nothing, over many worlds."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from benchmarks.override_worlds import (
    NOTHING,
    PLANTED,
    UNTIL,
    WORTH,
    Planted,
    decisions,
    found,
    reviewed,
)

from equipoise.review.overrides import measure_overrides

WORLDS = 20
NULLS = 40
DRAWS = 400


@pytest.fixture(scope="module")
def planted() -> Counter[tuple[str, str]]:
    told = [found(reviewed(PLANTED, 100 + seed, DRAWS)) for seed in range(WORLDS)]
    return Counter(item for each in told for item in each.items())


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("KNOWS", ("earns", "better_than_expected")),
        ("LOSES", ("loses_money",)),
        ("TURNS_AWAY", ("turns_away_good",)),
    ],
)
def test_planted_reasons_are_found_in_most_worlds(
    planted: Counter[tuple[str, str]], name: str, answers: tuple[str, ...]
) -> None:
    """The power is stated: 80 of 100 at 240 overrides in two years, 120 of those turned away."""
    assert sum(planted[name, answer] for answer in answers) >= 0.8 * WORLDS
    assert sum(n for (each, answer), n in planted.items()
               if each == name and answer not in answers) == 0  # fmt: skip


def test_a_reason_that_is_noise_or_right_within_the_stated_factor_is_hardly_ever_found(
    planted: Counter[tuple[str, str]],
) -> None:
    others = sum(n for (name, _), n in planted.items() if name in {"NOISE", "RIGHT"})
    assert others <= 0.1 * 2 * WORLDS


def test_where_there_is_nothing_a_world_in_twenty_has_a_finding_at_the_most() -> None:
    looks = [reviewed(NOTHING, 7_000 + seed, DRAWS) for seed in range(NULLS)]
    for by in ("reason", "person"):
        # 5 % of 40 worlds are 2; 6 or more have a chance of 0.014 by the binomial
        assert sum(bool(found(each, by)) for each in looks) <= 5


def test_a_person_who_is_worse_is_found_and_the_others_are_not() -> None:
    """One of seven grants what goes bad thrice as often as the model says."""
    even = [Planted(f"R{at}", "decline", 0.12, 0.12, 260) for at in range(3)]
    worse = [Planted("R0", "decline", 0.12, 0.36, 160)]
    names: Counter[str] = Counter()
    for seed in range(8):
        made, outcomes = decisions(even, seed)
        more, theirs = (
            each.with_columns(application_id="w" + pl.col("application_id"))
            for each in decisions(worse, 900 + seed)
        )
        made = pl.concat([made, more.with_columns(officer_id=pl.lit("reckless"))])
        review = measure_overrides(
            made, pl.concat([outcomes, theirs]), until=UNTIL, worth=WORTH, draws=DRAWS
        )
        names.update(found(review, "person").keys())
    assert names.pop("reckless") >= 7
    assert names.total() <= 2
