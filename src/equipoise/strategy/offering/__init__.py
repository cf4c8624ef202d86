"""Offers to choose from: terms that the whole strategy approves for one person, and which of them
the value model says is worth most to that person; and what a person may grant in its place.
"""

from equipoise.strategy.offering.asked import Asked, Range, asked_terms, changed_terms
from equipoise.strategy.offering.finding import Alternative, find_offers, takeable
from equipoise.strategy.offering.fitting import Fit, Wish, fit
from equipoise.strategy.offering.granting import (
    BY_PERSON,
    Granted,
    Limits,
    NotGranted,
    Terms,
    fresh_until,
    granted,
    limits,
    reasons_to_tell,
)
from equipoise.strategy.offering.owing import owed_of_journey
from equipoise.strategy.offering.portrait import Portrait, portrait
from equipoise.strategy.offering.recommending import BY_COST, BY_SURPLUS, Recommended, recommended

__all__ = [
    "BY_COST",
    "BY_PERSON",
    "BY_SURPLUS",
    "Alternative",
    "Asked",
    "Fit",
    "Granted",
    "Limits",
    "NotGranted",
    "Portrait",
    "Range",
    "Recommended",
    "Terms",
    "Wish",
    "asked_terms",
    "changed_terms",
    "find_offers",
    "fit",
    "fresh_until",
    "granted",
    "limits",
    "owed_of_journey",
    "portrait",
    "reasons_to_tell",
    "recommended",
    "takeable",
]
