"""How often, and after how long, a request is sent again."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retries:
    """Up to `attempts` tries in all, while no more than `seconds` have gone by.

    The wait doubles from `first` on and is drawn from its upper half, so that clients which failed
    together do not come back together. What the server asks for in Retry-After is kept to.
    """

    attempts: int = 6
    seconds: float = 60.0
    first: float = 0.2

    def wait(self, tried: int, asked: float | None) -> float:
        """Seconds to wait after so many tries."""
        longest = self.first * 2.0 ** (tried - 1)
        drawn = random.uniform(longest / 2, longest)  # noqa: S311 - spreads load, guards nothing
        return max(drawn, asked or 0.0)


NEVER = Retries(attempts=1)
