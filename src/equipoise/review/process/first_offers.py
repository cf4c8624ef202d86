"""What became of cases by how soon the first offer left, and what hides behind calls.

**Observational.** Whose offer left sooner also differed otherwise: easy cases are fast and are
accepted. **The survivorship trap:** of cases with calls after an offer more are accepted than of
those without, though a call need not do anything: only those still undecided are called, so whoever
left early is among those without, and who is called has been kept by something else already. The
time to the first offer is fixed before the answer and is free of that trap; calls are not, and are
compared at equal waiting instead (`experience.calls`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from equipoise.errors import BadInput
from equipoise.experience.acceptance import offers
from equipoise.experience.log import ACCEPTED, OPEN, CaseLog
from equipoise.review.process.share import Share

MINUTES_A_DAY = 1440.0


@dataclass(frozen=True, slots=True)
class OfferBand:
    """Resolved cases by the minutes from the start to the first offer: above `over`, to `upto`."""

    over: float
    upto: float
    accepted: Share


def first_offer_bands(log: CaseLog, edges: Sequence[float]) -> list[OfferBand]:
    """The share accepted of the resolved cases (accepted, declined or cancelled) in each band.

    `edges` are minutes, rising; the first band holds what is under the first edge or at it, the
    last what is over the last. Raises BadInput for edges that do not rise above zero, and where
    the log names no offers.
    """
    if not edges or any(one >= other for one, other in pairwise((0.0, *edges))):
        raise BadInput("the edges do not rise", field="edges", mend="give minutes, as 17, 1584")
    resolved = offers(log).filter(pl.col("outcome") != OPEN)
    minutes = resolved["days_to_offer"] * MINUTES_A_DAY
    took = resolved["outcome"] == ACCEPTED
    bands = []
    for over, upto in pairwise((float("-inf"), *map(float, edges), float("inf"))):
        inside = (minutes > over) & (minutes <= upto)
        share = Share.of(int((took & inside).sum()), int(inside.sum()))
        bands.append(OfferBand(over=max(over, 0.0), upto=upto, accepted=share))
    return bands
