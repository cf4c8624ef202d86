"""What of a change is due to which factor, so that the parts add up to the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

MOST_FACTORS = 8


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Figures before and after, and by figure what each factor did to it.

    The parts of a figure add up to `after - before`, to rounding.
    """

    before: Mapping[str, float]
    after: Mapping[str, float]
    parts: Mapping[str, Mapping[str, float]]


def decomposed(
    factors: Sequence[str], figures: Callable[[frozenset[str]], Mapping[str, float]]
) -> Decomposition:
    """The change of every figure, by factor.

    `figures` gives them where the factors named are as they are after, the others as before; it is
    asked for every set of factors once: 2^n times. A factor's part is what it changes when its turn
    comes, the mean over all orders of turns (Shapley 1953, A value for n-person games), so that no
    factor is favoured by its place. Raises ValueError for more than 8 factors.
    """
    if len(factors) > MOST_FACTORS:
        raise ValueError(f"{len(factors)} factors take {2 ** len(factors)} balances; take fewer")
    known = {
        frozenset(some): figures(frozenset(some))
        for size in range(len(factors) + 1)
        for some in combinations(factors, size)
    }
    before, after = known[frozenset()], known[frozenset(factors)]
    parts = {
        figure: {each: _part(each, factors, figure, known) for each in factors} for figure in before
    }
    return Decomposition(before, after, parts)


def _part(
    factor: str,
    factors: Sequence[str],
    figure: str,
    known: Mapping[frozenset[str], Mapping[str, float]],
) -> float:
    n, part = len(factors), 0.0
    for some, figures in known.items():
        if factor in some:
            continue
        weight = factorial(len(some)) * factorial(n - len(some) - 1) / factorial(n)
        part += weight * (known[some | {factor}][figure] - figures[figure])
    return part
