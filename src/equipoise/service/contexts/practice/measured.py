"""A person's answers as the library measures them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from equipoise.numeric.arrays import Array
from equipoise.review.practice import Answers, Lens, Results, measure_practice, through_the_lens
from equipoise.service.contexts.practice.models import Answer
from equipoise.service.contexts.practice.sources import Edition

NEAR, AWAY = "near", "away"


def results(rows: Sequence[Answer]) -> Results:
    """The answers (in order) measured beside the model's, by grade, by nearness to the cut, and by
    why the strategy said no."""
    kinds: dict[str, Array] = {
        "grade": _texts(row.grade for row in rows),
        "near": _texts(NEAR if row.near else AWAY for row in rows),
        "reason": _texts(row.reason for row in rows),
    }
    return measure_practice(answers(rows), kinds)


def lens(rows: Sequence[Answer], edition: Edition | None) -> Lens | None:
    """Which facts were leaned on; of answers to cases that are still at hand."""
    if edition is None:
        return None
    places = [(edition.place(row.case), row) for row in rows if row.edition == edition.name]
    here = [(place, row) for place, row in places if place is not None]
    at = np.array([place for place, _ in here], dtype=np.intp)
    stated = np.array([row.stated for _, row in here])
    return through_the_lens(edition.deck.facts, edition.deck.model, at, stated)


def answers(rows: Sequence[Answer]) -> Answers:
    """The rows as arrays."""

    def money(values: Iterable[float | None]) -> Array:
        return np.array([np.nan if each is None else each for each in values], dtype=np.float64)

    return Answers(
        approves=_flags(row.approves for row in rows),
        stated=np.array([row.stated for row in rows], dtype=np.float64),
        model=np.array([row.model for row in rows], dtype=np.float64),
        decides=_flags(row.decides for row in rows),
        lends=_flags(row.lends for row in rows),
        bad=_flags(row.bad for row in rows),
        if_good=money(row.if_good for row in rows),
        if_bad=money(row.if_bad for row in rows),
    )


def _flags(values: Iterable[bool]) -> Array:
    return np.array(list(values), dtype=bool)


def _texts(values: Iterable[str]) -> Array:
    return np.array(list(values), dtype=object)
