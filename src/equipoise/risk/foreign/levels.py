"""The categories that a file stores beside its trees, as text or as the numbers they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.risk.foreign import ForeignFeature
from equipoise.risk.trees import CATEGORICAL, Trees

MAX_VALUE = 1 << 20  # of a category that is a whole number: its set of bits takes 128 kB
MAX_WORDS = 8_000_000  # of all sets of categories of a model
_BITS = 32


def named_feature(name: str, values: Sequence[Any]) -> ForeignFeature:
    """A feature of these categories in the order of their codes: text, or whole numbers from 0."""
    if all(isinstance(value, str) for value in values):
        return ForeignFeature(name, "category", tuple(values))
    if all(_is_whole(value) for value in values):
        return ForeignFeature(name)
    raise BadInput(
        f"the categories of '{name}' are neither all text nor whole numbers from 0 to "
        f"{MAX_VALUE:,}: {', '.join(map(repr, values[:6]))}",
        field=name,
        mend="train on the categories as text",
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | float) and 0 <= value <= MAX_VALUE and float(value).is_integer()


def on_values(trees: Trees, feature: int, name: str, values: Sequence[Any]) -> Trees:
    """The trees with sets of codes of a feature turned into sets of the whole numbers they mean."""
    own = trees.features == feature
    if np.any(own & ((trees.kinds & CATEGORICAL) == 0)):
        raise BadInput(
            f"'{name}' is an ordered category of numbers, which the model compares by their order",
            field=name,
            mend="train on the numbers themselves",
        )
    numbers = [int(value) for value in values]
    places = {int(each) for each in trees.thresholds[own]}
    words: list[int] = []
    bounds = [0]
    for place in range(len(trees.bounds) - 1):
        of_set = trees.words[trees.bounds[place] : trees.bounds[place + 1]].tolist()
        words += _moved(of_set, numbers) if place in places else of_set
        bounds.append(check_words(len(words)))
    return replace(
        trees, words=np.array(words, dtype=np.int64), bounds=np.array(bounds, dtype=np.int64)
    )


def _moved(words: list[int], numbers: Sequence[int]) -> list[int]:
    members = [
        number
        for code, number in enumerate(numbers)
        if code // _BITS < len(words) and words[code // _BITS] >> (code % _BITS) & 1
    ]
    return set_of_bits(members)


def check_words(count: int) -> int:
    """BadInput where a model's sets of categories would take more memory than is lent to them."""
    if count > MAX_WORDS:
        raise BadInput(
            f"the model's sets of categories take more than {MAX_WORDS:,} words of 32 bits",
            mend="train on categories with smaller codes",
        )
    return count


def set_of_bits(members: Sequence[int]) -> list[int]:
    """Words of 32 bits in which each member's bit is set."""
    moved = [0] * (max(members, default=-1) // _BITS + 1)
    for member in members:
        moved[member // _BITS] |= 1 << (member % _BITS)
    return moved
