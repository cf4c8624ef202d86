"""How much may be on its way at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Full(Exception):
    """It is as much as may be."""


class Bound:
    """At most `most` in all, and `each` of one name."""

    def __init__(self, most: int, each: int) -> None:
        self._most, self._each = most, each
        self._held = 0
        self._by: Counter[str] = Counter()

    @contextmanager
    def held(self, amount: int, name: str) -> Iterator[None]:
        """Count it while the block lasts. Raises Full where it would be too much."""
        if self._held + amount > self._most or self._by[name] + amount > self._each:
            raise Full
        self._held += amount
        self._by[name] += amount
        try:
            yield
        finally:
            self._held -= amount
            self._by[name] -= amount
            if not self._by[name]:
                del self._by[name]
