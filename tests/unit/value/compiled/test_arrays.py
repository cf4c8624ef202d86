"""One applicant valued by numpy gets the bits of the compiled formula."""

from __future__ import annotations

import numpy as np
import pytest
import small_lender

from equipoise.value.compiled import Chosen, Valuer, figures_of
from equipoise.value.compiled.valuer import compile_now, put_off_compiling
from equipoise.value.measures import MEASURES

MENU = small_lender.document().menu()
WHATEVER = (
    (0.0, 1e-9, 0.05, 0.5, 0.999, 1.0),  # PD
    (0.0, 0.45, 1.0),  # LGD
    (0.0, 1e-9, 1.0, 5_000.0, 1e7),  # amount
    (0.0, 1.0, 12.0, 400.0),  # months
    (0.0, 1.0, 3_000.0, 1e6),  # income
    (0.0, 1e-9, 0.05, 0.3, 2.0),  # APR
)


def test_numpy_and_the_compiler_give_the_same_bits() -> None:
    valuer = Valuer(figures_of(small_lender.model(), small_lender.CHECK_SHIFT), MENU)
    rng = np.random.default_rng(1)
    asked = []
    for number in range(200):
        person = tuple(float(rng.choice(each) * rng.choice((1.0, 0.7))) for each in WHATEVER)
        weights = np.array(
            [rng.choice((0.0, 1.0, rng.normal(0, 100))) for _ in range(len(MEASURES))]
        )
        allowed = rng.random(len(MENU)) < 0.8
        asked.append((person, weights, allowed, number % len(MENU)))
    try:
        put_off_compiling()
        plain = [found(valuer, *each) for each in asked]
    finally:
        compile_now()
    assert [found(valuer, *each) for each in asked] == plain


@pytest.mark.parametrize("allowed", [True, False])
def test_numpy_gives_numbers_that_json_takes(allowed: bool) -> None:
    valuer = Valuer(figures_of(small_lender.model(), small_lender.CHECK_SHIFT), MENU)
    person = (0.05, 0.45, 1_000.0, 12.0, 3_000.0, 0.1)
    try:
        put_off_compiling()
        given = valuer.given(*person, np.ones(len(MEASURES)), len(MENU) - 1)
        best = valuer.one(*person, np.ones(len(MEASURES)), np.full(len(MENU), allowed))
    finally:
        compile_now()
    for each in (given, best):
        numbers = (each.index, each.runner_up, each.net, each.runner_up_net, *each.terms)
        assert [type(number) for number in numbers] == [int, int, *[float] * 6]


def found(valuer: Valuer, person, weights, allowed, index) -> list[tuple[object, ...]]:  # type: ignore[no-untyped-def]
    return [
        bits(valuer.one(*person, weights, allowed)),
        bits(valuer.given(*person, weights, index)),
    ]


def bits(chosen: Chosen) -> tuple[object, ...]:
    numbers = (chosen.net, chosen.runner_up_net, *chosen.measures.tolist(), *chosen.terms)
    return chosen.index, chosen.runner_up, [number.hex() for number in numbers]
