"""Reverse stress: the mildest scenario that breaks a limit, along a scenario's own path."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import isnan
from typing import Any

from equipoise.documents import Document
from equipoise.errors import BadInput
from equipoise.review.stress.limits import StressLimit
from equipoise.review.stress.under import Under

MOST_SCALE = 5.0
STEPS = 20
CLOSE = 1e-3


class Reverse(Document):
    """Where a limit breaks: `holds_at` and `breaks_at` are scales no further apart than 0.001, with
    the figure at each. `breaks_at` is None where it holds as far as `MOST_SCALE`.

    `tried` are the scales looked at first with the figure there; `monotone` says whether it only
    got worse from one to the next: then no milder scale breaks the limit among those looked at, and
    the certificate is as fine as they are. Where it did not, the first breach is told.
    """

    limit: str
    scenario: str
    holds_at: float | None = None
    breaks_at: float | None = None
    figure_holds: float | None = None
    figure_breaks: float | None = None
    monotone: bool
    tried: tuple[tuple[float, float], ...]


def reverse(limit: StressLimit, scenario: str, at: Callable[[float], Under]) -> Reverse:
    """Find the mildest breach; `at` gives the book with the scenario stretched by a scale.

    Scale 0 is the economy held where it is. Where the limit is broken there already, `holds_at` is
    None and `breaks_at` 0. Raises BadInput for a figure that the book does not have.
    """
    tried: list[tuple[float, float]] = []
    for step in range(STEPS + 1):
        scale = MOST_SCALE * step / STEPS
        tried.append((scale, limit.of(at(scale))))
        if isnan(tried[-1][1]):
            raise BadInput(
                f"the book has no '{limit.figure}'",
                field="--reverse",
                mend="write `own_funds` into portfolio.yaml",
            )
        if limit.broken(tried[-1][1]):
            break
    monotone = _only_worse(limit, [value for _, value in tried])
    scale, worst = tried[-1]
    head: dict[str, Any] = {
        "limit": limit.text,
        "scenario": scenario,
        "monotone": monotone,
        "tried": tuple(tried),
    }
    if not limit.broken(worst):
        return Reverse(holds_at=scale, figure_holds=worst, **head)
    if len(tried) == 1:
        return Reverse(breaks_at=0.0, figure_breaks=worst, **head)
    low, high = tried[-2], tried[-1]
    while high[0] - low[0] > CLOSE:
        middle = (low[0] + high[0]) / 2
        here = (middle, limit.of(at(middle)))
        low, high = (low, here) if limit.broken(here[1]) else (here, high)
    return Reverse(
        holds_at=low[0],
        breaks_at=high[0],
        figure_holds=low[1],
        figure_breaks=high[1],
        **head,
    )


def _only_worse(limit: StressLimit, values: list[float]) -> bool:
    worse = 1.0 if limit.at_most else -1.0
    return all(worse * (later - earlier) >= 0 for earlier, later in pairwise(values))
