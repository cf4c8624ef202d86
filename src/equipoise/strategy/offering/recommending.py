"""Which of several offers is recommended, and by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from equipoise.strategy.offering.finding import Alternative
from equipoise.value.schedule import schedule

Rule = Literal["surplus", "cost"]
BY_SURPLUS: Rule = "surplus"
BY_COST: Rule = "cost"


@dataclass(frozen=True, slots=True)
class Recommended:
    """The place of the recommended offer, and the rule that it was chosen by."""

    place: int
    rule: Rule


def recommended(offers: Sequence[Alternative]) -> Recommended | None:
    """By expected customer surplus where it is known of all; else, of those of the largest amount,
    which is nearest to what was asked, by what is paid in all. Of equals the first. None where
    there is nothing to choose between."""
    if len(offers) < 2:
        return None
    worth = [each.surplus for each in offers]
    known = [each for each in worth if each is not None]
    if len(known) == len(offers):
        return Recommended(known.index(max(known)), BY_SURPLUS)
    largest = max(each.offer.amount for each in offers)
    places = [at for at, each in enumerate(offers) if each.offer.amount == largest]
    return Recommended(min(places, key=lambda at: _paid(offers[at])), BY_COST)


def _paid(alternative: Alternative) -> int:
    offer = alternative.offer
    return sum(each.paid for each in schedule(offer.amount, offer.apr, int(offer.months)))
