"""Which of LightGBM's features each list of `pandas_categorical` belongs to.

LightGBM writes the categories of every pandas column of type category, in the order of the
columns, but not which columns those are. Unordered ones are its categorical features; an ordered
one is a plain number to it, and shows only in the range of its codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from equipoise.errors import BadInput


def matched(
    lists: Sequence[list[Any]], infos: Sequence[str], declared: set[int], names: Sequence[str]
) -> dict[int, list[Any]]:
    """Categories by the place of their feature. BadInput where two readings are possible.

    `infos` are the header's `feature_infos` ("none", "[low:high]" or codes with colons),
    `declared` the places that the parameters call categorical.
    """
    if not lists:
        return {}
    if len(infos) != len(names):
        raise BadInput("the LightGBM model's feature_infos do not match its feature_names")
    sure = declared or {at for at, info in enumerate(infos) if _is_categorical(info)}
    ways = [sorted(sure)] if len(sure) == len(lists) else _assignments(lists, infos, sure)
    places = [
        each
        for each in ways
        if all(_fits(infos[at], len(values)) for at, values in zip(each, lists, strict=True))
    ]
    if len(places) == 1:
        return dict(zip(places[0], lists, strict=True))
    raise BadInput(
        f"the LightGBM model has {len(lists)} lists of pandas categories and does not say which "
        f"features they are of ({len(sure)} are categorical; an ordered one is a number to it)",
        field="pandas_categorical",
        mend="train with ordered categories turned into numbers, and save the model again",
    )


def _assignments(
    lists: Sequence[list[Any]], infos: Sequence[str], sure: set[int], most: int = 2
) -> list[list[int]]:
    """Up to `most` ways to give the lists to features in order, each sure feature among them."""
    ways: list[list[list[int]]] = [[] for _ in range(len(lists) + 1)]  # by lists placed so far
    ways[0] = [[]]
    for at, info in enumerate(infos):
        for done in range(len(lists), 0, -1):
            more = (
                [[*way, at] for way in ways[done - 1]] if _fits(info, len(lists[done - 1])) else []
            )
            ways[done] = (more if at in sure else [*ways[done], *more])[:most]
        if at in sure:
            ways[0] = []
    return ways[len(lists)]


def _is_categorical(info: str) -> bool:
    return info != "none" and not info.startswith("[")


def _fits(info: str, count: int) -> bool:
    if info == "none":
        return True
    parts = info.strip("[]").split(":")
    try:
        codes = [float(each) for each in parts]
    except ValueError:
        return False
    return all(-1 <= code < count and code.is_integer() for code in codes)
