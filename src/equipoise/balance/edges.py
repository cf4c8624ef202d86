"""Offers at the menu's edge: where many stand there, the best may lie beyond the menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.value.treatments import Treatment

_AMOUNT_ASKED = 1.0


def menu_edges(
    menu: Sequence[Treatment], today: NDArray[np.integer], moved: NDArray[np.integer]
) -> list[dict[str, Any]]:
    """How many offers carry the least and the most of each part of the menu.

    `today` and `moved` are positions on the menu, (applicants,). A part that the menu does not
    vary has no edge, and the amount asked is none: nobody is lent more than was asked for because
    the menu has more of it. `offers` is of all `of` offers of the recommended policy.
    """
    rows = []
    for part, size in _SIZES.items():
        sizes = np.array([np.nan if t.journey is None else size(t) for t in menu])
        for end, edge in (("lowest", np.nanmin(sizes)), ("highest", np.nanmax(sizes))):
            if np.nanmin(sizes) == np.nanmax(sizes):
                continue
            if part == "amount" and edge == _AMOUNT_ASKED:
                continue
            rows.append(
                {
                    "part": part,
                    "end": end,
                    "at": float(edge),
                    "offers": int((sizes[moved] == edge).sum()),
                    "of": int((moved != 0).sum()),
                    "today": int((sizes[today] == edge).sum()),
                }
            )
    return rows


def _price(treatment: Treatment) -> float:
    return treatment.price.add if treatment.price else np.nan


def _amount(treatment: Treatment) -> float:
    return treatment.amount.share if treatment.amount else np.nan


def _term(treatment: Treatment) -> float:
    return float(treatment.term.add_months) if treatment.term else np.nan


_SIZES: dict[str, Callable[[Treatment], float]] = {
    "price": _price,
    "amount": _amount,
    "term": _term,
}
