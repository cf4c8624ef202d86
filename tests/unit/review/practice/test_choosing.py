"""Which case comes next: evenly by kind, most where least is known, never twice before all."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from equipoise.review.practice import Seen, next_case

KINDS = {f"c{k}": kind for k, kind in enumerate(["low"] * 90 + ["near"] * 30 + ["high"] * 30)}


def walked(steps: int, seed: int = 3, hard: str = "", left_out: tuple[str, ...] = ()) -> list[str]:
    """A person who is right but in `hard` cases, where every other answer is wrong."""
    seen: list[Seen] = []
    for _ in range(steps):
        case = next_case(KINDS, seen, seed=seed, left_out=left_out)
        assert case is not None
        seen.append(Seen(case, KINDS[case] != hard or len(seen) % 2 == 0))
    return [each.case for each in seen]


def test_no_case_comes_twice_before_all_have_come_once() -> None:
    shown = walked(320)
    assert set(shown[:150]) == set(KINDS)
    assert set(shown[150:300]) == set(KINDS)
    assert all(one != other for one, other in pairwise(shown))


def test_kinds_come_evenly_however_many_cases_they_have() -> None:
    counts = Counter(KINDS[case] for case in walked(60))
    assert min(counts.values()) >= 12


def test_more_comes_of_the_kind_in_which_least_is_known_of_the_person() -> None:
    totals: Counter[str] = Counter()
    for seed in range(10):
        totals.update(KINDS[case] for case in walked(60, seed, hard="near"))
    assert totals["near"] > 1.15 * totals["low"]
    assert totals["near"] > 1.15 * totals["high"]


def test_the_same_seed_and_answers_give_the_same_cases_and_another_seed_others() -> None:
    assert walked(40) == walked(40)
    assert walked(40) != walked(40, seed=4)


def test_a_persons_own_cases_never_come_and_nothing_is_left_where_all_are() -> None:
    own = tuple(f"c{k}" for k in range(100))
    assert not set(walked(200, left_out=own)) & set(own)
    assert next_case(KINDS, [], seed=1, left_out=tuple(KINDS)) is None
