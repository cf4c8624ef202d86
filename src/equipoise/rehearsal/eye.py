"""How an underwriter of a rehearsal judges: by their own noisy reading of a truth that none of them
is told.

The strategy left a case to a person as it leans to a yes that it does not dare. The truth of the
simulation is whether the applicant would pay back. Each underwriter sees that somebody would not
with the chance `finds` of their skill, and takes somebody who would for one who would not with the
chance `spoils`; both get worse as the day goes on (`review.casework.underwriters`). What one of
them sees in a case is theirs: drawn once, the same however often they look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np

from equipoise.review.casework.underwriters import Underwriter as Traits

YES, NO = "approve", "decline"
Truth = Callable[[str], bool]
"""Whether who stands behind an application would pay back."""


@dataclass(frozen=True)
class Eye:
    """What each underwriter sees in each case, by a seed; the truth stays inside."""

    truth: Truth
    seed: int

    def reading(self, name: str, traits: Traits, application: str, day: float) -> str:
        """The answer that they would give, that share of their working day being over."""
        wrong = np.array([not self.truth(application)])
        chance = traits.changes(np.array([""]), wrong, np.array([day]))
        dice = Random(f"{self.seed}.{name}.{application}")  # noqa: S311 - nothing secret
        return NO if dice.random() < float(chance[0]) else YES
