"""The watch list of a month: who, how likely, why, and what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.watch.borrowers.months import Panel
from equipoise.watch.borrowers.scoring import BehaviourScore
from equipoise.watch.borrowers.signs import Signs

Action = Literal["call", "offer_relief", "review_line", "talk", "keep_watching"]
LEAST = 0.25  # of log odds: what adds less is no reason
# the strongest family of signs says what is done; care first, collection never
ACTIONS: dict[str, Action] = {
    "arrears": "call",
    "income": "offer_relief",
    "credit_use": "review_line",
    "minimum_payments": "talk",
    "enquiries": "talk",
    "economy": "keep_watching",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One borrower: the chance of being 30 days late within the score's horizon, how many times
    that is of the borrower's own when first seen, the families of signs that raise it, strongest
    first, and what is proposed."""

    who: object
    period: date
    chance: float
    times: float
    reasons: tuple[str, ...]
    action: Action


def watch_list(signs: Signs, score: BehaviourScore, month: int, share: float = 0.1) -> list[Listed]:
    """The likeliest `share` of those at risk in that month, likeliest first. Whoever has no reason
    stays off it, however few are on it then."""
    panel, chance = signs.panel, score.chance(signs)
    rank = score.rank(signs)[month]
    on = top(rank, panel.at_risk()[month], share)
    families = score.by_family(signs, month)
    first = np.isfinite(panel.days).argmax(axis=0)
    entries = []
    for at in np.flatnonzero(on)[np.argsort(-rank[on], kind="stable")]:
        adds = sorted(families, key=lambda family: -families[family][at])
        reasons = tuple(family for family in adds if families[family][at] >= LEAST)
        if reasons:
            entries.append(
                Listed(
                    who=panel.who[int(at)],
                    period=panel.periods[month],
                    chance=float(chance[month, at]),
                    times=float(chance[month, at] / chance[first[at], at]),
                    reasons=reasons,
                    action=ACTIONS[reasons[0]],
                )
            )
    return entries


def top(value: FloatArray, among: BoolArray, share: float) -> BoolArray:
    """(N,) the highest `share` of those `among` whom it is asked, ties by their order."""
    count = int(share * among.sum())
    ordered = np.argsort(np.where(among, -value, np.inf), kind="stable")
    on = np.zeros(value.size, dtype=bool)
    on[ordered[:count]] = True
    return on


def found_ahead(
    panel: Panel, value: FloatArray, *, ahead: int, share: float, since: int
) -> tuple[int, int]:
    """How many first months 30 days late come from month `since + ahead` on, and how many of these
    borrowers stood in the highest `share` of `value` (T, N) so many months `ahead`."""
    first, risk = panel.first_late, panel.at_risk()
    caught = events = 0
    for month in range(since, len(panel.periods) - ahead):
        comes = first == month + ahead
        events += int(comes.sum())
        caught += int((comes & top(value[month], risk[month], share)).sum())
    return caught, events
